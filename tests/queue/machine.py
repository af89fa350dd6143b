"""The hall as a state machine: two processes over one database, people who do anything at any time, a clock that jumps,
and a store, a bus and processes that fail.

After every step the house must be in order (safety). At the end the faults stop, the clock goes on, the rounds are made
and everybody does what the hall asks of them: then every ticket must come to its end (liveness).
"""

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from tests.queue.builders import ALWAYS, MORNING, TOMORROW, Clock, Hall
from tests.queue.faults import Bus, Crash, Faults, SeededChance
from tests.queue.walk import (
    CLERK,
    CLERK_LINES,
    FINAL,
    KIOSKS,
    OFFICES,
    VERBS,
    WINDOWS,
    Walk,
    as_shown,
    fresh,
    look_at_counts,
    look_at_kiosks,
    look_at_numbers,
    look_at_windows,
)
from tongban_queue import booking, calling, desk, journal, ringing
from tongban_queue.board import Snapshot, fold, for_lines
from tongban_queue.hall import Kiosk
from tongban_queue.journal import Entry, Fault, Head
from tongban_queue.refusals import Refused
from tongban_queue.rows import kiosk_row, tell_point
from tongban_queue.store import Told, Work
from tongban_queue.tally import day_of
from tongban_queue.ticket import TICKET_LIFE, Ticket, TicketState
from tongban_queue.window import Window, WindowState

NAMES = st.sampled_from([name for name, (weight, _) in VERBS.items() for _ in range(weight)])
DRAWS, PROCESSES = st.integers(0, 255), st.integers(0, 1)
#: Seconds by which the clock goes on; an hour back; two days on.
TICKS_S = st.sampled_from([1, 15, 20, 20, 60, 130, 1300, -3600, 2 * 86_400])
S = TicketState


class Receivers:
    """Screens that know only what reached them: a fact in its turn is folded in, an old one ignored, and after a gap
    the screen asks again."""

    def __init__(self) -> None:
        self.shown: dict[str, Snapshot] = {}

    def hear(self, fact: Told) -> None:
        self._hear(fact.subject, fact, fact.shows)
        if fact.subject == "board:east":
            self._hear(CLERK, fact, for_lines(fact.shows, fact.line_id, CLERK_LINES))

    def _hear(self, screen: str, fact: Told, shows: Any) -> None:
        before = self.shown.get(screen) or {"subject": fact.subject, "version": 0}
        if fact.version == before["version"] + 1:
            self.shown[screen] = fold(before, fact.version, shows)
        elif fact.version > before["version"]:
            self.shown[screen] = {"subject": fact.subject, "version": -1}

    def look(self, now: dict[str, Snapshot], day: str) -> None:
        """What shows the newest version shows what is; whoever saw a gap asks again."""
        for screen, snapshot in now.items():
            shown = self.shown.setdefault(screen, {"subject": snapshot["subject"], "version": 0})
            if shown["version"] == -1:
                self.shown[screen] = snapshot
            elif shown["version"] == snapshot["version"] and len(shown) > 2:
                assert as_shown(shown, day) == as_shown(snapshot, day), screen
            assert shown["version"] <= snapshot["version"], f"{screen} was told what is not so"


