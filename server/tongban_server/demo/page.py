"""One face of the product without a browser: cookies, requests and a socket, as our own pages use them."""

import asyncio
import ssl
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Self, TypeVar

import aiohttp
from socketio import AsyncClient  # type: ignore[import-untyped]
from socketio.exceptions import ConnectionError as SocketRefused  # type: ignore[import-untyped]
from socketio.exceptions import SocketIOError

Json = dict[str, Any]
T = TypeVar("T")

#: A request whose answer was lost is sent again, with the same key, for so long: a server that starts anew needs less.
PATIENCE_S = 60.0
AGAIN_AFTER_S = 0.3
COMES_BACK: Json = {"reconnection_delay": 0.2, "reconnection_delay_max": 2.0}
LOST_ON_THE_WAY = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError)
TIMEOUT = aiohttp.ClientTimeout(total=30)


class Refused(Exception):
    """The server said no: `code` is for programs, the message for people."""

    def __init__(self, status: int, said: Json) -> None:
        super().__init__(said.get("text", f"HTTP {status}"))
        self.status = status
        self.code: str = said.get("code", f"http_{status}")
        self.fields: Json = said.get("fields") or {}
        self.retry_after_s: int | None = said.get("retryAfterS")


class Unreachable(Exception):
    """Nobody answers at the server's address."""


class Page:
    """A page of `face` in a browser of its own: an async context that closes everything it opened.

    Requests are repeated until they are answered, also over a restart of the server; a 429 waits as it is told to.
    `base_url` has no slash at the end. `tls` as aiohttp takes it: False accepts any certificate.
    """

    def __init__(self, base_url: str, face: str, *, language: str = "zh-CN", tls: ssl.SSLContext | bool = True) -> None:
        self.base_url = base_url
        self.face = face
        self.language = language
        self.http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), connector=aiohttp.TCPConnector(ssl=tls), timeout=TIMEOUT
        )
        self.socket: Any = AsyncClient(http_session=self.http, **COMES_BACK)
        self._followed: dict[str, Callable[[Json], None]] = {}
        self._coming_back: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the socket and the browser."""
        if self._coming_back is not None:
            self._coming_back.cancel()
            await asyncio.wait([self._coming_back])
        await self.socket.shutdown()
        await self.http.close()

    async def get(self, path: str) -> Any:
        """What a GET answers."""
        return await self.ask("GET", path)

    async def post(self, path: str, said: Json | None = None) -> Any:
        """Do something; gives the answer, or None where there is none."""
        return await self.ask("POST", path, said)

    async def put(self, path: str, said: Json) -> Any:
        """Set something."""
        return await self.ask("PUT", path, said)

    async def ask(self, method: str, path: str, said: Json | None = None, *, raw: bytes | None = None) -> Any:
        """One request, done once however often it is sent. Raises `Refused`, and `Unreachable` after `PATIENCE_S`."""
        headers = {"X-Tongban-Face": self.face, "Accept-Language": self.language}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        body: Json = {"data": raw} if raw is not None else {"json": said} if said is not None else {}
        clock = asyncio.get_running_loop().time
        until_s = clock() + PATIENCE_S
        while True:
            try:
                return await self._ask_once(method, path, headers, body)
            except Refused as refusal:
                if refusal.status != 429 or clock() > until_s:
                    raise
                await asyncio.sleep(refusal.retry_after_s or 1)
            except LOST_ON_THE_WAY as error:
                if clock() > until_s:
                    raise Unreachable(self.base_url) from error
                await asyncio.sleep(AGAIN_AFTER_S)

    async def _ask_once(self, method: str, path: str, headers: dict[str, str], body: Json) -> Any:
        async with self.http.request(method, self.base_url + path, headers=headers, **body) as answer:
            json = await answer.json() if answer.content_type == "application/json" else None
            if answer.status >= 400:
                raise Refused(answer.status, json or {})
            return json

    async def connect(self) -> None:
        """Open the socket. From then on it comes back by itself, and what is followed is watched again."""
        self.socket.on("fact", self._heard_fact)
        self.socket.on("beat", self._heard_beat)
        self.socket.on("place", self._heard_place)
        self.socket.on("disconnect", self._lost)
        auth = {"face": self.face, "language": self.language}
        try:
            await self.socket.connect(self.base_url, auth=auth, transports=["websocket"], retry=True)
        except SocketRefused as refusal:
            raise Refused(403, {"code": "socket_refused", "text": str(refusal)}) from None

    async def follow(self, subject: str, heard: Callable[[Json], None]) -> None:
        """Watch a subject: `heard` gets its facts, its places and, as `{"version": n}`, where the hall says it is."""
        self._followed[subject] = heard
        await self._watch(subject)

    async def unfollow(self, subject: str) -> None:
        """Watch it no more."""
        if self._followed.pop(subject, None) is not None and self.socket.connected:
            with suppress(SocketIOError):
                await self.socket.call("unwatch", {"subject": subject}, timeout=10)

    async def over_the_line(self, say: Callable[[], Awaitable[T]]) -> T:
        """Say something over the socket, again and again until the line holds. Raises `Unreachable`."""
        clock = asyncio.get_running_loop().time
        until_s = clock() + PATIENCE_S
        while clock() < until_s:
            if self.socket.connected:
                with suppress(SocketIOError):
                    return await say()
            await asyncio.sleep(AGAIN_AFTER_S)
        raise Unreachable(self.base_url)

    async def _watch(self, subject: str) -> None:
        answer = await self.over_the_line(lambda: self.socket.call("watch", {"subject": subject}, timeout=10))
        if not answer["ok"]:
            raise Refused(403, answer)
        if subject in self._followed:
            self._followed[subject]({"version": answer["version"]})

    async def _heard_fact(self, fact: Json) -> None:
        if fact["subject"] in self._followed:
            self._followed[fact["subject"]](fact)

    async def _heard_place(self, place: Json) -> None:
        if (subject := f"ticket:{place['ticket']}") in self._followed:
            self._followed[subject]({"wait": place["wait"]})

    async def _heard_beat(self, beat: Json) -> None:
        for subject, heard in list(self._followed.items()):
            if subject in beat["versions"]:
                heard({"version": beat["versions"][subject]})
            else:
                await self._lost()

    async def _lost(self, *_: object) -> None:
        """The hall forgets what a page watched when its line is cut."""
        if self._followed and self._coming_back is None:
            self._coming_back = asyncio.create_task(self._watch_again())

    async def _watch_again(self) -> None:
        try:
            for subject in list(self._followed):
                with suppress(Refused, Unreachable):
                    await self._watch(subject)
        finally:
            self._coming_back = None
