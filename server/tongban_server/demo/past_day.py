"""One day of the demo's past: people come, wait, are called, are served and rate, event by event, by the verbs with
which real people are served; only the clock is moved by hand.
"""

import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from math import log
from random import Random

from sqlalchemy import select

from tongban_queue import calling, desk
from tongban_queue.hall import Kiosk, KioskKind, Office, Point
from tongban_queue.store import Work
from tongban_queue.ticket import PriorityGroup, Ticket, TicketState
from tongban_queue.window import Window, WindowState
from tongban_server.cases.checks import CheckKey, CheckResult, answer_check
from tongban_server.cases.outcome import OutcomeKind, Said, Signed, record_outcome
from tongban_server.catalogue.things import Matter
from tongban_server.demo.applicants import MadeUpApplicant, invent_applicant
from tongban_server.house import House
from tongban_server.people.applicants import sealed_applicant
from tongban_server.ratings.rating import POOR, rate, reasons

#: Shares of domain §4.5; what it leaves open is ours.
MISSED, LEFT, CANCELLED, PRIORITY, RATED = 0.05, 0.04, 0.03, 0.08, 0.45
LEVELS = {5: 88.0, 4: 8.0, 3: 2.5, 2: 1.0, 1: 0.5}
OUTCOMES = {
    OutcomeKind.ACCEPTED: 45,
    OutcomeKind.CONSULTATION_ONLY: 36,
    OutcomeKind.CORRECTION_NEEDED: 15,
    OutcomeKind.NOT_ACCEPTED: 4,
}
HANDLING_S, SPREAD = 12 * 60.0, 0.55
ARRIVES_S, RATES_S, WRITES_UP_S, GIVES_UP_S = (5.0, 40.0), (10.0, 60.0), (20.0, 110.0), (120.0, 900.0)
#: Nobody takes a ticket so shortly before an office closes, and whoever finds no kiosk free looks again.
BEFORE_CLOSING, LOOKS_AGAIN = timedelta(minutes=40), timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Errands:
    """The people of a point who come for one matter."""

    point: Point
    matter: Matter

    @property
    def line_id(self) -> str:
        """The line in which they wait."""
        return self.matter.line_id


@dataclass(frozen=True, slots=True)
class Stand:
    """An office on that day: which of its windows are open, and how many people come for which errands."""

    office: Office
    windows: Sequence[Window]
    errands: Sequence[Errands]
    people: int