class House(RuleBasedStateMachine):
    """See the module. `open_hall` gives an empty hall; `runner` is the loop on which all of it happens."""

    open_hall: ClassVar[Callable[[], Awaitable[Hall]]]
    runner: ClassVar[asyncio.Runner]

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.bus, self.screens = Clock(), Bus(), Receivers()
        self.halls: list[Hall] = []
        self.lengths: dict[str, int] = {}

    def run(self, doing: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await doing

        return self.runner.run(done())

    @initialize(rings=st.booleans())
    def begins(self, rings: bool) -> None:
        first = self.run(type(self).open_hall())
        self.halls = [self._process(first, 1), self._process(first.rival(), 2)]
        self.walk = Walk(self.halls[0], 0)
        self.run(self.halls[0].at("east-1", _speaks_english))
        if rings:
            self.run(self.halls[0].ring_clerks())
        self.run(self.halls[0].open("east-1", "west-1"))
        self.screens.shown = self.run(first.store.look(fresh))

    def _process(self, hall: Hall, number: int) -> Hall:
        hall.clock = self.clock
        hall.store.clock, hall.store.chance = self.clock, SeededChance(number)
        hall.store.listeners[:] = [self.bus.hear]
        hall.faults = Faults(hall.store.engine)
        return hall

    @rule(name=NAMES, draw=DRAWS, process=PROCESSES)
    def somebody_does(self, name: str, draw: int, process: int) -> None:
        self.do(name, draw, process)

    @rule(name=NAMES, draw=DRAWS, process=PROCESSES, statement=st.integers(1, 20))
    def a_process_crashes_while_somebody_does(self, name: str, draw: int, process: int, statement: int) -> None:
        before = self.run(self.halls[0].store.look(_versions))
        with self.halls[process].faults.crash_at(statement):
            crashed = self.do(name, draw, process)
        assert not crashed or self.run(self.halls[0].store.look(_versions)) == before

    @rule(name=NAMES, draw=DRAWS, process=PROCESSES)
    def the_answer_is_lost_and_somebody_does_it_again(self, name: str, draw: int, process: int) -> None:
        with self.halls[process].faults.lose_answer():
            lost = self.do(name, draw, process)
        if lost:
            self.do(name, draw, 1 - process)

    @rule(one=NAMES, other=NAMES, draw=DRAWS, process=PROCESSES)
    def two_do_at_once(self, one: str, other: str, draw: int, process: int) -> None:
        self.do(one, draw, process, also=other)

    @rule(process=PROCESSES)
    def a_process_starts_anew(self, process: int) -> None:
        old = self.halls[process]
        self.run(old.store.close())
        self.halls[process] = self._process(old.rival(), 10 + self.clock.now.microsecond + len(self.walk.path))

    @rule(seconds=TICKS_S)
    def time_passes(self, seconds: int) -> None:
        self.clock.forward(seconds=seconds)

    @rule(process=PROCESSES)
    def a_round_is_made(self, process: int) -> None:
        self.make_round(self.halls[process])

    @rule(fault=st.sampled_from(["lose", "double", "reverse", "hold", "fail"]))
    def the_bus_fails_for_a_while(self, fault: str) -> None:
        self.bus.fault = fault

    @rule()
    def the_bus_is_well_again(self) -> None:
        self.bus.fault = ""

    @rule(kiosk=st.sampled_from(KIOSKS), here=st.booleans(), process=PROCESSES)
    def a_kiosk_goes_or_comes(self, kiosk: str, here: bool, process: int) -> None:
        self.run(self.halls[process].do(_present, kiosk, here))

    def do(self, name: str, draw: int, process: int, also: str = "") -> bool:
        """Somebody does this, allowed or not; whether it failed by a fault of ours."""
        self.walk.hall, self.walk.chance = self.halls[process], random.Random(draw)
        doing = [VERBS[verb][1](self.walk) for verb in (name, also) if verb]
        outcomes = self.run(_all(doing))
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, Refused | Crash):
                raise outcome
        return any(isinstance(outcome, Crash) for outcome in outcomes)

    def make_round(self, hall: Hall) -> None:
        """What falls due by itself, as the server's rounds do it."""
        tickets, windows = self.run(hall.store.look(_due))
        for ticket_id in tickets:
            self.run(hall.do(calling.ring_on, ticket_id))
            self.run(hall.do(booking.fall_due, ticket_id))
        for window in windows:
            self.run(hall.at(window, ringing.lapse))
            self.run(hall.at(window, calling.wrap_up_over))
        for office in OFFICES:
            self.run(hall.do(ringing.offer_all, office))

    @invariant()
    def the_house_is_in_order(self) -> None:
        if self.halls:
            for fact in self.bus.deliver():
                self.screens.hear(fact)
            self.run(self.halls[0].store.look(self.look))

    def look(self, work: Work) -> None:
        tickets = {ticket.id: ticket for ticket in work.session.scalars(select(Ticket))}
        look_at_windows(tickets, list(work.session.scalars(select(Window))))
        look_at_kiosks(tickets, list(work.session.scalars(select(Kiosk))))
        look_at_counts(work)
        for ticket in tickets.values():
            before = self.walk.states.get(ticket.id, ticket.state)
            assert before is ticket.state or ticket.state in AFTER[before], (before, ticket.state)
        self.walk.states = {ticket.id: ticket.state for ticket in tickets.values()}
        self.walk.tickets = sorted(tickets, key=lambda one: (tickets[one].taken_at, tickets[one].office_id, one))
        live = [(ticket.person_key, ticket.matter_id) for ticket in tickets.values() if ticket.live]
        assert len(live) == len(set(live))
        self.look_at_journal(work)
        self.screens.look(fresh(work), day_of(work.now))

    def look_at_journal(self, work: Work) -> None:
        lengths = {head.stream: head.number for head in work.session.scalars(select(Head))}
        assert all(lengths[stream] >= length for stream, length in self.lengths.items())
        assert sum(lengths.values()) == len(list(work.session.scalars(select(Entry.number))))
        self.lengths = lengths

    def teardown(self) -> None:
        try:
            if self.halls and sys.exc_info()[0] is None:
                self.everybody_goes_home()
        finally:
            for hall in self.halls:
                self.run(hall.store.close())

    def everybody_goes_home(self) -> None:
        """Faults off: whoever waits is served, and at the end of the day nobody is left over."""
        hall, self.bus.fault = self.halls[0], ""
        self.clock.now = max(self.clock.now, MORNING)
        for kiosk in KIOSKS:
            self.run(hall.do(_present, kiosk, True))
        for _ in range(120):
            if not self.serve_a_while(hall):
                break
        left = {ticket: state for ticket, state in self.walk.states.items() if state in MOVING}
        assert not left, f"still waiting: {left}"
        self.end_the_day(hall)
        assert set(self.walk.states.values()) <= {*FINAL, S.ENDED, S.MISSED}
        self.run(hall.store.look(_verify))
        self.run(hall.store.look(look_at_numbers))

    def serve_a_while(self, hall: Hall) -> bool:
        """Everybody does the next thing that the hall asks of them; whether somebody is still on the way."""
        self.clock.forward(seconds=130)
        tickets, windows, kiosks = self.run(hall.store.look(_standing))
        for window, state in windows:
            for verb in AT_WORK[state]:
                self.try_to(hall.at(window, verb))
        for ticket, state in tickets:
            for step in ON_THE_WAY.get(state, ()):
                self.try_to(hall.do(step, ticket))
        for kiosk in kiosks:
            self.try_to(hall.forget(kiosk))
        self.make_round(hall)
        self.the_house_is_in_order()
        moving = [state for state in self.walk.states.values() if state in MOVING]
        if moving and all(state is S.CHECKED_IN for state in moving):
            self.clock.forward(hours=1)
        return bool(moving)

    def end_the_day(self, hall: Hall) -> None:
        self.clock.now = max(self.clock.now, TOMORROW) + (TOMORROW - MORNING) * 7
        for ticket, state in self.walk.states.items():
            if state in (S.PARKED, S.INTERRUPTED):
                self.run(hall.do(desk.expire, ticket))
            if state is S.BOOKED:
                self.run(hall.do(desk.stay_away, ticket))
        self.the_house_is_in_order()

    def try_to(self, doing: Awaitable[Any]) -> None:
        try:
            self.run(doing)
        except Refused:
            self.bus.deliver()


