"""The other way of working: idle clerks are rung one at a time, longest idle first, and the person is called when the
clerk answers (domain §2.11)."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from tongban_queue import journal
from tongban_queue.calling import NobodyWaiting, WindowNotIdle, choose, held_window, ring, wait_for_any
from tongban_queue.fronts import free_kiosks, kiosk_for
from tongban_queue.hall import Office, Working
from tongban_queue.rows import tell_all
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket, TicketState
from tongban_queue.window import PauseReason, Window, WindowState

#: A clerk has so long to answer; after so many offers in a row without an answer the window is paused.
ANSWER_WITHIN = timedelta(seconds=15)
UNANSWERED = 3


def offer_all(work: Work, office_id: str) -> list[Window]:
    """Ring idle windows of an office that rings its clerks, longest idle first, while somebody waits for them."""
    journal.hold(work, office_id)
    office = work.session.get_one(Office, office_id)
    if office.working is not Working.RING:
        return []
    mine = (Window.office_id == office_id, Window.state == WindowState.IDLE)
    idle = work.session.scalars(select(Window).where(*mine).order_by(Window.since, Window.id)).all()
    promised = _promised(work, office_id)
    return [window for window in [work.hold(Window, one.id) for one in idle] if _offer(work, window, promised)]


def _promised(work: Work, office_id: str) -> Counter[str]:
    """How many free kiosks of each point are meant for people who have been offered and stand at none yet."""
    offered = (Ticket.office_id == office_id, Ticket.state == TicketState.WAITING, Ticket.window_id.is_not(None))
    return Counter(work.session.scalars(select(Ticket.point_id).where(*offered, Ticket.kiosk_id.is_(None))))


def _offer(work: Work, window: Window, promised: Counter[str]) -> bool:
    full = [point_id for point_id, many in promised.items() if many >= len(free_kiosks(work, point_id))]
    chosen = choose(work, window, without_points=full)
    if chosen is None:
        return False
    ticket = work.hold(Ticket, chosen.id)
    if ticket.kiosk_id is None:
        promised[ticket.point_id] += 1
    window.move("offer", work.now)
    window.take(ticket.id, ticket.number)
    window.due_at = work.now + ANSWER_WITHIN
    ticket.window_id, ticket.window_name = window.id, window.name
    tell_all(work, "ticket.offered", ticket, window=window)
    return True


def accept(work: Work, window: Window) -> Ticket:
    """The clerk answers: the person is called. Refuses `WindowNotIdle`, and `NobodyWaiting` if no kiosk is left."""
    window = held_window(work, window)
    if window.state is not WindowState.OFFERED or window.ticket_id is None:
        raise WindowNotIdle()
    ticket = work.hold(Ticket, window.ticket_id)
    window.unanswered = 0
    called = ring(work, ticket, window, step="accept")
    if called is None:
        raise NobodyWaiting()
    return called


def lapse(work: Work, window: Window) -> Window | None:
    """The clerk did not answer in time: the next one is rung; after the third time the window is paused.

    None if nothing is due.
    """
    window = held_window(work, window)
    if window.state is not WindowState.OFFERED or window.due_at is None or window.due_at > work.now:
        return None
    ticket = work.hold(Ticket, str(window.ticket_id))
    # A clerk could not have answered where the last kiosk was taken meanwhile.
    window.unanswered += kiosk_for(work, ticket) is not None
    tired = window.unanswered >= UNANSWERED
    window.move("pause" if tired else "lapse", work.now)
    window.let_go()
    if tired:
        window.pause_reason, window.unanswered = PauseReason.NO_ANSWER, 0
        wait_for_any(work, window)
    ticket.window_id = ticket.window_name = None
    tell_all(work, "window.unanswered", ticket, window=window)
    return window
