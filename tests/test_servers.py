"""The parts that other tests stand on are real, empty, and gone afterwards."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import redis.asyncio
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from tests.conftest import OpenWindow, needed
from tests.servers import MissingPart, folder_of, postgres_server, redis_server
from tongban_queue.store import Base, Store

TOP = Path(__file__).parents[1]
START_REDIS_AND_WAIT = """
import psutil, tests.servers
with tests.servers.redis_server():
    print(psutil.Process().children()[0].pid, flush=True)
    input()
"""


async def tables_in(url: str) -> set[str]:
    engine = create_engine(url, poolclass=NullPool)
    names = inspect(engine).get_table_names()
    engine.dispose()
    return set(names)


async def test_a_test_gets_every_table(database_url: str) -> None:
    assert await tables_in(database_url) == set(Base.metadata.tables)


@pytest.mark.parametrize("turn", [1, 2])
async def test_a_test_never_sees_the_rows_of_another(database_url: str, turn: int) -> None:
    engine = create_engine(database_url, poolclass=NullPool)

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (turn INTEGER)"))
    engine.dispose()

    assert "left_behind" in await tables_in(database_url)


async def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    assert await tables_in(empty_database_url) == set()


async def test_the_databases_are_safe_enough_for_the_store(database_url: str) -> None:
    store = Store(database_url)

    await store.require_durable()

    await store.close()


@pytest.mark.parametrize("turn", [1, 2])
async def test_redis_is_empty_for_each_test(redis_url: str, turn: int) -> None:
    client = redis.asyncio.from_url(redis_url)

    taken = await client.set("who", "me", nx=True)

    await client.aclose()
    assert taken


def test_a_server_is_gone_when_its_test_fails() -> None:
    before = set(psutil.Process().children())
    started: set[psutil.Process] = set()

    with needed(), contextlib.suppress(ZeroDivisionError), postgres_server(), redis_server():
        started |= set(psutil.Process().children()) - before
        raise ZeroDivisionError

    assert len(started) == 2
    assert not any(server.is_running() for server in started)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children of a killed process")
def test_a_server_is_gone_when_its_run_is_killed(tmp_path: Path) -> None:
    room = os.environ | {"TMPDIR": str(tmp_path)}
    run = subprocess.Popen(
        [sys.executable, "-c", START_REDIS_AND_WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=TOP, env=room
    )
    assert run.stdin
    assert run.stdout
    with run.stdin, run.stdout:
        server = psutil.Process(int(run.stdout.readline()))

        run.kill()

        run.wait()
        server.wait(30)


def test_a_missing_package_is_named() -> None:
    with pytest.raises(MissingPart, match="no_such_package"):
        folder_of("no_such_package")


@pytest.mark.parametrize(("ci", "outcome"), [("", {"skipped": 1}), ("true", {"errors": 1})])
def test_a_missing_part_is_loud_and_fails_in_ci(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, outcome: dict[str, int]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("TONGBAN_TEST_CHROMIUM", raising=False)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TOP), *sys.path]))
    pytester.makeini("[pytest]\nasyncio_mode = auto\nmarkers = postgres")
    pytester.makeconftest("from tests.conftest import *")
    pytester.makepyfile("def test_look(chromium): pass")

    seen = pytester.runpytest_subprocess()

    seen.assert_outcomes(**outcome)
    seen.stdout.fnmatch_lines(["*NOT PROVEN HERE*" if not ci else "*no Chromium on the PATH*"])


@pytest.mark.browser
async def test_camera_and_microphone_answer_unasked(open_window: OpenWindow) -> None:
    page = await (await open_window()).new_page()
    await page.goto("chrome://version")  # a secure origin without a server

    kinds = await page.evaluate(
        """async () => (await navigator.mediaDevices.getUserMedia({audio: true, video: true}))
            .getTracks().map(track => track.kind).sort()"""
    )

    assert kinds == ["audio", "video"]


@pytest.mark.browser
async def test_windows_share_no_cookie(open_window: OpenWindow) -> None:
    kiosk, clerk = await open_window(), await open_window(locale="zh-CN")

    await kiosk.add_cookies([{"name": "mine", "value": "1", "url": "http://localhost"}])

    assert await clerk.cookies() == []
