"""What-if for supervisors: how many clerks each hour would need, from the office's own history (`LINE.md`)."""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from random import Random

from tongban_queue.erlang import Goal, StaffingQuestionUnclear
from tongban_queue.history import history_of
from tongban_queue.staffing import ERLANG_ASSUMES, PLAY_ASSUMES, Assumption, Hour, Needed, needed_by_hour
from tongban_queue.store import Store, Work
from tongban_queue.survey import windows_on_duty
from tongban_queue.tally import SHANGHAI
from tongban_server.view import View

#: Cells of fewer cases are not shown (domain §2.13).
FEWEST_CASES = 5
SHARE = 0.9
#: What may be asked, and what is taken where nothing is said: minutes, and days of history.
MINUTES, DAYS = (0, 120, 5), (1, 90, 30)


class HourNeeds(View):
    """What one hour of the day (Asia/Shanghai) needs. None: fewer than five cases are known, or none was served.

    `answered`: the share called in time with `by_play` clerks. `on_duty`: the windows whose clerks are there now; None
    for every hour but the present one.
    """

    hour: int
    calls_per_hour: float | None
    by_erlang: int | None
    by_play: int | None
    answered: float | None
    on_duty: int | None


class Assumptions(View):
    """What each answer takes for granted."""

    erlang: list[Assumption]
    play: list[Assumption]


class Staffing(View):
    """Clerks needed so that `share` of the people are called within `within_min`, from `days` days with people."""

    days: int
    within_min: int
    share: float
    hours: list[HourNeeds]
    assumptions: Assumptions


def asked(said: str | None, bounds: tuple[int, int, int], name: str) -> int:
    """A whole number within its bounds; refuses `StaffingQuestionUnclear`, naming the field."""
    least, most, usual = bounds
    if said is None:
        return usual
    if not (said.isascii() and said.isdigit() and len(said) <= 4 and least <= int(said) <= most):
        raise StaffingQuestionUnclear(fields={name: "out_of_range"})
    return int(said)


async def staffing_of(store: Store, office_id: str, *, within_min: int, days: int) -> Staffing:
    """The answer for one office; history is read and hours are played off the event loop."""
    days_seen, hours, hour_now, on_duty = await store.look(_seen, office_id, days)
    known = tuple(hour for hour in hours if hour.taken >= FEWEST_CASES)
    needed = {one.hour: one for one in await asyncio.to_thread(_needed, known, Goal(within_min * 60.0, SHARE))}
    rows = [_row(hour, needed.get(hour.hour), on_duty if hour.hour == hour_now else None) for hour in hours]
    assumptions = Assumptions(erlang=list(ERLANG_ASSUMES), play=list(PLAY_ASSUMES))
    return Staffing(days=days_seen, within_min=within_min, share=SHARE, hours=rows, assumptions=assumptions)


def _seen(work: Work, office_id: str, days: int) -> tuple[int, Sequence[Hour], int, int]:
    history = history_of(work, office_id, days=days)
    hour_now = work.now.astimezone(SHANGHAI).hour
    return history.days, history.hours, hour_now, len(windows_on_duty(work, office_id))


@lru_cache(maxsize=64)
def _needed(hours: tuple[Hour, ...], goal: Goal) -> list[Needed]:
    """History changes once a day, so the same question has the same answer until then."""
    return needed_by_hour(hours, goal, Random(0))  # noqa: S311  the same chance each time is what is wanted


def _row(hour: Hour, needed: Needed | None, on_duty: int | None) -> HourNeeds:
    if needed is None:
        blank = dict.fromkeys(("calls_per_hour", "by_erlang", "by_play", "answered"))
        return HourNeeds(hour=hour.hour, on_duty=on_duty, **blank)
    return HourNeeds(
        hour=hour.hour,
        calls_per_hour=round(needed.calls_per_hour, 2),
        by_erlang=needed.by_erlang,
        by_play=needed.by_play,
        answered=round(needed.answered, 3) if needed.answered is not None else None,
        on_duty=on_duty,
    )
