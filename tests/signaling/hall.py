"""A small hall for tests: a gate that knows a few people, real servers and real clients of the socket."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import socketio
from aiohttp import web
from aiohttp.test_utils import TestServer

from tongban_queue.refusals import NotAllowed, Refused
from tongban_signaling.gate import Act, Face, Handshake
from tongban_signaling.hub import Hub
from tongban_signaling.limits import Limits
from tongban_signaling.member import Member


@dataclass(frozen=True)
class Someone:
    """A caller of the tests: signed in by the cookie `name`, of the role that its face has."""

    role: str
    identity: str


@dataclass
class OpenGate:
    """Lets everyone in who has a name; rights are taken away by putting them into `banned` or `signed_out`."""

    banned: set[tuple[str, Act]] = field(default_factory=set)
    signed_out: set[str] = field(default_factory=set)
    known: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    presence: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, Act, str]] = field(default_factory=list)
    broken: bool = False

    async def admit(self, handshake: Handshake, face: Face) -> Someone:
        name = handshake.cookies.get("name")
        if name is None:
            raise NotAllowed
        return Someone("citizen" if face == "kiosk" else face, name)

    async def still(self, who: Any) -> bool:
        return who.identity not in self.signed_out

    async def may_watch(self, who: Any, subject: str, act: Act) -> tuple[str, ...]:
        self._ask(who, act, subject)
        return (subject,)

    async def may_join(self, who: Any, ticket: str, act: Act) -> Member:
        self._ask(who, act, ticket)
        return Member(who.role)

    async def versions(self, subjects: Collection[str]) -> Mapping[str, int]:
        if self.broken:
            raise RuntimeError("the database is away")
        return {subject: self.known[subject] for subject in subjects}

    async def came(self, who: Any) -> None:
        self.presence.append(("came", who.identity))

    async def went(self, who: Any) -> None:
        self.presence.append(("went", who.identity))

    def _ask(self, who: Any, act: Act, thing: str) -> None:
        if self.broken:
            raise RuntimeError("the database is away")
        self.asked.append((who.identity, act, thing))
        if (who.identity, act) in self.banned:
            raise NotAllowed


def words(refusal: Refused, language: str) -> str:
    """Test words: the code, in the language."""
    return f"{language}:{refusal.code}"


class Node:
    """One process of the hall, serving on a real port."""

    def __init__(self, gate: OpenGate | None = None, port: int | None = None, **options: Any) -> None:
        self.gate = gate or OpenGate()
        self.hub = Hub(self.gate, words, **{"limits": Limits(beat_s=0.1), **options})
        self.app = web.Application()
        self.hub.attach(self.app)
        self.server = TestServer(self.app, port=port)

    async def __aenter__(self) -> "Node":
        await self.server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.close()

    @property
    def url(self) -> str:
        return str(self.server.make_url("/"))


class Page:
    """A real client that keeps everything it hears."""

    def __init__(self, name: str | None, face: str, language: str = "zh-CN") -> None:
        self.name, self.face, self.language = name, face, language
        soon: Any = {"reconnection_delay": 0.05, "reconnection_delay_max": 0.2}
        self.client = socketio.AsyncClient(**soon)
        self.heard: list[tuple[str, Any]] = []
        self._news = asyncio.Condition()
        self.client.on("*", self._hear)

    async def _hear(self, event: str, message: Any = None) -> None:
        async with self._news:
            self.heard.append((event, message))
            self._news.notify_all()

    async def open(self, node: Node) -> "Page":
        def headers() -> dict[str, str]:
            """Made anew each time: the client takes the cookie out of them, and would come back without."""
            return {"Cookie": f"name={self.name}"} if self.name else {}

        auth = {"face": self.face, "language": self.language}
        await self.client.connect(node.url, headers=headers, auth=auth, transports=["websocket"])
        return self

    async def __aenter__(self) -> "Page":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.shutdown()
        with suppress(Exception):
            await self.client.eio.http.close()

    async def ask(self, event: str, message: Any) -> Any:
        return await self.client.call(event, message, timeout=5)

    async def hears(self, event: str, **like: Any) -> Any:
        """The first message of this event that has these values; waits for it."""

        def found() -> list[Any]:
            return [said for name, said in self.heard if name == event and like.items() <= said.items()]

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(found), 5)
            return found()[0]

    async def silent(self, event: str) -> bool:
        """After two of the hall's beats: whether this event was never heard."""
        self.heard = [(name, said) for name, said in self.heard if name != "beat"]
        await self.hears("beat")
        return all(name != event for name, _ in self.heard)


async def until(holds: Any, within_s: float = 5) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
