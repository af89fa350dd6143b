"""The doors of a visit: the citizen's at the kiosk, the assistant's, and the clerk's at the window."""

from aiohttp import web

from tongban_queue import calling, desk
from tongban_queue.rows import window_row
from tongban_queue.window import Window
from tongban_server.cases.checks import answer_check
from tongban_server.cases.outcome import Said, Signed, record_outcome
from tongban_server.catalogue.offer import find_matter
from tongban_server.door import Answer, Ask, Grant, Routes
from tongban_server.house import House
from tongban_server.people.sessions import Face, end_visits_at
from tongban_server.people.staff import Role
from tongban_server.policy import Act
from tongban_server.view import Nothing
from tongban_server.visits.place import why, with_wait
from tongban_server.visits.reception import limit_tries, take_ticket, take_up_ticket
from tongban_server.visits.seat import seat_of, window_for
from tongban_server.visits.things import find_ticket
from tongban_server.visits.views import (
    CheckAnswer,
    CheckRow,
    HelpWanted,
    OutcomeForm,
    PauseForm,
    PriorityMark,
    TakeTicket,
    TakeUp,
    VisitSnapshot,
    Wait,
    Why,
    WindowRow,
    WindowSeat,
)
from tongban_server.visits.visit import visit_snapshot

routes = Routes("visits")


@routes.post("/api/tickets", Act.TICKET_TAKE, after=with_wait)
def take(ask: Ask[TakeTicket]) -> Answer[VisitSnapshot]:
    """Take a ticket. Answers the visit and lets this kiosk speak for it."""
    ticket, session = take_ticket(ask.work, ask.house, str(ask.caller.kiosk_id), ask.body)
    visit = visit_snapshot(ask.work, ask.house.vault, ticket.id, Role.CITIZEN)
    return Answer(visit, grant=Grant(Face.KIOSK, session.id, visit=True))


async def _limit_tries(ask: Ask[TakeUp]) -> None:
    await limit_tries(ask.house, str(ask.caller.kiosk_id), ask.body)


@routes.post("/api/tickets/resume", Act.TICKET_TAKE_UP, before=_limit_tries, after=with_wait)
def take_up(ask: Ask[TakeUp]) -> Answer[VisitSnapshot]:
    """Take a ticket of this point up again, with its slip code and the last four of the ID number."""
    ticket, session = take_up_ticket(ask.work, ask.house, str(ask.caller.kiosk_id), ask.body)
    visit = visit_snapshot(ask.work, ask.house.vault, ticket.id, Role.CITIZEN)
    return Answer(visit, grant=Grant(Face.KIOSK, session.id, visit=True))


@routes.get("/api/tickets/{id}", Act.VISIT_READ, find_ticket, after=with_wait)
def read_visit(ask: Ask[Nothing]) -> VisitSnapshot:
    """The visit as the asker may see it."""
    return visit_snapshot(ask.work, ask.house.vault, ask.path["id"], ask.caller.role)


@routes.get("/api/tickets/{id}/why", Act.PLACE_EXPLAIN, find_ticket)
def why_here(ask: Ask[Nothing]) -> Why:
    """Why this ticket stands at its place: who goes before it, and by which sentences of the rule."""
    privacy: bool = ask.house.settings.place_privacy
    return why(ask.work, ask.path["id"], privacy=privacy, role=ask.caller.role)


@routes.plain("GET", "/api/matters/{id}/wait", Act.WAIT_READ, shows=Wait)
async def newcomers_wait(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """What somebody would wait who took a ticket for this matter now."""
    house: House = ask.house
    matter = await house.store.look(find_matter, ask.path["id"])
    wait = await house.waits.of_newcomer(matter.office_id, matter.line_id, matter.id)
    headers = {"Cache-Control": "no-store"}
    return web.Response(text=wait.model_dump_json(), content_type="application/json", headers=headers)


@routes.post("/api/tickets/{id}/release", Act.TICKET_RELEASE, find_ticket)
def release(ask: Ask[Nothing]) -> Answer[None]:
    """Free the kiosk for the next person; the ticket waits on."""
    desk.release(ask.work, ask.path["id"])
    end_visits_at(ask.work, str(ask.caller.kiosk_id))
    return Answer(None, forget=True)


@routes.post("/api/tickets/{id}/cancel", Act.TICKET_CANCEL, find_ticket)
def cancel(ask: Ask[Nothing]) -> None:
    """Give up before the call."""
    desk.cancel(ask.work, ask.path["id"])


@routes.post("/api/tickets/{id}/arrive", Act.TICKET_ARRIVE, find_ticket)
def arrive(ask: Ask[Nothing]) -> VisitSnapshot:
    """“I am here”: the call begins."""
    desk.arrive(ask.work, ask.path["id"])
    return visit_snapshot(ask.work, ask.house.vault, ask.path["id"], ask.caller.role)


@routes.post("/api/tickets/{id}/help", Act.HELP_ASK, find_ticket)
def ask_help(ask: Ask[HelpWanted]) -> None:
    """Ask the point's assistant to come, or take that back."""
    desk.ask_help(ask.work, ask.path["id"], wanted=ask.body.wanted)


@routes.post("/api/tickets/{id}/help/answered", Act.HELP_ANSWER, find_ticket)
def answer_help(ask: Ask[Nothing]) -> None:
    """The assistant has come."""
    desk.ask_help(ask.work, ask.path["id"], wanted=False)


@routes.post("/api/tickets/{id}/priority", Act.PRIORITY_MARK, find_ticket)
def mark_priority(ask: Ask[PriorityMark]) -> None:
    """The assistant has seen the evidence for a priority group."""
    desk.mark_priority(ask.work, ask.path["id"], group=ask.body.group)


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
