"""Calling people: windows open, ask for the next ticket, and ring until somebody comes or the calls run out."""

from collections.abc import Iterator
from itertools import product

from tongban_queue import journal
from tongban_queue.desk import CALLS, RING_EVERY, held_ticket, miss, window_of
from tongban_queue.fronts import head_of, kiosk_for, leave
from tongban_queue.hall import Line
from tongban_queue.held import Want, looks_first
from tongban_queue.order import Waiting, merge_heads, pick, remember
from tongban_queue.refusals import NotNow
from tongban_queue.rows import tell_all, tell_office
from tongban_queue.store import Work
from tongban_queue.ticket import Lane, Ticket, TicketState
from tongban_queue.window import PauseReason, Window, WindowState


class NobodyWaiting(NotNow):
    """Nobody who could be called now is waiting for this window."""


class WindowNotIdle(NotNow):
    """This window is not free to call the next person."""


def held_window(work: Work, window: Window) -> Window:
    """The window as it stands now, with its office's stream held."""
    journal.hold(work, window.office_id)
    return work.hold(Window, window.id)


def _held_by_call_next(*, window: Window) -> Iterator[Want]:
    yield journal.Head, window.office_id
    yield Window, window.id
    yield from ((Line, line_id) for line_id in window.lines)


@looks_first(_held_by_call_next)
def call_next(work: Work, *, window: Window) -> Ticket:
    """Call whoever is next for this window. Refuses `WindowNotIdle`, `NobodyWaiting`."""
    window = held_window(work, window)
    if window.state is not WindowState.IDLE:
        raise WindowNotIdle()
    chosen = _choose(work, window)
    if chosen is None:
        raise NobodyWaiting()
    ticket = work.hold(Ticket, chosen.id)
    return _ring(work, ticket, window)


def _ring(work: Work, ticket: Ticket, window: Window) -> Ticket:
    kiosk = kiosk_for(work, ticket)
    assert kiosk is not None
    leave(work, ticket)
    ticket.move("call")
    ticket.calls, ticket.called_at, ticket.due_at = 1, work.now, work.now + RING_EVERY
    if ticket.kiosk_id is None:
        kiosk.reserve(ticket.id)
        ticket.kiosk_id, ticket.kiosk_name = kiosk.id, kiosk.name
    ticket.window_id, ticket.window_name, ticket.clerk_id = window.id, window.name, window.staff_id
    window.move("ring", work.now)
    window.ticket_id, window.ticket_number = ticket.id, ticket.number
    line = work.hold(Line, ticket.line_id)
    line.recent = remember(line.recent, ticket.lane)
    tell_all(work, "ticket.called", ticket, window=window, kiosk=kiosk)
    return ticket


def _choose(work: Work, window: Window) -> Waiting | None:
    """The rule of `order.pick` over the heads of the window's lines whose point has a kiosk for them."""
    line_of: dict[str, str] = {}
    heads: list[Waiting] = []
    for line_id, lane in product(window.lines, Lane):
        head = head_of(work, line_id, lane)
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
    """No calls for a while, with a reason."""
    window = held_window(work, window)
    window.move("pause", work.now)
    window.pause_reason = reason
    tell_office(work, "window.paused", window.office_id, window=window)
    return window


def wrap_up_over(work: Work, window: Window) -> Window | None:
    """Wrap-up that has lasted its 120 s ends by itself. None if nothing is due."""
    window = held_window(work, window)
    if window.state is not WindowState.WRAP_UP or window.due_at is None or window.due_at > work.now:
        return None
    return be_ready(work, window)


def _step(work: Work, window: Window, step: str, kind: str) -> Window:
    window = held_window(work, window)
    window.move(step, work.now)
    tell_office(work, kind, window.office_id, window=window)
    return window
