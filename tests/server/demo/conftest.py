"""A folder with the demo laid in it, once for the run; each test gets a copy, and a server over it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.server.demo.running import RunningDemo
from tongban_server.demo.show import lay
from tongban_server.settings import Settings

Laid = tuple[Path, dict[str, str]]


@pytest.fixture(scope="session")
async def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    """A data folder and its passwords."""
    home = tmp_path_factory.mktemp("demo") / "home"
    passwords, _ = await lay(Settings(home=home, database_url=""))
    return home, passwords


@pytest.fixture
async def demo(laid: Laid, tmp_path: Path) -> AsyncIterator[RunningDemo]:
    """The demo's server as a process of its own."""
    home, passwords = laid
    shutil.copytree(home, tmp_path / "home")
    async with AsyncExitStack() as doors:
        running = RunningDemo(tmp_path / "home", passwords, doors)
        await running.start()
        doors.push_async_callback(running.kill)
        yield running
