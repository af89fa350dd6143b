"""The usual way, to measure against: SQLAlchemy's asyncio ORM, one transaction for each operation.

It obeys the same rules, reads what it must (each row once, locked where the database locks rows) and writes the same
rows: ticket, kiosk, window, day number, tally, the point's version, the journal's row with its hash, and its head.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, event, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.ext.asyncio.engine import AsyncEngine

from tongban_queue.calling import NobodyWaiting, WindowNotIdle
from tongban_queue.desk import RING_EVERY, DayNumber, Errand, KioskTaken, PersonAlreadyWaits
from tongban_queue.hall import KIOSK_AWAY_AFTER, Kiosk, KioskKind, Line, Point
from tongban_queue.journal import Entry, Head, canonical, chained
from tongban_queue.order import Waiting, pick, remember
from tongban_queue.rows import ticket_row, window_row
from tongban_queue.store import Chance
from tongban_queue.tally import Tally, day_of, hour_of
from tongban_queue.ticket import LIVE, Lane, Ticket, TicketState
from tongban_queue.window import Window, WindowState

CHANCE = Chance()


def orm_engine(url: str) -> AsyncEngine:
    """`url` is that of a store. SQLite gets its one writer, WAL and synchronous=FULL; PostgreSQL 16 connections."""
    if url.startswith("sqlite"):
        engine = create_async_engine(
            url.replace("sqlite:", "sqlite+aiosqlite:"), pool_size=1, max_overflow=0, pool_timeout=600
        )
        event.listen(engine.sync_engine, "connect", _tune)
        return engine
    url = url.replace("+psycopg", "+asyncpg")
    return create_async_engine(url, pool_size=16, max_overflow=0, pool_timeout=600)


def _tune(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Orm:
    """Takes tickets and calls people, the usual way."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], datetime]) -> None:
        self.engine, self.clock = engine, clock
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    @property
    def engines(self) -> list[Engine]:
        return [self.engine.sync_engine]

    async def take(self, kiosk: Kiosk, errand: Errand) -> Ticket:
        async with self._sessions.begin() as session:
            return await take(session, self.clock(), kiosk.id, errand)

    async def call(self, window: Window) -> Ticket:
        async with self._sessions.begin() as session:
            return await call_next(session, self.clock(), window)


async def take(session: AsyncSession, now: datetime, kiosk_id: str, errand: Errand) -> Ticket:
    """One ticket for the person at the kiosk."""
    head = await session.get_one(Head, errand.office.id, with_for_update=True)
    same = select(Ticket.id).where(Ticket.person_key == errand.person_key, Ticket.state.in_(LIVE))
    if await session.scalar(same) is not None:
        raise PersonAlreadyWaits
    kiosk = await session.get_one(Kiosk, kiosk_id, with_for_update=True)
    if kiosk.ticket_id is not None:
        raise KioskTaken
    point = await session.get_one(Point, errand.point.id, with_for_update=True)
    tally = await _tally(session, errand.office.id, now)
    ticket = a_ticket(now, errand, await _number(session, errand.line, now), await _slip(session))
    ticket.kiosk_id, ticket.kiosk_name, ticket.arrival = kiosk.id, kiosk.name, head.number + 1
    kiosk.hold(ticket.id)
    session.add(ticket)
    tally.taken += 1
    point.version += 1
    ticket.version += 1
    shown = {"tickets": [ticket_row(ticket)], "hours": [tally.row], "by": "system"}
    session.add(_entry(head, now, "ticket.taken", ticket.id, shown))
    return ticket


