"""How the doors find what they are asked about, as far as the policy looks at it."""

from collections.abc import Mapping

from tongban_queue.board import NoSuchOffice, NoSuchPoint, get_ticket
from tongban_queue.hall import Office, Point
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket
from tongban_server.papers.paper import get_paper
from tongban_server.policy import Thing


def thing_of(ticket: Ticket) -> Thing:
    """A ticket as the policy sees it."""
    return Thing(
        office_id=ticket.office_id,
        line_id=ticket.line_id,
        host_region=ticket.host_region,
        source_region=ticket.source_region,
        point_id=ticket.point_id,
        ticket_id=ticket.id,
        clerk_id=ticket.clerk_id,
        live=not ticket.over,
    )


def find_ticket(work: Work, path: Mapping[str, str]) -> Thing:
    """The ticket named in the path."""
    return thing_of(get_ticket(work, path["id"]))


def find_paper(work: Work, path: Mapping[str, str]) -> Thing:
    """The visit of the paper named in the path."""
    paper = get_paper(work, path["id"])
    return thing_of(get_ticket(work, paper.ticket_id))


def find_office(work: Work, path: Mapping[str, str]) -> Thing:
    """The office named in the path."""
    office = work.session.get(Office, path["office"])
    if office is None:
        raise NoSuchOffice()
    return Thing(office_id=office.id, host_region=office.region_code)


def find_point(work: Work, path: Mapping[str, str]) -> Thing:
    """The point named in the path."""
    point = work.session.get(Point, path["point"])
    if point is None:
        raise NoSuchPoint()
    return Thing(point_id=point.id, source_region=point.region_code)
