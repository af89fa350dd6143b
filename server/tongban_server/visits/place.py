"""Why a ticket stands at its place, from the rows; and the wait, put into a visit at the door."""

import json
from typing import Any

import structlog
from sqlalchemy import select

from tongban_queue.board import get_ticket
from tongban_queue.desk import NotWaiting
from tongban_queue.hall import Line
from tongban_queue.order import Waiting
from tongban_queue.reasons import Reasons, Sentence, reasons
from tongban_queue.rows import when
from tongban_queue.store import Work
from tongban_queue.survey import kiosk_at_hand, serves, windows_on_duty
from tongban_queue.ticket import Lane, Ticket, TicketState
from tongban_queue.wait import fewer_than
from tongban_server.answers import Given
from tongban_server.house import House
from tongban_server.people.staff import Role
from tongban_server.visits.views import ByLane, Why

log = structlog.get_logger("tongban.place")


def why(work: Work, ticket_id: str, *, privacy: bool, role: Role) -> Why:
    """Why this ticket stands at its place. Refuses `NoSuchTicket`, `NotWaiting`."""
    ticket = get_ticket(work, ticket_id)
    if ticket.state is not TicketState.WAITING:
        raise NotWaiting()
    of_line = [window for window in windows_on_duty(work, ticket.office_id) if ticket.line_id in window.lines]
    needs = (ticket.line_id, ticket.language, ticket.for_window_id)
    clerks = sum(serves(window, needs) for window in of_line)
    at_hand = kiosk_at_hand(work, ticket)
    held_up = {
        Sentence.NEEDS_KIOSK: not at_hand,
        Sentence.NEEDS_LANGUAGE: clerks < len(of_line),
        Sentence.REVIVED_BEHIND_THREE: ticket.revived,
    }
    found = _reasons(work, ticket, [sentence for sentence, holds in held_up.items() if holds])
    hidden = privacy and role is Role.CITIZEN
    return Why(
        lane=ticket.lane,
        since=str(when(ticket.since)),
        ahead=None if hidden else found.ahead,
        fewer_than=fewer_than(found.ahead) if hidden else None,
        by_lane=None if hidden else ByLane(**{lane.value: found.by_lane[lane] for lane in Lane}),
        guard=found.guard,
        clerks=clerks,
        kiosk_free=at_hand,
        rule=list(found.rule),
    )


def _reasons(work: Work, ticket: Ticket, also: list[Sentence]) -> Reasons:
    columns = (Ticket.since, Ticket.arrival, Ticket.id, Ticket.lane, Ticket.behind)
    same = (Ticket.line_id == ticket.line_id, Ticket.state == TicketState.WAITING)
    rows = work.session.execute(select(*columns).where(*same))
    waiting = [Waiting(since, arrival, one, lane, behind=behind) for since, arrival, one, lane, behind in rows]
    recent = work.session.get_one(Line, ticket.line_id).recent
    return reasons(waiting, ticket.id, work.now, recent, also=also)


async def with_wait(house: House, given: Given) -> Given:
    """The answer with the wait put in, if it shows a visit that waits. What was done stands, whatever becomes of it."""
    visit: dict[str, Any] | None = json.loads(given.body) if given.body else None
    if visit is None or visit["ticket"]["state"] != TicketState.WAITING:
        return given
    ticket = visit["ticket"]
    try:
        wait = await house.waits.of_ticket(ticket["officeId"], ticket["id"])
    except Exception:
        log.exception("wait.not_worked_out")
        return given
    visit["wait"] = wait.model_dump(mode="json", by_alias=True) if wait else None
    return Given(given.status, json.dumps(visit, ensure_ascii=False), given.grant)
