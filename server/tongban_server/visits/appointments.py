"""Appointments at the reception: which times both sides' calendars allow, and booking one (domain §2.11, §2.14)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice

from tongban_queue import booking, desk
from tongban_queue.board import get_ticket
from tongban_queue.booking import SLOT
from tongban_queue.hall import Kiosk, Point
from tongban_queue.opening import Opening
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket, TicketState
from tongban_queue.working_days import WorkCalendar
from tongban_server.catalogue.offer import covered, find_matter, require_offer, shanghai_day
from tongban_server.catalogue.things import Matter
from tongban_server.house import House
from tongban_server.messages import outbox
from tongban_server.messages.outbox import MessageKind
from tongban_server.people import sessions
from tongban_server.visits.reception import errand_of, require_consent, require_right_numbers, seal, speak_for
from tongban_server.visits.views import BookAppointment, SlotDay, Slots, SlotView

#: Appointments are given for so many working days; a side that opens on none of so many days has none.
DAYS = 5
LOOKS_AHEAD = timedelta(days=31)
Spans = list[tuple[datetime, datetime]]


def times_on(day: date, office: Opening, point: Opening) -> list[datetime]:
    """The times of a day at which both sides are open for a whole slot; they begin at full and half hours."""
    return booking.slots(map(_from_the_half_hour, _shared(office.spans(day), point.spans(day))))


def _shared(first: Spans, second: Spans) -> Iterator[tuple[datetime, datetime]]:
    for begins, ends in first:
        for also_begins, also_ends in second:
            begin, end = max(begins, also_begins), min(ends, also_ends)
            if begin < end:
                yield begin, end


def _from_the_half_hour(span: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """Offices and points with odd hours share one grid, so that the places of a slot are counted once."""
    begins, ends = span
    late = timedelta(minutes=begins.minute % 30, seconds=begins.second)
    return (begins + SLOT - late if late else begins), ends


def times_by_day(
    calendar: WorkCalendar, office: Opening, point: Opening, today: date
) -> Iterator[tuple[date, list[datetime]]]:
    """The next working days, from tomorrow on, on which both sides are open, with their times."""
    for day in calendar.working_days_after(today):
        if day > today + LOOKS_AHEAD:
            return
        if times := times_on(day, office, point):
            yield day, times


def _offered(work: Work, house: House, point: Point, matter: Matter) -> Iterable[tuple[date, list[datetime]]]:
    sides = matter.office.opening(house.calendar), point.opening(house.calendar)
    return islice(times_by_day(house.calendar, *sides, shanghai_day(work.now)), DAYS)


def slots_for(work: Work, house: House, point_id: str | None, matter_id: str) -> Slots:
    """What can be booked for a matter at this point. Refuses what `require_offer` refuses for today."""
    point, matter, today = work.session.get_one(Point, point_id), find_matter(work, matter_id), shanghai_day(work.now)
    require_offer(work, source_region=point.region_code, matter=matter, day=today)
    holds = partial(covered, work, source_region=point.region_code, matter=matter)
    offered = [(day, times) for day, times in _offered(work, house, point, matter) if holds(day=day)]
    free = set(booking.free_slots(work, matter.line, [at for _, times in offered for at in times]))
    days = [SlotDay(day=day, slots=[SlotView(at=at, free=at in free) for at in times]) for day, times in offered]
    last = offered[-1][0] if offered else today
    return Slots(days=days, calendar_missing=house.calendar.missing(today, last))


def book_appointment(work: Work, house: House, kiosk_id: str, form: BookAppointment) -> tuple[Ticket, sessions.Session]:
    """Book a time for the person at the kiosk, who then speaks for the appointment until the kiosk forgets.

    As for a ticket, but the agreement must hold on the appointed day, and the doors need not be open now. Refuses what
    the form's rules refuse, what `require_offer` and `require_spoken` refuse, and what `booking.book` refuses.
    """
    require_right_numbers(form, shanghai_day(work.now))
    kiosk = work.session.get_one(Kiosk, kiosk_id)
    point, matter = work.session.get_one(Point, kiosk.point_id), find_matter(work, form.matter_id)
    require_offer(work, source_region=point.region_code, matter=matter, day=shanghai_day(form.at))
    require_consent(form, matter)
    offered = {at for _, times in _offered(work, house, point, matter) for at in times}
    errand = errand_of(work, house, point, matter, form)
    ticket = booking.book(work, errand=errand, at=form.at, offered=offered, kiosk=kiosk)
    seal(work, house, ticket, form)
    _write(work, house, ticket, MessageKind.BOOKED)
    return ticket, speak_for(work, kiosk_id, ticket.id)


def cancel_ticket(work: Work, house: House, ticket_id: str) -> None:
    """Give up a ticket; whoever cancels an appointment gets a message. Refuses what `desk.cancel` refuses."""
    booked = get_ticket(work, ticket_id).state is TicketState.BOOKED
    ticket = desk.cancel(work, ticket_id)
    if booked:
        _write(work, house, ticket, MessageKind.CANCELLED)


def _write(work: Work, house: House, ticket: Ticket, kind: MessageKind) -> None:
    if house.messenger is not None:
        work.session.flush()
        outbox.write(work, ticket.id, kind)