def _speaks_english(work: Work, window: Window) -> None:
    window.languages = ["zh-CN", "en"]


async def _all(doing: list[Awaitable[Any]]) -> list[Any]:
    return await asyncio.gather(*doing, return_exceptions=True)


def _present(work: Work, kiosk_id: str, here: bool) -> None:
    kiosk = work.hold(Kiosk, kiosk_id)
    kiosk.seen_at = ALWAYS if here else None
    ticket = work.session.get(Ticket, kiosk.ticket_id) if kiosk.ticket_id else None
    row = kiosk_row(kiosk, work.now, ticket.number if ticket else None)
    tell_point(work, "kiosk.seen", kiosk.point_id, kiosks=[row])


def _due(work: Work) -> tuple[list[str], list[str]]:
    tickets = work.session.scalars(select(Ticket.id).where(Ticket.due_at <= work.now).order_by(Ticket.id))
    windows = work.session.scalars(select(Window.id).where(Window.due_at <= work.now).order_by(Window.id))
    return list(tickets), list(windows)


def _versions(work: Work) -> dict[str, int]:
    return {subject: snapshot["version"] for subject, snapshot in fresh(work).items()}


def _standing(work: Work) -> tuple[list[Any], list[Any], list[str]]:
    tickets = work.session.execute(select(Ticket.id, Ticket.state).order_by(Ticket.id)).all()
    windows = work.session.execute(select(Window.id, Window.state).where(Window.id.in_(WINDOWS))).all()
    return [*tickets], [*windows], list(work.session.scalars(select(Kiosk.id).where(Kiosk.id.in_(KIOSKS))))


def _verify(work: Work) -> None:
    for stream in journal.streams(work):
        assert [row for row in journal.verify(work, stream) if isinstance(row, Fault)] == []


def _call(work: Work, window: Window) -> None:
    calling.call_next(work, window=window)


#: From which state which others can be reached in one step of the machine.
AFTER: dict[TicketState, set[TicketState]] = {state: set() for state in TicketState}
for _ in TicketState:
    for (_before, _step), _after in TICKET_LIFE.moves.items():
        AFTER[_before] |= {_after, *AFTER[_after]}
#: Who is on the way by the hall's doing; whoever went away comes back or not.
MOVING = (S.CHECKED_IN, S.WAITING, S.CALLING, S.CONNECTED)
ON_THE_WAY = {S.CALLING: (desk.arrive, desk.end), S.CONNECTED: (desk.end,)}
AT_WORK: dict[WindowState, tuple[Callable[[Work, Window], Any], ...]] = {
    WindowState.OFFLINE: (calling.open_window, _call),
    WindowState.IDLE: (_call,),
    WindowState.OFFERED: (ringing.accept,),
    WindowState.RINGING: (),
    WindowState.BUSY: (),
    WindowState.WRAP_UP: (calling.be_ready, _call),
    WindowState.PAUSED: (calling.be_ready, _call),
}
