"""Days of an office replayed with nothing but `order.pick`: no code of the estimate is used to make what it is held to.

A day is a pattern and a seed. People come as a Poisson stream by the hour, handling is lognormal by matter, some never
come when called, some leave, some go first, and every call is followed by writing up. A watcher is told of each taking
at its moment, with all that the office knows then.
"""

import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import log
from random import Random

from tongban_queue.order import Waiting, merge_heads, pick, remember
from tongban_queue.ticket import Lane

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
MISSED, LEAVING, PRIORITY = 0.05, 0.04, 0.08
SIGMA = 0.55
THREE_CALLS_S = 60.0
COMES_S, WRITES_UP_S, PATIENCE_S = (5.0, 40.0), (20.0, 120.0), 1800.0


@dataclass(frozen=True)
class Pattern:
    """One kind of day. `per_hour`: takings in each hour from `hours[0][0]` on; `leaves`: window -> hour it closes."""

    name: str
    hours: tuple[tuple[float, float], ...]
    per_hour: tuple[float, ...]
    windows: tuple[tuple[str, ...], ...]
    #: matter -> its line, how often it is asked for, the median of its handling in minutes.
    matters: Mapping[str, tuple[str, float, float]]
    leaves: Mapping[int, float] = field(default_factory=dict)


@dataclass
class Ticket:
    waiting: Waiting
    line: str
    matter: str
    leaves_at: float | None
    called_at: float | None = None


@dataclass
class Window:
    lines: tuple[str, ...]
    open: bool = True
    serving: Ticket | None = None
    #: Set while it writes up: when that ends.
    ready_at: float | None = None
    idle_since: float = 0.0


@dataclass(frozen=True)
class Done:
    """A call that is over: from the first ring to the end, and on to the window's being free."""

    line: str
    matter: str
    missed: bool
    call_s: float
    held_s: float


class Day:
    """One day; seconds count from midnight."""

    def __init__(self, pattern: Pattern, seed: int, watch: Callable[["Day", Ticket], None]) -> None:
        self.pattern, self.chance, self.watch = pattern, Random(f"{pattern.name}-{seed}"), watch
        self.windows = [Window(lines) for lines in pattern.windows]
        self.lines: dict[str, list[Ticket]] = {line: [] for line, _, _ in pattern.matters.values()}
        self.recent: dict[str, str] = dict.fromkeys(self.lines, "")
        self.now, self.tickets, self.done, self.gone = 0.0, list[Ticket](), list[Done](), 0
        self._order = itertools.count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []

    def run(self) -> "Day":
        for at in self._takings():
            self._at(at, self._take)
        for begins, _ in self.pattern.hours:
            self._at(begins * 3600, self._call)
        for number, hour in self.pattern.leaves.items():
            self._at(hour * 3600, lambda window=self.windows[number]: setattr(window, "open", False))
        while self._events:
            self.now, _, event = heapq.heappop(self._events)
            event()
        return self

    @property
    def moment(self) -> datetime:
        return MIDNIGHT + timedelta(seconds=self.now)

    @property
    def calling(self) -> bool:
        return any(begins * 3600 <= self.now < ends * 3600 for begins, ends in self.pattern.hours)

    def _at(self, at: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (at, next(self._order), event))

    def _takings(self) -> list[float]:
        """Nobody can take a ticket while the office is closed."""
        found, first = [], self.pattern.hours[0][0]
        for hour, rate in enumerate(self.pattern.per_hour):
            at = (first + hour) * 3600
            while rate and (at := at + self.chance.expovariate(rate) * 3600) < (first + hour + 1) * 3600:
                if any(begins * 3600 <= at < ends * 3600 for begins, ends in self.pattern.hours):
                    found.append(at)
        return found

    def _take(self) -> None:
        matters = list(self.pattern.matters)
        (matter,) = self.chance.choices(matters, [self.pattern.matters[one][1] for one in matters])
        lane = Lane.PRIORITY if self.chance.random() < PRIORITY else Lane.ORDINARY
        leaves = self.now + self.chance.random() * PATIENCE_S if self.chance.random() < LEAVING else None
        number = len(self.tickets)
        ticket = Ticket(
            Waiting(self.moment, number, f"t{number}", lane), self.pattern.matters[matter][0], matter, leaves
        )
        self.tickets.append(ticket)
        self.lines[ticket.line].append(ticket)
        self.watch(self, ticket)
        if leaves is not None:
            self._at(leaves, lambda: self._leave(ticket))
        self._call()

    def _leave(self, ticket: Ticket) -> None:
        if ticket in self.lines[ticket.line]:
            self.lines[ticket.line].remove(ticket)
            self.gone += 1

    def _call(self) -> None:
        """Every idle window calls, the longest idle first."""
        for window in sorted(self.windows, key=lambda window: window.idle_since):
            if window.open and window.serving is None and window.ready_at is None and self.calling:
                self._call_to(window)

    def _call_to(self, window: Window) -> None:
        waiting = {ticket.waiting.id: ticket for line in window.lines for ticket in self.lines[line]}
        firsts = [
            min((t.waiting for t in self.lines[line] if t.waiting.lane is lane), key=lambda w: w.turn, default=None)
            for line in window.lines
            for lane in Lane
        ]
        heads = merge_heads([first for first in firsts if first])
        ordinary = heads.get(Lane.ORDINARY)
        chosen = pick(heads, self.moment, self.recent[waiting[ordinary.id].line] if ordinary else "")
        if chosen is None:
            return
        ticket = waiting[chosen.id]
        self.lines[ticket.line].remove(ticket)
        self.recent[ticket.line] = remember(self.recent[ticket.line], chosen.lane)
        ticket.called_at, window.serving = self.now, ticket
        if self.chance.random() < MISSED:
            self._at(self.now + THREE_CALLS_S, lambda: self._end(window, ticket, missed=True))
        else:
            median_s = self.pattern.matters[ticket.matter][2] * 60
            lasts = self.chance.uniform(*COMES_S) + self.chance.lognormvariate(log(median_s), SIGMA)
            self._at(self.now + lasts, lambda: self._end(window, ticket, missed=False))

    def _end(self, window: Window, ticket: Ticket, *, missed: bool) -> None:
        assert ticket.called_at is not None
        writes_s = 0.0 if missed else self.chance.uniform(*WRITES_UP_S)
        call_s = self.now - ticket.called_at
        window.serving, window.ready_at = None, self.now + writes_s
        self._at(
            window.ready_at,
            lambda: self._ready(window, Done(ticket.line, ticket.matter, missed, call_s, call_s + writes_s)),
        )

    def _ready(self, window: Window, done: Done) -> None:
        self.done.append(done)
        window.ready_at, window.idle_since = None, self.now
        self._call()
