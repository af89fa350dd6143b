"""Erlang C, of telephone traffic theory: how many wait, and how long, when calls come at random.

Every clerk serves every call, nobody leaves, handling times are exponential. It rests on Erlang B by its recursion,
whose every step lies between 0 and 1, so that no factorial is ever formed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, inf, isfinite

from tongban_queue.refusals import BadInput

#: More people than any office has; beyond this the question is refused.
MOST_CLERKS = 1_000
HOUR_S = 3600.0


class StaffingQuestionUnclear(BadInput):
    """What was asked about staffing has no answer; the fields say why."""


@dataclass(frozen=True, slots=True)
class Load:
    """Calls per hour, and the mean seconds for which one holds a clerk (ringing and writing up included)."""

    calls_per_hour: float
    handling_s: float

    def __post_init__(self) -> None:
        """Refuses `StaffingQuestionUnclear`: no number, or below 0 calls, or calls that take no time."""
        wrong = {}
        if not (isfinite(self.calls_per_hour) and self.calls_per_hour >= 0):
            wrong["calls_per_hour"] = "out_of_range"
        if not (isfinite(self.handling_s) and self.handling_s > 0):
            wrong["handling_s"] = "out_of_range"
        if wrong:
            raise StaffingQuestionUnclear(fields=wrong)

    @property
    def erlangs(self) -> float:
        """Clerks that would be busy all the time."""
        return self.calls_per_hour * self.handling_s / HOUR_S


@dataclass(frozen=True, slots=True)
class Goal:
    """Answered within so many seconds, for this share of the people (strictly between 0 and 1)."""

    within_s: float
    share: float = 0.9

    def __post_init__(self) -> None:
        """Refuses `StaffingQuestionUnclear`."""
        wrong = {}
        if not (isfinite(self.within_s) and self.within_s >= 0):
            wrong["within_s"] = "out_of_range"
        if not 0 < self.share < 1:
            wrong["share"] = "out_of_range"
        if wrong:
            raise StaffingQuestionUnclear(fields=wrong)


def waiting_probability(load: Load, clerks: int) -> float:
    """Erlang C: the probability that somebody must wait. 1 if the clerks cannot keep up.

    From Erlang B by its recursion, which stays between 0 and 1 for any number of clerks.
    """
    if load.erlangs >= clerks:
        return 1.0
    return _c_of(next(blocked for number, blocked in _erlang_b(load.erlangs) if number == clerks), load, clerks)


def mean_wait_s(load: Load, clerks: int) -> float:
    """The mean wait of everybody, in seconds; infinite if the clerks cannot keep up."""
    if load.erlangs >= clerks:
        return inf
    return waiting_probability(load, clerks) * load.handling_s / (clerks - load.erlangs)


def answered_within(load: Load, clerks: int, within_s: float) -> float:
    """The share of people called within so many seconds; 0 if the clerks cannot keep up."""
    return _answered(waiting_probability(load, clerks), load, clerks, within_s)


def clerks_needed(load: Load, goal: Goal) -> int:
    """The fewest clerks with whom Erlang C meets the goal. Nobody is needed where nobody calls.

    Refuses `StaffingQuestionUnclear` when it would take more than `MOST_CLERKS`.
    """
    if load.calls_per_hour == 0:
        return 0
    for clerks, blocked in _erlang_b(load.erlangs):
        if clerks > MOST_CLERKS:
            raise StaffingQuestionUnclear(fields={"calls_per_hour": "too_many"})
        if _answered(_c_of(blocked, load, clerks), load, clerks, goal.within_s) >= goal.share:
            return clerks
    raise AssertionError("the recursion has no end")


def _erlang_b(erlangs: float) -> Iterator[tuple[int, float]]:
    """For 1, 2, 3 … clerks: the probability that all are busy, if nobody could wait."""
    clerks, blocked = 0, 1.0
    while True:
        clerks += 1
        blocked = erlangs * blocked / (clerks + erlangs * blocked)
        yield clerks, blocked


def _c_of(blocked: float, load: Load, clerks: int) -> float:
    return 1.0 if load.erlangs >= clerks else blocked / (1 - load.erlangs / clerks * (1 - blocked))


def _answered(waiting: float, load: Load, clerks: int, within_s: float) -> float:
    if load.erlangs >= clerks:
        return 0.0
    return 1 - waiting * exp(-(clerks - load.erlangs) * within_s / load.handling_s)
