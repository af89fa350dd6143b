"""The store: one database, one way to read it and one way to change it.

A step is a plain function of a `Work`; it never waits for a network, and never runs on the event loop. A change goes to
the store's one writer (`writer.py`), which runs what is waiting under one commit and answers after it; then the
listeners are told what happened, in the order of the commits. A look runs beside it and sees one moment.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, create_engine, event, text
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.types import TypeDecorator

from tongban_queue.held import Held
from tongban_queue.writer import Order, Writer

log = logging.getLogger(__name__)
T = TypeVar("T")
P = ParamSpec("P")
Clock = Callable[[], datetime]
Shows = Mapping[str, Any]
#: So many looks run beside each other.
LOOKERS = 4


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


def written_alike(row: Base, *columns: str) -> None:
    """Write these columns even where they stay what they are: rows that are written alike share one statement."""
    for column in columns:
        flag_modified(row, column)


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
        drawn = secrets.randbelow(len(self.SLIP_LETTERS) ** 6)
        return "".join(
            self.SLIP_LETTERS[drawn // len(self.SLIP_LETTERS) ** place % len(self.SLIP_LETTERS)] for place in range(6)
        )


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

    session: Session
    now: datetime
    chance: Chance
    held: Held
    actor: str = "system"
    told: list[Told] = field(default_factory=list)

    def hold(self, kind: type[T], key: Any) -> T:
        """The row with this key as it stands now, ours until the change is over. It must be there."""
        row = self.held.one(kind, key)
        if row is None:
            raise NoResultFound(f"no {kind.__name__} {key}")
        return row


Listener = Callable[[list[Told]], Awaitable[None]]


def _tune_sqlite(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)


class StoreUnsafe(RuntimeError):
    """The database would acknowledge a write before it is safe on disk."""


class Store:
    """The database behind one URL: `sqlite:///…` or `postgresql+psycopg://…`."""

    def __init__(self, url: str, *, clock: Clock | None = None, chance: Chance | None = None) -> None:
        self.clock: Clock = clock or (lambda: datetime.now(UTC))
        self.chance = chance or Chance()
        self.listeners: list[Listener] = []
        if url.startswith("sqlite"):
            # One writer, because SQLite has one; it takes the write lock at once, so no change can fail half way.
            self.engine = create_engine(url, hide_parameters=True, pool_size=1, max_overflow=0)
            self.reader = create_engine(url, hide_parameters=True, pool_size=LOOKERS)
            _tune_sqlite(self.engine, "BEGIN IMMEDIATE")
            _tune_sqlite(self.reader, "BEGIN")
        else:
            self.engine = create_engine(url, hide_parameters=True, pool_size=LOOKERS + 1, pool_pre_ping=True)
            # The same connections; but all looks of one reading see the same moment, as they do on SQLite.
            self.reader = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = Writer(partial(Session, self.engine, expire_on_commit=False), self._work, self._tell)
        self._lookers = ThreadPoolExecutor(LOOKERS, thread_name_prefix="look")

    async def close(self) -> None:
        """Finish the changes that were asked for, then let go of every connection."""
        await asyncio.to_thread(self._writer.close)
        self._lookers.shutdown()
        self.engine.dispose()
        self.reader.dispose()

    async def require_durable(self) -> None:
        """Refuse (`StoreUnsafe`) a database that may lose what it acknowledged."""
        await asyncio.to_thread(_require_durable, self.engine)

    def _work(self, session: Session, held: Held) -> Work:
        return Work(session=session, now=self.clock(), chance=self.chance, held=held)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A look at the store, in this thread: everything seen is of one moment."""
        with Session(self.reader, expire_on_commit=False) as session:
            yield self._work(session, Held(session))

    async def look(self, step: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Run `step(work, …)` on one moment of the store, off the event loop."""
        look = partial(self._look, lambda work: step(work, *args, **named))
        return await asyncio.get_running_loop().run_in_executor(self._lookers, look)

    def _look(self, step: Callable[[Work], T]) -> T:
        with self.reading() as work:
            return step(work)

    async def change(self, step: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Run one change, `step(work, …)`: all of it or nothing. Answers after the commit and after the listeners."""
        return cast(T, await self._writer.do(Order(step, args, named)))

    async def _tell(self, told: list[Told]) -> None:
        for listener in self.listeners:
            try:
                await listener(told)
            except Exception:
                # The change stands. Whoever was not told sees the gap in its subject's versions and asks again.
                log.exception("listener_failed")


def _require_durable(engine: Engine) -> None:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
            level = int(connection.execute(text("PRAGMA synchronous")).scalar_one())
            if str(mode).lower() != "wal" or level < 2:
                raise StoreUnsafe(f"journal_mode={mode}, synchronous={level}; WAL and FULL are required")
        elif connection.execute(text("SHOW synchronous_commit")).scalar_one() == "off":
            raise StoreUnsafe("synchronous_commit=off; an acknowledged write could be lost")