class Day:
    """One day, from the first opening until everybody is served."""

    def __init__(self, work: Work, house: House, chance: Random, day: date, stands: Sequence[Stand]) -> None:
        self._work, self._house, self._chance = work, house, chance
        self._day, self._stands, self._taken = day, stands, 0
        self._order = itertools.count()
        self._events: list[tuple[datetime, int, Callable[[], object]]] = []
        kiosks = select(Kiosk).where(Kiosk.kind == KioskKind.KIOSK, Kiosk.revoked_at.is_(None)).order_by(Kiosk.name)
        self._kiosks = list(work.session.scalars(kiosks))
        #: Who waits, as this day knows without asking the database each time.
        self._waiting: dict[str, Ticket] = {}

    def run(self) -> int:
        """Play it; gives the number of tickets."""
        for stand in self._stands:
            self._plan(stand)
        seen = {kiosk: kiosk.seen_at for kiosk in self._kiosks}
        for kiosk in self._kiosks:
            kiosk.seen_at = max((at for at, _, _ in self._events), default=self._work.now) + timedelta(days=1)
        while self._events:
            self._work.now, _, event = heapq.heappop(self._events)
            event()
        for window in (window for stand in self._stands for window in stand.windows):
            calling.close_window(self._work, window)
        for kiosk, at in seen.items():
            kiosk.seen_at = at
        return self._taken

    def _plan(self, stand: Stand) -> None:
        spans = stand.office.opening(self._house.calendar).spans(self._day)
        spans = [*spans[:-1], (spans[-1][0], spans[-1][1] - BEFORE_CLOSING)] if spans else []
        for window in stand.windows if spans else ():
            self._at(spans[0][0], partial(calling.open_window, self._work, window))
        for _ in range(stand.people if spans else 0):
            begins, ends = self._chance.choices(spans, [(end - begin).total_seconds() for begin, end in spans])[0]
            errands = self._chance.choice(stand.errands)
            self._at(begins + self._chance.random() * (ends - begins), partial(self._come, errands))

    def _at(self, at: datetime, event: Callable[[], object]) -> None:
        heapq.heappush(self._events, (at, next(self._order), event))

    def _in(self, between_s: tuple[float, float], event: Callable[[], object]) -> None:
        self._at(self._work.now + timedelta(seconds=self._chance.uniform(*between_s)), event)

    def _come(self, errands: Errands) -> None:
        kiosk = self._free_kiosk(errands.point)
        if kiosk is None:
            self._at(self._work.now + LOOKS_AGAIN, lambda: self._come(errands))
            return
        person = invent_applicant(self._chance)
        ticket = self._take(kiosk, errands, person)
        if self._chance.random() < PRIORITY:
            desk.mark_priority(self._work, ticket.id, group=self._chance.choice(list(PriorityGroup)))
        if self._chance.random() < CANCELLED:
            self._in(GIVES_UP_S, lambda: self._give_up(ticket))
        self._serve_all()
        if ticket.state is TicketState.WAITING:
            desk.release(self._work, ticket.id)

    def _take(self, kiosk: Kiosk, errands: Errands, person: MadeUpApplicant) -> Ticket:
        matter = errands.matter
        errand = desk.Errand(
            line=matter.line,
            office=matter.office,
            point=errands.point,
            matter_id=matter.id,
            matter_name=matter.name,
            person_key=self._house.vault.person_key(person.id_number),
            language="zh-CN",
            elder=int(person.id_number[6:10]) <= self._day.year - 60,
            recorded=matter.records,
        )
        ticket = desk.take(self._work, kiosk=kiosk, errand=errand)
        said = {"name": person.name, "id_number": person.id_number, "phone": person.phone}
        sealed = sealed_applicant(self._work, self._house.vault, ticket.id, recording=matter.records, **said)
        self._work.session.add(sealed)
        self._taken += 1
        self._waiting[ticket.id] = ticket
        return ticket

    def _free_kiosk(self, point: Point) -> Kiosk | None:
        there = (kiosk for kiosk in self._kiosks if kiosk.point_id == point.id)
        return next((kiosk for kiosk in there if kiosk.ticket_id is None and not kiosk.in_use), None)

    def _give_up(self, ticket: Ticket) -> None:
        if ticket.state is TicketState.WAITING:
            desk.cancel(self._work, ticket.id)
            del self._waiting[ticket.id]

    def _serve_all(self) -> None:
        """Every idle window for whose lines somebody waits calls, the longest idle first."""
        idle = [window for stand in self._stands for window in stand.windows if window.state is WindowState.IDLE]
        for window in sorted(idle, key=lambda window: window.since):
            if any(ticket.line_id in window.lines for ticket in self._waiting.values()):
                self._serve(window)

    def _serve(self, window: Window) -> None:
        try:
            ticket = calling.call_next(self._work, window=window)
        except calling.NobodyWaiting:
            return
        del self._waiting[ticket.id]
        if self._chance.random() < MISSED:
            for number, step in enumerate((calling.recall, calling.recall, desk.miss), start=1):
                at = self._work.now + number * desk.RING_EVERY
                self._at(at, lambda step=step: self._then(step(self._work, ticket.id)))  # type: ignore[misc]
        else:
            self._in(ARRIVES_S, lambda: self._arrive(ticket, window))

    def _then(self, ticket: Ticket) -> None:
        if ticket.state is TicketState.MISSED:
            self._serve_all()

    def _arrive(self, ticket: Ticket, window: Window) -> None:
        desk.arrive(self._work, ticket.id)
        lasts_s = self._chance.lognormvariate(log(HANDLING_S), SPREAD)
        if self._chance.random() < LEFT:
            self._in((0.2 * lasts_s, 0.8 * lasts_s), lambda: self._leave(ticket, window))
        else:
            self._in((lasts_s, lasts_s), lambda: self._end(ticket, window))

    def _leave(self, ticket: Ticket, window: Window) -> None:
        desk.leave(self._work, ticket.id)
        self._after(ticket, window)

    def _end(self, ticket: Ticket, window: Window) -> None:
        (kind,) = self._chance.choices(list(OUTCOMES), list(OUTCOMES.values()))
        if kind is OutcomeKind.ACCEPTED:
            for key in CheckKey:
                result = CheckResult.NOT_APPLICABLE if key is CheckKey.AGENT else CheckResult.YES
                answer_check(self._work, ticket.id, key=key, result=result, clerk_id=window.staff_id)
        said = Said(home_number=f"PH-{ticket.number}", reason="演示：材料待补", basis="演示依据")
        clerk = Signed(id=window.staff_id, name=window.staff_name)
        record_outcome(self._work, self._house.vault, ticket.id, kind=kind, said=said, clerk=clerk)
        if self._chance.random() < RATED:
            self._in(RATES_S, lambda: self._rate(ticket))
        self._after(ticket, window)

    def _rate(self, ticket: Ticket) -> None:
        (level,) = self._chance.choices(list(LEVELS), list(LEVELS.values()))
        codes = next([reason.code for reason in one.codes] for one in reasons().levels if one.level == level)
        said = [self._chance.choice(codes)] if level in POOR else []
        rate(self._work, self._house.vault, ticket.id, level=level, codes=said, words="")

    def _after(self, ticket: Ticket, window: Window) -> None:
        """The window writes up; whoever stood at a kiosk leaves it."""
        self._in(WRITES_UP_S, lambda: self._ready(window))
        kiosk = desk.kiosk_of(self._work, ticket)
        if kiosk is not None:
            self._in((70.0, 90.0), lambda: desk.forget(self._work, kiosk))

    def _ready(self, window: Window) -> None:
        calling.be_ready(self._work, window)
        self._serve_all()
