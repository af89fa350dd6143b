"""The hall of a test: the real server over a loopback socket, the demo's catalogue, and people who come and work."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp.test_utils import TestServer

import tongban_server.demo
from tests.server.browser import Browser
from tongban_queue.store import Store
from tongban_server.app import build_app
from tongban_server.catalogue.exchange import put_catalogue
from tongban_server.catalogue.folder import read_folder
from tongban_server.gatekeeper import Gatekeeper, note_presence
from tongban_server.house import House
from tongban_server.http import HOUSE, HUB
from tongban_server.people.devices import new_code
from tongban_server.people.hiring import Hire, hire
from tongban_server.rounds import Rounds
from tongban_server.settings import Settings

DATA = Path(tongban_server.demo.__file__).parent / "data"
SHANGHAI = ZoneInfo("Asia/Shanghai")

#: Who works here. Agreements of the demo: Lianshui -> Pinghu; Nanhu -> Wujiang.
STAFF = (
    Hire("clerk", "周示例", ("clerk",), office="pinghu-estate", lines=("pinghu-estate-a",), window="1 号窗口"),
    Hire("colleague", "吴示例", ("clerk",), office="pinghu-estate", lines=("pinghu-estate-a", "pinghu-estate-b")),
    Hire("other-line", "郑示例", ("clerk",), office="pinghu-estate", lines=("pinghu-estate-b",)),
    Hire("stranger", "孔示例", ("clerk",), office="wujiang-hall", lines=("wujiang-hall-a",)),
    Hire("assistant", "潘示例", ("assistant",), point="lianshui"),
    Hire("assistant-elsewhere", "奚示例", ("assistant",), point="nanhu"),
    Hire("supervisor", "鲁示例", ("supervisor",), regions=("330482",)),
    Hire("supervisor-elsewhere", "韦示例", ("supervisor",), regions=("320509",)),
    Hire("auditor", "昌示例", ("auditor",)),
    Hire("security", "马示例", ("security_admin",)),
    Hire("system", "苗示例", ("system_admin",)),
)
FACES = {"security": "admin", "system": "admin", "colleague": "clerk", "other-line": "clerk", "stranger": "clerk"}

CHEN = {"name": "陈示例", "idNumber": "320899198805120015", "phone": "19900000001"}
LI = {"name": "李示例", "idNumber": "330499195201150041", "phone": "19900000004"}


class Clock:
    """A clock that stands at ten in the morning of today, Asia/Shanghai, until somebody moves it."""

    def __init__(self) -> None:
        self.now = datetime.now(SHANGHAI).replace(hour=10, minute=0, second=0, microsecond=0).astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


async def stock(url: str) -> dict[str, str]:
    """Put the demo's catalogue and the staff into a database that has tables; gives the passwords."""
    clock = Clock()
    store = Store(url, clock=clock)
    catalogue = read_folder(DATA, today=clock.now.astimezone(SHANGHAI).date())
    await store.change(put_catalogue, catalogue)
    passwords = {wanted.username: await store.change(hire, wanted) or "" for wanted in STAFF}
    await store.close()
    return passwords


def errand(who: dict[str, str] = CHEN, *, matter: str = "pinghu-mortgage", recording: bool | None = True) -> Any:
    """What a kiosk sends to take a ticket."""
    return {"matterId": matter, **who, "consent": {"privacy": True, "recording": recording}, "language": "zh-CN"}


@dataclass
class Hall:
    """A running server and whoever has come in so far."""

    house: House
    server: TestServer
    clock: Clock
    passwords: dict[str, str]
    doors: AsyncExitStack
    browsers: dict[str, Browser] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.house.store

    async def browser(self, face: str | None) -> Browser:
        """A new browser with empty pockets."""
        session = aiohttp.ClientSession(self.server.make_url("/"), cookie_jar=aiohttp.CookieJar(unsafe=True))
        return Browser(await self.doors.enter_async_context(session), face)

    async def kiosk(self, name: str = "lianshui-k1") -> Browser:
        """An enrolled kiosk or hall screen that is seen; the same browser each time."""
        if name not in self.browsers:
            self.browsers[name] = browser = await self.browser("hall" if name.endswith("hall") else "kiosk")
            code = await self.store.change(new_code, name)
            (await browser.post("/api/devices/enrol", {"code": code})).good()
        await self.see(name)
        return self.browsers[name]

    async def see(self, name: str) -> None:
        """The kiosk's page is open, as its socket would say."""
        await self.store.change(note_presence, name, here=True)

    async def rounds(self) -> None:
        """One quick and one slow round of this node, now."""
        rounds = Rounds(self.store, Gatekeeper(self.house), self.server.app[HUB])
        await rounds.quick_round()
        await rounds.slow_round()

    async def staff(self, username: str) -> Browser:
        """A member of staff who is signed in; the same browser each time."""
        if username not in self.browsers:
            face = FACES.get(username, username.partition("-")[0])
            self.browsers[username] = browser = await self.browser(face)
            said = {"username": username, "password": self.passwords[username]}
            (await browser.post("/api/session", said)).good()
        return self.browsers[username]

    async def clerk(self) -> Browser:
        """The clerk, with an open window."""
        clerk = await self.staff("clerk")
        if (await clerk.get("/api/window")).good()["window"]["state"] == "offline":
            (await clerk.post("/api/window/open")).good()
        return clerk

    async def waiting(self, who: dict[str, str] = CHEN, *, at: str = "lianshui-k1", **named: Any) -> Any:
        """The snapshot of a visit that was just taken at a kiosk."""
        return (await (await self.kiosk(at)).post("/api/tickets", errand(who, **named))).good()

    async def called(self, who: dict[str, str] = CHEN, *, at: str = "lianshui-k1") -> str:
        """The id of a ticket that the clerk has called."""
        ticket_id: str = (await self.waiting(who, at=at))["ticket"]["id"]
        assert (await (await self.clerk()).post("/api/window/next")).good()["ticket"]["id"] == ticket_id
        return ticket_id

    async def connected(self, who: dict[str, str] = CHEN, *, at: str = "lianshui-k1") -> str:
        """The id of a ticket in the call."""
        ticket_id = await self.called(who, at=at)
        (await (await self.kiosk(at)).post(f"/api/tickets/{ticket_id}/arrive")).good()
        return ticket_id

    async def ended(self, who: dict[str, str] = CHEN, *, at: str = "lianshui-k1") -> str:
        """The id of a ticket whose outcome is recorded and that its citizen may rate."""
        ticket_id = await self.connected(who, at=at)
        said = {"kind": "consultation_only"}
        (await (await self.clerk()).post(f"/api/tickets/{ticket_id}/outcome", said)).good()
        return ticket_id


def sqlite_copy(stocked: tuple[str, dict[str, str]], folder: Path) -> tuple[str, dict[str, str]]:
    """The address of a copy of the stocked SQLite database, and the passwords."""
    template, passwords = stocked
    return f"sqlite:///{shutil.copy(template, folder / 'tongban.sqlite')}", passwords


@asynccontextmanager
async def open_hall(home: Path, url: str, passwords: dict[str, str], **wishes: Any) -> AsyncIterator[Hall]:
    """The server over a stocked database, until the end of the block. `wishes` are settings."""
    app = build_app(Settings(home=home, database_url=url, **wishes))
    house, clock = app[HOUSE], Clock()
    house.store.clock = clock
    async with AsyncExitStack() as doors:
        server = TestServer(app)
        await server.start_server()
        doors.push_async_callback(server.close)
        yield Hall(house, server, clock, passwords, doors)
