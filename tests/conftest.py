"""The parts that tests ask for by name: databases, Redis, browser windows. All real; a missing one is told loudly."""

import collections
import contextlib
import os
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright
from sqlalchemy.engine import make_url

from tests.databases import lay_tables, named, postgres_database
from tests.servers import MissingPart, chromium_program, postgres_server, redis_server

BROWSER_FLAGS = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
pytest_plugins = ["pytester"]
OpenWindow = Callable[..., Awaitable[BrowserContext]]


@contextlib.contextmanager
def needed() -> Iterator[None]:
    """A missing part skips the tests that need it; under CI it fails them."""
    try:
        yield
    except MissingPart as missing:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


def pytest_configure() -> None:
    """Being told to end is like Ctrl-C: the servers of this run are ended in order."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = collections.Counter(str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.section("NOT PROVEN HERE", yellow=True, bold=True)
    for reason, count in reasons.items():
        terminalreporter.line(f"{count} skipped: {reason.removeprefix('Skipped: ')}", yellow=True)


@pytest.fixture(scope="session")
def postgres_server_url() -> Iterator[str]:
    """A PostgreSQL that may make databases: `TONGBAN_TEST_DATABASE_URL`, or one of our own."""
    given = os.environ.get("TONGBAN_TEST_DATABASE_URL")
    if given:
        yield named(given, make_url(given).database or "postgres")
        return
    with needed(), postgres_server() as server:
        yield named(server, "postgres")


@pytest.fixture(scope="session")
async def postgres_template(postgres_server_url: str) -> AsyncIterator[str]:
    """The name of a database with all tables and no rows."""
    async with postgres_database(postgres_server_url) as url:
        await lay_tables(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and no rows."""
    file = tmp_path_factory.mktemp("template") / "tongban.sqlite"
    await lay_tables(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database of this test's own, with all tables."""
    file = shutil.copy(sqlite_template, tmp_path / "tongban.sqlite")
    return f"sqlite:///{file}"


@pytest.fixture
async def postgres_url(postgres_server_url: str, postgres_template: str) -> AsyncIterator[str]:
    """A PostgreSQL database of this test's own, with all tables."""
    async with postgres_database(postgres_server_url, template=postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of this test's own, with all tables: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
async def empty_postgres_url(postgres_server_url: str) -> AsyncIterator[str]:
    """A PostgreSQL database of this test's own, without tables."""
    async with postgres_database(postgres_server_url) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As `database_url`, but without tables: for what lays them."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture(scope="session")
def redis_server_url() -> Iterator[str]:
    given = os.environ.get("TONGBAN_TEST_REDIS_URL")
    if given:
        yield given
        return
    with needed(), redis_server() as url:
        yield url


@pytest.fixture
async def redis_url(redis_server_url: str) -> str:
    """An empty Redis: `TONGBAN_TEST_REDIS_URL` (its database is emptied!), or one of our own."""
    client = redis.asyncio.from_url(redis_server_url)
    await client.flushdb()
    await client.aclose()
    return redis_server_url


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One Chromium for the whole run, with a made-up camera and microphone that need no asking."""
    with needed():
        program = chromium_program()
    flags = [*BROWSER_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        await browser.close()


@pytest.fixture
async def open_window(chromium: Browser) -> AsyncIterator[OpenWindow]:
    """Opens windows that share nothing (as on different computers): `context = await open_window(locale="zh-CN")`."""
    async with contextlib.AsyncExitStack() as opened:

        async def open_one(**wishes: Any) -> BrowserContext:
            context = await chromium.new_context(**wishes)
            opened.push_async_callback(context.close)
            return context

        yield open_one
