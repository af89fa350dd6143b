"""Appointments: a ticket booked for a time, checked in at the kiosk, and due when its time has come (domain §2.11,
§2.14)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tongban_queue import journal
from tongban_queue.desk import (
    Errand,
    PersonAlreadyWaits,
    held_ticket,
    kiosk_of,
    new_ticket,
    next_number,
    sit_down,
    waits_already,
)
from tongban_queue.hall import Kiosk, Line
from tongban_queue.refusals import NotNow
from tongban_queue.rows import tell_all
from tongban_queue.store import Work
from tongban_queue.tally import Tally, count, day_of
from tongban_queue.ticket import Lane, Ticket, TicketState

#: Appointments begin every half hour.
SLOT = timedelta(minutes=30)
#: An appointment is due so long before and after its time; later it has become an ordinary ticket.
DUE_BEFORE = DUE_AFTER = timedelta(minutes=15)
#: Whoever stayed away so often in so many days cannot book for now.
NO_SHOWS, NO_SHOWS_WITHIN = 3, timedelta(days=90)


class SlotNotOffered(NotNow):
    """This time cannot be booked."""


class SlotFull(NotNow):
    """This time has just been taken; please choose another one."""


class BookedThatDay(NotNow):
    """This person already has an appointment on that day."""


class StayedAwayTooOften(NotNow):
    """After three appointments to which nobody came, this person cannot book for now; a ticket can still be taken."""


class NotTheDay(NotNow):
    """This appointment is for another day."""


def slots(spans: Iterable[tuple[datetime, datetime]]) -> list[datetime]:
    """The times that can be booked in these opening spans: each half hour that still ends within its span."""
    found = []
    for begins, ends in spans:
        at = begins
        while at + SLOT <= ends:
            found.append(at)
            at += SLOT
    return found


def free_slots(work: Work, line: Line, offered: Collection[datetime]) -> list[datetime]:
    """Those of the offered times that still have a place."""
    taken = _taken(work, line, offered)
    return [at for at in sorted(offered) if taken.get(at, 0) < line.slot_places]


def _taken(work: Work, line: Line, offered: Collection[datetime]) -> Mapping[datetime, int]:
    booked = (Ticket.line_id == line.id, Ticket.state == TicketState.BOOKED, Ticket.appointed_at.in_(offered))
    rows = work.session.execute(select(Ticket.appointed_at, func.count()).where(*booked).group_by(Ticket.appointed_at))
    return {at: count for at, count in rows if at is not None}


def book(
    work: Work, *, errand: Errand, at: datetime, offered: Collection[datetime], kiosk: Kiosk | None = None
) -> Ticket:
    """Book `at` for this person; `offered` are the times that the calendars of both sides allow.

    With `kiosk` the person stands there and reads the slip. Refuses `SlotNotOffered`, `StayedAwayTooOften`,
    `BookedThatDay`, `SlotFull`, `KioskTaken`.
    """
    journal.hold(work, errand.office.id)
    if at not in offered or day_of(at) <= day_of(work.now):
        raise SlotNotOffered()
    if _stayed_away(work, errand.person_key) >= NO_SHOWS:
        raise StayedAwayTooOften()
    if _booked_that_day(work, errand.person_key, day_of(at)):
        raise BookedThatDay()
    if _taken(work, errand.line, [at]).get(at, 0) >= errand.line.slot_places:
        raise SlotFull()
    ticket = new_ticket(work, errand)
    ticket.number = next_number(work, errand.line, booked_day=day_of(at))
    ticket.state, ticket.lane = TicketState.BOOKED, Lane.DUE
    ticket.since = ticket.appointed_at = at
    ticket.booked_day = day_of(at)
    if kiosk is not None:
        sit_down(work, kiosk, ticket)
    _put_in_book(work, ticket)
    tell_all(work, "ticket.booked", ticket, kiosk=kiosk)
    return ticket


def _booked_that_day(work: Work, person_key: str, day: str) -> bool:
    same = (Ticket.person_key == person_key, Ticket.booked_day == day, Ticket.state == TicketState.BOOKED)
    return work.session.scalar(select(Ticket.id).where(*same).limit(1)) is not None


def _stayed_away(work: Work, person_key: str) -> int:
    away = (Ticket.person_key == person_key, Ticket.state == TicketState.NO_SHOW)
    since = Ticket.taken_at >= work.now - NO_SHOWS_WITHIN
    return work.session.scalar(select(func.count()).where(*away, since)) or 0


def _put_in_book(work: Work, ticket: Ticket) -> None:
    """Two offices hold two streams: that a person books once a day is the index's word, not the look's."""
    work.session.add(ticket)
    try:
        work.session.flush()
    except IntegrityError as error:
        if "uq_ticket_booking" in str(error.orig) or "booked_day" in str(error.orig):
            raise BookedThatDay() from None
        raise


def check_in(work: Work, ticket_id: str) -> Ticket:
    """The person with the appointment is here. Early: waits for the time; at the time: due; late: ordinary.

    Refuses `NotTheDay`, `PersonAlreadyWaits`, `StepNotAllowed`.
    """
    ticket = held_ticket(work, ticket_id)
    if ticket.state is TicketState.BOOKED and ticket.booked_day != day_of(work.now):
        raise NotTheDay(day=str(ticket.booked_day))
    if ticket.state is TicketState.BOOKED and waits_already(work, ticket.person_key, ticket.matter_id):
        raise PersonAlreadyWaits()
    ticket.move("check_in")
    assert ticket.appointed_at is not None
    ticket.arrival = journal.hold(work, ticket.office_id).number + 1
    due = ticket.due_at = ticket.appointed_at - DUE_BEFORE
    tally = count(work, ticket.office_id, work.now, taken=1)
    if work.now < due:
        tell_all(work, "ticket.checked_in", ticket, kiosk=kiosk_of(work, ticket), tally=tally)
        return ticket
    if work.now > ticket.appointed_at + DUE_AFTER:
        ticket.lane, ticket.since = Lane.ORDINARY, work.now
    return _line_up(work, ticket, tally)


def fall_due(work: Work, ticket_id: str) -> Ticket | None:
    """The time of a checked-in appointment has come. None if nothing is due."""
    ticket = held_ticket(work, ticket_id)
    if ticket.state is not TicketState.CHECKED_IN or ticket.due_at is None or ticket.due_at > work.now:
        return None
    return _line_up(work, ticket)


def _line_up(work: Work, ticket: Ticket, tally: Tally | None = None) -> Ticket:
    ticket.move("line_up")
    ticket.due_at = None
    tell_all(work, "ticket.lined_up", ticket, kiosk=kiosk_of(work, ticket), tally=tally)
    return ticket
