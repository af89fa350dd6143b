"""The pages that are open on this node, and the ways to reach any page on any node."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from socketio import AsyncServer  # type: ignore[import-untyped]

from tongban_signaling import room, tells
from tongban_signaling.gate import Gate
from tongban_signaling.limits import Limits
from tongban_signaling.message import Message
from tongban_signaling.page import Page
from tongban_signaling.room import Audience, Notice, Seat

log = logging.getLogger(__name__)

NAMESPACE = "/"
GOODBYE_S = 1.0
"""How long a line that is being cut may take to hear why."""


class Switchboard:
    """Pages by connection. Rooms are the sockets' own; what a page does is kept on the page."""

    def __init__(self, server: AsyncServer, gate: Gate, limits: Limits) -> None:
        self.server = server
        self.gate = gate
        self.limits = limits
        self.pages: dict[str, Page] = {}
        self._errands: set[asyncio.Task[None]] = set()

    def pages_of(self, identity: str) -> list[Page]:
        """The pages of one identity on this node."""
        return [page for page in self.pages.values() if page.who.identity == identity]

    async def enter(self, page: Page, name: str) -> None:
        """Let a page hear a room."""
        await self.server.enter_room(page.sid, name)

    async def leave(self, page: Page, name: str) -> None:
        """Let a page hear a room no more."""
        await self.server.leave_room(page.sid, name)

    async def tell(self, notice: Notice, by: Page | None = None) -> None:
        """Give a notice to its room, on every node."""
        skipped = by.sid if by is not None and notice.audience is Audience.OTHERS else None
        await self.server.emit(notice.event, notice.message.wire(), room=notice.room, skip_sid=skipped)

    async def tell_page(self, page: Page, event: str, message: Message) -> None:
        """Tell one page of this node, without troubling other nodes."""
        await self.server.emit(event, message.wire(), to=page.sid, ignore_queue=True)

    async def stand_up(self, page: Page, seat: Seat) -> None:
        """Take a page out of a call and tell the others."""
        await self._free(page, seat)
        await self.tell(room.departure(seat, lost=False), page)

    async def _free(self, page: Page, seat: Seat) -> None:
        page.seats.pop(seat.ticket, None)
        for name in seat.rooms:
            await self.leave(page, name)

    async def delivered(self, event: str, message: Any, name: Any, skipped: Any) -> None:
        """What a delivery causes on the node where it arrives, wherever it came from."""
        if event == "call.joined":
            await self._greet(tells.Joined.parse(message), skipped)
        elif event == "call.replaced":
            await self._give_way(tells.Replaced.parse(message), name, skipped)
        elif event == "signed_out":
            self._cut(name)

    def _seated(self, ticket: str, skipped: Any) -> list[tuple[Page, Seat]]:
        seated = [(page, page.seats.get(ticket)) for page in self.pages.values() if page.sid != skipped]
        return [(page, seat) for page, seat in seated if seat is not None]

    async def _greet(self, newcomer: tells.Joined, skipped: Any) -> None:
        for page, seat in self._seated(newcomer.ticket, skipped):
            await self.tell(room.greeting(seat, newcomer.member), page)

    async def _give_way(self, newer: tells.Replaced, name: str, skipped: Any) -> None:
        for page, seat in self._seated(newer.ticket, skipped):
            if name == room.member_room(seat.ticket, seat.member) and room.gives_way(seat, newer):
                await self._free(page, seat)

    def _cut(self, name: str) -> None:
        for page in [page for page in self.pages.values() if name == identity_room(page.who.identity)]:
            self.hang_up(page)

    def hang_up(self, page: Page) -> None:
        """Cut a page's line after what was already said to it; the page will not come back by itself."""
        self._run(self._goodbye(page))

    async def _goodbye(self, page: Page) -> None:
        line = self.line_of(page)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.server.disconnect(page.sid, ignore_queue=True), GOODBYE_S)
        if line is not None:
            await self._let_go(line)

    def line_of(self, page: Page) -> str | None:
        """The library's name of the line under a page."""
        line: str | None = self.server.manager.eio_sid_from_sid(page.sid, NAMESPACE)
        return line

    def break_off(self, line: str) -> None:
        """Cut a line at once, whatever it still has to say or to hear."""
        environ = self.server.environ.get(line)
        transport = environ["aiohttp.request"].transport if environ else None
        if transport is not None:
            transport.abort()

    def dismiss_all(self) -> None:
        """Close every line of this node; the pages will come back by themselves."""
        for line in list(self.server.eio.sockets):
            self._run(self._let_go(line))

    async def _let_go(self, line: str) -> None:
        """Close behind the last message; break off where that is not read."""
        socket = self.server.eio.sockets.get(line)
        environ = self.server.environ.get(line)
        if socket is not None:
            await socket.queue.put(None)
        await asyncio.sleep(GOODBYE_S)
        if environ is not None and environ["aiohttp.request"].transport is not None:
            environ["aiohttp.request"].transport.abort()

    def _run(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def finish_errands(self) -> None:
        """Wait until the lines that are being cut are cut."""
        while self.server.eio.sockets and self._errands:
            await asyncio.wait(self._errands, timeout=0.05)
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)


def identity_room(identity: str) -> str:
    """The room of all pages of one identity."""
    return f"who:{identity}"


def subject_room(name: str) -> str:
    """The sockets' room for a room that the gate named; kept apart from calls and identities."""
    return f"watch:{name}"
