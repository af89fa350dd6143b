"""What happens to a ticket: the verbs of the hall. Each is one change, written as one would say it.

Every verb first holds its office's stream, so that numbers have no gaps and no ticket is called twice; then it moves
the ticket along the table of its life, and tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from tongban_queue import journal
from tongban_queue.fronts import join
from tongban_queue.hall import Kiosk, Line, Office, Point
from tongban_queue.held import By, Want, looks_first
from tongban_queue.refusals import NotAllowed, NotFound, NotNow
from tongban_queue.rows import kiosk_row, tell_all, tell_point
from tongban_queue.store import Base, Work
from tongban_queue.tally import Tally, count, day_of, hour_of
from tongban_queue.ticket import LIVE, Lane, PriorityGroup, Ticket, TicketState
from tongban_queue.window import Window, WindowState

#: A ticket is called three times, 20 s apart (domain §2.11).
CALLS = 3
RING_EVERY = timedelta(seconds=20)
#: An appointment can be cancelled until so long before its time (domain §2.11).
CANCEL_BEFORE = timedelta(hours=2)


class NoSuchTicket(NotFound):
    """There is no such ticket."""


class PersonAlreadyWaits(NotNow):
    """This person already has a ticket for this matter on its way."""


class KioskTaken(NotNow):
    """This kiosk is held for another ticket."""


class NotWaiting(NotNow):
    """This ticket is no longer waiting."""


class TicketElsewhere(NotNow):
    """This ticket is in use at another kiosk."""


class TooLateToCancel(NotNow):
    """An appointment can be cancelled until two hours before its time."""


class NotYourTicket(NotAllowed):
    """This ticket is served at another window."""


class DayNumber(Base):
    """The last number given out in one line on one day; `Y` before the day: to appointments for that day."""

    __tablename__ = "day_number"

    line_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[str] = mapped_column(String(11), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


#: The living tickets of a person. They may be another office's, so they are only looked at.
OF_PERSON = By(Ticket, Ticket.person_key, (Ticket.state.in_(LIVE),), locked=False)


@dataclass(frozen=True, slots=True)
class Errand:
    """What a person wants and how: all that a new ticket needs. `person_key` is a keyed digest, never the number."""

    line: Line
    office: Office
    point: Point
    matter_id: str
    matter_name: str
    person_key: str
    language: str
    elder: bool
    recorded: bool


def _held_by_take(work: Work, *, kiosk: Kiosk, errand: Errand) -> Iterator[Want]:
    yield journal.Head, errand.office.id
    yield OF_PERSON, errand.person_key
    yield Kiosk, kiosk.id
    yield Point, errand.point.id
    yield DayNumber, (errand.line.id, day_of(work.now))
    yield Tally, (errand.office.id, hour_of(work.now))


@looks_first(_held_by_take)
def take(work: Work, *, kiosk: Kiosk, errand: Errand) -> Ticket:
    """Give the person at `kiosk` a ticket. Refuses `PersonAlreadyWaits`, `KioskTaken`."""
    head = journal.hold(work, errand.office.id)
    if waits_already(work, errand.person_key, errand.matter_id):
        raise PersonAlreadyWaits()
    ticket = new_ticket(work, errand)
    kiosk = sit_down(work, kiosk, ticket)
    ticket.number, ticket.arrival = next_number(work, errand.line), head.number + 1
    put_in(work, ticket)
    join(work, ticket)
    tally = count(work, errand.office.id, work.now, taken=1)
    tell_all(work, "ticket.taken", ticket, kiosk=kiosk, tally=tally)
    return ticket


def new_ticket(work: Work, errand: Errand) -> Ticket:
    """A ticket that waits from now on, with a slip of its own, without a number and not yet in the store."""
    return Ticket(
        id=work.chance.new_id(),
        slip=work.chance.slip_code(),
        version=0,
        state=TicketState.WAITING,
        lane=Lane.ORDINARY,
        arrival=0,
        behind=0,
        calls=0,
        busy_s=0,
        revived=False,
        message_wanted=False,
        help=False,
        since=work.now,
        taken_at=work.now,
        office_id=errand.office.id,
        line_id=errand.line.id,
        line_title=errand.line.title,
        matter_id=errand.matter_id,
        matter_name=errand.matter_name,
        host_region=errand.office.region_code,
        host_region_name=errand.office.region_name,
        source_region=errand.point.region_code,
        source_region_name=errand.point.region_name,
        point_id=errand.point.id,
        point_name=errand.point.name,
        person_key=errand.person_key,
        language=errand.language,
        elder=errand.elder,
        recorded=errand.recorded,
    )


def waits_already(work: Work, person_key: str, matter_id: str) -> bool:
    """Whether this person has a ticket for this matter on its way."""
    return any(ticket.matter_id == matter_id for ticket in work.held.all(OF_PERSON, person_key))


def put_in(work: Work, ticket: Ticket) -> None:
    """Two offices hold two streams: that a person waits once for a matter is the index's word, not the look's, and so
    is that a slip is nobody else's. Where an index refuses the row, the writer has the change look again.
    """
    work.session.add(ticket)
    work.held.put(ticket)
    work.held.found(OF_PERSON, ticket.person_key, ticket)


def next_number(work: Work, line: Line, *, booked_day: str = "") -> str:
    """Prefix and at least three digits, counted per line and day (domain §2.11); an appointment's has a `Y` (约)."""
    day, mark = (f"Y{booked_day}", "Y") if booked_day else (day_of(work.now), "")
    counter = work.held.one(DayNumber, (line.id, day))
    if counter is None:
        counter = DayNumber(line_id=line.id, day=day, last=0)
        work.session.add(counter)
        work.held.put(counter)
    counter.last += 1
    return f"{line.prefix}{mark}{counter.last:03d}"


