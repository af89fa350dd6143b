"""How many clerks each hour of the day needs so that most people are answered soon: by Erlang C, and by the rule.

Both answers stand under assumptions, which are part of the answer: as codes, so that screens can word them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import inf
from random import Random

from tongban_queue.erlang import HOUR_S, Goal, Load, StaffingQuestionUnclear, clerks_needed
from tongban_queue.rehearsal import Crowd, Queued, play
from tongban_queue.ticket import Lane

#: What is played for one number of clerks: so many people, of whom the first are not counted (the line is empty then).
PLAYED, WARMING_UP = 3_000, 500


class Assumption(StrEnum):
    """What an answer takes for granted."""

    STEADY_HOUR = "steady_hour"
    RANDOM_ARRIVALS = "random_arrivals"
    NOBODY_LEAVES = "nobody_leaves"
    EVERY_CLERK_SERVES_ALL = "every_clerk_serves_all"
    CLERKS_NEVER_PAUSE = "clerks_never_pause"
    EXPONENTIAL_HANDLING = "exponential_handling"
    NO_PRIORITIES = "no_priorities"
    HANDLING_AS_RECORDED = "handling_as_recorded"
    PRIORITIES_AS_RECORDED = "priorities_as_recorded"


A = Assumption
_ALWAYS = (A.STEADY_HOUR, A.RANDOM_ARRIVALS, A.NOBODY_LEAVES, A.EVERY_CLERK_SERVES_ALL, A.CLERKS_NEVER_PAUSE)
ERLANG_ASSUMES = (*_ALWAYS, A.EXPONENTIAL_HANDLING, A.NO_PRIORITIES)
PLAY_ASSUMES = (*_ALWAYS, A.HANDLING_AS_RECORDED, A.PRIORITIES_AS_RECORDED)


@dataclass(frozen=True, slots=True)
class Hour:
    """What history says of one hour of the day (Asia/Shanghai).

    `taken`: tickets in that hour, summed over `days`; `handling_s`: how long each of its calls held a window;
    `priority_share`: the share of tickets with priority.
    """

    hour: int
    days: int
    taken: int
    handling_s: Sequence[float]
    priority_share: float = 0.0

    @property
    def load(self) -> Load | None:
        """None where nobody came or no call is known. Refuses `StaffingQuestionUnclear`."""
        if self.days < 1 or self.taken < 0 or not 0 <= self.priority_share <= 1:
            raise StaffingQuestionUnclear(fields={"history": "out_of_range"})
        if not self.taken or not self.handling_s:
            return None
        return Load(self.taken / self.days, sum(self.handling_s) / len(self.handling_s))


@dataclass(frozen=True, slots=True)
class Needed:
    """The answer for one hour. None: history knows no calls of this hour. `answered`: the share by the play."""

    hour: int
    calls_per_hour: float
    by_erlang: int | None
    by_play: int | None
    answered: float | None


def needed_by_hour(history: Iterable[Hour], goal: Goal, chance: Random) -> list[Needed]:
    """Clerks needed in each hour of history, by Erlang C (`ERLANG_ASSUMES`) and by the play (`PLAY_ASSUMES`)."""
    return [_needed(hour, goal, chance) for hour in history]


def _needed(hour: Hour, goal: Goal, chance: Random) -> Needed:
    if (load := hour.load) is None:
        nobody = None if hour.taken else 0
        return Needed(hour.hour, hour.taken / hour.days, nobody, nobody, None)
    by_erlang = clerks_needed(load, goal)
    clerks = max(1, int(load.erlangs))
    while (answered := share_within(play_hour(hour, clerks, chance), goal.within_s)) < goal.share:
        clerks += 1
    return Needed(hour.hour, load.calls_per_hour, by_erlang, clerks, answered)


def share_within(waits_s: Sequence[float], within_s: float) -> float:
    """The share of these waits that are no longer."""
    return sum(wait <= within_s for wait in waits_s) / len(waits_s)


def play_hour(hour: Hour, clerks: int, chance: Random, *, people: int = PLAYED) -> list[float]:
    """The waits in seconds of people who come at this hour's rate without an end, by the published rule.

    Handling times are drawn from the hour's own. The first `WARMING_UP` people are not counted.
    """
    load = hour.load
    assert load is not None
    began, came = datetime(2000, 1, 1, tzinfo=UTC), list[float]()

    def coming() -> Iterator[tuple[float, Queued]]:
        at = 0.0
        for number in range(people):
            at += chance.expovariate(load.calls_per_hour) * HOUR_S
            lane = Lane.PRIORITY if chance.random() < hour.priority_share else Lane.ORDINARY
            came.append(at)
            yield at, Queued(began + timedelta(seconds=at), number, str(number), lane, "", "")

    calls = play(
        Crowd((), {}),
        [(0.0, ("",))] * clerks,
        lambda called: chance.choice(hour.handling_s),
        began=began,
        spans=[(0.0, inf)],
        coming=coming(),
    )
    return [at - came[called.arrival] for at, called in calls if called.arrival >= WARMING_UP]
