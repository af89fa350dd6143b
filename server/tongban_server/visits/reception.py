"""The reception: a person at a kiosk gets a ticket, or takes one up again."""

from datetime import date

from limits import parse
from sqlalchemy import select

from tongban_queue import desk, returning
from tongban_queue.hall import Kiosk, Point
from tongban_queue.refusals import BadInput, NotFound
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket
from tongban_server.catalogue.offer import find_matter, require_offer, shanghai_day
from tongban_server.catalogue.opening import require_open
from tongban_server.catalogue.things import Matter
from tongban_server.house import House
from tongban_server.people import applicants, sessions
from tongban_server.people.identity import id_number_fault, phone_fault
from tongban_server.visits.spoken import require_spoken, spoken_at
from tongban_server.visits.views import TakeTicket, TakeUp

#: Guessing a slip code and four digits must stay hopeless: per kiosk, and per slip over all kiosks.
TRIES_AT_KIOSK = parse("10 per 10 minutes")
TRIES_AT_SLIP = parse("5 per 30 minutes")


class NumbersWrong(BadInput):
    """The ID number or the phone number is not right."""


class RecordingUnanswered(BadInput):
    """This matter is recorded; the citizen has to say yes or no to that."""


class RecordingRefused(BadInput):
    """This matter can be handled over video only with a recording."""


class SlipUnknown(NotFound):
    """No ticket of this region that can still be used has this slip code and these four digits."""


def require_right_numbers(form: TakeTicket, today: date) -> None:
    """Refuses `NumbersWrong`, naming the fields (domain §2.7: an ID number that fails is refused)."""
    faults = {"idNumber": id_number_fault(form.id_number, today), "phone": phone_fault(form.phone)}
    if found := {field: fault for field, fault in faults.items() if fault}:
        raise NumbersWrong(fields=found)


def require_consent(form: TakeTicket, matter: Matter) -> None:
    """Refuses `RecordingUnanswered` and `RecordingRefused` where the matter records."""
    if not matter.records:
        return
    if form.consent.recording is None:
        raise RecordingUnanswered(fields={"consent.recording": "missing"})
    if not form.consent.recording:
        raise RecordingRefused(fields={"consent.recording": "refused"})


def take_ticket(work: Work, house: House, kiosk_id: str, form: TakeTicket) -> tuple[Ticket, sessions.Session]:
    """Give the person at the kiosk a ticket and let this kiosk speak for it.

    Refuses what the form's rules refuse, what `require_offer` and `require_open` refuse, and what `desk.take` refuses.
    """
    today = shanghai_day(work.now)
    require_right_numbers(form, today)
    kiosk = work.session.get_one(Kiosk, kiosk_id)
    point = work.session.get_one(Point, kiosk.point_id)
    matter = find_matter(work, form.matter_id)
    require_offer(work, source_region=point.region_code, matter=matter, day=today)
    require_open(house.calendar, office=matter.office, point=point, now=work.now)
    require_consent(form, matter)
    ticket = desk.take(work, kiosk=kiosk, errand=errand_of(work, house, point, matter, form))
    seal(work, house, ticket, form)
    return ticket, speak_for(work, kiosk_id, ticket.id)


def errand_of(work: Work, house: House, point: Point, matter: Matter, form: TakeTicket) -> desk.Errand:
    """What this person wants. Refuses `NobodySpeaks`."""
    require_spoken(spoken_at(work, matter.line), form.language)
    return desk.Errand(
        line=matter.line,
        office=matter.office,
        point=point,
        matter_id=matter.id,
        matter_name=matter.name,
        person_key=house.vault.person_key(form.id_number),
        language=form.language,
        elder=form.elder,
        recorded=matter.records,
    )


def seal(work: Work, house: House, ticket: Ticket, form: TakeTicket) -> None:
    """Keep who holds the ticket, and what was agreed to, sealed."""
    said = {"name": form.name, "id_number": form.id_number, "phone": form.phone}
    recording = ticket.recorded and bool(form.consent.recording)
    work.session.flush()
    work.session.add(applicants.sealed_applicant(work, house.vault, ticket.id, recording=recording, **said))


def speak_for(work: Work, kiosk_id: str, ticket_id: str) -> sessions.Session:
    """The session of the citizen who stands at this kiosk with this ticket."""
    whose = {"kiosk_id": kiosk_id, "ticket_id": ticket_id}
    return sessions.begin(work, sessions.SessionKind.VISIT, sessions.Face.KIOSK, **whose)


async def limit_tries(house: House, kiosk_id: str, form: TakeUp) -> None:
    """Refuses `TooOften`."""
    await house.limit(TRIES_AT_KIOSK, "take_up", kiosk_id)
    await house.limit(TRIES_AT_SLIP, "take_up", form.slip.upper())


def take_up_ticket(work: Work, house: House, kiosk_id: str, form: TakeUp) -> tuple[Ticket, sessions.Session]:
    """Take a ticket of this region up again. Refuses `SlipUnknown`, and what `returning.take_up` refuses."""
    kiosk = work.session.get_one(Kiosk, kiosk_id)
    here = work.session.get_one(Point, kiosk.point_id)
    ticket = work.session.scalar(select(Ticket).where(Ticket.slip == form.slip.upper()))
    if ticket is None or ticket.over or ticket.source_region != here.region_code:
        raise SlipUnknown()
    if applicants.last_four(work, house.vault, ticket.id) != form.last_four.upper():
        raise SlipUnknown()
    ticket = returning.take_up(work, ticket.id, kiosk=kiosk)
    return ticket, speak_for(work, kiosk_id, ticket.id)
