"""The store: one database, one way to read it and one way to change it.

A change is a function of a `Work`. The store opens the transaction, runs it, commits, and only then tells the
listeners what happened; a caller is answered after the commit. Because changes come in as functions, the store may
one day run several of them under one commit without any caller noticing.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from sqlalchemy import DateTime, Dialect, Enum, MetaData, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

log = logging.getLogger(__name__)
T = TypeVar("T")
P = ParamSpec("P")
Clock = Callable[[], datetime]
Shows = Mapping[str, Any]


class UtcMoment(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a moment without its zone, on the way in; gives one with its zone, on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without its zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words_of(kind: type[Any]) -> Enum:
    """A column for a StrEnum that stores its words (not its Python names) and needs no migration for a new one."""
    return Enum(
        kind, native_enum=False, length=24, values_callable=lambda members: [member.value for member in members]
    )


class Base(DeclarativeBase):
    """The root of every mapped thing."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcMoment()}


class Chance:
    """Where ids and codes come from. Tests and simulations put their own in its place."""

    SLIP_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

    def new_id(self) -> str:
        """An unguessable id: 128 random bits as 32 hexadecimal digits."""
        return secrets.token_hex(16)

    def slip_code(self) -> str:
        """Six letters and digits that cannot be confused when read aloud or copied by hand."""
        return "".join(secrets.choice(self.SLIP_LETTERS) for _ in range(6))


@dataclass(frozen=True, slots=True)
class Told:
    """One fact as one subject's screens are told it: `version` follows the subject's last one without a gap."""

    subject: str
    version: int
    kind: str
    at: datetime
    shows: Shows
    line_id: str | None = None


@dataclass(slots=True)
class Work:
    """One transaction: the session, its moment, who acts (`role:id`), and what is to be told once it is committed."""

    session: AsyncSession
    now: datetime
    chance: Chance
    actor: str = "system"
    told: list[Told] = field(default_factory=list)


Listener = Callable[[list[Told]], Awaitable[None]]


def _tune_sqlite(engine: AsyncEngine, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)


class StoreUnsafe(RuntimeError):
    """The database would acknowledge a write before it is safe on disk."""


class Store:
    """The database behind one URL: `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`."""

    def __init__(self, url: str, *, clock: Clock | None = None, chance: Chance | None = None) -> None:
        self.clock: Clock = clock or (lambda: datetime.now(UTC))
        self.chance = chance or Chance()
        self.sqlite = url.startswith("sqlite")
        self.listeners: list[Listener] = []
        if self.sqlite:
            # One writer, because SQLite has one; it takes the write lock at once, so no change can fail half way.
            self.writer = create_async_engine(url, hide_parameters=True, pool_size=1, max_overflow=0)
            self.reader = create_async_engine(url, hide_parameters=True, pool_size=8)
            _tune_sqlite(self.writer, "BEGIN IMMEDIATE")
            _tune_sqlite(self.reader, "BEGIN")
        else:
            self.writer = create_async_engine(
                url, hide_parameters=True, pool_size=10, max_overflow=10, pool_pre_ping=True
            )
            # The same connections; but all looks of one reading see the same moment, as they do on SQLite.
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ")

    async def close(self) -> None:
        """Let go of every connection."""
        await self.writer.dispose()
        if self.sqlite:
            await self.reader.dispose()

    async def require_durable(self) -> None:
        """Refuse (`StoreUnsafe`) a database that may lose what it acknowledged."""
        async with self.writer.connect() as connection:
            if self.sqlite:
                mode = (await connection.execute(text("PRAGMA journal_mode"))).scalar_one()
                level = int((await connection.execute(text("PRAGMA synchronous"))).scalar_one())
                if str(mode).lower() != "wal" or level < 2:
                    raise StoreUnsafe(f"journal_mode={mode}, synchronous={level}; WAL and FULL are required")
            else:
                level = (await connection.execute(text("SHOW synchronous_commit"))).scalar_one()
                if level == "off":
                    raise StoreUnsafe("synchronous_commit=off; an acknowledged write could be lost")

    def _work(self, session: AsyncSession) -> Work:
        return Work(session=session, now=self.clock(), chance=self.chance)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        """A look at the store: everything seen is of one moment."""
        async with AsyncSession(self.reader, expire_on_commit=False) as session:
            yield self._work(session)

    async def change(self, step: Callable[Concatenate[Work, P], Awaitable[T]], *args: P.args, **named: P.kwargs) -> T:
        """Run one change, `step(work, …)`: all of it or nothing. Answers after the commit; then the listeners are told.

        A change that PostgreSQL undid because of a deadlock or a serialisation conflict is run again, at most twice.
        """
        for attempt in range(3):
            try:
                answer, told = await self._attempt(lambda work: step(work, *args, **named))
            except DBAPIError as error:
                if attempt == 2 or getattr(error.orig, "sqlstate", None) not in ("40P01", "40001"):
                    raise
            else:
                if told:
                    await asyncio.shield(self._tell(told))
                return answer
        raise AssertionError("unreachable")

    async def _attempt(self, step: Callable[[Work], Awaitable[T]]) -> tuple[T, list[Told]]:
        async with AsyncSession(self.writer, expire_on_commit=False) as session, session.begin():
            work = self._work(session)
            answer = await step(work)
        return answer, work.told

    async def _tell(self, told: list[Told]) -> None:
        for listener in self.listeners:
            try:
                await listener(told)
            except Exception:
                # The change stands. Whoever was not told sees the gap in its subject's versions and asks again.
                log.exception("listener_failed")
