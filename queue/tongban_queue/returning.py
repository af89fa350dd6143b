"""Coming back: to a kiosk with a ticket, after being missed, after fetching a paper, after a call that broke off; and
going on to another line. The rules are those of domain §2.14.
"""

from datetime import timedelta

from sqlalchemy import select

from tongban_queue import journal
from tongban_queue.booking import check_in
from tongban_queue.desk import (
    Errand,
    NoSuchTicket,
    PersonAlreadyWaits,
    TicketElsewhere,
    held_ticket,
    kiosk_of,
    leave_window,
    next_number,
    sit_down,
    waits_already,
)
from tongban_queue.hall import Kiosk, Point
from tongban_queue.refusals import NotNow
from tongban_queue.rows import kiosk_row, tell_all, tell_office, tell_point, ticket_row
from tongban_queue.store import Work
from tongban_queue.tally import day_of
from tongban_queue.ticket import Lane, Ticket, TicketState
from tongban_queue.window import Window, WindowState

#: A missed ticket may be revived for so long, once.
REVIVE_WITHIN = timedelta(minutes=30)
#: A revived ticket stands behind so many that wait in its lane.
BEHIND = 3


class TooLateToRevive(NotNow):
    """A missed ticket can be taken up again within thirty minutes, once."""


class WindowAway(NotNow):
    """This window is not at work now, or does not serve this line or language."""


def take_up(work: Work, ticket_id: str, *, kiosk: Kiosk) -> Ticket:
    """Somebody stands at a kiosk of the point (or of another point of its region) with a ticket: take it up there.

    A ticket that waits goes on waiting; one that is called or in its call only at the kiosk that it holds; an
    appointment is checked in, or before its day only looked at (so that it can be cancelled); one that was missed is
    revived; one that was parked or interrupted comes back. Refuses `NoSuchTicket`, `TicketElsewhere`, `KioskTaken`,
    and what these steps refuse.
    """
    ticket = held_ticket(work, ticket_id)
    if ticket.over:
        raise NoSuchTicket()
    _move_to_point(work, ticket, kiosk)
    _leave_other_kiosk(work, ticket, kiosk)
    kiosk = sit_down(work, kiosk, ticket)
    step = _COMING.get(ticket.state)
    if step is not None and not _of_a_later_day(work, ticket):
        return step(work, ticket_id)
    tell_all(work, "ticket.taken_up", ticket, kiosk=kiosk)
    return ticket


def _of_a_later_day(work: Work, ticket: Ticket) -> bool:
    return ticket.state is TicketState.BOOKED and str(ticket.booked_day) > day_of(work.now)


def _move_to_point(work: Work, ticket: Ticket, kiosk: Kiosk) -> None:
    """Points of one region share the agreement under which the ticket was taken; its old point sees it leave."""
    if ticket.point_id == kiosk.point_id:
        return
    point = work.session.get_one(Point, kiosk.point_id)
    if point.region_code != ticket.source_region or ticket.state in (TicketState.CALLING, TicketState.CONNECTED):
        raise NoSuchTicket()
    left = [{**ticket_row(ticket), "gone": True}]
    tell_point(work, "ticket.moved", ticket.point_id, tickets=left, missed=left)
    ticket.point_id, ticket.point_name = point.id, point.name


def _leave_other_kiosk(work: Work, ticket: Ticket, kiosk: Kiosk) -> None:
    before = kiosk_of(work, ticket)
    if before is None or before.id == kiosk.id:
        return
    if ticket.state in (TicketState.CALLING, TicketState.CONNECTED):
        raise TicketElsewhere(kiosk=before.name)
    before.free()
    work.session.flush()
    tell_point(work, "kiosk.freed", before.point_id, kiosks=[kiosk_row(before, work.now, None)])


def revive(work: Work, ticket_id: str) -> Ticket:
    """Back into its lane behind the third ticket then waiting there, or at its end.

    Refuses `TooLateToRevive`, `PersonAlreadyWaits`, `StepNotAllowed`.
    """
    ticket = held_ticket(work, ticket_id)
    if ticket.state is TicketState.MISSED:
        if not _may_revive(work, ticket):
            raise TooLateToRevive()
        if waits_already(work, ticket.person_key, ticket.matter_id):
            raise PersonAlreadyWaits()
    ticket.move("revive")
    _stand_behind(work, ticket)
    ticket.revived, ticket.ended_at, ticket.calls = True, None, 0
    return _wait_again(work, ticket, "ticket.revived")


def _may_revive(work: Work, ticket: Ticket) -> bool:
    return not ticket.revived and ticket.ended_at is not None and work.now <= ticket.ended_at + REVIVE_WITHIN


