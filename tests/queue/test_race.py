"""Several processes at once, where the database lets them: on PostgreSQL."""

import asyncio
import threading

import pytest
from sqlalchemy import select

from tests.queue.builders import Hall, a_kiosk, a_point, a_window
from tongban_queue import desk, journal
from tongban_queue.calling import NobodyWaiting
from tongban_queue.journal import Head
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket
from tongban_queue.window import WindowState

pytestmark = pytest.mark.postgres


async def test_ten_windows_at_once_call_ten_different_tickets(postgres_hall: Hall, rival_hall: Hall) -> None:
    windows = [f"desk-{n}" for n in range(10)]
    await postgres_hall.add(a_point("mall"))
    await postgres_hall.add(*(a_kiosk(f"mall-{n}", "mall") for n in range(10)))
    await postgres_hall.add(*(a_window(window, "east", ["deeds"]) for window in windows))
    await postgres_hall.open(*windows)
    halls = (postgres_hall, rival_hall)
    taken = await asyncio.gather(*(halls[n % 2].take(f"mall-{n}") for n in range(10)))
    called = await asyncio.gather(*(halls[n % 2].call(window) for n, window in enumerate(windows)))

    assert sorted(ticket.number for ticket in taken) == [f"D{n:03d}" for n in range(1, 11)]
    assert {ticket.id for ticket in called} == {ticket.id for ticket in taken}
    assert [entry.number for entry in await postgres_hall.entries()] == list(range(1, 31))


async def test_one_window_asked_twice_at_once_calls_once(postgres_hall: Hall, rival_hall: Hall) -> None:
    await postgres_hall.open("east-1")
    await postgres_hall.wait()
    await postgres_hall.wait()
    answers = await asyncio.gather(*(hall.call() for hall in (postgres_hall, rival_hall) * 3), return_exceptions=True)

    assert sum(isinstance(answer, Ticket) for answer in answers) == 1


async def test_a_kiosk_is_reserved_once_when_two_offices_call(postgres_hall: Hall, rival_hall: Hall) -> None:
    await postgres_hall.open("east-1", "west-1")
    for _ in range(10):
        tickets = [await postgres_hall.wait("deeds", "hill-1"), await postgres_hall.wait("trade", "hill-1")]
        answers = await asyncio.gather(postgres_hall.call("east-1"), rival_hall.call("west-1"), return_exceptions=True)

        called = [answer for answer in answers if isinstance(answer, Ticket)]
        assert [type(answer) for answer in answers if not isinstance(answer, Ticket)] == [NobodyWaiting]
        assert (await postgres_hall.kiosk("hill-1")).ticket_id == called[0].id
        for ticket in tickets:
            await postgres_hall.do(desk.cancel, ticket.id)


async def test_the_first_two_facts_of_a_stream_do_not_collide(postgres_hall: Hall, rival_hall: Hall) -> None:
    for stream in (f"stream-{n}" for n in range(5)):
        await asyncio.gather(
            *(hall.do(journal.record, stream, "thing.done", {}) for hall in (postgres_hall, rival_hall))
        )

        assert [entry.number for entry in await postgres_hall.entries(stream)] == [1, 2]


async def test_a_stream_held_late_is_read_anew(postgres_hall: Hall, rival_hall: Hall) -> None:
    await postgres_hall.open("east-1")

    def look_then_record(work: Work) -> None:
        seen = work.session.scalar(select(Head).where(Head.stream == "east"))
        assert seen
        asyncio.run(_open_elsewhere(postgres_hall.url))
        journal.record(work, "east", "thing.done", {"at": seen.number})

    await postgres_hall.do(look_then_record)

    assert [entry.number for entry in await postgres_hall.entries()] == [1, 2, 3]


async def _open_elsewhere(url: str) -> None:
    rival = Hall(url)
    await rival.open("east-2")
    await rival.store.close()


async def test_a_change_undone_by_a_deadlock_is_run_again(postgres_hall: Hall, rival_hall: Hall) -> None:
    await postgres_hall.open("east-1", "west-1")
    met, tries = threading.Barrier(2), []

    def both(work: Work, first: str, second: str) -> None:
        tries.append(first)
        journal.record(work, first, "thing.done", {})
        if len(tries) <= 2:
            met.wait()
        journal.record(work, second, "thing.done", {})

    await asyncio.gather(postgres_hall.do(both, "east", "west"), rival_hall.do(both, "west", "east"))

    assert len(tries) == 3
    assert [len(await postgres_hall.entries(stream)) for stream in ("east", "west")] == [3, 3]


async def test_a_ticket_ended_and_left_at_once_ends_once(postgres_hall: Hall, rival_hall: Hall) -> None:
    ticket = await postgres_hall.connected()
    answers = await asyncio.gather(
        postgres_hall.do(desk.end, ticket.id), rival_hall.do(desk.leave, ticket.id), return_exceptions=True
    )

    assert sum(isinstance(answer, Ticket) for answer in answers) == 1
    assert (await postgres_hall.window()).state is WindowState.WRAP_UP
