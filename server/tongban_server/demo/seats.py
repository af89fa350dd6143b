"""Where synthetic citizens (演示) stand: kiosks of their own, apart from those that people try."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, true

from tongban_queue.board import NoSuchPoint
from tongban_queue.hall import Kiosk, KioskKind, Point
from tongban_queue.refusals import NotNow
from tongban_queue.store import Work
from tongban_queue.ticket import LIVE, Ticket
from tongban_server.catalogue.offer import find_matter, require_offer, shanghai_day
from tongban_server.catalogue.things import Matter
from tongban_server.house import House
from tongban_server.people.applicants import last_four
from tongban_server.people.devices import new_code
from tongban_server.people.staff import by_username

#: Lianshui has the agreement with Pinghu, whose clerk the first page suggests.
FIRST_POINT = "lianshui"


@dataclass(frozen=True, slots=True)
class Seat:
    """A kiosk, a fresh code that makes somebody this kiosk, and what takes up a ticket that was left there."""

    kiosk: str
    code: str
    slip: str | None = None
    last_four: str | None = None


def seats_at(work: Work, house: House, point_id: str, count: int) -> list[Seat]:
    """So many seats at a point, `{point}-s1` and on; what the demo's data lacks is added. Refuses `NoSuchPoint`."""
    if work.session.get(Point, point_id) is None:
        raise NoSuchPoint()
    return [_seat(work, house, point_id, number) for number in range(1, count + 1)]


def _seat(work: Work, house: House, point_id: str, number: int) -> Seat:
    kiosk = work.session.get(Kiosk, f"{point_id}-s{number}")
    if kiosk is None:
        name = f"演示访客终端 {number}（演示）"
        kiosk = Kiosk(id=f"{point_id}-s{number}", point_id=point_id, kind=KioskKind.KIOSK, name=name)
        work.session.add(kiosk)
        work.session.flush()
    code = new_code(work, kiosk.id)
    ticket = work.session.get(Ticket, kiosk.ticket_id) if kiosk.ticket_id else None
    if ticket is None or ticket.state not in LIVE:
        return Seat(kiosk.id, code)
    return Seat(kiosk.id, code, ticket.slip, last_four(work, house.vault, ticket.id))


def point_for(work: Work, matter_id: str | None, wished: str | None) -> str:
    """The point wished for, or else the first that may offer the matter today. Refuses what an offer refuses."""
    if matter_id is None:
        return wished or FIRST_POINT
    matter = find_matter(work, matter_id)
    points = work.session.scalars(select(Point).where(Point.id == wished if wished else true()))
    return _first_that_offers(work, matter, sorted(points, key=lambda point: (point.id != FIRST_POINT, point.id)))


def _first_that_offers(work: Work, matter: Matter, points: Iterable[Point]) -> str:
    refused: NotNow | None = None
    for point in points:
        try:
            require_offer(work, source_region=point.region_code, matter=matter, day=shanghai_day(work.now))
        except NotNow as refusal:
            refused = refused or refusal
        else:
            return point.id
    raise refused or NoSuchPoint()


def matters_served_by(work: Work, username: str) -> frozenset[str]:
    """The matters of a clerk's lines; none if there is no such clerk."""
    staff = by_username(work, username)
    lines = staff.lines if staff is not None else []
    return frozenset(work.session.scalars(select(Matter.id).where(Matter.line_id.in_(lines))))
