"""Why a ticket stands where it stands: the sentences of the published rule (`LINE.md`) that say so, as codes.

Pure, like the rule itself: between two tickets exactly one sentence decides, and it is the one by which `order.pick`
takes the first of them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tongban_queue.order import AGEING, Waiting, sequence
from tongban_queue.ticket import Lane


class Sentence(StrEnum):
    """A sentence of the rule."""

    FIRST_COME = "first_come"
    RESUMING_FIRST = "resuming_first"
    DUE_NEXT = "due_next"
    PRIORITY_BEFORE_ORDINARY = "priority_before_ordinary"
    TWO_THEN_ONE = "two_then_one"
    AGED_TWENTY_MINUTES = "aged_twenty_minutes"
    NEEDS_KIOSK = "needs_kiosk"
    NEEDS_LANGUAGE = "needs_language"
    REVIVED_BEHIND_THREE = "revived_behind_three"


class Guard(StrEnum):
    """What keeps the first priority ticket from simply going before the first ordinary one, just now."""

    NONE = "none"
    TWO_PRIORITIES_CALLED = "two_priorities_called"
    AGED = "aged"


@dataclass(frozen=True, slots=True)
class Reasons:
    """Who goes before a ticket, counted by lane, and by which sentences."""

    by_lane: Mapping[Lane, int]
    guard: Guard
    rule: tuple[Sentence, ...]

    @property
    def ahead(self) -> int:
        """How many go before it: the place of domain §2.14."""
        return sum(self.by_lane.values())


def reasons(
    waiting: Collection[Waiting], mine: str, now: datetime, recent: str, *, also: Iterable[Sentence] = ()
) -> Reasons:
    """Why the ticket `mine` stands where it does in its line. `also`: what else is known to hold it up."""
    of = {one.id: one for one in waiting}
    order = sequence(waiting, now, recent)
    me, place = of[mine], order.index(mine)
    before, after = [of[one] for one in order[:place]], [of[one] for one in order[place + 1 :]]
    said = {deciding(other, me, now) for other in before} | {deciding(me, other, now) for other in after} | set(also)
    by_lane = {lane: sum(other.lane is lane for other in before) for lane in Lane}
    return Reasons(by_lane, guard_of(waiting, now, recent), tuple(one for one in Sentence if one in said))


def deciding(first: Waiting, second: Waiting, now: datetime) -> Sentence:
    """The sentence by which `first` is called before `second`."""
    lanes = {first.lane, second.lane}
    if len(lanes) == 1:
        return Sentence.FIRST_COME
    if Lane.RESUMING in lanes:
        return Sentence.RESUMING_FIRST
    if Lane.DUE in lanes:
        return Sentence.DUE_NEXT
    ordinary = first if first.lane is Lane.ORDINARY else second
    if now - ordinary.since >= AGEING:
        return Sentence.AGED_TWENTY_MINUTES
    return Sentence.TWO_THEN_ONE if first is ordinary else Sentence.PRIORITY_BEFORE_ORDINARY


def guard_of(waiting: Iterable[Waiting], now: datetime, recent: str) -> Guard:
    """What decides between the first priority and the first ordinary ticket of a line, if both are there."""
    heads: dict[Lane, Waiting] = {}
    for one in sorted(waiting, key=lambda one: one.turn):
        heads.setdefault(one.lane, one)
    if Lane.PRIORITY not in heads or Lane.ORDINARY not in heads:
        return Guard.NONE
    if now - heads[Lane.ORDINARY].since >= AGEING:
        return Guard.AGED
    return Guard.TWO_PRIORITIES_CALLED if recent == "PP" else Guard.NONE
