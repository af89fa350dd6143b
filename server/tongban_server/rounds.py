"""The rounds: what falls due by itself. Every step looks at the row again under its lock, so any node may make them."""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import select

from tongban_queue import calling, desk, ringing
from tongban_queue.refusals import Refused
from tongban_queue.store import Store, Work
from tongban_queue.window import Window, WindowState
from tongban_server import answers, falling_due
from tongban_server.gatekeeper import Gatekeeper, note_presence
from tongban_server.journey import may_ring
from tongban_server.messages import outbox
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
                await self.quick_round()
                if self._store.clock() >= slow_at:
                    slow_at = self._store.clock() + SLOW_EVERY
                    await self.slow_round()
            except Exception:
                log.exception("round.failed")

    async def quick_round(self) -> None:
        """Next calls, missed tickets, appointments and wrap-ups that are due, bells, calls that broke off."""
        for question in (falling_due.tickets_due, falling_due.windows_due):
            for row_id, step in await self._store.look(question):
                await self._take(step, row_id)
        for ticket_id in await self._store.look(falling_due.broken_off):
            await self._take(falling_due.break_off, ticket_id)
        for office_id in await self._store.look(may_ring):
            await self._take(ringing.offer_all, office_id)

    async def slow_round(self) -> None:
        """Kiosks that are here, what yesterday left, sessions that lie idle, answers and messages that are old."""
        for kiosk_id in set(self._gatekeeper.kiosks_here.values()):
            await self._store.change(note_presence, kiosk_id, here=True)
        for kiosk_id in await self._store.look(falling_due.lost_from_sight):
            await self._store.change(note_presence, kiosk_id, here=False)
        for ticket_id in await self._store.look(falling_due.left_over):
            await self._take(desk.expire, ticket_id)
        for ticket_id in await self._store.look(falling_due.not_kept):
            await self._take(desk.stay_away, ticket_id)
        await self._sign_out_idle()
        await self._store.change(answers.forget_old)
        await self._store.change(outbox.forget_old)

    async def _take(self, step: falling_due.Step, row_id: str) -> None:
        """Take one step; somebody who was faster leaves it with nothing to do, and the others go on."""
        try:
            await self._store.change(step, row_id)
        except Refused as refusal:
            log.info("round.step_refused", code=refusal.code)

    async def _sign_out_idle(self) -> None:
        for session in await self._store.look(_idle):
            await self._store.change(sign_out_idle, session)
            await self._hub.sign_out(session.id, "idle")


def _idle(work: Work) -> list[Session]:
    live = (Session.kind == SessionKind.STAFF, Session.ended_at.is_(None))
    return [session for session in work.session.scalars(select(Session).where(*live)) if is_idle(work, session)]


def sign_out_idle(work: Work, session: Session) -> None:
    """End an idle session; a clerk's window that still stands open is closed with it."""
    end(work, session.id)
    window = work.session.scalar(select(Window).where(Window.staff_id == session.staff_id))
    if session.face is Face.CLERK and window is not None and window.state in _STANDING_OPEN:
        calling.close_window(work, window)


_STANDING_OPEN = (WindowState.IDLE, WindowState.OFFERED, WindowState.PAUSED, WindowState.WRAP_UP)
