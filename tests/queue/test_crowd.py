"""However many act at once: nobody is called twice, no number is left out, and a long line is as quick as a short."""

import asyncio
import json
import sys
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text

from tests.queue.builders import Hall
from tests.queue.crowd import fill, rows_of, take_and_call
from tongban_queue.desk import DayNumber
from tongban_queue.journal import Fault, verify
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket

SIZES = [pytest.param(100, id="hundred"), pytest.param(10_000, id="ten_thousand", marks=pytest.mark.soak)]


async def require_in_order(hall: Hall, called: list[str], tickets: int) -> None:
    """Each called once, numbers without a gap, the journal whole."""

    def seen(work: Work) -> tuple[list[str], int, list[Fault]]:
        numbers = list(work.session.scalars(select(Ticket.number)))
        last = work.session.get_one(DayNumber, ("deeds", "2026-11-23")).last
        return numbers, last, [row for row in verify(work, "east") if isinstance(row, Fault)]

    numbers, last, faults = await hall.store.look(seen)
    assert len(called) == len(set(called)) == tickets
    assert sorted(int(number[1:]) for number in numbers) == list(range(1, tickets + 1))
    assert (last, faults) == (tickets, [])


@pytest.mark.parametrize("tickets", SIZES)
async def test_many_windows_at_once_call_everybody_once(hall: Hall, tickets: int) -> None:
    await hall.lay(rows_of("mall"))

    await require_in_order(hall, await take_and_call(hall, "mall", tickets), tickets)


@pytest.mark.postgres
@pytest.mark.parametrize("tickets", SIZES)
async def test_two_processes_at_once_call_everybody_once(postgres_hall: Hall, tickets: int) -> None:
    async def elsewhere(name: str) -> list[str]:
        command = [sys.executable, "-m", "tests.queue.crowd", postgres_hall.url, name, str(tickets // 2)]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        said, _ = await process.communicate()
        called: list[str] = json.loads(said)
        return called

    for name in ("mall", "park"):
        await postgres_hall.lay(rows_of(name))
    called = await asyncio.gather(elsewhere("mall"), elsewhere("park"))

    assert all(called)
    await require_in_order(postgres_hall, [*called[0], *called[1]], tickets)


async def test_a_long_line_is_read_by_its_index_alone(hall: Hall) -> None:
    await hall.open("east-2")
    await hall.do(fill, "deeds", "lake", 20_000)
    asked: list[tuple[str, Any]] = []

    def note(connection: Connection, cursor: Any, statement: str, parameters: Any, *more: Any) -> None:
        if "ticket.since" in statement and "LIMIT" in statement:
            asked.append((statement, parameters))

    event.listen(hall.store.engine, "before_cursor_execute", note)
    called = await hall.call("east-2")
    plan = await hall.do(_plan, *asked[0])

    assert called.number == "0"
    assert plan.count("ix_ticket_next") == 4


def _plan(work: Work, statement: str, parameters: Any) -> str:
    connection = work.session.connection()
    connection.execute(text("ANALYZE"))
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(map(str, connection.exec_driver_sql(f"{explain} {statement}", parameters)))
