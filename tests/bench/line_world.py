"""The small world in which the line is measured, and the two ways through it: Tongban's and the usual one.

8 offices with 32 windows each, 64 points with 8 kiosks each. At every point somebody stands at four kiosks and is
about to take a ticket, two kiosks hold a waiting ticket, and two are free for who sits in the waiting room. 256 callers
act at once: one half takes a ticket and then calls the next person, the other half the other way round.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event, func, select, update

from tests.queue.builders import a_kiosk, a_line, a_point, a_window, an_errand, an_office
from tongban_queue import desk, journal
from tongban_queue.hall import Kiosk
from tongban_queue.journal import Fault
from tongban_queue.store import Base, Store, Work
from tongban_queue.ticket import LIVE, Ticket, TicketState
from tongban_queue.window import Window, WindowState

OFFICES, WINDOWS, POINTS, KIOSKS = 8, 32, 64, 8
CALLERS = OFFICES * WINDOWS
TAKERS = (0, 1, 2, 3)
HOLDERS = (4, 5)
LATER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one caller stands: at a kiosk, about to take a ticket for a line, and at a window of the same office."""

    kiosk: Kiosk
    window: Window
    errand: desk.Errand


Take = Callable[[Kiosk, desk.Errand], Awaitable[Any]]
Call = Callable[[Window], Awaitable[Any]]


@dataclass
class Spent:
    """Seconds by the clock and of this process, for a number of operations."""

    operations: int = 0
    wall_s: float = 0
    cpu_s: float = 0

    @property
    def per_s(self) -> float:
        return self.operations / self.wall_s

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.operations + other.operations, self.wall_s + other.wall_s, self.cpu_s + other.cpu_s)


@dataclass
class World:
    """One database with the world in it, and whoever changes it."""

    store: Store
    take: Take
    call: Call
    engines: list[Engine]
    takers: list[Place] = field(default_factory=list)
    guests: list[Place] = field(default_factory=list)
    people: "itertools.count[int]" = field(default_factory=itertools.count)

    async def lay(self) -> "World":
        """Offices, lines, windows, points and kiosks."""
        for rows in world_rows(self.store.clock()):
            await self.store.change(_put, rows)
        self.takers = await self.store.look(_places, TAKERS)
        self.guests = await self.store.look(_places, HOLDERS * 2)
        return self

    def errand(self, place: Place) -> desk.Errand:
        """What the next person at this place wants."""
        return replace(place.errand, person_key=f"{next(self.people):064x}")

    async def reset(self) -> None:
        """Untimed: everybody who waited is gone, windows are idle, and as many wait anew as will be called."""
        await self.store.change(_clear)
        for number, place in enumerate(self.guests):
            ticket = await self.store.change(desk.take, kiosk=place.kiosk, errand=self.errand(place))
            if number < CALLERS // 2:
                await self.store.change(desk.release, ticket.id)
        await self.store.change(_somebody_stands_there)

    async def round(self) -> Spent:
        """Everybody acts at once: as many tickets taken as people called."""
        began, worked = time.perf_counter(), time.process_time()
        await asyncio.gather(*(self._act(place, number % 2 == 0) for number, place in enumerate(self.takers)))
        return Spent(2 * len(self.takers), time.perf_counter() - began, time.process_time() - worked)

    async def _act(self, place: Place, takes_first: bool) -> None:
        if takes_first:
            await self.take(place.kiosk, self.errand(place))
        await self.call(place.window)
        if not takes_first:
            await self.take(place.kiosk, self.errand(place))

    async def prove(self, rounds: int) -> None:
        """Afterwards: every stream follows from its first row, and numbers have no gap."""
        called, faults, gaps = await self.store.look(_proof)
        assert faults == [], faults[:3]
        assert gaps == [], gaps
        assert called == rounds * CALLERS, (called, rounds)

    async def statements(self) -> float:
        """How many SQL statements one operation takes, counted over one round."""
        counted: list[str] = []

        def count(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
            counted.append(statement)

        for engine in self.engines:
            event.listen(engine, "before_cursor_execute", count)
        spent = await self.round()
        for engine in self.engines:
            event.remove(engine, "before_cursor_execute", count)
        return len(counted) / spent.operations


def world_rows(now: datetime) -> list[list[Base]]:
    """The world's rows, in the order in which they know each other."""
    offices = [f"office-{n}" for n in range(OFFICES)]
    points = [f"point-{n}" for n in range(POINTS)]
    return [
        [*map(an_office, offices), *map(a_point, points)],
        [a_line(f"line-{office}", office, chr(65 + n)) for n, office in enumerate(offices)],
        [a_kiosk(f"{point}-{n}", point, seen_at=now + LATER) for point in points for n in range(KIOSKS)],
        [a_window(f"{office}-{n}", office, [f"line-{office}"]) for office in offices for n in range(WINDOWS)],
    ]


def _put(work: Work, rows: list[Base]) -> None:
    work.session.add_all(rows)


def _places(work: Work, kiosks: Sequence[int]) -> list[Place]:
    places = []
    for number in range(CALLERS):
        office, window = divmod(number, WINDOWS)
        point, kiosk = f"point-{number % POINTS}", kiosks[number // POINTS]
        places.append(
            Place(
                work.session.get_one(Kiosk, f"{point}-{kiosk}"),
                work.session.get_one(Window, f"office-{office}-{window}"),
                an_errand(work, f"line-office-{office}", point, ""),
            )
        )
    return places


def _clear(work: Work) -> None:
    run = work.session.execute
    gone = {"state": TicketState.MISSED, "ended_at": work.now, "due_at": None}
    run(update(Ticket).where(Ticket.state.in_(LIVE)).values(**gone))
    run(update(Kiosk).values(ticket_id=None, held=False, in_use=False))
    run(update(Window).values(state=WindowState.IDLE, ticket_id=None, ticket_number=None, due_at=None))


def _somebody_stands_there(work: Work) -> None:
    names = [f"point-{point}-{kiosk}" for point in range(POINTS) for kiosk in TAKERS]
    work.session.execute(update(Kiosk).where(Kiosk.id.in_(names)).values(in_use=True))


def _proof(work: Work) -> tuple[int, list[Fault], list[str]]:
    faults = [row for stream in journal.streams(work) for row in journal.verify(work, stream) if isinstance(row, Fault)]
    taken = select(Ticket.line_id, func.count(), func.count(Ticket.number.distinct())).group_by(Ticket.line_id)
    last = dict(work.session.execute(select(desk.DayNumber.line_id, desk.DayNumber.last)).tuples().all())
    gaps = [line for line, all_, different in work.session.execute(taken) if not all_ == different == last[line]]
    called = work.session.scalar(select(func.count()).where(Ticket.called_at.is_not(None))) or 0
    return called, faults, gaps