def sit_down(work: Work, kiosk: Kiosk, ticket: Ticket) -> Kiosk:
    """The citizen of `ticket` stands at `kiosk` now. Refuses `KioskTaken` when it is held for another."""
    kiosk = work.hold(Kiosk, kiosk.id)
    if kiosk.ticket_id not in (None, ticket.id):
        raise KioskTaken()
    kiosk.hold(ticket.id)
    # Its page may have sent this before its socket was open; whoever stands here can be called here.
    kiosk.speak(work.now)
    ticket.kiosk_id, ticket.kiosk_name = kiosk.id, kiosk.name
    return kiosk


_OFFICE_OF = select(Ticket.office_id)


def held_ticket(work: Work, ticket_id: str) -> Ticket:
    """The ticket as it stands now, with its office's stream held. Refuses `NoSuchTicket`."""
    here = work.held.here(Ticket, ticket_id)
    office_id = here.office_id if here else work.session.scalar(_OFFICE_OF.where(Ticket.id == ticket_id))
    if office_id is None:
        raise NoSuchTicket()
    journal.hold(work, office_id)
    ticket = work.hold(Ticket, ticket_id)
    # While this work waited for the stream, the ticket may have been sent on to another office.
    journal.hold(work, ticket.office_id)
    return ticket


def kiosk_of(work: Work, ticket: Ticket) -> Kiosk | None:
    """The kiosk that this ticket holds or has reserved, as it stands now; None when it has none."""
    if ticket.kiosk_id is None:
        return None
    kiosk = work.hold(Kiosk, ticket.kiosk_id)
    return kiosk if kiosk.ticket_id == ticket.id else None


def window_of(work: Work, ticket: Ticket) -> Window | None:
    """The window that called this ticket, while it is busy with it."""
    if ticket.window_id is None:
        return None
    window = work.hold(Window, ticket.window_id)
    return window if window.ticket_id == ticket.id else None


def release(work: Work, ticket_id: str) -> Ticket:
    """Free the kiosk for the next person; the ticket stays as it is, for it belongs to the point.

    Refuses `NotWaiting` for one that is called or in its call, and for one that is over.
    """
    ticket = held_ticket(work, ticket_id)
    if ticket.state in _IN_HAND or ticket.over:
        raise NotWaiting()
    kiosk = kiosk_of(work, ticket)
    ticket.kiosk_id = ticket.kiosk_name = None
    if kiosk is not None:
        kiosk.free()
    tell_all(work, "ticket.released", ticket, kiosk=kiosk)
    return ticket


def arrive(work: Work, ticket_id: str) -> Ticket:
    """The citizen says "I am here": the call begins, the window is busy."""
    ticket = held_ticket(work, ticket_id)
    ticket.move("arrive")
    first, waited_s = ticket.connected_at is None, _waited_s(work, ticket)
    ticket.connected_at, ticket.due_at = work.now, None
    window = window_of(work, ticket)
    if window is not None:
        window.move("answer", work.now)
    tally = count(work, ticket.office_id, work.now, connected=1, wait_s=waited_s) if first else None
    tell_all(work, "ticket.connected", ticket, window=window, tally=tally)
    return ticket


def _waited_s(work: Work, ticket: Ticket) -> int:
    """From taking the number, or from the appointed time, to the call."""
    began = ticket.since if ticket.appointed_at else ticket.taken_at
    return max(0, round(((ticket.called_at or work.now) - began).total_seconds()))


def cancel(work: Work, ticket_id: str) -> Ticket:
    """The citizen gives up; an appointment at least two hours before. Refuses `TooLateToCancel`."""
    ticket = held_ticket(work, ticket_id)
    if ticket.state is TicketState.BOOKED and ticket.appointed_at and work.now > ticket.appointed_at - CANCEL_BEFORE:
        raise TooLateToCancel()
    return _finish(work, ticket_id, step="cancel", window_step="give_up", counted="cancelled")


def miss(work: Work, ticket_id: str) -> Ticket:
    """Called, and nobody came. After a revival that ends it (domain §2.11)."""
    step = "miss_again" if held_ticket(work, ticket_id).revived else "miss"
    return _finish(work, ticket_id, step=step, window_step="give_up", counted="missed")


def leave(work: Work, ticket_id: str) -> Ticket:
    """The citizen has gone in the middle of the call."""
    return _finish(work, ticket_id, step="leave", window_step="finish", counted="abandoned")


