"""The line's durable operations, beside the usual way in the same run: half of them takes, half call-nexts.

`make bench NAME=line`. Every rule, journal row and hash included; SQLite with WAL and synchronous=FULL. What is
measured against (`line_orm.py`): SQLAlchemy's asyncio ORM with one transaction for each operation, on one connection
of SQLite and sixteen of PostgreSQL. Both go through the same world (`line_world.py`) in turn.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import update

from tests.bench.line_http import KIOSKS, our_desk, plain_desk
from tests.bench.line_orm import Orm, orm_engine
from tests.bench.line_world import CALLERS, WINDOWS, Spent, World
from tests.databases import lay_tables, named, postgres_database
from tests.queue.crowd import fill
from tongban_queue import calling, desk
from tongban_queue.hall import Kiosk
from tongban_queue.store import Store, Work
from tongban_queue.ticket import Ticket, TicketState
from tongban_queue.window import Window, WindowState
from tongban_server.serving import spare_the_collector

#: So many call at once from a long line: as many as its point has kiosks.
KIOSKS_FREE = 8
OUT = Path(__file__).parent / "out" / "line.json"


@contextlib.asynccontextmanager
async def our_world(url: str) -> AsyncIterator[World]:
    """The world in Tongban's hands."""
    store = Store(url)
    await store.require_durable()

    async def take(kiosk: Any, errand: desk.Errand) -> Any:
        return await store.change(desk.take, kiosk=kiosk, errand=errand)

    async def call(window: Any) -> Any:
        return await store.change(calling.call_next, window=window)

    yield await World(store, take, call, [store.engine]).lay()
    await store.close()


@contextlib.asynccontextmanager
async def orm_world(url: str) -> AsyncIterator[World]:
    """The same world in the hands of the usual way."""
    store, engine = Store(url), orm_engine(url)
    orm = Orm(engine, store.clock)
    yield await World(store, orm.take, orm.call, orm.engines).lay()
    await engine.dispose()
    await store.close()


async def in_turn(ours: World, orm: World, rounds: int, each: int) -> dict[str, Any]:
    """Rounds A B A B; `each` of ours make up one round, since one is over so soon."""
    spent: dict[str, list[Spent]] = {"ours": [], "orm": []}
    for number in range(rounds + 1):
        for name, world, times in (("ours", ours, each if number else 2), ("orm", orm, 1)):
            if name == "orm" and number == 0:
                continue
            together = Spent()
            for _ in range(times):
                await world.reset()
                together += await world.round()
            if number:
                spent[name].append(together)
    await ours.prove(2 + rounds * each)
    await orm.prove(rounds)
    for world in (ours, orm):
        await world.reset()
    return {
        **_figures("ops_s", [one.per_s for one in spent["ours"]]),
        **_figures("orm_ops_s", [one.per_s for one in spent["orm"]]),
        **_figures("vs_orm_ratio", [a.per_s / b.per_s for a, b in zip(spent["ours"], spent["orm"], strict=True)]),
        "cpu_us_per_op": round(statistics.median(1e6 * one.cpu_s / one.operations for one in spent["ours"])),
        "orm_cpu_us_per_op": round(statistics.median(1e6 * one.cpu_s / one.operations for one in spent["orm"])),
        "statements_per_op": round(await ours.statements(), 2),
        "orm_statements_per_op": round(await orm.statements(), 2),
    }


def _figures(name: str, measured: list[float]) -> dict[str, Any]:
    return {
        name: round(statistics.median(measured), 1),
        f"{name}_min_max": [round(min(measured), 1), round(max(measured), 1)],
    }


