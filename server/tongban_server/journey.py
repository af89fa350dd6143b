"""What follows what: a recorded fact goes out to the screens that watch its subject, and moves places in line."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress

import structlog
from sqlalchemy import select

from tongban_queue.board import for_lines
from tongban_queue.journal import moment
from tongban_queue.store import Store, Told, Work
from tongban_queue.window import Window
from tongban_server.gatekeeper import clerk_room
from tongban_server.visits.views import Wait
from tongban_server.visits.waits import AGAIN, Waits
from tongban_signaling import tells
from tongban_signaling.hub import Hub
from tongban_signaling.tells import Fact

log = structlog.get_logger("tongban.journey")

#: Places are told at most so often; a burst of moves becomes one message to each who moved.
PLACES_EVERY_S = 0.3
#: What a clerk is told of a fact that shows nothing to a clerk of these lines: that the board moved on, and no more.
#: The kind itself would tell the clerk when a visit was rated (domain §2.1).
ELSEWHERE = "board.moved"


class Journey:
    """Listens to the store. What it sends are hints: a screen that misses one asks again."""

    def __init__(self, store: Store, hub: Hub, waits: Waits) -> None:
        self._store = store
        self._hub = hub
        self._waits = waits
        self._moved: set[str] = set()
        self._told: dict[str, dict[str, Wait]] = defaultdict(dict)
        self._wake = asyncio.Event()

    async def listen(self, told: list[Told]) -> None:
        """Tell the screens. A failure here loses hints, never a change: the change is committed."""
        try:
            offices = {one.subject.partition(":")[2] for one in told if one.subject.startswith("board:")}
            scopes = await self._store.look(_scopes, offices) if offices else {}
            for one in told:
                await self._publish(one, scopes.get(one.subject, []))
        except Exception:
            log.exception("facts.not_told")

    async def _publish(self, one: Told, scopes: list[list[str]]) -> None:
        await self._hub.publish(one.subject, _fact(one, dict(one.shows)))
        for lines in scopes:
            seen = for_lines(one.shows, one.line_id, lines)
            await self._hub.publish(
                clerk_room(one.subject, lines), _fact(one, seen, kind=one.kind if seen else ELSEWHERE)
            )
        noun, _, office_id = one.subject.partition(":")
        if noun == "board":
            self._moved.add(office_id)
            self._wake.set()

    async def tell_places(self) -> None:
        """Until cancelled: tell those who wait for how long, when what is shown of it changed, if only by time."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), AGAIN.total_seconds())
            await asyncio.sleep(PLACES_EVERY_S)
            self._wake.clear()
            moved, self._moved = self._moved, set()
            for office_id in sorted(moved | self._waits.offices):
                try:
                    await self._tell_office(office_id)
                except Exception:
                    log.exception("places.not_told")

    async def _tell_office(self, office_id: str) -> None:
        now = await self._waits.of_office(office_id)
        before, self._told[office_id] = self._told[office_id], now
        for ticket_id, wait in now.items():
            if before.get(ticket_id) != wait:
                await self._hub.place(ticket_id, tells.Wait(**wait.model_dump()))


def _scopes(work: Work, offices: Collection[str]) -> dict[str, list[list[str]]]:
    """For each board, the sets of lines for which clerks watch it."""
    scopes: dict[str, list[list[str]]] = defaultdict(list)
    for office_id, lines in work.session.execute(
        select(Window.office_id, Window.lines).where(Window.office_id.in_(offices))
    ):
        if lines not in scopes[f"board:{office_id}"]:
            scopes[f"board:{office_id}"].append(lines)
    return scopes


def _fact(one: Told, shows: dict[str, object], *, kind: str | None = None) -> Fact:
    return Fact.model_validate(
        {"subject": one.subject, "version": one.version, "kind": kind or one.kind, "at": moment(one.at), "shows": shows}
    )
