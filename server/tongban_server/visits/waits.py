"""The waits that are told: worked out once for an office as it stands, and shared by all its screens.

Nothing here is worked out on the event loop or in the store's writer, and nothing for one screen alone. It may take a
quarter of a processor in the long run; beyond that a screen is answered with what was last known, and told later.
"""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

import structlog

from tongban_queue.store import Store
from tongban_queue.survey import Survey, survey, version_of
from tongban_queue.wait import WaitRange, fewer_than, newcomer, ranges
from tongban_queue.working_days import WorkCalendar
from tongban_server.visits.views import Wait

log = structlog.get_logger("tongban.waits")

#: While nothing happens time passes all the same: what is older than this is worked out anew.
AGAIN = timedelta(seconds=20)
#: The share of one processor that may be spent, and how many seconds of it may be spent at once.
SHARE, AT_ONCE_S = 0.25, 1.0


@dataclass(frozen=True, slots=True)
class Known:
    """An office's waits at one moment, by ticket; and what newcomers would wait, by line and matter, once asked."""

    survey: Survey
    waits: dict[str, WaitRange]
    newcomers: dict[tuple[str, str], WaitRange] = field(default_factory=dict)


def worked_out(seen: Survey, office_id: str) -> dict[str, WaitRange]:
    """The range of everybody who waits. The office seeds the chance, so a range moves only when the office does."""
    told = ranges(seen.standing, Random(office_id))  # noqa: S311  the same chance each time is what is wanted
    return {ticket_id: replace(wait, ahead=seen.ahead[ticket_id]) for ticket_id, wait in told.items()}


def wait_shown(wait: WaitRange, *, privacy: bool) -> Wait:
    """A range as screens show it. In privacy the exact place is nobody's business."""
    return Wait(
        ahead=None if privacy else wait.ahead,
        fewer_than=fewer_than(wait.ahead) if privacy else None,
        outlook=wait.outlook,
        low_min=wait.low_s // 60 if wait.low_s is not None else None,
        high_min=wait.high_s // 60 if wait.high_s is not None else None,
        at_least=wait.at_least,
    )


class Waits:
    """What one process knows of the waits at every office."""

    def __init__(self, store: Store, calendar: WorkCalendar, *, privacy: bool = False) -> None:
        self._store, self._calendar, self.privacy = store, calendar, privacy
        self._known: dict[str, Known] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._next: dict[str, asyncio.Task[Known]] = {}
        self._spent_s, self._paid_at = 0.0, time.monotonic()

    @property
    def offices(self) -> set[str]:
        """The offices at which somebody waited when they were last looked at."""
        return {office_id for office_id, known in self._known.items() if known.waits}

    async def of_office(self, office_id: str, *, patient: bool = True) -> dict[str, Wait]:
        """The wait of everybody at an office. Whoever is patient gets what is true now, and may have to stand by."""
        known = await self._now(office_id, patient=patient)
        return {ticket_id: wait_shown(wait, privacy=self.privacy) for ticket_id, wait in known.waits.items()}

    async def of_ticket(self, office_id: str, ticket_id: str) -> Wait | None:
        """The wait of one ticket; None if it does not wait, or came so lately in a rush that it is told later."""
        known = await self._now(office_id, patient=False)
        wait = known.waits.get(ticket_id)
        return wait_shown(wait, privacy=self.privacy) if wait else None

    async def of_newcomer(self, office_id: str, line_id: str, matter_id: str) -> Wait:
        """What somebody would wait who took a ticket now, without priority."""
        known = await self._now(office_id, patient=False)
        if (line_id, matter_id) not in known.newcomers:
            chance = Random(f"{office_id}/{line_id}/{matter_id}")  # noqa: S311
            standing = known.survey.standing
            wait = await asyncio.to_thread(newcomer, standing, chance, line_id=line_id, matter_id=matter_id)
            known.newcomers[line_id, matter_id] = wait
        return wait_shown(known.newcomers[line_id, matter_id], privacy=self.privacy)

    async def _now(self, office_id: str, *, patient: bool) -> Known:
        known = self._known.get(office_id)
        if (owed_s := self._owed_s()) > 0:
            if known is not None and not patient:
                return known
            await asyncio.sleep(owed_s / SHARE)
        task = self._next.get(office_id)
        if task is None:
            task = self._next[office_id] = asyncio.create_task(self._after_the_last(office_id))
        return await asyncio.shield(task)

    def _owed_s(self) -> float:
        """Seconds of a processor that were spent beyond what may be spent at once."""
        now = time.monotonic()
        self._spent_s = max(0.0, self._spent_s - (now - self._paid_at) * SHARE)
        self._paid_at = now
        return self._spent_s - AT_ONCE_S

    async def _after_the_last(self, office_id: str) -> Known:
        async with self._turns[office_id]:
            del self._next[office_id]  # from here on whoever asks gets the next one, which sees what has happened since
            return await self._look(office_id)

    def _old(self, known: Known) -> bool:
        return self._store.clock() - known.survey.standing.now >= AGAIN

    async def _look(self, office_id: str) -> Known:
        known = self._known.get(office_id)
        version = await self._store.look(version_of, office_id)
        if known is not None and known.survey.version == version and not self._old(known):
            return known
        seen = await self._store.look(survey, office_id, self._calendar)
        began = time.monotonic()
        self._known[office_id] = known = Known(seen, await asyncio.to_thread(worked_out, seen, office_id))
        self._spent_s += time.monotonic() - began
        return known
