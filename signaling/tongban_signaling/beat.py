"""The hall's heartbeat: tells pages what they should have heard by now, asks the gate again, clears dead lines away."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from tongban_signaling import arrival, tells
from tongban_signaling.page import Page
from tongban_signaling.room import Notice
from tongban_signaling.switchboard import Switchboard, identity_room

log = logging.getLogger(__name__)


class Beat:
    """Runs as one task for each node. When the versions cannot be read no beat is given, so that screens turn grey."""

    def __init__(self, board: Switchboard, clock: Callable[[], datetime]) -> None:
        self._board = board
        self._clock = clock
        self._sooner = asyncio.Event()
        self._round = 0
        self._strangers: set[str] = set()

    def soon(self) -> None:
        """Beat now: the line to the other nodes is back, and pages may have missed something."""
        self._sooner.set()

    async def run(self) -> None:
        """Beat for ever."""
        while True:
            await self._wait()
            try:
                await self.once()
            except Exception:
                log.exception("a beat was left out", extra={"action": "beat_left_out"})

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._sooner.wait(), self._board.limits.beat_s)
        except TimeoutError:
            return
        self._sooner.clear()

    async def once(self) -> None:
        """One round over the pages of this node."""
        self._round += 1
        await self._sweep()
        if self._round % self._board.limits.beats_per_recheck == 0:
            await self._recheck()
        await self._tell_versions()

    async def _tell_versions(self) -> None:
        pages = list(self._board.pages.values())
        subjects = {subject for page in pages for subject in page.watching}
        versions = await self._board.gate.versions(subjects) if subjects else {}
        at = self._clock()
        for page in pages:
            watched = {subject: versions[subject] for subject in page.watching if subject in versions}
            await self._board.tell_page(page, "beat", tells.Beat(at=at, versions=watched))

    async def _recheck(self) -> None:
        for page in list(self._board.pages.values()):
            if not await self._board.gate.still(page.who):
                await self.sign_out(page)

    async def sign_out(self, page: Page) -> None:
        """Tell the pages of one identity that it is signed out; the delivery cuts their lines."""
        ended = tells.SignedOut(reason="session_ended")
        await self._board.tell(Notice("signed_out", identity_room(page.who.identity), ended))

    async def _sweep(self) -> None:
        """Forget pages without a line; cut lines without a page (twice seen) and lines that are not read."""
        lines = dict(self._board.server.eio.sockets)
        line_of = {page: self._board.line_of(page) for page in self._board.pages.values()}
        for page in [page for page, line in line_of.items() if line not in lines]:
            await arrival.go(self._board, page.sid)
        strangers = set(lines).difference(line_of.values())
        unread = {sid for sid, line in lines.items() if line.queue.qsize() > self._board.limits.unread_frames}
        for sid in strangers & self._strangers | unread:
            self._board.break_off(sid)
        self._strangers = strangers