async def on_sqlite(rounds: int, each: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{folder}/{name}.sqlite" for name in ("ours", "orm")]
        for url in urls:
            await lay_tables(url)
        async with our_world(urls[0]) as ours, orm_world(urls[1]) as orm:
            return await in_turn(ours, orm, rounds, each)


async def on_postgres(server: str, rounds: int, each: int) -> dict[str, Any]:
    async with postgres_database(server) as one, postgres_database(server) as other:
        for url in (one, other):
            await lay_tables(url)
        async with our_world(one) as ours, orm_world(other) as orm:
            return await in_turn(ours, orm, rounds, each)


async def over_http(rounds: int, each: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        async with our_desk(Path(folder) / "ours") as ours, plain_desk(Path(folder) / "plain") as plain:
            for desk_ in (ours, plain):
                await desk_.round()
            pairs = [(await _sum(ours.round, each // 2 or 1), await plain.round()) for _ in range(rounds)]
            await ours.prove(KIOSKS * (1 + rounds * (each // 2 or 1)))
            await plain.prove(KIOSKS * (1 + rounds))
    return {
        **_figures("ops_s", [one.per_s for one, _ in pairs]),
        **_figures("orm_ops_s", [other.per_s for _, other in pairs]),
        **_figures("vs_orm_ratio", [one.per_s / other.per_s for one, other in pairs]),
        "server_cpu_us_per_op": round(statistics.median(1e6 * one.cpu_s / one.operations for one, _ in pairs)),
        "orm_server_cpu_us_per_op": round(statistics.median(1e6 * one.cpu_s / one.operations for _, one in pairs)),
    }


async def _sum(measure: Callable[[], Awaitable[Spent]], times: int) -> Spent:
    together = Spent()
    for _ in range(times):
        together += await measure()
    return together


async def growth(rounds: int, waiting: int) -> dict[str, Any]:
    """What a call-next costs with so many waiting, against a thousand: both on SQLite, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            long_line(f"{folder}/short.sqlite", 1_000) as short,
            long_line(f"{folder}/long.sqlite", waiting) as long,
        ):
            spent = [(await short(), await long()) for _ in range(rounds + 1)][1:]
    return {
        "waiting": waiting,
        "call_us_1k": round(statistics.median(1e6 / one.per_s for one, _ in spent)),
        "call_us": round(statistics.median(1e6 / other.per_s for _, other in spent)),
        **_figures("ratio", [one.per_s / other.per_s for one, other in spent]),
        **_figures("cpu_ratio", [other.cpu_s / one.cpu_s for one, other in spent]),
    }


@contextlib.asynccontextmanager
async def long_line(file: str, waiting: int) -> AsyncIterator[Callable[[], Awaitable[Spent]]]:
    """A line with so many waiting; gives what calls people at all windows of its office at once, twenty times over."""
    url = f"sqlite:///{file}"
    await lay_tables(url)
    async with our_world(url) as world:
        await world.store.change(fill, "line-office-0", "point-0", waiting)
        windows = [place.window for place in world.takers[:WINDOWS]]

        async def call_many() -> Spent:
            spent = Spent()
            for _ in range(20):
                await world.store.change(free_everybody)
                began, worked = time.perf_counter(), time.process_time()
                await asyncio.gather(*(world.call(window) for window in windows[:KIOSKS_FREE]))
                spent += Spent(KIOSKS_FREE, time.perf_counter() - began, time.process_time() - worked)
            return spent

        yield call_many


def free_everybody(work: Work) -> None:
    """Whoever was called is gone, and windows and kiosks are free again."""
    run = work.session.execute
    gone = {"state": TicketState.MISSED, "ended_at": work.now, "due_at": None}
    run(update(Ticket).where(Ticket.due_at.is_not(None)).values(**gone))
    run(update(Kiosk).where(Kiosk.ticket_id.is_not(None)).values(ticket_id=None, held=False))
    run(update(Window).where(Window.ticket_id.is_not(None)).values(state=WindowState.IDLE, ticket_id=None))
    run(update(Window).where(Window.state == WindowState.OFFLINE).values(state=WindowState.IDLE))


async def main(rounds: int, each: int, parts: str, waiting: int) -> None:
    server = named(os.environ.get("TONGBAN_TEST_DATABASE_URL", "postgresql://root@127.0.0.1:5432/postgres"), "postgres")
    measure = {
        "sqlite": partial(on_sqlite, rounds, each),
        "postgres": partial(on_postgres, server, rounds, each),
        "http_take": partial(over_http, rounds, each),
        "call_next_1m_vs_1k": partial(growth, rounds, waiting),
    }
    spare_the_collector()
    figures: dict[str, Any] = {"callers": CALLERS, "rounds": rounds}
    for name in parts.split(","):
        found = await measure[name]()
        figures |= {f"{name}_{key}": value for key, value in found.items()}
        print(json.dumps(found, indent=1))
    figures["load_average"] = round(os.getloadavg()[0], 1)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--each", type=int, default=8)
    arguments.add_argument("--parts", default="sqlite,postgres,http_take,call_next_1m_vs_1k")
    arguments.add_argument("--waiting", type=int, default=1_000_000)
    given = arguments.parse_args()
    asyncio.run(main(given.rounds, given.each, given.parts, given.waiting))