def end(work: Work, ticket_id: str, **parts: Any) -> Ticket:
    """The clerk has recorded an outcome: the call is over."""
    return _finish(work, ticket_id, step="end", window_step="finish", counted="served", **parts)


def expire(work: Work, ticket_id: str) -> Ticket:
    """The day is over and nobody came back, or was ever called."""
    return _finish(work, ticket_id, step="expire", window_step="give_up", counted="abandoned")


def stay_away(work: Work, ticket_id: str) -> Ticket:
    """The appointed day is over and nobody checked in."""
    return _finish(work, ticket_id, step="stay_away", window_step="give_up", counted="no_shows")


def _finish(work: Work, ticket_id: str, *, step: str, window_step: str, counted: str, **parts: Any) -> Ticket:
    ticket = held_ticket(work, ticket_id)
    ticket.move(step)
    ticket.ended_at, ticket.due_at, ticket.help = work.now, None, False
    window = leave_window(work, ticket, window_step)
    kiosk = kiosk_of(work, ticket)
    if kiosk is not None and (step == "expire" or not kiosk.held):
        kiosk.free()
    tally = count(work, ticket.office_id, work.now, **{counted: 1})
    tell_all(work, FACTS[step], ticket, window=window, kiosk=kiosk, tally=tally, **parts)
    return ticket


def leave_window(work: Work, ticket: Ticket, step: str) -> Window | None:
    """The window that is busy with this ticket lets go of it: it writes up, or is free at once."""
    window = window_of(work, ticket)
    if window is None:
        return None
    window.move(step, work.now)
    window.let_go()
    if window.state is WindowState.WRAP_UP:
        window.due_at = work.now + WRAP_UP
    else:
        be_free(work, window)
    return window


def be_free(work: Work, window: Window) -> None:
    """The window is done with the ticket that it rang for: now it is known for how long that kept it busy."""
    if window.served_id is not None and window.rang_at is not None:
        busy_s = max(0, round((work.now - window.rang_at).total_seconds()))
        work.hold(Ticket, window.served_id).busy_s += busy_s
    window.rang_at = window.served_id = None


FACTS = {
    "cancel": "ticket.cancelled",
    "miss": "ticket.missed",
    "miss_again": "ticket.missed",
    "leave": "ticket.left",
    "end": "ticket.ended",
    "expire": "ticket.expired",
    "stay_away": "ticket.stayed_away",
}
#: A window that has finished has so long to write things up, then it is idle again (domain §2.11).
WRAP_UP = timedelta(seconds=120)


def mark_priority(work: Work, ticket_id: str, *, group: PriorityGroup) -> Ticket:
    """An assistant has seen the evidence: from the ordinary lane to the priority lane, with `since` unchanged."""
    ticket = held_ticket(work, ticket_id)
    if ticket.state is not TicketState.WAITING:
        raise NotWaiting()
    ticket.priority = group
    if ticket.lane is Lane.ORDINARY:
        ticket.lane = Lane.PRIORITY
    tell_all(work, "ticket.priority_marked", ticket)
    return ticket


def want_message(work: Work, ticket_id: str, *, wanted: bool) -> Ticket:
    """The citizen goes away with the place held, and wants a message when the turn is near; or does not any more."""
    ticket = held_ticket(work, ticket_id)
    if ticket.state not in (TicketState.WAITING, TicketState.CHECKED_IN):
        raise NotWaiting()
    ticket.message_wanted = wanted
    tell_all(work, "ticket.message_wanted", ticket)
    return ticket


def ask_help(work: Work, ticket_id: str, *, wanted: bool) -> Ticket:
    """The citizen asks the point's assistant to come, or needs help no more."""
    ticket = held_ticket(work, ticket_id)
    if not ticket.live:
        raise NoSuchTicket()
    ticket.help = wanted
    tell_all(work, "ticket.help_asked" if wanted else "ticket.help_answered", ticket)
    return ticket


def forget(work: Work, kiosk: Kiosk) -> None:
    """The device forgets its citizen. Who waits, waits on; a called or connected ticket refuses `NotWaiting`."""
    kiosk = work.hold(Kiosk, kiosk.id)
    ticket = work.session.get(Ticket, kiosk.ticket_id) if kiosk.ticket_id else None
    if ticket is not None and not ticket.over:
        release(work, ticket.id)
        return
    kiosk.free()
    tell_point(work, "kiosk.freed", kiosk.point_id, kiosks=[kiosk_row(kiosk, work.now, None)])


#: A device cannot forget a citizen who is in the middle of this.
_IN_HAND = (TicketState.CALLING, TicketState.CONNECTED)


def use_kiosk(work: Work, kiosk: Kiosk, *, in_use: bool) -> None:
    """Somebody began at the welcome screen, or it was wiped before a ticket was taken."""
    kiosk = work.hold(Kiosk, kiosk.id)
    if kiosk.ticket_id is not None or kiosk.in_use == in_use:
        return
    kiosk.in_use = in_use
    tell_point(work, "kiosk.used", kiosk.point_id, kiosks=[kiosk_row(kiosk, work.now, None)])
