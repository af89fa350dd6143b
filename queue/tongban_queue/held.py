"""What one transaction holds: rows that it has read once, locked where the database locks rows, and that are its own
until its commit.

A row that is held is changed only through itself; whoever asks for it again gets the same object without a question to
the database. A verb may say beforehand what it will hold: then whoever first needs a row of a kind gets, in the same
question, all rows of that kind that were foreseen. In every process they are locked in one order, that of their keys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, FromClause, Select, Table, insert, inspect, select, tuple_
from sqlalchemy.orm import Session

R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, eq=False)
class By:
    """A way to find rows of `kind`: those whose `column` has a value, and of them only those that are `among`."""

    kind: type[Any]
    column: Any
    among: tuple[ColumnElement[bool], ...] = ()
    locked: bool = True

    def rows(self, values: list[Any]) -> Select[Any]:
        """The rows of several values, to be locked without standing in the way of rows that only point to them."""
        query = select(self.kind).where(self.column.in_(values), *self.among).order_by(*inspect(self.kind).primary_key)
        if not self.locked:
            return query
        return query.with_for_update(key_share=True).execution_options(populate_existing=True)


#: What a verb will hold: a mapped kind and a key, or a `By` and a value.
Want = tuple[Any, Any]


def looks_first(foresees: Callable[..., Iterable[Want]]) -> Callable[[F], F]:
    """Mark a step that refuses, if it does, before its first write, and say what it will hold (`foresees`, of its
    arguments by name). Such a step needs no savepoint; whatever but a refusal comes out of it undoes its whole group.
    """

    def marked(step: F) -> F:
        step.foresees = foresees  # type: ignore[attr-defined]
        return step

    return marked


def unforeseen(step: F) -> F:
    """Mark a step that looks first, and of which nobody can say beforehand what it will hold."""
    return looks_first(lambda *seen, **named: ())(step)


class Held:
    """The rows of one transaction; and `notes`: what was found, which is so until something else happens."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[tuple[Any, Hashable], Any] = {}
        self._foreseen: defaultdict[Any, dict[Any, int]] = defaultdict(dict)
        self._appended: defaultdict[FromClause, list[dict[str, Any]]] = defaultdict(list)
        self.notes: dict[Hashable, Any] = {}

    def foresee(self, wants: Iterable[Want]) -> None:
        """These will be asked for."""
        for kind, key in wants:
            foreseen = self._foreseen[kind]
            foreseen[key] = foreseen.get(key, 0) + 1

    def times(self, kind: Any, key: Hashable) -> int:
        """How many were foreseen to ask for this."""
        return self._foreseen[kind].get(key, 0)

    def foreseen(self, kind: Any) -> Iterable[Hashable]:
        """What was foreseen of this kind."""
        return self._foreseen[kind].keys()

    def one(self, kind: type[R], key: Any) -> R | None:
        """The row with this primary key, as it stands now; None if there is none."""
        if (kind, key) not in self._rows:
            self._read_by_key(kind, key)
        row: R | None = self._rows[kind, key]
        return row

    def all(self, by: By, value: Any) -> list[Any]:
        """The rows that `by` finds for this value. Who adds or moves such a row puts it in or takes it out."""
        if (by, value) not in self.notes:
            values = sorted({value, *(one for one in self._foreseen[by] if (by, one) not in self.notes)})
            self.notes.update(((by, one), []) for one in values)
            for row in self._session.scalars(by.rows(values)):
                self.notes[by, getattr(row, by.column.key)].append(row)
                if by.locked:
                    self.put(row)
        rows: list[Any] = self.notes[by, value]
        return rows

    def known(self, key: Hashable, read: Callable[[], R]) -> R:
        """What `read` finds, asked once for all who ask under this key while nothing else happens."""
        if key not in self.notes:
            self.notes[key] = read()
        found: R = self.notes[key]
        return found

    def found(self, by: By, value: Any, row: Any) -> None:
        """A new row that `by` would find for this value."""
        if (by, value) in self.notes:
            self.notes[by, value].append(row)

    def forget_findings(self) -> None:
        """Something happened that may change what was found; rows that are held stay what they are."""
        self.notes.clear()

    def append(self, table: FromClause, row: dict[str, Any]) -> None:
        """A row that nobody changes or looks at in this transaction: written at its end, together with its like."""
        self._appended[table].append(row)

    def write(self) -> None:
        """Send everything to the database that was changed so far."""
        self._session.flush()
        for table, rows in self._appended.items():
            self._session.execute(insert(cast(Table, table)), rows)
        self._appended.clear()

    def put(self, row: Any) -> None:
        """This row is held now: it was read and locked, or is a new one of this transaction."""
        key = inspect(row).mapper.primary_key_from_instance(row)
        self._rows[type(row), key[0] if len(key) == 1 else tuple(key)] = row

    def drop(self) -> None:
        """Hold nothing any more: what is asked for from now on is read anew, what was not written never will be."""
        self._appended.clear()
        self._rows.clear()
        self._foreseen.clear()
        self.notes.clear()

    def _read_by_key(self, kind: type[Any], key: Any) -> None:
        keys = sorted({key, *(one for one in self._foreseen[kind] if (kind, one) not in self._rows)})
        self._rows.update(((kind, one), None) for one in keys)
        # What this transaction has not seen yet, it has not changed: nothing need be written before it is read.
        with nullcontext() if self._knows(kind, keys) else self._session.no_autoflush:
            for row in self._session.scalars(By(kind, _column_of(kind)).rows(keys)):
                self.put(row)

    def _knows(self, kind: type[Any], keys: list[Any]) -> bool:
        identity = inspect(kind).identity_key_from_primary_key
        known = self._session.identity_map
        return any(identity(key if isinstance(key, tuple) else (key,)) in known for key in keys)


def _column_of(kind: type[Any]) -> Any:
    columns = [getattr(kind, column.key) for column in inspect(kind).primary_key]
    return columns[0] if len(columns) == 1 else tuple_(*columns)
