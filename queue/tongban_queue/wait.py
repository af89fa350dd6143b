"""How long somebody waits, told as a range (domain §2.11, §2.14): the lines are played ahead many times by the rule of
`order.pick`, with the windows really on duty and recent handling times; the range is what most of these plays say.

What it assumes is in `LINE.md`, "How long". It asks nothing of the outside: the moment and the chance are arguments.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, floor, inf, isinf
from random import Random

from tongban_queue.order import sequence
from tongban_queue.rehearsal import Queued
from tongban_queue.standing import Standing, once
from tongban_queue.ticket import Lane

#: The range is the shortest one that holds this share of the plays.
SHARE = 0.85
#: How often the lines are played: as often as this many calls allow, within these bounds.
CALLS_IN_ALL, FEWEST_PLAYS, MOST_PLAYS = 6_600, 22, 300
#: "Fewer than n people": the steps that are told where the exact place is nobody's business.
LADDER = (3, 5, 10, 20, 50, 100)
MINUTE_S = 60


class Outlook(StrEnum):
    """Whether somebody is called today."""

    TODAY = "today"
    PERHAPS_NOT_TODAY = "perhaps_not_today"
    NOT_TODAY = "not_today"
    NOBODY_ON_DUTY = "nobody_on_duty"


@dataclass(frozen=True, slots=True)
class WaitRange:
    """The wait from now to the call, in seconds that are whole minutes, at least one.

    `low_s` and `high_s` are None if there is no range to tell: not today, or no window on duty serves the line.
    Perhaps not today: `high_s` is the time until the office closes. `at_least`: too few calls are known, so only
    "≥ `low_s`" is to be said. `ahead`: the place of §2.14.
    """

    ahead: int
    outlook: Outlook
    low_s: int | None = None
    high_s: int | None = None
    at_least: bool = False


def ranges(standing: Standing, chance: Random, *, only: Collection[str] | None = None) -> dict[str, WaitRange]:
    """The range of every waiting ticket, or of those in `only`, by ticket id."""
    ahead = _places(standing)
    served = frozenset[str]().union(*(seat.lines for seat in standing.seats))
    asked = [one for one in standing.queue if only is None or one.id in only]
    waits: dict[str, list[float]] = {one.id: [] for one in asked if one.line_id in served}
    for _ in range(_plays(standing, waits, ahead)):
        left = set(waits)
        for at, called in once(standing, chance) if left else ():
            if called.id in left:
                waits[called.id].append(at)
                left.discard(called.id)
                if not left:
                    break
        for never in left:
            waits[never].append(inf)
    return {one.id: _told(standing, ahead[one.id], sorted(waits.get(one.id, ()))) for one in asked}


def newcomer(
    standing: Standing, chance: Random, *, line_id: str, matter_id: str, lane: Lane = Lane.ORDINARY
) -> WaitRange:
    """What somebody would wait who took a ticket now."""
    me = Queued(standing.now, 1 + max((one.arrival for one in standing.queue), default=0), "", lane, line_id, matter_id)
    return ranges(replace(standing, queue=[*standing.queue, me]), chance, only=[me.id])[me.id]


def fewer_than(ahead: int) -> int:
    """The n of "fewer than n people": the next step above `ahead`; beyond the ladder, the next full hundred above."""
    return next((step for step in LADDER if ahead < step), (ahead // 100 + 1) * 100)


def _places(standing: Standing) -> dict[str, int]:
    lines: dict[str, list[Queued]] = {}
    for one in standing.queue:
        lines.setdefault(one.line_id, []).append(one)
    return {
        ticket_id: ahead
        for line_id, waiting in lines.items()
        for ahead, ticket_id in enumerate(sequence(waiting, standing.now, standing.recent.get(line_id, "")))
    }


def _plays(standing: Standing, asked: Collection[str], ahead: Mapping[str, int]) -> int:
    """How often to play: the deeper the asked ones stand, the longer is each play."""
    lines = len({one.line_id for one in standing.queue})
    calls = max((ahead[one] for one in asked), default=0) * lines + len(standing.seats)
    return min(MOST_PLAYS, max(FEWEST_PLAYS, CALLS_IN_ALL // max(1, min(calls, len(standing.queue)))))


def _told(standing: Standing, ahead: int, waits: Sequence[float]) -> WaitRange:
    if not waits:
        return WaitRange(ahead, Outlook.NOBODY_ON_DUTY)
    low, high = _shortest(waits)
    if isinf(low):
        return WaitRange(ahead, Outlook.NOT_TODAY)
    outlook = Outlook.PERHAPS_NOT_TODAY if isinf(high) else Outlook.TODAY
    if isinf(high):
        high = (standing.spans[-1][1] - standing.now).total_seconds()
    shortest = max(1, floor(low / MINUTE_S)) * MINUTE_S
    longest = max(1, ceil(high / MINUTE_S)) * MINUTE_S
    return WaitRange(ahead, outlook, shortest, longest, standing.pace.too_few)


def _shortest(sorted_waits: Sequence[float]) -> tuple[float, float]:
    """The two ends of the shortest stretch that holds `SHARE` of the plays; the earliest one if several are."""
    plays = len(sorted_waits)
    within = max(1, ceil(SHARE * plays)) - 1
    if isinf(sorted_waits[within]):
        return sorted_waits[floor((1 - SHARE) * plays)], inf
    starts = range(bisect_left(sorted_waits, inf) - within)
    start = min(starts, key=lambda start: sorted_waits[start + within] - sorted_waits[start])
    return sorted_waits[start], sorted_waits[start + within]
