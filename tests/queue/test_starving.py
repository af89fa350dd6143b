"""No starvation, whatever comes: four lanes, two lines, and windows that serve one line or both."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.queue.builders import MORNING
from tongban_queue.order import Waiting, merge_heads, pick, remember
from tongban_queue.ticket import Lane

LINES = ("deeds", "pensions")
LANES = st.sampled_from([Lane.RESUMING, Lane.DUE, Lane.PRIORITY, Lane.PRIORITY, Lane.PRIORITY, Lane.ORDINARY])
COMERS = st.lists(st.tuples(st.sampled_from(LINES), LANES), max_size=3)
WINDOWS = st.sampled_from([("deeds",), ("deeds", "pensions"), ("pensions", "deeds")])


class Lines:
    """Lines as `calling` keeps them: who waits where, and the last two calls of each (`calling.ring`)."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[Waiting]] = {line: [] for line in LINES}
        self.recent: dict[str, str] = dict.fromkeys(LINES, "")
        self.came = 0

    def join(self, line: str, lane: Lane, minute: float) -> Waiting:
        self.came += 1
        one = Waiting(MORNING + timedelta(minutes=minute), self.came, f"{line}-{self.came}", lane)
        self.waiting[line].append(one)
        return one

    def call(self, lines: tuple[str, ...], minute: float) -> Waiting | None:
        heads = {line: merge_heads(self.waiting[line]) for line in lines}
        merged = merge_heads([head for lanes in heads.values() for head in lanes.values()])
        ordinary = merged.get(Lane.ORDINARY)
        of = next((line for line in lines if ordinary in self.waiting[line]), lines[0])
        called = pick(merged, MORNING + timedelta(minutes=minute), self.recent[of] if ordinary else "")
        if called is None:
            return None
        own = next(line for line in lines if called in self.waiting[line])
        self.waiting[own].remove(called)
        passed = {line for line in lines if Lane.ORDINARY in heads[line]} if called.lane is Lane.PRIORITY else set()
        for line in {own, *passed}:
            self.recent[line] = remember(self.recent[line], called.lane)
        return called


@settings(max_examples=200)
@given(COMERS, st.lists(st.tuples(COMERS, WINDOWS), min_size=1, max_size=40), st.integers(0, 6))
def test_an_ordinary_ticket_goes_after_a_bounded_number_of_others(
    before: list[tuple[str, Lane]], then: list[tuple[list[tuple[str, Lane]], tuple[str, ...]]], every_min: int
) -> None:
    """Of those who come later, only the resuming and the due, and two priorities for each ordinary call, go before."""
    lines, minute = Lines(), 0
    for line, lane in before:
        lines.join(line, lane, minute)
    mine = lines.join("deeds", Lane.ORDINARY, minute)
    earlier = lines.came
    called: list[Waiting] = []
    for comers, window in then:
        for line, lane in comers:
            lines.join(line, lane, minute)
        one = lines.call(window, minute)
        minute += every_min
        if one is mine:
            break
        called += [one] if one is not None and "deeds" in window else []

    later = [one for one in called if one.arrival > earlier]
    allowed = 2 * (1 + sum(one.lane is Lane.ORDINARY for one in called))
    assert not [one for one in later if one.lane is Lane.ORDINARY]
    assert sum(one.lane is Lane.PRIORITY for one in later) <= allowed


@settings(max_examples=200)
@given(st.lists(st.tuples(COMERS, WINDOWS), max_size=25))
def test_once_nobody_comes_any_more_everybody_is_called(
    then: list[tuple[list[tuple[str, Lane]], tuple[str, ...]]],
) -> None:
    lines = Lines()
    for minute, (comers, window) in enumerate(then):
        for line, lane in comers:
            lines.join(line, lane, minute)
        lines.call(window, minute)
    left = sum(map(len, lines.waiting.values()))
    called = [lines.call(LINES, 30 + n) for n in range(left)]

    assert None not in called
    assert not any(lines.waiting.values())


@settings(max_examples=200)
@given(st.lists(st.tuples(COMERS, WINDOWS), max_size=25))
def test_nobody_overtakes_in_a_lane_of_one_line(then: list[tuple[list[tuple[str, Lane]], tuple[str, ...]]]) -> None:
    lines = Lines()
    for minute, (comers, window) in enumerate(then):
        for line, lane in comers:
            lines.join(line, lane, minute)
        waited = {line: list(waiting) for line, waiting in lines.waiting.items()}
        called = lines.call(window, minute)
        for waiting in waited.values():
            if called in waiting:
                assert called.turn == min(one.turn for one in waiting if one.lane is called.lane)
