"""The open line between the hall and every page. The server floor makes one, attaches it, and tells it facts."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from socketio import AsyncNamespace  # type: ignore[import-untyped]
from socketio.exceptions import ConnectionRefusedError as PageRefused  # type: ignore[import-untyped]

from tongban_queue.refusals import Refused
from tongban_signaling import arrival, tells
from tongban_signaling.beat import Beat
from tongban_signaling.events import EVENTS, Event
from tongban_signaling.gate import Gate, Words
from tongban_signaling.limits import Limits
from tongban_signaling.lines import Arriving, OverRedis
from tongban_signaling.message import Message
from tongban_signaling.page import Page
from tongban_signaling.refusals import BadMessage, OutOfOrder, SignedOut, UnknownEvent
from tongban_signaling.room import Notice
from tongban_signaling.sockets import open_sockets
from tongban_signaling.switchboard import NAMESPACE, Switchboard, identity_room, subject_room

log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Hall(AsyncNamespace):  # type: ignore[misc]
    """Where events arrive: parsed, asked about, run; every refusal becomes an acknowledgement."""

    def __init__(self, board: Switchboard, words: Words, beat: Beat) -> None:
        super().__init__(NAMESPACE)
        self._board = board
        self._words = words
        self._beat = beat

    async def trigger_event(self, event: str, *said: Any) -> Any:
        """The one entrance. Never raises but to refuse a connection."""
        if event == "connect":
            return await self._connect(*said)
        if event == "disconnect":
            return await arrival.go(self._board, said[0])
        return await self._answer(event, *said)

    async def _connect(self, sid: str, environ: Any, auth: object = None) -> None:
        try:
            await arrival.come(self._board, sid, environ, auth)
        except Exception as error:
            refusal = self._refusal(error, arrival.language_of(auth, {}))
            raise PageRefused(refusal.code, refusal.wire()) from None

    async def _answer(self, event: str, sid: str, *payload: object) -> dict[str, Any] | None:
        page = self._board.pages.get(sid)
        if page is None:
            return None
        try:
            return (await self._run(page, event, payload)).wire()
        except Exception as error:
            return self._refusal(error, page.language).wire()

    async def _run(self, page: Page, name: str, payload: tuple[object, ...]) -> Message:
        event = _event_named(name)
        page.pay(event.door, time.monotonic())
        if len(payload) != 1:
            raise BadMessage
        message = event.message.parse(payload[0])
        if not await self._board.gate.still(page.who):
            await self._beat.sign_out(page)
            raise SignedOut
        return await event.run(self._board, page, message)

    def _refusal(self, error: Exception, language: str) -> tells.Refusal:
        if not isinstance(error, Refused):
            log.error("an event failed", exc_info=error, extra={"action": "event_failed"})
            error = OutOfOrder()
        text = self._words(error, language)
        return tells.Refusal.model_construct(
            ok=False, code=error.code, kind=error.kind, text=text, retry_after_s=error.retry_after_s
        )


def _event_named(name: str) -> Event:
    if name not in EVENTS:
        raise UnknownEvent
    return EVENTS[name]


class Hub:
    """One for each server process. With `redis_url` all processes on the same `channel` are one hall."""

    def __init__(
        self,
        gate: Gate,
        words: Words,
        *,
        allowed_origins: Sequence[str] = (),
        redis_url: str | None = None,
        channel: str = "tongban",
        limits: Limits | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        limits = limits or Limits()
        self._lines = OverRedis(redis_url, channel) if redis_url else Arriving()
        self.sockets = open_sockets(allowed_origins, limits, self._lines)
        self._board = Switchboard(self.sockets, gate, limits)
        self._beat = Beat(self._board, clock)
        self._lines.delivered = self._board.delivered
        self._lines.returned = self._beat.soon
        self.sockets.register_namespace(Hall(self._board, words, self._beat))
        self._beating: asyncio.Task[None] | None = None

    def attach(self, app: web.Application) -> None:
        """Serve `/socket.io` in an application, from its start to its shutdown."""
        self.sockets.attach(app, "socket.io")
        app.on_startup.append(self._start)
        app.on_shutdown.append(self._close)

    @property
    def up(self) -> bool:
        """Whether facts reach the pages of every node; False belongs into `/readyz` as degraded."""
        return self._lines.up

    @property
    def pages_open(self) -> int:
        """How many pages are open on this node."""
        return len(self._board.pages)

    async def publish(self, room: str, fact: tells.Fact) -> None:
        """Tell a fact to those whom the gate let into `room`. A hint: whoever misses it learns so from a beat."""
        await self._board.tell(Notice("fact", subject_room(room), fact))

    async def place(self, ticket: str, wait: tells.Wait) -> None:
        """Tell those who watch the ticket how many are before it, and how long it waits."""
        place = tells.Place(ticket=ticket, wait=wait)
        await self._board.tell(Notice("place", subject_room(f"ticket:{ticket}"), place))

    async def sign_out(self, identity: str, reason: str) -> None:
        """Tell every page of an identity, on every node, that it is signed out, and cut its line."""
        ended = tells.SignedOut(reason=reason)
        await self._board.tell(Notice("signed_out", identity_room(identity), ended))

    async def _start(self, _app: web.Application) -> None:
        self._lines.open()
        self._beating = asyncio.create_task(self._beat.run())

    async def _close(self, _app: web.Application) -> None:
        if self._beating is not None:
            self._beating.cancel()
            with suppress(asyncio.CancelledError):
                await self._beating
        self._board.dismiss_all()
        await self._board.finish_errands()
        await self.sockets.shutdown()
        await self._lines.close()
