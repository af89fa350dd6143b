"""The lines of an office played ahead by the published rule: who is called when, if calls last as somebody draws them.

Pure: handling times, newcomers and the opening spans are given; the same givens play the same day. Seconds count from
`began`. What `calling` does with rows this does with values: the heads of a window's lines, then `order.pick`.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heapreplace
from itertools import chain
from math import inf

from tongban_queue.order import Waiting, merge_heads, pick, remember
from tongban_queue.ticket import Lane

#: Opening and closing, in seconds from the beginning of the play, in their order.
Spans = Sequence[tuple[float, float]]
#: Whose call it is -> for how many seconds it holds the window.
Hold = Callable[["Queued"], float]


@dataclass(frozen=True, slots=True)
class Queued(Waiting):
    """A waiting ticket with its line and its matter."""

    line_id: str
    matter_id: str


class Crowd:
    """Who waits, lane by lane of each line, and each line's last two calls."""

    def __init__(self, queue: Iterable[Queued], recent: Mapping[str, str]) -> None:
        """`queue`: in the order of `turn`."""
        self._lanes: dict[str, dict[Lane, deque[Queued]]] = {}
        self._heads: dict[str, dict[Lane, Waiting]] = {}
        self._recent = dict(recent)
        for one in queue:
            self.join(one)

    def join(self, one: Queued) -> None:
        """One more at the end of its lane."""
        lane = self._lanes.setdefault(one.line_id, {}).setdefault(one.lane, deque())
        if not lane:
            self._heads.setdefault(one.line_id, {})[one.lane] = one
        lane.append(one)

    def call(self, lines: Sequence[str], now: datetime) -> Queued | None:
        """Take out whoever is next for a window of these lines, or None if nobody waits for it."""
        heads = self._heads.get(lines[0], {}) if len(lines) == 1 else self._merged(lines)
        ordinary = heads.get(Lane.ORDINARY)
        recent = self._recent.get(ordinary.line_id, "") if isinstance(ordinary, Queued) else ""
        chosen = pick(heads, now, recent)
        if not isinstance(chosen, Queued):
            return None
        self._recent[chosen.line_id] = remember(self._recent.get(chosen.line_id, ""), chosen.lane)
        self._leave(chosen.line_id, chosen.lane)
        return chosen

    def _merged(self, lines: Sequence[str]) -> Mapping[Lane, Waiting]:
        waiting = [heads for line in lines if (heads := self._heads.get(line))]
        if len(waiting) <= 1:
            return waiting[0] if waiting else {}
        return merge_heads(list(chain.from_iterable(heads.values() for heads in waiting)))

    def _leave(self, line_id: str, lane: Lane) -> None:
        queue = self._lanes[line_id][lane]
        queue.popleft()
        if queue:
            self._heads[line_id][lane] = queue[0]
        else:
            del self._heads[line_id][lane]


def play(
    crowd: Crowd,
    seats: Iterable[tuple[float, Sequence[str]]],
    hold: Hold,
    *,
    began: datetime,
    spans: Spans,
    coming: Iterator[tuple[float, Queued]],
) -> Iterator[tuple[float, Queued]]:
    """Every call in its order: after how many seconds, and who. Ends when nobody can be called any more.

    `seats`: after how many seconds each window is free, and its lines. `coming`: newcomers in their order. Nobody is
    called outside the spans; a call that has begun is finished.
    """
    free = [(at, number, lines) for number, (at, lines) in enumerate(seats) if lines]
    heapify(free)
    next_at, newcomer = next(coming, (inf, None))
    while free:
        at, number, lines = free[0]
        opens = opening(spans, at)
        if opens is None:
            return
        while newcomer is not None and next_at <= at:
            crowd.join(newcomer)
            next_at, newcomer = next(coming, (inf, None))
        if opens > at:
            heapreplace(free, (opens, number, lines))
        elif (called := crowd.call(lines, began + timedelta(seconds=at))) is not None:
            yield at, called
            heapreplace(free, (at + hold(called), number, lines))
        elif newcomer is not None:
            heapreplace(free, (next_at, number, lines))
        else:
            heappop(free)


def opening(spans: Spans, at: float) -> float | None:
    """When somebody may first be called from `at` on; None once it has closed for the day."""
    for begins, ends in spans:
        if at < ends:
            return max(at, begins)
    return None
