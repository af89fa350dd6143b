"""Calling people: windows open, ask for the next ticket, and ring until somebody comes or the calls run out."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from itertools import product

from sqlalchemy import select, update

from tongban_queue import journal
from tongban_queue.desk import CALLS, RING_EVERY, be_free, held_ticket, miss, window_of
from tongban_queue.fronts import head_of, kiosk_for
from tongban_queue.hall import Line
from tongban_queue.held import Want, looks_first
from tongban_queue.order import Waiting, merge_heads, pick, remember
from tongban_queue.refusals import NotNow
from tongban_queue.rows import tell_all, tell_office
from tongban_queue.store import Work, written_alike
from tongban_queue.ticket import Lane, Ticket, TicketState
from tongban_queue.window import PauseReason, Window, WindowState

#: A pause is no longer than this; a longer one is shown to the supervisor (domain §2.11).
LONGEST_PAUSE = timedelta(minutes=15)


class NobodyWaiting(NotNow):
    """Nobody who could be called now is waiting for this window."""


class WindowNotIdle(NotNow):
    """This window is not free to call the next person."""


def held_window(work: Work, window: Window) -> Window:
    """The window as it stands now, with its office's stream held."""
    journal.hold(work, window.office_id)
    return work.hold(Window, window.id)


def _held_by_call_next(work: Work, *, window: Window) -> Iterator[Want]:
    yield journal.Head, window.office_id
    yield Window, window.id
    yield from ((Line, line_id) for line_id in window.lines)


@looks_first(_held_by_call_next)
def call_next(work: Work, *, window: Window) -> Ticket:
    """Call whoever is next for this window. Refuses `WindowNotIdle`, `NobodyWaiting`."""
    window = held_window(work, window)
    if window.state is not WindowState.IDLE:
        raise WindowNotIdle()
    chosen = choose(work, window)
    called = ring(work, work.hold(Ticket, chosen.id), window, step="ring") if chosen is not None else None
    if called is None:
        raise NobodyWaiting()
    return called


def ring(work: Work, ticket: Ticket, window: Window, *, step: str) -> Ticket | None:
    """Call this person for this window, to the kiosk held or to a free one of the point; None if there is none."""
    kiosk = kiosk_for(work, ticket)
    if kiosk is None:
        return None
    ticket.move("call")
    ticket.calls, ticket.called_at, ticket.due_at = 1, work.now, work.now + RING_EVERY
    if ticket.kiosk_id is None:
        kiosk.reserve(ticket.id)
        ticket.kiosk_id, ticket.kiosk_name = kiosk.id, kiosk.name
    written_alike(ticket, "kiosk_id", "kiosk_name")
    ticket.window_id, ticket.window_name, ticket.clerk_id = window.id, window.name, window.staff_id
    ticket.message_wanted, ticket.for_window_id = False, None
    window.move(step, work.now)
    window.take(ticket.id, ticket.number)
    window.rang_at, window.served_id = work.now, ticket.id
    _remember(work, ticket, window)
    tell_all(work, "ticket.called", ticket, window=window, kiosk=kiosk)
    return ticket


def _remember(work: Work, ticket: Ticket, window: Window) -> None:
    """Count the call for the guard of its line, and of each line of the window whose ordinary ticket it passed over."""
    passed, others = {ticket.line_id}, [line_id for line_id in window.lines if line_id != ticket.line_id]
    if ticket.lane is Lane.PRIORITY and others:
        waits = (Ticket.state == TicketState.WAITING, Ticket.lane == Lane.ORDINARY, Ticket.line_id.in_(others))
        passed |= set(work.session.scalars(select(Ticket.line_id).where(*waits).distinct()))
    for line_id in sorted(passed):
        line = work.hold(Line, line_id)
        line.recent = remember(line.recent, ticket.lane)


