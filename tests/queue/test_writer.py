"""Changes that share a commit: each is all or nothing by itself, and each caller is told what became of its own."""

import asyncio
import threading
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from tests.queue.builders import Hall, a_kiosk, an_errand
from tongban_queue import calling, desk, journal
from tongban_queue.calling import NobodyWaiting, WindowNotIdle
from tongban_queue.desk import KioskTaken, PersonAlreadyWaits
from tongban_queue.hall import Kiosk
from tongban_queue.held import looks_first
from tongban_queue.journal import Fault
from tongban_queue.refusals import NotNow, Refused
from tongban_queue.store import Work
from tongban_queue.ticket import PriorityGroup
from tongban_queue.window import Window, WindowState


@contextmanager
def counted_commits(hall: Hall) -> Iterator[list[int]]:
    commits: list[int] = []

    def note(_connection: Any) -> None:
        commits.append(1)

    event.listen(hall.store.engine, "commit", note)
    yield commits
    event.remove(hall.store.engine, "commit", note)


async def together(hall: Hall, *changes: Awaitable[Any]) -> list[Any]:
    """What comes of changes that were all asked for before the writer could begin the first."""
    begun, gate = threading.Event(), threading.Event()

    def wait(_work: Work) -> None:
        begun.set()
        gate.wait()

    first = asyncio.ensure_future(hall.do(wait))
    await asyncio.to_thread(begun.wait)
    tasks = [asyncio.ensure_future(change) for change in changes]
    await asyncio.sleep(0.05)
    gate.set()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


def half(work: Work) -> None:
    """Writes, then refuses."""
    work.session.add(a_kiosk("half", "lake"))
    journal.record(work, "east", "thing.done", {})
    raise NotNow


def twin(work: Work) -> None:
    """Adds a kiosk that is there already."""
    work.session.add(a_kiosk("lake-1", "lake"))


def fault(work: Work) -> None:
    """Writes, though it said that it looks first, and fails with something that is no refusal."""
    journal.record(work, "east", "thing.done", {})
    raise ZeroDivisionError


async def proven(hall: Hall) -> list[str]:
    """The kinds of the facts of the office, of a journal that is whole."""
    rows = await hall.store.look(lambda work: list(journal.verify(work, "east")))
    assert not [row for row in rows if isinstance(row, Fault)]
    return [row.kind for row in rows if not isinstance(row, Fault)]


async def test_what_waits_shares_a_commit(hall: Hall) -> None:
    with counted_commits(hall) as commits:
        await together(hall, hall.take("lake-1"), hall.take("lake-2"), hall.open("east-1"))

    assert len(commits) == 1


async def test_who_is_refused_leaves_nothing_and_the_others_stand(hall: Hall) -> None:
    taken = [hall.take("lake-1", person="chen"), hall.take("lake-2", person="chen"), hall.take("lake-2", person="li")]
    first, refused, halved, second = await together(hall, taken[0], taken[1], hall.do(half), taken[2])

    assert (type(refused), type(halved)) == (PersonAlreadyWaits, NotNow)
    assert [first.number, second.number] == ["D001", "D002"]
    assert await proven(hall) == ["ticket.taken", "ticket.taken"]
    assert not await hall.store.look(lambda work: work.session.get(Kiosk, "half"))


@pytest.mark.parametrize(
    ("guilty", "kind"), [(twin, IntegrityError), (looks_first(lambda work: ())(fault), ZeroDivisionError)]
)
async def test_a_change_at_fault_fails_alone(hall: Hall, guilty: Any, kind: type[Exception]) -> None:
    first, failed, second = await together(hall, hall.take("lake-1"), hall.store.change(guilty), hall.take("lake-2"))

    assert isinstance(failed, kind)
    assert [first.number, second.number] == ["D001", "D002"]
    assert await proven(hall) == ["ticket.taken", "ticket.taken"]


async def test_a_commit_whose_fate_is_unknown_is_told_to_all_and_never_repeated(hall: Hall) -> None:
    runs: list[int] = []

    def write(work: Work, number: int) -> None:
        journal.record(work, "east", "thing.done", {})
        runs.append(number)

    def lose(_connection: Any) -> None:
        raise ConnectionError("the server has gone")

    event.listen(hall.store.engine, "commit", lose)
    answers = await together(hall, *(hall.do(write, n) for n in range(3)))
    event.remove(hall.store.engine, "commit", lose)

    assert [type(answer) for answer in answers] == [ConnectionError] * 3
    assert runs == [0, 1, 2]


