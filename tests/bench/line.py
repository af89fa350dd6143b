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
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.line_orm import Orm, orm_engine
from tests.bench.line_world import CALLERS, Spent, World
from tests.databases import lay_tables, named, postgres_database
from tongban_queue import calling, desk
from tongban_queue.store import Store

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


async def main(rounds: int, each: int, parts: str) -> None:
    server = named(os.environ.get("TONGBAN_TEST_DATABASE_URL", "postgresql://root@127.0.0.1:5432/postgres"), "postgres")
    measure = {"sqlite": partial(on_sqlite, rounds, each), "postgres": partial(on_postgres, server, rounds, each)}
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
    arguments.add_argument("--parts", default="sqlite,postgres")
    given = arguments.parse_args()
    asyncio.run(main(given.rounds, given.each, given.parts))