def choose(work: Work, window: Window, *, without_points: Collection[str] = ()) -> Waiting | None:
    """The rule of `order.pick` over the heads of the window's lines whose point has a kiosk for them."""
    line_of: dict[str, str] = {}
    heads: list[Waiting] = []
    for line_id, lane in product(window.lines, Lane):
        head = head_of(work, line_id, lane, window, frozenset(without_points))
        if head is not None:
            heads.append(head)
            line_of[head.id] = line_id
    merged = merge_heads(heads)
    ordinary = merged.get(Lane.ORDINARY)
    return pick(merged, work.now, work.hold(Line, line_of[ordinary.id]).recent if ordinary else "")


def recall(work: Work, ticket_id: str) -> Ticket:
    """Call again at once; the next automatic step falls due 20 s from now."""
    ticket = held_ticket(work, ticket_id)
    ticket.move("recall")
    ticket.calls, ticket.due_at = min(ticket.calls + 1, CALLS), work.now + RING_EVERY
    tell_all(work, "ticket.recalled", ticket, window=window_of(work, ticket))
    return ticket


def ring_on(work: Work, ticket_id: str) -> Ticket | None:
    """What falls due while a ticket is called: the next call or, after the third, missed. None if nothing is due."""
    ticket = held_ticket(work, ticket_id)
    if ticket.state is not TicketState.CALLING or ticket.due_at is None or ticket.due_at > work.now:
        return None
    return miss(work, ticket_id) if ticket.calls >= CALLS else recall(work, ticket_id)


def open_window(work: Work, window: Window) -> Window:
    """The clerk is there; the window is idle."""
    return _step(work, window, "open", "window.opened")


def close_window(work: Work, window: Window) -> Window:
    """The clerk goes; refused while somebody is called or served."""
    return _step(work, window, "close", "window.closed")


def be_ready(work: Work, window: Window) -> Window:
    """Wrap-up or pause is over."""
    return _step(work, window, "ready", "window.ready")


def pause(work: Work, window: Window, *, reason: PauseReason) -> Window:
    """No calls for a while, with a reason; it should be over in fifteen minutes."""
    window = held_window(work, window)
    offered = _withdraw_offer(work, window)
    window.move("pause", work.now)
    window.pause_reason, window.due_at = reason, work.now + LONGEST_PAUSE
    _stop(work, window, "window.paused", offered)
    return window


def wrap_up_over(work: Work, window: Window) -> Window | None:
    """Wrap-up that has lasted its 120 s ends by itself. None if nothing is due."""
    window = held_window(work, window)
    if window.state is not WindowState.WRAP_UP or window.due_at is None or window.due_at > work.now:
        return None
    return be_ready(work, window)


def _step(work: Work, window: Window, step: str, kind: str) -> Window:
    window = held_window(work, window)
    offered = _withdraw_offer(work, window)
    window.move(step, work.now)
    if window.state is WindowState.IDLE:
        be_free(work, window)
        window.unanswered = 0
        tell_office(work, kind, window.office_id, window=window)
    else:
        _stop(work, window, kind, offered)
    return window


def _withdraw_offer(work: Work, window: Window) -> Ticket | None:
    """Whoever was offered to this window waits for any window again."""
    if window.state is not WindowState.OFFERED or window.ticket_id is None:
        return None
    ticket = work.hold(Ticket, window.ticket_id)
    ticket.window_id = ticket.window_name = None
    window.let_go()
    return ticket


def wait_for_any(work: Work, window: Window) -> None:
    """Whoever was transferred to this window may be called by any, now that it is not at work."""
    mine = (Ticket.for_window_id == window.id, Ticket.state == TicketState.WAITING)
    work.session.execute(update(Ticket).where(*mine).values(for_window_id=None))


def _stop(work: Work, window: Window, kind: str, offered: Ticket | None) -> None:
    """The window calls nobody for now: whoever was transferred to it waits for any window."""
    be_free(work, window)
    wait_for_any(work, window)
    if offered is not None:
        tell_all(work, kind, offered, window=window)
    else:
        tell_office(work, kind, window.office_id, window=window)
