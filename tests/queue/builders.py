"""A small hall to try things in: two offices, two points, and hands that do what people do there.

Office `east` has the lines `deeds` (prefix D) and `pensions` (P), office `west` the line `trade` (T). Point `lake` has
the kiosks `lake-1` and `lake-2`, point `hill` of the same region only `hill-1`, point `bay` of another region only
`bay-1`. Windows: `east-1` (both lines), `east-2` (deeds), `west-1`.
"""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from tongban_queue import booking, calling, desk, returning, ringing
from tongban_queue.board import Snapshot, board_snapshot, point_snapshot
from tongban_queue.hall import Kiosk, KioskKind, Line, Office, Point, Working
from tongban_queue.journal import Entry
from tongban_queue.store import Base, Chance, Store, Told, Work
from tongban_queue.ticket import Ticket
from tongban_queue.window import Window

T = TypeVar("T")

#: 10:30 in Shanghai.
MORNING = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
ALWAYS = MORNING + timedelta(days=30)
#: 10:30 in Shanghai tomorrow, and every half hour from now for five days.
TOMORROW = MORNING + timedelta(days=1)
OFFERED = [MORNING + timedelta(minutes=30 * slot) for slot in range(5 * 48)]


class Clock:
    """Time stands still until it is told to go on."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def an_office(name: str) -> Office:
    return Office(
        id=name, region_code="330482", region_name="平湖市", name=f"{name} office", hours="always", phone="19900000000"
    )


def a_line(name: str, office: str, prefix: str) -> Line:
    return Line(id=name, office_id=office, prefix=prefix, title=f"{name} line", recent="")


def a_point(name: str, *, region: str = "320826") -> Point:
    return Point(
        id=name,
        region_code=region,
        region_name=f"区{region}",
        name=f"{name} point",
        address="1",
        hours="always",
        phone="1",
        version=0,
    )


def a_kiosk(name: str, point: str, *, seen_at: datetime | None = ALWAYS, kind: KioskKind = KioskKind.KIOSK) -> Kiosk:
    return Kiosk(id=name, point_id=point, kind=kind, name=name, in_use=False, held=False, seen_at=seen_at)


def a_window(name: str, office: str, lines: list[str]) -> Window:
    return Window(
        id=name, office_id=office, staff_id=f"clerk-{name}", staff_name="陈", name=name, lines=lines, since=MORNING
    )


def the_rows() -> list[list[Base]]:
    return [
        [an_office("east"), an_office("west"), a_point("lake"), a_point("hill"), a_point("bay", region="310112")],
        [a_line("deeds", "east", "D"), a_line("pensions", "east", "P"), a_line("trade", "west", "T")],
        [a_kiosk("lake-1", "lake"), a_kiosk("lake-2", "lake"), a_kiosk("hill-1", "hill"), a_kiosk("bay-1", "bay")],
        [a_kiosk("lake-away", "lake", seen_at=None), a_kiosk("lake-hall", "lake", kind=KioskKind.HALL)],
        [a_window("east-1", "east", ["deeds", "pensions"]), a_window("east-2", "east", ["deeds"])],
        [a_window("west-1", "west", ["trade"])],
    ]


class Hall:
    """The store behind the hall, its clock, all that was told, and the hands of its people."""

    def __init__(self, url: str, *, chance: Chance | None = None) -> None:
        self.url, self.clock = url, Clock()
        self.store = Store(url, clock=self.clock, chance=chance)
        self.told: list[Told] = []
        self.store.listeners.append(self._hear)
        self.people = (f"person-{n}" for n in itertools.count(1))

    async def _hear(self, told: list[Told]) -> None:
        self.told += told

    async def lay(self, rows: list[list[Base]] | None = None) -> "Hall":
        for together in rows or the_rows():
            await self.add(*together)
        return self

    async def add(self, *rows: Base) -> None:
        def put(work: Work) -> None:
            work.session.add_all(rows)

        await self.store.change(put)

    def rival(self) -> "Hall":
        """Another process over the same database, as far as a database can tell."""
        rival = Hall(self.url)
        rival.people = (f"rival-{n}" for n in itertools.count(1))
        return rival

    async def clear(self) -> None:
        """An empty house again."""

        def empty(work: Work) -> None:
            for table in reversed(Base.metadata.sorted_tables):
                work.session.execute(table.delete())

        await self.store.change(empty)
        self.told.clear()

    async def do(self, verb: Callable[..., T], *args: Any, **more: Any) -> T:
        return await self.store.change(lambda work: verb(work, *args, **more))

    async def take(
        self, kiosk: str = "lake-1", line: str = "deeds", person: str | None = None, **wishes: str
    ) -> Ticket:
        def step(work: Work) -> Ticket:
            standing = work.session.get_one(Kiosk, kiosk)
            errand = an_errand(work, line, standing.point_id, person or next(self.people), **wishes)
            return desk.take(work, kiosk=standing, errand=errand)

        return await self.store.change(step)

    async def wait(self, line: str = "deeds", kiosk: str = "lake-1", **wishes: str) -> Ticket:
        """Somebody takes a ticket and sits down in the waiting room."""
        return await self.do(desk.release, (await self.take(kiosk, line, **wishes)).id)

    async def book(self, at: datetime, line: str = "deeds", person: str | None = None, **wishes: str) -> Ticket:
        """Somebody books this time at point `lake`; the calendars allow every half hour of five days."""

        def step(work: Work) -> Ticket:
            errand = an_errand(work, line, "lake", person or next(self.people), **wishes)
            return booking.book(work, errand=errand, at=at, offered=OFFERED)

        return await self.store.change(step)

    async def transfer(self, ticket: str, line: str, window: str | None = None, matter: str = "matter-1") -> Ticket:
        def step(work: Work) -> Ticket:
            going = work.session.get(Ticket, ticket)
            point, person = (going.point_id, going.person_key) if going else ("lake", "nobody")
            errand = an_errand(work, line, point, person, matter=matter)
            there = work.session.get_one(Window, window) if window else None
            return returning.transfer(work, ticket, errand=errand, window=there)

        return await self.store.change(step)

    async def ring_clerks(self, office: str = "east") -> list[Window]:
        """From now on the office rings its idle clerks, and does so at once."""

        def step(work: Work) -> list[Window]:
            work.session.get_one(Office, office).working = Working.RING
            return ringing.offer_all(work, office)

        return await self.store.change(step)

    async def take_up(self, ticket: str, kiosk: str) -> Ticket:
        def step(work: Work) -> Ticket:
            return returning.take_up(work, ticket, kiosk=work.session.get_one(Kiosk, kiosk))

        return await self.store.change(step)

    async def forget(self, kiosk: str) -> None:
        def step(work: Work) -> None:
            desk.forget(work, work.session.get_one(Kiosk, kiosk))

        await self.store.change(step)

    async def use(self, kiosk: str, in_use: bool = True) -> None:
        def step(work: Work) -> None:
            desk.use_kiosk(work, work.session.get_one(Kiosk, kiosk), in_use=in_use)

        await self.store.change(step)

    async def at(self, window: str, verb: Callable[..., T], *args: Any, **more: Any) -> T:
        def step(work: Work) -> T:
            return verb(work, work.session.get_one(Window, window), *args, **more)

        return await self.store.change(step)

    async def open(self, *windows: str) -> None:
        for window in windows:
            await self.at(window, calling.open_window)

    async def call(self, window: str = "east-1") -> Ticket:
        return await self.at(window, lambda work, it: calling.call_next(work, window=it))

    async def connected(self) -> Ticket:
        """A ticket in its call, at `lake-1` and `east-1`."""
        await self.open("east-1")
        await self.take()
        return await self.do(desk.arrive, (await self.call()).id)

    async def kiosk(self, name: str) -> Kiosk:
        return await self.one(Kiosk, name)

    async def window(self, name: str = "east-1") -> Window:
        return await self.one(Window, name)

    async def ticket(self, ticket: Ticket) -> Ticket:
        return await self.one(Ticket, ticket.id)

    async def one(self, kind: type[T], key: Any) -> T:
        with self.store.reading() as work:
            return work.session.get_one(kind, key)

    async def entries(self, stream: str = "east") -> list[Entry]:
        with self.store.reading() as work:
            return list(work.session.scalars(select(Entry).where(Entry.stream == stream).order_by(Entry.number)))

    async def board(self, office: str = "east", lines: list[str] | None = None) -> Snapshot:
        with self.store.reading() as work:
            return board_snapshot(work, office, lines=lines)

    async def point(self, point: str = "lake") -> Snapshot:
        with self.store.reading() as work:
            return point_snapshot(work, point)


def an_errand(
    work: Work, line: str, point: str, person: str, *, matter: str = "matter-1", language: str = "zh-CN"
) -> desk.Errand:
    waits_in = work.session.get_one(Line, line)
    return desk.Errand(
        line=waits_in,
        office=work.session.get_one(Office, waits_in.office_id),
        point=work.session.get_one(Point, point),
        matter_id=matter,
        matter_name="不动产抵押权首次登记",
        person_key=person,
        language=language,
        elder=False,
        recorded=True,
    )
