"""The doors of a visit at its service point: the citizen's at the kiosk, and the assistant's."""

from aiohttp import web

from tongban_queue import desk, returning
from tongban_queue.board import get_ticket
from tongban_server.catalogue.offer import find_matter
from tongban_server.door import Answer, Ask, Grant, Routes
from tongban_server.house import House
from tongban_server.messages.messenger import NoMessages
from tongban_server.people.sessions import Face, end_visits_at
from tongban_server.people.staff import Role
from tongban_server.policy import Act
from tongban_server.view import Nothing
from tongban_server.visits.appointments import book_appointment, cancel_ticket, slots_for
from tongban_server.visits.place import why, with_wait
from tongban_server.visits.points import other_points
from tongban_server.visits.reception import limit_tries, take_ticket, take_up_ticket
from tongban_server.visits.things import find_ticket
from tongban_server.visits.views import (
    BookAppointment,
    HelpWanted,
    MessageWanted,
    OtherPoint,
    PriorityMark,
    Slots,
    TakeTicket,
    TakeUp,
    VisitSnapshot,
    Wait,
    Why,
)
from tongban_server.visits.visit import visit_snapshot

routes = Routes("visits")


@routes.post("/api/tickets", Act.TICKET_TAKE, after=with_wait, looks_first=True)
def take(ask: Ask[TakeTicket]) -> Answer[VisitSnapshot]:
    """Take a ticket. Answers the visit and lets this kiosk speak for it."""
    ticket, session = take_ticket(ask.work, ask.house, str(ask.caller.kiosk_id), ask.body)
    visit = visit_snapshot(ask.work, ask.house.vault, ticket.id, Role.CITIZEN)
    return Answer(visit, grant=Grant(Face.KIOSK, session.id, visit=True))


async def _limit_tries(ask: Ask[TakeUp]) -> None:
    await limit_tries(ask.house, str(ask.caller.kiosk_id), ask.body)


@routes.post("/api/tickets/resume", Act.TICKET_TAKE_UP, before=_limit_tries, after=with_wait)
def take_up(ask: Ask[TakeUp]) -> Answer[VisitSnapshot]:
    """Take a ticket of this region up again, with its slip code and the last four of the ID number."""
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
    """Free the kiosk for the next person; the ticket stays as it is."""
    desk.release(ask.work, ask.path["id"])
    end_visits_at(ask.work, str(ask.caller.kiosk_id))
    return Answer(None, forget=True)


@routes.post("/api/tickets/{id}/cancel", Act.TICKET_CANCEL, find_ticket)
def cancel(ask: Ask[Nothing]) -> None:
    """Give up: before the call, while fetching a paper, or an appointment at least two hours before its time."""
    cancel_ticket(ask.work, ask.house, ask.path["id"])


@routes.post("/api/tickets/{id}/arrive", Act.TICKET_ARRIVE, find_ticket)
def arrive(ask: Ask[Nothing]) -> VisitSnapshot:
    """“I am here”: the call begins."""
    desk.arrive(ask.work, ask.path["id"])
    return visit_snapshot(ask.work, ask.house.vault, ask.path["id"], ask.caller.role)


@routes.post("/api/tickets/{id}/help", Act.HELP_ASK, find_ticket)
def ask_help(ask: Ask[HelpWanted]) -> None:
    """Ask the point's assistant to come, or take that back. Refuses `NoMessages`."""
    desk.ask_help(ask.work, ask.path["id"], wanted=ask.body.wanted)


@routes.post("/api/tickets/{id}/help/answered", Act.HELP_ANSWER, find_ticket)
def answer_help(ask: Ask[Nothing]) -> None:
    """The assistant has come."""
    desk.ask_help(ask.work, ask.path["id"], wanted=False)


@routes.post("/api/tickets/{id}/priority", Act.PRIORITY_MARK, find_ticket)
def mark_priority(ask: Ask[PriorityMark]) -> None:
    """The assistant has seen the evidence for a priority group."""
    desk.mark_priority(ask.work, ask.path["id"], group=ask.body.group)


@routes.post("/api/tickets/{id}/revive", Act.TICKET_REVIVE, find_ticket, after=with_wait)
def revive(ask: Ask[Nothing]) -> VisitSnapshot | None:
    """Back into the line after being missed, once and within half an hour."""
    returning.revive(ask.work, ask.path["id"])
    if ask.caller.role is Role.ASSISTANT:
        return None
    return visit_snapshot(ask.work, ask.house.vault, ask.path["id"], ask.caller.role)


@routes.post("/api/tickets/{id}/come-back", Act.TICKET_COME_BACK, find_ticket, after=with_wait)
def come_back(ask: Ask[Nothing]) -> VisitSnapshot:
    """Here again, with the paper, or after the call broke off."""
    returning.come_back(ask.work, ask.path["id"])
    return visit_snapshot(ask.work, ask.house.vault, ask.path["id"], ask.caller.role)


@routes.post("/api/tickets/{id}/message", Act.MESSAGE_WANT, find_ticket)
def want_message(ask: Ask[MessageWanted]) -> None:
    """Go away with the place held, and get a message when the turn is near; or take that back."""
    if ask.body.wanted and ask.house.messenger is None:
        raise NoMessages()
    desk.want_message(ask.work, ask.path["id"], wanted=ask.body.wanted)


@routes.get("/api/tickets/{id}/other-points", Act.POINTS_FIND, find_ticket)
def find_points(ask: Ask[Nothing]) -> list[OtherPoint]:
    """Other points of the region, those with a free kiosk first."""
    return other_points(ask.work, ask.house, get_ticket(ask.work, ask.path["id"]))


@routes.get("/api/matters/{id}/slots", Act.OFFER_READ)
def slots(ask: Ask[Nothing]) -> Slots:
    """The times that can be booked for a matter: the next five working days of both sides."""
    return slots_for(ask.work, ask.house, ask.caller.point_id, ask.path["id"])


@routes.post("/api/appointments", Act.TICKET_BOOK)
def book(ask: Ask[BookAppointment]) -> Answer[VisitSnapshot]:
    """Book a time. Answers the appointment with its slip, and lets this kiosk speak for it until it forgets."""
    ticket, session = book_appointment(ask.work, ask.house, str(ask.caller.kiosk_id), ask.body)
    visit = visit_snapshot(ask.work, ask.house.vault, ticket.id, Role.CITIZEN)
    return Answer(visit, grant=Grant(Face.KIOSK, session.id, visit=True))
