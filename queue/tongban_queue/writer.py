"""The writer: one thread that makes every change of a store, as many under one commit as are waiting.

Nobody waits for company: the writer takes what has been asked for by now, runs it in that order in one transaction,
commits once, and answers. Why this is quick, and what keeps each change whole by itself:

1. **One commit for many.** A durable commit costs the same for 1 change and for 256.
2. **All or nothing.** A change that is refused leaves nothing behind. Most run inside a savepoint of their own. A step
   marked `looks_first` refuses only before its first write, and so needs none.
3. **Read once.** A row that a change holds is locked, and is ours until the commit: whoever comes next in the group
   gets the same object (`held.py`). Marked steps say beforehand what they will hold; the first to need a row of a kind
   reads all of that kind that the run will need, in the order of their keys, which is the same in every process.
4. **Write once.** What changed is written when the run of marked steps is over: one statement for each kind of row. So
   ten calls from one office change its head in the database once, and the rows of the journal go in together.
5. **The front of a line** (`fronts.py`) stays known while people only come and are called.
6. **When in doubt, alone.** If anything but a refusal comes out of a marked step, or the whole transaction fails before
   its commit, its changes run again one by one, each in a transaction of its own, so that only the one at fault fails.
   Alone, a change that lost against another process (a deadlock, a unique index) begins again and looks anew.
7. **Never twice.** A commit whose fate is unknown is not repeated: its callers are told that it failed, and ask again
   under their idempotency keys.

Before a step in a savepoint, whatever was held is forgotten, so a step may use the session as it likes. What it holds
itself, it must change only through the held row.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from tongban_queue.held import Held
from tongban_queue.refusals import Refused

if TYPE_CHECKING:
    from tongban_queue.store import Told, Work

#: So many changes share a commit at most.
TOGETHER = 256
#: A deadlock or a serialisation conflict on PostgreSQL: undone for certain, and worth another try.
UNDONE = ("40P01", "40001")
TRIES = 3


@dataclass(slots=True)
class Outcome:
    """What came of a change: its answer and what is to be told, or why it failed."""

    answer: Any = None
    failure: BaseException | None = None
    told: list[Told] = field(default_factory=list)


@dataclass(slots=True)
class Order:
    """A change that somebody on an event loop waits for: a step and its arguments."""

    step: Callable[..., Any]
    args: Sequence[Any] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def looks_first(self) -> bool:
        """Whether the step refuses only before its first write (`held.looks_first`)."""
        return hasattr(self.step, "foresees")

    def foresee(self, work: Work) -> None:
        """Tell what the step will hold, as far as it says so."""
        if self.looks_first:
            work.held.foresee(self.step.foresees(work, *self.args, **self.named))  # type: ignore[attr-defined]

    def make(self, work: Work) -> Any:
        """Run the step."""
        return self.step(work, *self.args, **self.named)


class CommitFailed(Exception):
    """A commit failed, and nobody can say whether it holds."""


class Writer:
    """Takes changes from any number of event loops, and makes them in one thread."""

    def __init__(
        self,
        session: Callable[[], Session],
        work: Callable[[Session, Held], Work],
        tell: Callable[[list[Told]], Awaitable[None]],
    ) -> None:
        self._session, self._work, self._tell = session, work, tell
        self._asked: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._telling: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    async def do(self, order: Order) -> Any:
        """Have a change made; its answer comes after the commit, and after the listeners were told."""
        self._start()
        self._asked.put(order)
        return await order.answer

    def close(self) -> None:
        """Make what was asked for, then stop."""
        if self._thread is not None:
            self._asked.put(None)
            self._thread.join()
            self._thread = None

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (first := self._asked.get()) is not None:
            orders, more = [first], True
            while more and len(orders) < TOGETHER:
                try:
                    order = self._asked.get_nowait()
                except queue.Empty:
                    break
                more = order is not None
                if order is not None:
                    orders.append(order)
            self._answer(orders, self._make(orders))
            if not more:
                return

    def _make(self, orders: list[Order]) -> list[Outcome]:
        if len(orders) > 1:
            try:
                return self._together(orders)
            except CommitFailed as failed:
                return [Outcome(failure=failed.__cause__) for _ in orders]
            except Exception:  # noqa: S110  whichever change is at fault fails again below, alone
                pass
        return [self._alone(order) for order in orders]

    def _together(self, orders: list[Order]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        with self._session() as session:
            held = Held(session)
            for looks_first, run in groupby(orders, lambda order: order.looks_first):
                make = self._looking_first if looks_first else self._in_savepoints
                outcomes += make(session, held, list(run))
            _commit(session)
        return outcomes

    def _looking_first(self, session: Session, held: Held, orders: list[Order]) -> list[Outcome]:
        held.drop()
        works = [self._work(session, held) for _ in orders]
        for work, order in zip(works, orders, strict=True):
            order.foresee(work)
        outcomes = [self._unless_refused(work, order) for work, order in zip(works, orders, strict=True)]
        held.write()
        return outcomes

    def _unless_refused(self, work: Work, order: Order) -> Outcome:
        try:
            return Outcome(order.make(work), None, work.told)
        except Refused as refusal:
            return Outcome(failure=refusal)

    def _in_savepoints(self, session: Session, held: Held, orders: list[Order]) -> list[Outcome]:
        return [self._in_savepoint(session, held, order) for order in orders]

    def _in_savepoint(self, session: Session, held: Held, order: Order) -> Outcome:
        held.drop()
        work = self._work(session, held)
        try:
            with session.begin_nested():
                answer = order.make(work)
                held.write()
        except Exception as failure:
            if isinstance(failure, DBAPIError):
                raise
            return Outcome(failure=failure)
        return Outcome(answer, None, work.told)

    def _alone(self, order: Order) -> Outcome:
        for attempt in range(TRIES):
            try:
                with self._session() as session:
                    work = self._work(session, Held(session))
                    order.foresee(work)
                    answer = order.make(work)
                    work.held.write()
                    _commit(session)
            except CommitFailed as failed:
                return Outcome(failure=failed.__cause__)
            except Exception as failure:
                if attempt == TRIES - 1 or not _was_undone(failure):
                    return Outcome(failure=failure)
            else:
                return Outcome(answer, None, work.told)
        raise AssertionError("unreachable")

    def _answer(self, orders: list[Order], outcomes: list[Outcome]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Order, Outcome]]] = {}
        for order, outcome in zip(orders, outcomes, strict=True):
            by_loop.setdefault(order.answer.get_loop(), []).append((order, outcome))
        for loop, made in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._deliver, made)

    def _deliver(self, made: list[tuple[Order, Outcome]]) -> None:
        for order, outcome in made:
            if outcome.told:
                task = asyncio.get_running_loop().create_task(self._tell_first(order, outcome))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)
            else:
                _settle(order, outcome)

    async def _tell_first(self, order: Order, outcome: Outcome) -> None:
        # The lock is fair, so facts go out in the order of their commits; a caller that has gone changes nothing.
        async with self._turn:
            await self._tell(outcome.told)
        _settle(order, outcome)


def _settle(order: Order, outcome: Outcome) -> None:
    if order.answer.done():
        return
    if isinstance(outcome.failure, StopIteration):
        # A future cannot carry this one; asyncio itself would leave the caller waiting for ever.
        order.answer.set_exception(RuntimeError("a step ran out of an iterator"))
    elif outcome.failure is not None:
        order.answer.set_exception(outcome.failure)
    else:
        order.answer.set_result(outcome.answer)


def _commit(session: Session) -> None:
    try:
        session.commit()
    except Exception as error:
        if _was_undone(error):
            raise
        raise CommitFailed from error


def _was_undone(failure: Exception) -> bool:
    """A unique index that knew better is a reason to look again, too: the look will then say so in words."""
    undone = isinstance(failure, DBAPIError) and getattr(failure.orig, "sqlstate", None) in UNDONE
    return undone or isinstance(failure, IntegrityError)
