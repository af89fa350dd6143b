"""How the lines of an office stand at one moment, and the rest of the day played once from there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tongban_queue.pace import Draws, Pace
from tongban_queue.rehearsal import Crowd, Queued, play
from tongban_queue.ticket import Lane


@dataclass(frozen=True, slots=True)
class Serving:
    """What a window is busy with: since the first ring of that call."""

    line_id: str
    matter_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """A window on duty and its lines: idle, busy with somebody, or free at a known moment (writing up, on a break).

    A window that is paused without a known return is not on duty.
    """

    lines: frozenset[str]
    serving: Serving | None = None
    free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """People who may still come into a lane that goes before others, per hour as recently seen."""

    line_id: str
    matter_id: str
    lane: Lane
    per_hour: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How the lines of one office stand at one moment. `queue` is in the order of `turn`.

    `spans`: when the office calls people today, in order; lunch is a gap. `recent`: the last two calls of each line
    (`order.remember`). `gone_share`: of those who took a ticket lately, the share that left before being called.
    """

    now: datetime
    queue: Sequence[Queued]
    seats: Sequence[Seat]
    spans: Sequence[tuple[datetime, datetime]]
    pace: Pace
    recent: Mapping[str, str]
    coming: Sequence[Coming] = ()
    gone_share: float = 0.0


def once(standing: Standing, chance: Random) -> Iterator[tuple[float, Queued]]:
    """The rest of the day, played once: every call, after how many seconds from now, and who."""
    draws, gone = Draws(standing.pace, chance), standing.gone_share

    def hold(called: Queued) -> float:
        return 0.0 if gone and chance.random() < gone else draws.draw(called.line_id, called.matter_id)

    return play(
        Crowd(standing.queue, standing.recent),
        [(_free_in(seat, standing, chance), tuple(sorted(seat.lines))) for seat in standing.seats],
        hold,
        began=standing.now,
        spans=[(_s(begins - standing.now), _s(ends - standing.now)) for begins, ends in standing.spans],
        coming=_newcomers(standing, chance),
    )


def _free_in(seat: Seat, standing: Standing, chance: Random) -> float:
    if seat.serving is not None:
        elapsed_s = max(0.0, _s(standing.now - seat.serving.since))
        return standing.pace.rest(seat.serving.line_id, seat.serving.matter_id, elapsed_s, chance)
    return max(0.0, _s(seat.free_at - standing.now)) if seat.free_at else 0.0


def _newcomers(standing: Standing, chance: Random) -> Iterator[tuple[float, Queued]]:
    rates = [one.per_hour for one in standing.coming]
    at, number = 0.0, max((one.arrival for one in standing.queue), default=0)
    while (per_hour := sum(rates)) > 0:
        at += chance.expovariate(per_hour) * 3600
        number += 1
        (one,) = chance.choices(standing.coming, rates)
        since = standing.now + timedelta(seconds=at)
        yield at, Queued(since, number, f"coming-{number}", one.lane, one.line_id, one.matter_id)


def _s(span: timedelta) -> float:
    return span.total_seconds()
