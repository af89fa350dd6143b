"""What falls due by itself: the questions that the rounds ask, and the step that belongs to each answer.

A question only finds; each step looks at its row again under its lock, so any node may ask and take the step.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import func, or_, select

from tongban_queue import booking, calling, desk, returning, ringing
from tongban_queue.hall import KIOSK_AWAY_AFTER, Kiosk
from tongban_queue.store import Work
from tongban_queue.tally import day_start
from tongban_queue.ticket import Ticket, TicketState
from tongban_queue.window import Window, WindowState

#: A kiosk that stays away for so long breaks its call off (domain §2.14).
BREAKS_OFF_AFTER = timedelta(seconds=60)
#: What a day that is over leaves behind; whoever was called or in the call is not cut off.
LEFT_OVER = (TicketState.CHECKED_IN, TicketState.WAITING, TicketState.PARKED, TicketState.INTERRUPTED)

Step = Callable[[Work, str], object]


def tickets_due(work: Work) -> list[tuple[str, Step]]:
    """Tickets whose moment has come, with what happens to them: the next call, or an appointment's time."""
    rows = work.session.execute(select(Ticket.id, Ticket.state).where(Ticket.due_at <= work.now))
    return [(ticket_id, STEPS[state]) for ticket_id, state in rows if state in STEPS]


STEPS: Mapping[TicketState, Step] = {
    TicketState.CALLING: calling.ring_on,
    TicketState.CHECKED_IN: booking.fall_due,
}


def windows_due(work: Work) -> list[tuple[str, Step]]:
    """Windows whose wrap-up is over, or whose clerk did not answer the bell."""
    rows = work.session.execute(select(Window.id, Window.state).where(Window.due_at <= work.now))
    return [(window_id, WINDOW_STEPS[state]) for window_id, state in rows if state in WINDOW_STEPS]


def _wrap_up_over(work: Work, window_id: str) -> None:
    calling.wrap_up_over(work, work.session.get_one(Window, window_id))


def _lapse(work: Work, window_id: str) -> None:
    """The clerk did not answer; whoever was offered is offered to the next clerk in the same change."""
    window = ringing.lapse(work, work.session.get_one(Window, window_id))
    if window is not None:
        ringing.offer_all(work, window.office_id)


WINDOW_STEPS: Mapping[WindowState, Step] = {
    WindowState.WRAP_UP: _wrap_up_over,
    WindowState.OFFERED: _lapse,
}


def broken_off(work: Work) -> list[str]:
    """Tickets in a call whose kiosk has been gone for a minute."""
    gone = Kiosk.gone_at <= work.now - BREAKS_OFF_AFTER
    held = select(Ticket.id).join(Kiosk, Kiosk.ticket_id == Ticket.id)
    return list(work.session.scalars(held.where(Ticket.state == TicketState.CONNECTED, gone)))


def break_off(work: Work, ticket_id: str) -> None:
    """Interrupt the call, unless the kiosk has come back or the call has ended meanwhile."""
    ticket = desk.held_ticket(work, ticket_id)
    kiosk = desk.kiosk_of(work, ticket)
    gone = kiosk is not None and kiosk.gone_at is not None and kiosk.gone_at <= work.now - BREAKS_OFF_AFTER
    if gone and ticket.state is TicketState.CONNECTED:
        returning.interrupt(work, ticket_id)


def lost_from_sight(work: Work) -> list[str]:
    """Kiosks with a ticket that no node has heard of for a minute: the node that would have said so is gone, too."""
    unheard = or_(Kiosk.seen_at.is_(None), Kiosk.seen_at < work.now - KIOSK_AWAY_AFTER)
    held = (Kiosk.ticket_id.is_not(None), Kiosk.held, Kiosk.gone_at.is_(None))
    return list(work.session.scalars(select(Kiosk.id).where(*held, unheard)))


def left_over(work: Work) -> list[str]:
    """Tickets of an earlier day that nobody came back for; an appointment's day is the appointed one."""
    of = func.coalesce(Ticket.appointed_at, Ticket.taken_at)
    return list(work.session.scalars(select(Ticket.id).where(Ticket.state.in_(LEFT_OVER), of < day_start(work.now))))


def not_kept(work: Work) -> list[str]:
    """Appointments of an earlier day to which nobody came."""
    booked = (Ticket.state == TicketState.BOOKED, Ticket.appointed_at < day_start(work.now))
    return list(work.session.scalars(select(Ticket.id).where(*booked)))
