"""What follows what: a recorded fact goes out to the screens that watch its subject, and moves places in line."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress

import structlog
from sqlalchemy import select

from tongban_queue import ringing
from tongban_queue.board import for_lines
from tongban_queue.hall import Office, Working
from tongban_queue.journal import moment
from tongban_queue.store import Store, Told, Work
from tongban_queue.ticket import Ticket, TicketState
from tongban_queue.window import Window, WindowState
from tongban_server.gatekeeper import clerk_room
from tongban_server.messages import outbox
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
        self._rung: set[str] = set()
        self._ring = asyncio.Event()

    async def listen(self, told: list[Told]) -> None:
        """Tell the screens. A failure here loses hints, never a change: the change is committed."""
        try:
            offices = {one.subject.partition(":")[2] for one in told if one.subject.startswith("board:")}
            scopes = await self._store.look(_scopes, offices) if offices else {}
            self._rung |= offices
            self._ring.set()
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
        near = [ticket_id for ticket_id, wait in now.items() if _is_near(wait)]
        for ticket_id in await self._store.look(outbox.to_be_told, near):
            await self._store.change(outbox.turn_is_near, ticket_id)

    async def offer(self) -> None:
        """Until cancelled: where something moved at an office that rings its clerks, ring whoever is idle.

        By itself, because the store waits for its listeners, and an offer is a change of its own.
        """
        while True:
            await self._ring.wait()
            self._ring.clear()
            moved, self._rung = self._rung, set()
            try:
                for office_id in await self._store.look(may_ring, moved):
                    await self._store.change(ringing.offer_all, office_id)
            except Exception:
                # The rounds offer again within a second.
                log.exception("offers.not_made")


def _is_near(wait: Wait) -> bool:
    """Also where the exact place is nobody's business: fewer than so many are before it."""
    if wait.ahead is not None:
        return wait.ahead <= outbox.NEAR
    return wait.fewer_than is not None and wait.fewer_than <= outbox.NEAR + 1


def may_ring(work: Work, offices: Collection[str] | None = None) -> list[str]:
    """The offices (of these, or of all) that ring their clerks, have an idle one, and somebody without a window."""
    idle = select(Window.id).where(Window.office_id == Office.id, Window.state == WindowState.IDLE)
    waits = (Ticket.office_id == Office.id, Ticket.state == TicketState.WAITING, Ticket.window_id.is_(None))
    found = select(Office.id).where(Office.working == Working.RING, idle.exists())
    if offices is not None:
        found = found.where(Office.id.in_(offices))
    return list(work.session.scalars(found.where(select(Ticket.id).where(*waits).exists())))


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