async def call_next(session: AsyncSession, now: datetime, seen: Window) -> Ticket:
    """The next ticket for the window."""
    head = await session.get_one(Head, seen.office_id, with_for_update=True)
    window = await session.get_one(Window, seen.id, with_for_update=True)
    if window.state is not WindowState.IDLE:
        raise WindowNotIdle
    (line_id,) = window.lines
    line = await session.get_one(Line, line_id)
    chosen = pick(await _heads(session, line_id, now), now, line.recent)
    if chosen is None:
        raise NobodyWaiting
    ticket = await session.get_one(Ticket, chosen.id)
    kiosk = await _kiosk(session, ticket, now)
    ticket.move("call")
    ticket.calls, ticket.called_at, ticket.due_at = 1, now, now + RING_EVERY
    ticket.kiosk_id, ticket.kiosk_name = kiosk.id, kiosk.name
    ticket.window_id, ticket.window_name, ticket.clerk_id = window.id, window.name, window.staff_id
    window.move("ring", now)
    window.ticket_id, window.ticket_number = ticket.id, ticket.number
    line.recent = remember(line.recent, ticket.lane)
    point = await session.get_one(Point, ticket.point_id, with_for_update=True)
    point.version += 1
    ticket.version += 1
    shown = {"tickets": [ticket_row(ticket)], "windows": [window_row(window)], "by": "system"}
    session.add(_entry(head, now, "ticket.called", ticket.id, shown))
    return ticket


async def _heads(session: AsyncSession, line_id: str, now: datetime) -> dict[Lane, Waiting]:
    free = select(Kiosk.point_id).where(_free(now))
    heads = [
        select(Ticket.since, Ticket.arrival, Ticket.id, Ticket.lane)
        .where(Ticket.line_id == line_id, Ticket.lane == lane, Ticket.state == TicketState.WAITING)
        .where(or_(Ticket.kiosk_id.is_not(None), Ticket.point_id.in_(free)))
        .order_by(Ticket.since, Ticket.arrival)
        .limit(1)
        for lane in Lane
    ]
    rows = await session.execute(union_all(*(select(head.subquery()) for head in heads)))
    return {row.lane: Waiting(*row) for row in rows}


def _free(now: datetime) -> Any:
    alive = Kiosk.revoked_at.is_(None) & (Kiosk.seen_at >= now - KIOSK_AWAY_AFTER)
    return alive & (Kiosk.kind == KioskKind.KIOSK) & Kiosk.ticket_id.is_(None) & Kiosk.in_use.is_(False)


async def _kiosk(session: AsyncSession, ticket: Ticket, now: datetime) -> Kiosk:
    if ticket.kiosk_id is not None:
        return await session.get_one(Kiosk, ticket.kiosk_id)
    free = select(Kiosk).where(Kiosk.point_id == ticket.point_id, _free(now)).order_by(Kiosk.name)
    kiosk = (await session.scalars(free.limit(1).with_for_update())).one()
    kiosk.reserve(ticket.id)
    return kiosk


async def _number(session: AsyncSession, line: Line, now: datetime) -> str:
    day = day_of(now)
    counter = await session.get(DayNumber, (line.id, day))
    if counter is None:
        counter = DayNumber(line_id=line.id, day=day, last=0)
        session.add(counter)
    counter.last += 1
    return f"{line.prefix}{counter.last:03d}"


async def _slip(session: AsyncSession) -> str:
    while True:
        slip = CHANCE.slip_code()
        if await session.scalar(select(Ticket.id).where(Ticket.slip == slip, Ticket.state.in_(LIVE))) is None:
            return slip


async def _tally(session: AsyncSession, office_id: str, now: datetime) -> Tally:
    tally = await session.get(Tally, (office_id, hour_of(now)))
    if tally is None:
        names = [column.name for column in Tally.__table__.columns if column.name not in ("office_id", "hour")]
        tally = Tally(office_id=office_id, hour=hour_of(now), **dict.fromkeys(names, 0))
        session.add(tally)
    return tally


def a_ticket(now: datetime, errand: Errand, number: str, slip: str) -> Ticket:
    """A new ticket's row."""
    return Ticket(
        id=CHANCE.new_id(),
        number=number,
        slip=slip,
        version=0,
        state=TicketState.WAITING,
        lane=Lane.ORDINARY,
        calls=0,
        help=False,
        since=now,
        taken_at=now,
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


def _entry(head: Head, now: datetime, kind: str, ticket_id: str, body: dict[str, Any]) -> Entry:
    head.number += 1
    text = canonical(head.stream, head.number, now, kind, ticket_id, body)
    head.hash = chained(head.hash, text)
    return Entry(
        stream=head.stream, number=head.number, at=now, kind=kind, ticket_id=ticket_id, text=text, hash=head.hash
    )
