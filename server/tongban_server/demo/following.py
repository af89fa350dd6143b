"""A visit as a page sees it: a snapshot, kept fresh by facts, taken anew after a gap."""

import asyncio
from collections.abc import Callable
from typing import Any

from tongban_queue.board import fold
from tongban_server.demo.page import Json, Page, Refused, Unreachable

#: Over, as far as the citizen is concerned.
OVER = frozenset({"ended", "rated", "missed", "cancelled", "abandoned"})


class FollowedVisit:
    """One visit followed by one page. `shown` is the snapshot now (`VisitSnapshot` in wire form)."""

    def __init__(self, page: Page, snapshot: Json) -> None:
        self.shown = snapshot
        self._page = page
        self._changed = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None

    @property
    def id(self) -> str:
        """The ticket's id."""
        ticket_id: str = self.shown["ticket"]["id"]
        return ticket_id

    @property
    def state(self) -> str:
        """The ticket's state."""
        state: str = self.shown["ticket"]["state"]
        return state

    @property
    def number(self) -> str:
        """The ticket's number, as it is called out."""
        number: str = self.shown["ticket"]["number"]
        return number

    @property
    def papers(self) -> list[Json]:
        """The papers handed in, oldest first."""
        papers: list[Json] = self.shown["papers"]
        return papers

    @property
    def over(self) -> bool:
        """Whether there will be no call, or no more of it."""
        return self.state in OVER or bool(self.shown.get("lost"))

    async def begin(self) -> None:
        """Watch from now on."""
        await self._page.follow(self.shown["subject"], self._hear)

    async def end(self) -> None:
        """Watch no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await self._page.unfollow(self.shown["subject"])

    def show(self, snapshot: Json) -> None:
        """Take a snapshot that came as an answer, unless facts have gone beyond it."""
        if snapshot["version"] >= self.shown["version"]:
            self.shown = snapshot
            self._tell()

    async def until(self, holds: Callable[["FollowedVisit"], Any]) -> None:
        """Wait until it looks as wanted."""
        while not holds(self):
            self._changed.clear()
            await self._changed.wait()

    def _hear(self, said: Json) -> None:
        if "shows" in said and said["version"] == self.shown["version"] + 1:
            self.shown = fold(self.shown, said["version"], said["shows"])
        elif "wait" in said:
            self.shown = {**self.shown, "wait": said["wait"]}
        elif said["version"] > self.shown["version"] and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self._ask_again())
        self._tell()

    async def _ask_again(self) -> None:
        try:
            self.show(await self._page.get(f"/api/tickets/{self.id}"))
        except Refused:
            # No longer ours to see: a clerk's visit is over, or a kiosk was freed.
            self.shown = {**self.shown, "lost": True}
            self._tell()
        except Unreachable:
            # The next beat asks again.
            return

    def _tell(self) -> None:
        self._changed.set()
