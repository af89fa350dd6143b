"""The doors at the window: what a clerk does with the ticket in hand, and with the window itself."""

from tongban_queue import calling, desk, returning, ringing
from tongban_queue.rows import window_row
from tongban_queue.window import Window
from tongban_server.cases.checks import answer_check
from tongban_server.cases.outcome import Said, Signed, record_outcome
from tongban_server.door import Ask, Routes
from tongban_server.policy import Act
from tongban_server.view import Nothing
from tongban_server.visits.seat import seat_of, window_for
from tongban_server.visits.things import find_ticket
from tongban_server.visits.transfers import targets_of, transfer
from tongban_server.visits.views import (
    CheckAnswer,
    CheckRow,
    OutcomeForm,
    PauseForm,
    TransferForm,
    TransferTargets,
    VisitSnapshot,
    WindowRow,
    WindowSeat,
)
from tongban_server.visits.visit import visit_snapshot

routes = Routes("window")


@routes.put("/api/tickets/{id}/checks/{check}", Act.CHECK_ANSWER, find_ticket)
def check(ask: Ask[CheckAnswer]) -> CheckRow:
    """Answer one identity check."""
    clerk_id = str(ask.caller.staff_id)
    answered = answer_check(ask.work, ask.path["id"], key=ask.path["check"], result=ask.body.result, clerk_id=clerk_id)
    return CheckRow.model_validate(answered)


@routes.post("/api/tickets/{id}/outcome", Act.OUTCOME_RECORD, find_ticket)
def outcome(ask: Ask[OutcomeForm]) -> VisitSnapshot:
    """Record the outcome and end the call; the window goes into wrap-up."""
    clerk = Signed(id=str(ask.caller.staff_id), name=ask.caller.name)
    said = Said(ask.body.home_number, ask.body.reason, ask.body.basis, ask.body.words)
    record_outcome(ask.work, ask.house.vault, ask.path["id"], kind=ask.body.kind, said=said, clerk=clerk)
    return visit_snapshot(ask.work, ask.house.vault, ask.path["id"], ask.caller.role)


@routes.post("/api/tickets/{id}/left", Act.TICKET_LEFT, find_ticket)
def left(ask: Ask[Nothing]) -> None:
    """The citizen has gone in the middle of the call."""
    desk.leave(ask.work, ask.path["id"])


@routes.post("/api/tickets/{id}/recall", Act.TICKET_RECALL, find_ticket)
def recall(ask: Ask[Nothing]) -> None:
    """Call the person again at once."""
    calling.recall(ask.work, ask.path["id"])


@routes.post("/api/tickets/{id}/missed", Act.TICKET_MISS, find_ticket)
def missed(ask: Ask[Nothing]) -> None:
    """Nobody came."""
    desk.miss(ask.work, ask.path["id"])


@routes.post("/api/tickets/{id}/park", Act.TICKET_PARK, find_ticket)
def park(ask: Ask[Nothing]) -> None:
    """The citizen goes to fetch a paper; the place is kept, and the window goes into wrap-up."""
    returning.park(ask.work, ask.path["id"])


@routes.get("/api/tickets/{id}/transfer-targets", Act.TICKET_TRANSFER, find_ticket)
def transfer_targets(ask: Ask[Nothing]) -> TransferTargets:
    """Where the visit in hand may go on to."""
    return targets_of(ask.work, ask.house, ask.path["id"])


@routes.post("/api/tickets/{id}/transfer", Act.TICKET_TRANSFER, find_ticket)
def send_on(ask: Ask[TransferForm]) -> None:
    """Send the visit on to another matter or window; its place is kept, and the window goes into wrap-up."""
    transfer(ask.work, ask.house, ask.path["id"], ask.body)


@routes.get("/api/window", Act.WINDOW_READ)
def seat(ask: Ask[Nothing]) -> WindowSeat:
    """The clerk's own window, and the visit it is busy with."""
    return seat_of(ask.work, ask.house, ask.caller)


def _own_window(ask: Ask[Nothing] | Ask[PauseForm]) -> Window:
    return window_for(ask.work, ask.caller)


def _row(window: Window) -> WindowRow:
    return WindowRow.model_validate(window_row(window))


@routes.post("/api/window/open", Act.WINDOW_WORK)
def open_window(ask: Ask[Nothing]) -> WindowRow:
    """Open the clerk's window."""
    return _row(calling.open_window(ask.work, _own_window(ask)))


@routes.post("/api/window/close", Act.WINDOW_WORK)
def close_window(ask: Ask[Nothing]) -> WindowRow:
    """Close the clerk's window; refused while somebody is called or served."""
    return _row(calling.close_window(ask.work, _own_window(ask)))


@routes.post("/api/window/ready", Act.WINDOW_WORK)
def be_ready(ask: Ask[Nothing]) -> WindowRow:
    """Wrap-up or pause is over."""
    return _row(calling.be_ready(ask.work, _own_window(ask)))


@routes.post("/api/window/pause", Act.WINDOW_WORK)
def pause(ask: Ask[PauseForm]) -> WindowRow:
    """No calls for a while."""
    return _row(calling.pause(ask.work, _own_window(ask), reason=ask.body.reason))


@routes.post("/api/window/next", Act.WINDOW_WORK)
def call_next(ask: Ask[Nothing]) -> VisitSnapshot:
    """Call whoever is next for this window."""
    ticket = calling.call_next(ask.work, window=_own_window(ask))
    return visit_snapshot(ask.work, ask.house.vault, ticket.id, ask.caller.role)


@routes.post("/api/window/accept", Act.WINDOW_WORK)
def accept(ask: Ask[Nothing]) -> VisitSnapshot:
    """Answer the bell, at an office that rings its clerks: the person offered is called."""
    ticket = ringing.accept(ask.work, _own_window(ask))
    return visit_snapshot(ask.work, ask.house.vault, ticket.id, ask.caller.role)
