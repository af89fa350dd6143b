"""The demo's server as a process that tests start, kill and start again, and the synthetic people at it."""

import asyncio
import json
import socket
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp

from tongban_server.demo.seats import Seat, seats_at
from tongban_server.demo.synthetic_clerk import SyntheticClerk
from tongban_server.demo.visitor import Visitor
from tongban_server.house import build_house
from tongban_server.settings import Settings

SERVE = "from tongban_server.cli import main; main()"


class RunningDemo:
    """A server over a laid data folder. What it logs above `info` is a fault, told by `faults`."""

    def __init__(self, home: Path, passwords: dict[str, str], doors: AsyncExitStack) -> None:
        self.settings = Settings(home=home, port=_free_port())
        self._passwords = passwords
        self._doors = doors
        self._process: asyncio.subprocess.Process | None = None
        self._log = home / "server.log"

    async def start(self) -> None:
        """Start it and wait until it answers."""
        said = {"TONGBAN_HOME": str(self.settings.home), "TONGBAN_PORT": str(self.settings.port)}
        environment = {"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin", **said}
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", SERVE, "serve", env=environment, stdout=log, stderr=log
            )
        async with aiohttp.ClientSession() as http, asyncio.timeout(30):
            while not await _answers(http, self.settings.url):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """As a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            await process.wait()

    @property
    def faults(self) -> list[str]:
        """What the server logged that is not an ordinary line."""
        lines = self._log.read_text().splitlines()
        return [line for line in lines if not _ordinary(line)]

    async def seats(self, count: int) -> list[Seat]:
        """Codes for so many kiosks of synthetic citizens."""
        house = build_house(self.settings)
        try:
            return await house.store.change(seats_at, house, "lianshui", count)
        finally:
            await house.store.close()

    async def visitors(self, count: int) -> list[Visitor]:
        """Enrolled visitors, who go away at the test's end."""
        return [await self._enrolled(seat.code) for seat in await self.seats(count)]

    async def _enrolled(self, code: str) -> Visitor:
        visitor = await self._doors.enter_async_context(Visitor(self.settings.url, code))
        await visitor.enrol()
        return visitor

    async def clerk(self, number: int = 1) -> SyntheticClerk:
        """A clerk of Pinghu's land registry at an open window."""
        username = f"clerk-pinghu-estate-{number}"
        clerk = SyntheticClerk(self.settings.url, username, self._passwords[username])
        await self._doors.enter_async_context(clerk)
        await clerk.sign_in()
        await clerk.open_window()
        return clerk


async def until(holds: Callable[[], Any], within_s: float = 20) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def _answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(f"{url}/healthz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def _ordinary(line: str) -> bool:
    try:
        return json.loads(line).get("level") in ("info", "debug")
    except ValueError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
