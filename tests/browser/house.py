"""A real server in a process of its own, with the demo data: it can be killed at any moment and started again."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import aiohttp

from tongban_queue.store import Work
from tongban_server.demo.show import lay
from tongban_server.house import build_house
from tongban_server.people.devices import new_code
from tongban_server.settings import Settings

T = TypeVar("T")
P = ParamSpec("P")
TOP = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class House:
    """The server, where it is, and whom the demo lets in."""

    settings: Settings
    passwords: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.settings.url

    @property
    def log(self) -> Path:
        return self.settings.home / "server.log"

    async def start(self) -> None:
        """Start the server and wait until it is ready."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": ":".join(str(TOP / floor) for floor in ("queue", "signaling", "server")),
            "TONGBAN_HOME": str(self.settings.home),
            "TONGBAN_PORT": str(self.settings.port),
            "TONGBAN_DATABASE_URL": self.settings.database_url,
            "TONGBAN_REDIS_URL": self.settings.redis_url,
        }
        if self.settings.work_calendar:
            environment["TONGBAN_WORK_CALENDAR"] = str(self.settings.work_calendar)
        command = [sys.executable, "-c", "from tongban_server.cli import main; main()", "serve"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=TOP)  # noqa: ASYNC220
        await self._ready()

    async def _ready(self) -> None:
        async with aiohttp.ClientSession() as client:
            while self.process is not None and self.process.poll() is None:
                try:
                    async with client.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)
        raise RuntimeError(f"the server ended: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """kill -9, as a power cut for the process."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """An orderly end."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None

    async def code(self, kiosk_id: str) -> str:
        """A fresh enrolment code for a device."""
        return await self.change(new_code, kiosk_id)

    async def change(self, step: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """One change in the house's database, beside its server."""
        house = build_house(self.settings)
        try:
            return await house.store.change(step, *args, **named)
        finally:
            await house.store.close()


@asynccontextmanager
async def open_house(home: Path, *, database_url: str = "", work_calendar: Path | None = None) -> AsyncIterator[House]:
    """A house with the demo data, its server running; ended at the end, whatever happened."""
    settings = Settings(home=home, port=free_port(), database_url=database_url, work_calendar=work_calendar)
    passwords, _ = await lay(settings)
    house = House(settings, passwords)
    await house.start()
    try:
        yield house
    finally:
        house.stop()
