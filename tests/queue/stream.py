"""Streams of people through the product's play and through `ciw`, and how sure one may be of their mean wait."""

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import inf, sqrt
from typing import Any

import ciw
from ciw.dists import Exponential

from tests.queue.builders import MORNING
from tongban_queue.rehearsal import Crowd, Queued, play
from tongban_queue.ticket import Lane

#: How many standard errors the truth may lie away. By Student's t a fair mean of ten streams is further off once in
#: 200 times, one of forty once in 1,500.
SURE = 3.7
#: An empty office is no steady one: so much of every stream is left out at its beginning.
WARMING = 0.2

#: seconds of one service, from a chance
Service = Callable[[random.Random], float]


@dataclass(frozen=True)
class Mean:
    """A mean over independent streams, and its standard error."""

    value: float
    error: float

    @classmethod
    def of(cls, each: Sequence[float]) -> "Mean":
        return cls(statistics.fmean(each), statistics.stdev(each) / sqrt(len(each)))

    def holds(self, truth: float) -> bool:
        return abs(self.value - truth) <= SURE * self.error

    def agrees(self, other: "Mean") -> bool:
        return abs(self.value - other.value) <= SURE * sqrt(self.error**2 + other.error**2)

    def __str__(self) -> str:
        return f"{self.value:.1f} ± {self.error:.1f} s"


def played(
    seed: int, *, clerks: int, people: int, per_s: dict[Lane, float], service: Service
) -> dict[Lane, list[float]]:
    """The waits in seconds, by lane, of one stream through `rehearsal.play`."""
    chance, came = random.Random(seed), list[float]()

    def coming() -> Iterator[tuple[float, Queued]]:
        at = 0.0
        for number in range(people):
            at += chance.expovariate(sum(per_s.values()))
            came.append(at)
            (lane,) = chance.choices(list(per_s), list(per_s.values()))
            yield at, Queued(MORNING + timedelta(seconds=at), number, str(number), lane, "line", "matter")

    waits: dict[Lane, list[float]] = {lane: [] for lane in per_s}
    seats, crowd = [(0.0, ("line",))] * clerks, Crowd((), {})
    for at, called in play(crowd, seats, lambda _: service(chance), began=MORNING, spans=[(0.0, inf)], coming=coming()):
        if called.arrival >= WARMING * people:
            waits[called.lane].append(at - came[called.arrival])
    return waits


def simulated(
    seed: int, *, clerks: int, people: int, per_s: dict[Lane, float], service: Any
) -> dict[Lane, list[float]]:
    """The same through `ciw`, whose classes of customers are served strictly in the order of `per_s`."""
    network = ciw.create_network(
        arrival_distributions={lane.name: [Exponential(rate)] for lane, rate in per_s.items()},
        service_distributions={lane.name: [service] for lane in per_s},
        number_of_servers=[clerks],
        priority_classes={lane.name: place for place, lane in enumerate(per_s)},
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    ends_s = people / sum(per_s.values())
    simulation.simulate_until_max_time(ends_s)
    waits: dict[Lane, list[float]] = {lane: [] for lane in per_s}
    for record in simulation.get_all_records():
        if record.arrival_date >= WARMING * ends_s:
            waits[Lane[record.customer_class]].append(record.waiting_time)
    return waits


def mean_waits(stream: Callable[..., dict[Lane, list[float]]], seeds: range, **given: Any) -> dict[Lane, Mean]:
    """The mean wait of each lane over independent streams."""
    runs = [stream(seed, **given) for seed in seeds]
    return {lane: Mean.of([statistics.fmean(run[lane]) for run in runs]) for lane in given["per_s"]}
