"""The state machine over the real line: `TONGBAN_RUNS` and `TONGBAN_SEED` say how many runs, and from which seed."""

import asyncio
import logging
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.queue.builders import Hall
from tests.queue.machine import House

STEPS = 50


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def run(runs: int, house: type[House], capsys: pytest.CaptureFixture[str]) -> None:
    runs = int(os.environ.get("TONGBAN_RUNS", runs))
    chosen = int(os.environ.get("TONGBAN_SEED", random.SystemRandom().randrange(2**32)))
    with capsys.disabled():
        print(f"\nstate machine: {runs} runs of {STEPS} steps, TONGBAN_SEED={chosen}")
    run_state_machine_as_test(
        seed(chosen)(house),
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        ),
    )


def on_sqlite(template: Path, folder: Path, running: asyncio.Runner) -> type[House]:
    laid = folder / "laid.sqlite"
    shutil.copy(template, laid)
    first = Hall(f"sqlite:///{laid}")
    running.run(first.lay())
    running.run(first.store.close())

    file = folder / "run.sqlite"

    async def open_hall() -> Hall:
        for left in (file, folder / "run.sqlite-wal", folder / "run.sqlite-shm"):
            await asyncio.to_thread(left.unlink, missing_ok=True)
        await asyncio.to_thread(shutil.copy, laid, file)
        return Hall(f"sqlite:///{file}")

    return type("House", (House,), {"open_hall": staticmethod(open_hall), "runner": running})


def on_postgres(url: str, running: asyncio.Runner) -> type[House]:
    async def open_hall() -> Hall:
        hall = Hall(url)
        await hall.clear()
        return await hall.lay()

    return type("House", (House,), {"open_hall": staticmethod(open_hall), "runner": running})


def test_whatever_happens_the_house_is_in_order_and_everybody_gets_home(
    sqlite_template: Path, tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    run(10, on_sqlite(sqlite_template, tmp_path, runner), capsys)


@pytest.mark.postgres
def test_so_it_is_on_postgresql(postgres_url: str, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]) -> None:
    run(2, on_postgres(postgres_url, runner), capsys)


@pytest.mark.soak
def test_so_it_is_in_a_thousand_runs(
    sqlite_template: Path, tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    run(1000, on_sqlite(sqlite_template, tmp_path, runner), capsys)


@pytest.mark.soak
@pytest.mark.postgres
def test_so_it_is_in_a_hundred_runs_on_postgresql(
    postgres_url: str, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    run(100, on_postgres(postgres_url, runner), capsys)
