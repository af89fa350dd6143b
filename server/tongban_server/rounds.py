"""The rounds: what falls due by itself. Every step looks at the row again under its lock, so any node may make them."""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import select

from tongban_queue import calling, desk
from tongban_queue.store import Store, Work
from tongban_queue.tally import day_start
from tongban_queue.ticket import Ticket, TicketState
from tongban_queue.window import Window, WindowState
from tongban_server import answers
from tongban_server.gatekeeper import Gatekeeper, note_presence
from tongban_server.people.sessions import Face, Session, SessionKind, end, is_idle
from tongban_signaling.hub import Hub

log = structlog.get_logger("tongban.rounds")

EVERY_S = 1.0
SLOW_EVERY = timedelta(seconds=20)


class Rounds:
    """Makes the rounds of one node: each second what is called, each twenty seconds what lies idle."""

    def __init__(self, store: Store, gatekeeper: Gatekeeper, hub: Hub) -> None:
        self._store = store
        self._gatekeeper = gatekeeper
        self._hub = hub

    async def run(self) -> None:
        """Until cancelled. A round that fails is logged and the next one tries again."""
        slow_at = self._store.clock()
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.ring_and_wrap_up()
                if self._store.clock() >= slow_at:
                    slow_at = self._store.clock() + SLOW_EVERY
                    await self.slow_round()
            except Exception:
                log.exception("round.failed")

    async def ring_and_wrap_up(self) -> None:
        """Next calls, missed tickets, wrap-ups that are over."""
        tickets, windows = await self._store.look(_due)
        for ticket_id in tickets:
            await self._store.change(calling.ring_on, ticket_id)
        for window_id in windows:
            await self._store.change(_wrap_up_over, window_id)

    async def slow_round(self) -> None:
        """Kiosks that are here, tickets of yesterday, sessions that lie idle, answers that are old."""
        for kiosk_id in set(self._gatekeeper.kiosks_here.values()):
            await self._store.change(note_presence, kiosk_id, here=True)
        await self._expire()
        await self._sign_out_idle()
        await self._store.change(answers.forget_old)

    async def _expire(self) -> None:
        for ticket_id in await self._store.look(_of_yesterday):
            await self._store.change(desk.expire, ticket_id)

    async def _sign_out_idle(self) -> None:
        for session in await self._store.look(_idle):
            await self._store.change(sign_out_idle, session)
            await self._hub.sign_out(session.id, "idle")


def _due(work: Work) -> tuple[list[str], list[str]]:
    tickets = work.session.scalars(select(Ticket.id).where(Ticket.due_at <= work.now))
    over = (Window.state == WindowState.WRAP_UP, Window.due_at <= work.now)
    return list(tickets), list(work.session.scalars(select(Window.id).where(*over)))


def _of_yesterday(work: Work) -> list[str]:
    old = (Ticket.state == TicketState.WAITING, Ticket.taken_at < day_start(work.now))
    return list(work.session.scalars(select(Ticket.id).where(*old)))


def _idle(work: Work) -> list[Session]:
    live = (Session.kind == SessionKind.STAFF, Session.ended_at.is_(None))
    return [session for session in work.session.scalars(select(Session).where(*live)) if is_idle(work, session)]


def _wrap_up_over(work: Work, window_id: str) -> None:
    calling.wrap_up_over(work, work.session.get_one(Window, window_id))


def sign_out_idle(work: Work, session: Session) -> None:
    """End an idle session; a clerk's window that still stands open is closed with it."""
    end(work, session.id)
    window = work.session.scalar(select(Window).where(Window.staff_id == session.staff_id))
    if session.face is Face.CLERK and window is not None and window.state in _STANDING_OPEN:
        calling.close_window(work, window)


_STANDING_OPEN = (WindowState.IDLE, WindowState.PAUSED, WindowState.WRAP_UP)
