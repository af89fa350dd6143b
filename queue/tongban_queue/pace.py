"""How long calls really take: the handling times of the last days, and what may be drawn from them.

A handling time here is the whole time for which a call held its window: from the first ring until the window was free
for the next person. So ringing, people who never came, and writing things up are in it, as they really were.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

#: The last so many calls of a matter, of a line and of the office are looked at.
LAST = 50
#: With fewer calls than this a matter borrows from its line, and a line from its office; an office says "at least".
ENOUGH = 5
#: What a call is taken to last where nothing is known yet (domain §4.5: the median of the demonstration).
UNKNOWN_S = 12 * 60.0


@dataclass(frozen=True, slots=True)
class Held:
    """One call that is over: whose it was, and for how many seconds it held its window."""

    line_id: str
    matter_id: str
    seconds: float


class Pace:
    """The recent calls of one office."""

    def __init__(self, held: Iterable[Held]) -> None:
        """`held`: oldest first."""
        pools: dict[tuple[str, ...], list[float]] = {(): []}
        for one in held:
            for of in ((), (one.line_id,), (one.line_id, one.matter_id)):
                pools.setdefault(of, []).append(one.seconds)
        self._pools = {of: sorted(pool[-LAST:]) for of, pool in pools.items()}

    @property
    def too_few(self) -> bool:
        """Whether the whole office has too few calls to speak of a range."""
        return len(self._pools[()]) < ENOUGH

    def pool(self, line_id: str, matter_id: str) -> list[float]:
        """The seconds of the matter's recent calls, shortest first; of its line or of the office where those are few.

        An office with too few of its own is filled up with `UNKNOWN_S`.
        """
        for pool in self._narrow_to_wide(line_id, matter_id):
            if len(pool) >= ENOUGH:
                return pool
        office = self._pools[()]
        return sorted([*office, *[UNKNOWN_S] * (ENOUGH - len(office))])

    def rest(self, line_id: str, matter_id: str, elapsed_s: float, chance: Random) -> float:
        """Seconds that a call still lasts which has lasted `elapsed_s`: as a recent one that lasted longer.

        If no recent call of the office lasted so long, up to as long again.
        """
        for pool in (*self._narrow_to_wide(line_id, matter_id), self.pool(line_id, matter_id)):
            longer = bisect_right(pool, elapsed_s)
            if len(pool) - longer >= ENOUGH or (longer < len(pool) and pool is self._pools[()]):
                return pool[chance.randrange(longer, len(pool))] - elapsed_s
        return elapsed_s * chance.random() if elapsed_s else UNKNOWN_S

    def _narrow_to_wide(self, line_id: str, matter_id: str) -> Iterator[list[float]]:
        for of in ((line_id, matter_id), (line_id,), ()):
            yield self._pools.get(of, [])


class Draws:
    """Handling times for one play of the line, drawn from recent calls that were themselves drawn again.

    Drawing the pool again (with repetition, once per play) lets the range be as wide as few calls deserve.
    """

    def __init__(self, pace: Pace, chance: Random) -> None:
        self._pace, self._chance = pace, chance
        self._again: dict[tuple[str, str], list[float]] = {}

    def draw(self, line_id: str, matter_id: str) -> float:
        """Seconds of one more call."""
        again = self._again.get((line_id, matter_id))
        if again is None:
            pool = self._pace.pool(line_id, matter_id)
            again = self._again[line_id, matter_id] = self._chance.choices(pool, k=len(pool))
        return again[int(self._chance.random() * len(again))]
