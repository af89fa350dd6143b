"""Who is next: the one published rule (domain §2.14), as a pure function of the lanes' heads, the moment and the last
calls. It asks nothing of the outside, so it can be shown, simulated and proved.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tongban_queue.ticket import Lane

#: An ordinary ticket that has waited so long no longer steps aside for a younger priority ticket.
AGEING = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting ticket as the rule sees it. Sorts as its lane does: first come, first served."""

    since: datetime
    arrival: int
    id: str
    lane: Lane
    behind: int = field(default=0, kw_only=True)

    @property
    def turn(self) -> tuple[datetime, int, int]:
        """What orders a lane."""
        return self.since, self.arrival, self.behind


def pick(heads: Mapping[Lane, Waiting], now: datetime, recent: str) -> Waiting | None:
    """The next ticket among the lanes' heads, or None when nobody waits.

    Resuming first; then due; then between priority and ordinary: an ordinary head that has waited 20 minutes meets the
    priority head by the earlier `since`; otherwise priority goes first, but never three times running while an ordinary
    ticket waits. `recent` is the line's last two calls out of these two lanes, `P` or `O`, newest last.
    """
    for lane in (Lane.RESUMING, Lane.DUE):
        if lane in heads:
            return heads[lane]
    priority, ordinary = heads.get(Lane.PRIORITY), heads.get(Lane.ORDINARY)
    if priority is None or ordinary is None:
        return priority or ordinary
    if now - ordinary.since >= AGEING:
        return min(priority, ordinary, key=lambda waiting: waiting.turn)
    return ordinary if recent == "PP" else priority


def remember(recent: str, lane: Lane) -> str:
    """The line's last two calls after one more. Resuming and due calls do not count."""
    letter = {Lane.PRIORITY: "P", Lane.ORDINARY: "O"}.get(lane, "")
    return (recent + letter)[-2:]


def sequence(waiting: Iterable[Waiting], now: datetime, recent: str) -> list[str]:
    """The ids in the order in which they would be called if nobody else came and every window could serve all."""
    lanes = _lanes(waiting)
    order: list[str] = []
    while heads := {lane: queue[-1] for lane, queue in lanes.items() if queue}:
        chosen = pick(heads, now, recent)
        assert chosen is not None
        lanes[chosen.lane].pop()
        recent = remember(recent, chosen.lane)
        order.append(chosen.id)
    return order


def _lanes(waiting: Iterable[Waiting]) -> dict[Lane, list[Waiting]]:
    lanes: dict[Lane, list[Waiting]] = {lane: [] for lane in Lane}
    for one in sorted(waiting, key=lambda one: one.turn, reverse=True):
        lanes[one.lane].append(one)
    return lanes


def merge_heads(heads: Sequence[Waiting]) -> dict[Lane, Waiting]:
    """The heads of several lines as one set of heads: in each lane the one whose turn is first."""
    merged: dict[Lane, Waiting] = {}
    for head in heads:
        if head.lane not in merged or head.turn < merged[head.lane].turn:
            merged[head.lane] = head
    return merged
