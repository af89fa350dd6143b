"""The journal: what happened, in order, in a form that shows every later hand.

One stream per host office and one for the house. In a stream every row has the next number and the hash of the row
before it, taken over the stored canonical text. The row of the stream's head is also what a change holds while it moves
an office's line, so that numbers have no gaps and two windows never call one ticket. A body holds ids and codes of the
hall, never anything personal.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Index, String, Text, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.store import Base, Work

HOUSE = "house"
GENESIS = "0" * 64


class Head(Base):
    """Where a stream stands: the number and hash of its last row."""

    __tablename__ = "journal_head"

    stream: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS)


class Entry(Base):
    """One row of a stream. `text` is what is hashed; the other columns repeat it for look-ups and are checked too."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_ticket", "ticket_id", "number"),)

    stream: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    ticket_id: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))

    @property
    def body(self) -> dict[str, Any]:
        """What the fact says, as it was recorded."""
        body: dict[str, Any] = json.loads(self.text)["body"]
        return body


def moment(at: datetime) -> str:
    """A moment as text: ISO 8601, UTC, microseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def canonical(stream: str, number: int, at: datetime, kind: str, ticket_id: str | None, body: Mapping[str, Any]) -> str:
    """The one text of a row: JSON with sorted keys and no spaces."""
    row = {"stream": stream, "number": number, "at": moment(at), "kind": kind, "ticket": ticket_id, "body": body}
    return orjson.dumps(row, option=_CANONICAL).decode()


#: Only what JSON itself knows, keys sorted: what is left is the same text, byte for byte, in every JSON writer.
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def chained(before: str, text: str) -> str:
    """The hash of a row: SHA-256 over the hash before it and its text."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def hold(work: Work, stream: str) -> Head:
    """Hold a stream until the change is over: whoever else wants to move this office's line waits."""
    return work.held.one(Head, stream) or _begun(work, stream)


def _begun(work: Work, stream: str) -> Head:
    """The first row of a head. Two may begin a stream at once: one of them finds it begun."""
    insert = sqlite.insert if work.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    begun = insert(Head).values(stream=stream, number=0, hash=GENESIS).on_conflict_do_nothing()
    work.session.execute(begun)
    head = work.session.get_one(Head, stream, populate_existing=True, with_for_update={"key_share": True})
    work.held.put(head)
    return head


def record(work: Work, stream: str, kind: str, body: Mapping[str, Any], *, ticket_id: str | None = None) -> int:
    """Add one row to a stream, at the work's moment; gives its number. `kind` is `noun.past_tense`."""
    head = hold(work, stream)
    head.number += 1
    text = canonical(stream, head.number, work.now, kind, ticket_id, body)
    head.hash = chained(head.hash, text)
    row = {"stream": stream, "number": head.number, "at": work.now, "kind": kind, "ticket_id": ticket_id}
    work.held.append(Entry.__table__, {**row, "text": text, "hash": head.hash})
    return head.number


def streams(work: Work) -> list[str]:
    """The names of all streams, sorted."""
    return list(work.session.scalars(select(Head.stream).order_by(Head.stream)))


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that does not follow from the one before it."""

    stream: str
    number: int
    what: str


def verify(work: Work, stream: str) -> Iterator[Fault | Entry]:
    """Walk a stream from its first row: yields each row, after what is wrong with it (edited, missing, reordered, cut).

    To be called in `store.reading()`: rows and head are then of one moment.
    """
    before, expected = GENESIS, 1
    rows = work.session.scalars(
        select(Entry).where(Entry.stream == stream).order_by(Entry.number).execution_options(yield_per=500)
    )
    for row in rows:
        for what in _faults_of(row, before, expected):
            yield Fault(stream, row.number, what)
        before, expected = row.hash, row.number + 1
        yield row
    head = work.session.get(Head, stream, populate_existing=True)
    if head is None and expected > 1:
        yield Fault(stream, expected - 1, "head_missing")
    elif head is not None and (head.number, head.hash) != (expected - 1, before):
        yield Fault(stream, head.number, "tail_cut")


def _faults_of(row: Entry, before: str, expected: int) -> list[str]:
    faults = []
    if row.number != expected:
        faults.append("row_missing")
    if row.hash != chained(before, row.text):
        faults.append("row_edited")
    if _said(row.text) != (row.stream, row.number, moment(row.at), row.kind, row.ticket_id):
        faults.append("columns_edited")
    return faults


def _said(text: str) -> tuple[Any, ...] | None:
    """What a text says of its columns; None where somebody left no row of ours in it."""
    try:
        row = json.loads(text)
        return row["stream"], row["number"], row["at"], row["kind"], row["ticket"]
    except (ValueError, KeyError, TypeError):
        return None
