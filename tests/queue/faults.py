"""What fails on purpose: processes, answers of the database, and hints on their way to the screens."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from tongban_queue.store import Chance, Told


class Crash(Exception):
    """A process ended here, or its answer never came."""


class SeededChance(Chance):
    """Ids and slips that a seed gives again in the same order."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def new_id(self) -> str:
        return f"{self._chance.getrandbits(128):032x}"

    def slip_code(self) -> str:
        return "".join(self._chance.choices(self.SLIP_LETTERS, k=6))


class Faults:
    """The faults of one process's database connection."""

    def __init__(self, engine: Engine) -> None:
        self._left: int | None = None
        self._losing = False
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            commit(connection)
            if self._losing:
                self._losing = False
                raise Crash

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
        event.listen(engine, "before_cursor_execute", self._count)

    @contextmanager
    def crash_at(self, statement: int) -> Iterator[None]:
        """Within this, the process crashes at its n-th statement to the database."""
        self._left = statement
        yield
        self._left = None

    @contextmanager
    def lose_answer(self) -> Iterator[None]:
        """Within this, the next commit holds, but the caller never hears of it."""
        self._losing = True
        yield
        self._losing = False

    def _count(self, *_statement: Any) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                raise Crash


class Bus:
    """Carries hints to the screens. `fault`: it loses, doubles, reverses or holds back what it is given, or fails."""

    def __init__(self) -> None:
        self.fault = ""
        self._carried: list[Told] = []
        self._held: list[Told] = []

    async def hear(self, told: list[Told]) -> None:
        """As a listener of a store."""
        if self.fault == "fail":
            raise ConnectionError("the bus is gone")
        if self.fault == "hold":
            self._held += told
        elif self.fault != "lose":
            order = reversed(told) if self.fault == "reverse" else told
            self._carried += [fact for fact in order for _ in range(2 if self.fault == "double" else 1)]

    def deliver(self) -> list[Told]:
        """What reaches the screens now: what was held back comes late, and after what is newer."""
        carried, self._carried = self._carried, []
        if self.fault != "hold":
            carried, self._held = carried + self._held, []
        return carried
