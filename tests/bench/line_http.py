"""Taking a ticket over HTTP, with sessions, policy, sealing and idempotency keys: our server and a plain one in turn.

Each server is a process of its own over a database of its own, both stocked alike; 32 connections stay open.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import uuid4

import aiohttp
import psutil
from sqlalchemy import func, select, update

from tests.bench.line_world import Spent
from tests.browser.house import free_port
from tests.databases import lay_tables
from tests.queue.builders import a_kiosk
from tongban_queue import journal
from tongban_queue.hall import Kiosk, Office
from tongban_queue.journal import Fault
from tongban_queue.store import Store, Work
from tongban_queue.ticket import LIVE, Ticket, TicketState
from tongban_server.catalogue.exchange import put_catalogue
from tongban_server.catalogue.folder import read_folder
from tongban_server.catalogue.offer import shanghai_day
from tongban_server.demo import DATA
from tongban_server.people.identity import CHECKS, WEIGHTS
from tongban_server.people.sessions import Face, SessionKind, begin
from tongban_server.people.vault import Vault
from tongban_server.settings import Settings

CONNECTIONS, KIOSKS = 32, 128
POINT, MATTER = "lianshui", "pinghu-mortgage"


@dataclass
class Desk:
    """A server that gives out tickets, and the kiosks that ask it."""

    url: str
    pid: int
    store: Store
    cookies: list[str]
    people: Iterator[str]

    async def round(self) -> Spent:
        """Every kiosk takes a ticket, 32 at a time; before it, untimed, everybody leaves."""
        await self.store.change(_everybody_leaves)
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(self.url, connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as client:
            asked = iter(list(self.cookies))
            server = psutil.Process(self.pid)
            before, began = sum(server.cpu_times()[:2]), time.perf_counter()
            await asyncio.gather(*(self._keep_asking(client, asked) for _ in range(CONNECTIONS)))
            spent = Spent(len(self.cookies), time.perf_counter() - began, sum(server.cpu_times()[:2]) - before)
        assert spent.cpu_s > 0, "another server answered"
        return spent

    async def _keep_asking(self, client: aiohttp.ClientSession, kiosks: Iterator[str]) -> None:
        for cookie in kiosks:
            who = {"name": "陈示例", "idNumber": next(self.people), "phone": "19900000001"}
            said = {"matterId": MATTER, **who, "consent": {"privacy": True, "recording": True}, "language": "zh-CN"}
            headers = {"X-Tongban-Face": "kiosk", "Idempotency-Key": str(uuid4()), "Cookie": f"tongban_kiosk={cookie}"}
            async with client.post("/api/tickets", json=said, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
                assert (await answer.json())["ticket"]["state"] == "waiting"

    async def prove(self, tickets: int) -> None:
        """Afterwards: as many tickets as answers, in a journal that is whole."""

        def seen(work: Work) -> tuple[int, list[object]]:
            rows = [row for stream in journal.streams(work) for row in journal.verify(work, stream)]
            taken = work.session.scalar(select(func.count()).select_from(Ticket)) or 0
            return taken, [row for row in rows if isinstance(row, Fault)]

        assert await self.store.look(seen) == (tickets, [])


def id_numbers() -> Iterator[str]:
    """Ever new ID numbers that are right."""
    for n in count():
        digits = (
            f"320899{1950 + n // 1000 // 336 % 50}{n // 1000 // 28 % 12 + 1:02d}{n // 1000 % 28 + 1:02d}{n % 1000:03d}"
        )
        yield digits + CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11]


def _everybody_leaves(work: Work) -> None:
    run = work.session.execute
    run(update(Ticket).where(Ticket.state.in_(LIVE)).values(state=TicketState.CANCELLED, ended_at=work.now))
    run(update(Kiosk).values(ticket_id=None, held=False, in_use=False))


def _enrol(work: Work) -> list[str]:
    names = [f"bench-{n}" for n in range(KIOSKS)]
    work.session.add_all(a_kiosk(name, POINT) for name in names)
    work.session.flush()
    for office in work.session.scalars(select(Office.id)):
        journal.hold(work, office)
    return [begin(work, SessionKind.DEVICE, Face.KIOSK, kiosk_id=name).id for name in names]


@asynccontextmanager
async def our_desk(home: Path) -> AsyncIterator[Desk]:
    """The real server."""
    settings = Settings(home=home, port=free_port())
    serve = "from tongban_server.serving import *; serve_until_stopped(Settings())"
    async with _desk(settings, "-c", serve) as desk:
        yield desk


@asynccontextmanager
async def plain_desk(home: Path) -> AsyncIterator[Desk]:
    """The plain one."""
    settings = Settings(home=home, port=free_port())
    async with _desk(
        settings, "-m", "tests.bench.plain_desk", str(home), settings.database, str(settings.port)
    ) as desk:
        yield desk


@asynccontextmanager
async def _desk(settings: Settings, *program: str) -> AsyncIterator[Desk]:
    settings.home.mkdir(parents=True)
    await lay_tables(settings.database)
    vault, store = Vault.in_folder(settings.home), Store(settings.database)
    await store.change(put_catalogue, read_folder(DATA, today=shanghai_day(store.clock())))
    cookies = [vault.sign(session_id) for session_id in await store.change(_enrol)]
    told = {"TONGBAN_HOME": str(settings.home), "TONGBAN_PORT": str(settings.port), "TONGBAN_LOG_LEVEL": "warning"}
    process = subprocess.Popen([sys.executable, *program], env=os.environ | told)  # noqa: ASYNC220
    try:
        await _answers(settings.url)
        yield Desk(settings.url, process.pid, store, cookies, id_numbers())
    finally:
        process.terminate()
        process.wait()
        await store.close()


async def _answers(url: str) -> None:
    async with aiohttp.ClientSession() as client:
        for _ in range(300):
            try:
                async with client.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise RuntimeError(f"nobody answers at {url}")