def _stand_behind(work: Work, ticket: Ticket) -> None:
    lane = (Ticket.line_id == ticket.line_id, Ticket.lane == ticket.lane, Ticket.state == TicketState.WAITING)
    first = select(Ticket.since, Ticket.arrival).where(*lane, Ticket.id != ticket.id)
    with work.session.no_autoflush:
        before = work.session.execute(first.order_by(Ticket.since, Ticket.arrival, Ticket.behind).limit(BEHIND)).all()
    ticket.since, ticket.arrival = before[-1] if before else (work.now, ticket.arrival)
    ticket.behind = journal.hold(work, ticket.office_id).number + 1


def park(work: Work, ticket_id: str) -> Ticket:
    """The citizen goes to fetch a paper; the place is kept."""
    return _break_off(work, ticket_id, step="park", window_step="finish", kind="ticket.parked")


def interrupt(work: Work, ticket_id: str) -> Ticket:
    """The kiosk has been gone for a minute: the window is free at once; who comes back is called first."""
    return _break_off(work, ticket_id, step="interrupt", window_step="lose", kind="ticket.interrupted")


def _break_off(work: Work, ticket_id: str, *, step: str, window_step: str, kind: str) -> Ticket:
    ticket = held_ticket(work, ticket_id)
    ticket.move(step)
    if ticket.state is TicketState.INTERRUPTED:
        ticket.lane = Lane.RESUMING
    ticket.help = False
    window = leave_window(work, ticket, window_step)
    tell_all(work, kind, ticket, window=window, kiosk=kiosk_of(work, ticket))
    return ticket


def come_back(work: Work, ticket_id: str) -> Ticket:
    """Whoever was parked or interrupted is here again: in the lane and with the moment that the ticket kept."""
    ticket = held_ticket(work, ticket_id)
    ticket.move("come_back")
    return _wait_again(work, ticket, "ticket.came_back")


def _wait_again(work: Work, ticket: Ticket, kind: str) -> Ticket:
    ticket.window_id = ticket.window_name = ticket.clerk_id = None
    ticket.calls, ticket.due_at = 0, None
    kiosk = kiosk_of(work, ticket)
    # Meanwhile somebody else may stand at the kiosk that it once held.
    ticket.kiosk_id, ticket.kiosk_name = (kiosk.id, kiosk.name) if kiosk is not None else (None, None)
    tell_all(work, kind, ticket, kiosk=kiosk)
    return ticket


def transfer(work: Work, ticket_id: str, *, errand: Errand, window: Window | None = None) -> Ticket:
    """Go on to another window, line, matter or region: with lane and `since` as they are, and a number of that line.

    `errand` says where to; with `window` only that one may call it, while it is at work. Refuses `WindowAway`,
    `PersonAlreadyWaits`, `StepNotAllowed`.
    """
    for stream in sorted({_office_of(work, ticket_id), errand.office.id}):
        journal.hold(work, stream)
    ticket = held_ticket(work, ticket_id)
    if window is not None and not _serves(work.hold(Window, window.id), errand, ticket):
        raise WindowAway()
    if errand.matter_id != ticket.matter_id and waits_already(work, ticket.person_key, errand.matter_id):
        raise PersonAlreadyWaits()
    step = "finish" if ticket.state is TicketState.CONNECTED else "give_up"
    ticket.move("transfer")
    left = leave_window(work, ticket, step)
    if ticket.line_id != errand.line.id:
        # Clerks who see only the old line see it leave.
        tell_office(work, "ticket.sent_on", ticket.office_id, window=left, gone=ticket)
        left = None
    _go_to(work, ticket, errand, window)
    ticket.calls, ticket.due_at, ticket.window_id, ticket.window_name, ticket.clerk_id = 0, None, None, None, None
    tell_all(work, "ticket.transferred", ticket, window=left, kiosk=kiosk_of(work, ticket))
    return ticket


def _office_of(work: Work, ticket_id: str) -> str:
    office_id = work.session.scalar(select(Ticket.office_id).where(Ticket.id == ticket_id))
    if office_id is None:
        raise NoSuchTicket()
    return office_id


def _serves(window: Window, errand: Errand, ticket: Ticket) -> bool:
    there = window.state not in (WindowState.OFFLINE, WindowState.PAUSED)
    return there and errand.line.id in window.lines and ticket.language in window.languages


def _go_to(work: Work, ticket: Ticket, errand: Errand, window: Window | None) -> None:
    if ticket.line_id != errand.line.id:
        ticket.number = next_number(work, errand.line)
        ticket.arrival, ticket.behind = journal.hold(work, errand.office.id).number + 1, 0
    ticket.office_id, ticket.line_id, ticket.line_title = errand.office.id, errand.line.id, errand.line.title
    ticket.matter_id, ticket.matter_name = errand.matter_id, errand.matter_name
    ticket.host_region, ticket.host_region_name = errand.office.region_code, errand.office.region_name
    ticket.recorded = errand.recorded
    ticket.for_window_id = window.id if window is not None else None


#: What coming to a kiosk means for a ticket in these states.
_COMING = {
    TicketState.BOOKED: check_in,
    TicketState.MISSED: revive,
    TicketState.PARKED: come_back,
    TicketState.INTERRUPTED: come_back,
}