async def test_a_caller_who_has_gone_changes_nothing_for_the_others(hall: Hall) -> None:
    gone = asyncio.ensure_future(hall.take("lake-1"))
    answers = asyncio.ensure_future(together(hall, gone, hall.take("lake-2")))
    await asyncio.sleep(0.02)
    gone.cancel()
    _, stays = await answers

    assert stays.number in ("D001", "D002")
    assert await proven(hall) == ["ticket.taken", "ticket.taken"]


async def test_facts_are_told_in_the_order_of_the_commits(hall: Hall) -> None:
    async def slow(told: Any) -> None:
        await asyncio.sleep(0.001 * (len(told) % 3))

    hall.store.listeners.insert(0, slow)
    await together(hall, *(hall.use(f"lake-{n % 2 + 1}", in_use=n % 4 < 2) for n in range(20)), hall.open("east-1"))

    versions = [fact.version for fact in hall.told if fact.subject == "point:lake"]
    assert versions == list(range(1, len(versions) + 1))
    assert len(versions) > 5


async def test_closing_finishes_what_was_asked_for(hall: Hall) -> None:
    rival = hall.rival()
    tasks = [asyncio.ensure_future(rival.take(kiosk)) for kiosk in ("lake-1", "lake-2")]
    await asyncio.sleep(0)
    await rival.store.close()

    assert sorted([(await task).number for task in tasks]) == ["D001", "D002"]


async def test_calls_that_share_a_commit_follow_the_rule(hall: Hall) -> None:
    await hall.open("east-1", "east-2")
    tickets = [await hall.wait(kiosk=kiosk) for kiosk in ("lake-1", "hill-1", "lake-1")]
    await hall.do(desk.mark_priority, tickets[2].id, group=PriorityGroup.ILL)
    await hall.use("hill-1")
    windows = [await hall.window(name) for name in ("east-1", "east-2")]
    calls = [hall.store.change(calling.call_next, window=window) for window in windows]
    one, taken, other = await together(hall, calls[0], hall.take("lake-2"), calls[1])

    assert [one.id, other.id] == [tickets[2].id, taken.id]
    assert (one.kiosk_id, other.kiosk_id) == ("lake-1", "lake-2")


@pytest.mark.parametrize("refusal", [PersonAlreadyWaits, KioskTaken, WindowNotIdle, NobodyWaiting])
async def test_a_step_that_looks_first_is_refused_before_it_writes(hall: Hall, refusal: type[Refused]) -> None:
    await hall.open("east-2")
    await hall.take("lake-1", person="chen")
    await hall.call("east-2")

    def step(work: Work) -> None:
        errand = an_errand(work, "deeds", "lake", "chen" if refusal is PersonAlreadyWaits else "li")
        kiosk = work.session.get_one(Kiosk, "lake-1" if refusal is KioskTaken else "lake-2")
        window = work.session.get_one(Window, "east-2" if refusal is WindowNotIdle else "east-1")
        window.state = WindowState.IDLE if refusal is NobodyWaiting else window.state
        work.held.write()
        taking = partial(desk.take, work, kiosk=kiosk, errand=errand)
        next_one = partial(calling.call_next, work, window=window)
        with pytest.raises(refusal):
            (taking if refusal in (PersonAlreadyWaits, KioskTaken) else next_one)()
        assert not [*work.session.new, *work.session.dirty, *work.told]
        before = work.session.get_one(journal.Head, "east").number
        work.held.write()
        assert work.session.get_one(journal.Head, "east").number == before

    await hall.do(step)
    assert len(await hall.entries()) == 3


async def test_a_row_is_read_once_in_a_change(hall: Hall) -> None:
    asked: list[str] = []
    event.listen(hall.store.engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
    await hall.take()

    heads = [statement for statement in asked if statement.startswith("SELECT") and "FROM journal_head" in statement]
    assert len(heads) <= 2  # once to find none yet, once to begin it
    assert len([statement for statement in asked if "FROM kiosk" in statement]) <= 2
