"""The told wait: what moves it, what it never says, and that it plays the published rule."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.wait import DAYS, figures, replay
from tests.queue.builders import MORNING
from tests.queue.test_order import RECENT, crowds
from tongban_queue.order import Waiting, sequence
from tongban_queue.pace import ENOUGH, UNKNOWN_S, Draws, Held, Pace
from tongban_queue.rehearsal import Crowd, Queued, opening, play
from tongban_queue.standing import Coming, Seat, Serving, Standing
from tongban_queue.ticket import Lane
from tongban_queue.wait import LADDER, Outlook, WaitRange, fewer_than, newcomer, ranges

TEN_MIN = [Held("deeds", "deed", 600.0)] * ENOUGH
DEEDS = Seat(frozenset({"deeds"}))
#: Each example plays hundreds of days.
FEW = settings(max_examples=20, deadline=None)
EVENING = MORNING + timedelta(hours=8)


def queued(number: int, *, lane: Lane = Lane.ORDINARY, line: str = "deeds", waited_min: float = 10) -> Queued:
    since = MORNING - timedelta(minutes=waited_min) + timedelta(milliseconds=number)
    return Queued(since, number, f"{line}-{number}", lane, line, "deed")


def people(count: int) -> list[Queued]:
    return [queued(number) for number in range(count)]


def standing(
    queue: Sequence[Queued], seats: Sequence[Seat], *, held: Sequence[Held] = TEN_MIN, **more: object
) -> Standing:
    given = {"spans": [(MORNING, EVENING)], "recent": {}, **more}
    return Standing(
        now=MORNING,
        queue=sorted(queue, key=lambda one: one.turn),
        seats=seats,
        pace=Pace(held),
        **given,  # type: ignore[arg-type]
    )


def told(scene: Standing, seed: int = 1) -> dict[str, WaitRange]:
    return ranges(scene, random.Random(seed))


def minutes(wait: WaitRange) -> tuple[float, float]:
    assert wait.low_s is not None
    assert wait.high_s is not None
    return wait.low_s / 60, wait.high_s / 60


@FEW
@given(st.integers(0, 40), st.integers(1, 10))
def test_more_people_ahead_do_not_shorten_the_wait(count: int, clerks: int) -> None:
    waits = [minutes(wait) for wait in told(standing(people(count), [DEEDS] * clerks)).values()]

    assert waits == sorted(waits)


@FEW
@given(st.integers(1, 40), st.integers(1, 10))
def test_more_clerks_do_not_lengthen_the_wait(count: int, clerks: int) -> None:
    fewer, more = (told(standing(people(count), [DEEDS] * number)) for number in (clerks, clerks + 1))

    assert all(minutes(more[ticket]) <= minutes(fewer[ticket]) for ticket in fewer)


def test_an_idle_window_is_a_minute_away() -> None:
    assert told(standing(people(1), [DEEDS])) == {"deeds-0": WaitRange(0, Outlook.TODAY, 60, 60)}


def test_nobody_is_told_a_range_where_nobody_is_on_duty() -> None:
    other = queued(9, line="pensions")
    waits = told(standing([*people(1), other], [DEEDS]))

    assert waits[other.id] == WaitRange(0, Outlook.NOBODY_ON_DUTY)
    assert waits["deeds-0"].outlook is Outlook.TODAY
    assert told(standing(people(1), []))["deeds-0"].outlook is Outlook.NOBODY_ON_DUTY


def test_lunch_pushes_who_is_not_called_before_it() -> None:
    lunch = [(MORNING, MORNING + timedelta(minutes=5)), (MORNING + timedelta(minutes=65), EVENING)]
    waits = told(standing(people(3), [DEEDS], spans=lunch))

    assert [minutes(wait) for wait in waits.values()] == [(1, 1), (65, 65), (75, 75)]


def test_before_the_opening_the_wait_counts_from_the_opening() -> None:
    waits = told(standing(people(2), [DEEDS], spans=[(MORNING + timedelta(minutes=30), EVENING)]))

    assert [minutes(wait) for wait in waits.values()] == [(30, 30), (40, 40)]


def test_who_cannot_be_called_before_the_closing_is_told_so() -> None:
    waits = told(standing(people(3), [DEEDS], spans=[(MORNING, MORNING + timedelta(minutes=20))]))

    assert [wait.outlook for wait in waits.values()] == [Outlook.TODAY, Outlook.TODAY, Outlook.NOT_TODAY]
    assert waits["deeds-2"].low_s is waits["deeds-2"].high_s is None
    assert told(standing(people(1), [DEEDS], spans=[]))["deeds-0"].outlook is Outlook.NOT_TODAY


def test_who_may_not_be_called_any_more_is_told_so_with_the_time_until_the_closing() -> None:
    half = [Held("deeds", "deed", seconds) for seconds in (600.0, 6000.0) * 20]
    wait = told(standing(people(2), [DEEDS], held=half, spans=[(MORNING, MORNING + timedelta(minutes=20))]))["deeds-1"]

    assert wait == WaitRange(1, Outlook.PERHAPS_NOT_TODAY, 600, 1200)


def in_reverse_lanes(held: Sequence[Held]) -> list[tuple[int, float]]:
    """Of one waiting ticket per lane, the last lane's the earliest: the place and the minutes, lane by lane."""
    queue = [queued(number, lane=lane, waited_min=0) for number, lane in enumerate(reversed(Lane))]
    waits = told(standing(queue, [DEEDS], held=held))
    return [(waits[one.id].ahead, minutes(waits[one.id])[0]) for one in reversed(queue)]


def test_the_lanes_keep_their_order() -> None:
    assert in_reverse_lanes([Held("deeds", "deed", 300.0)] * 5) == [(0, 1), (1, 5), (2, 10), (3, 15)]


def test_after_two_priorities_running_an_ordinary_one_is_expected() -> None:
    queue = [queued(n, lane=lane, waited_min=0) for n, lane in enumerate([Lane.PRIORITY] * 3 + [Lane.ORDINARY])]
    scene = standing(queue, [DEEDS], held=[Held("deeds", "deed", 300.0)] * 5)
    waits = told(scene)
    after_one = told(replace(scene, recent={"deeds": "P"}))

    assert [minutes(waits[one.id])[0] for one in queue] == [1, 5, 15, 10]
    assert [minutes(after_one[one.id])[0] for one in queue] == [1, 10, 15, 5]


def test_who_will_have_waited_twenty_minutes_is_told_so() -> None:
    """After two calls of ten minutes the ordinary ticket, which came first, no longer steps aside."""
    assert in_reverse_lanes(TEN_MIN) == [(0, 1), (1, 10), (2, 30), (3, 20)]


@settings(deadline=None)
@given(crowds(), RECENT)
def test_one_window_calls_in_the_published_sequence(crowd: list[Waiting], recent: str) -> None:
    queue = sorted((Queued(w.since, w.arrival, w.id, w.lane, "deeds", "deed") for w in crowd), key=lambda one: one.turn)
    seats, spans = [(0.0, ("deeds",))], [(0.0, inf)]
    calls = play(Crowd(queue, {"deeds": recent}), seats, lambda one: 0.0, began=MORNING, spans=spans, coming=iter(()))

    assert [one.id for _, one in calls] == sequence(crowd, MORNING, recent)


def test_a_window_of_two_lines_takes_who_came_first() -> None:
    both = Seat(frozenset({"deeds", "pensions"}))
    queue = [queued(1, waited_min=5), queued(2, line="pensions", waited_min=9), queued(3, waited_min=1)]
    waits = told(standing(queue, [both]))

    assert [minutes(waits[one]) for one in ("pensions-2", "deeds-1", "deeds-3")] == [(1, 1), (10, 10), (20, 20)]


def test_a_busy_window_is_awaited_for_what_is_left_of_its_call() -> None:
    busy = Seat(DEEDS.lines, Serving("deeds", "deed", MORNING - timedelta(seconds=270)))

    assert minutes(told(standing(people(1), [busy]))["deeds-0"]) == (5, 6)


def test_a_call_longer_than_all_others_may_last_as_long_again() -> None:
    busy = Seat(DEEDS.lines, Serving("deeds", "deed", MORNING - timedelta(minutes=30)))
    low, high = minutes(told(standing(people(1), [busy]))["deeds-0"])

    assert 1 <= low < 6
    assert 20 < high <= 30


def test_a_window_on_a_break_is_awaited_until_its_return() -> None:
    back = Seat(DEEDS.lines, free_at=MORNING + timedelta(minutes=7))

    assert minutes(told(standing(people(1), [back]))["deeds-0"]) == (7, 7)


def test_priorities_that_may_come_lengthen_the_wait_of_the_others() -> None:
    quiet = standing(people(12), [DEEDS])
    busy = standing(people(12), [DEEDS], coming=[Coming("deeds", "deed", Lane.RESUMING, 3.0)])

    assert minutes(told(busy)["deeds-11"])[1] > minutes(told(quiet)["deeds-11"])[1]


def test_people_who_leave_shorten_it() -> None:
    kept, left = (told(standing(people(20), [DEEDS], gone_share=share))["deeds-19"] for share in (0.0, 0.3))

    assert minutes(left) < minutes(kept)


def test_below_five_calls_it_is_said_as_at_least() -> None:
    few, enough = (told(standing(people(2), [DEEDS], held=TEN_MIN[:count]))["deeds-1"] for count in (4, 5))

    assert (few.at_least, enough.at_least) == (True, False)
    assert minutes(told(standing(people(2), [DEEDS], held=[]))["deeds-1"]) == (UNKNOWN_S / 60, UNKNOWN_S / 60)


def test_a_matter_borrows_from_its_line_and_a_line_from_its_office() -> None:
    pace = Pace([*[Held("deeds", "deed", 60.0)] * 5, Held("deeds", "rare", 99.0), *[Held("trade", "firm", 500.0)] * 5])

    assert pace.pool("deeds", "deed") == [60.0] * 5
    assert pace.pool("deeds", "rare") == [60.0] * 5 + [99.0]
    assert len(pace.pool("pensions", "card")) == 11


def test_only_the_latest_calls_count() -> None:
    pace = Pace([Held("deeds", "deed", float(seconds)) for seconds in range(1000)])

    assert pace.pool("deeds", "deed") == [float(seconds) for seconds in range(950, 1000)]


def test_draws_are_recent_calls() -> None:
    held = [Held("deeds", "deed", float(seconds)) for seconds in range(100, 120)]
    draws = Draws(Pace(held), random.Random(1))

    assert {draws.draw("deeds", "deed") for _ in range(200)} <= {one.seconds for one in held}


def test_who_would_take_a_ticket_now_waits_behind_all_and_with_priority_before_the_younger() -> None:
    scene = standing(people(3), [DEEDS])
    ordinary, first = (
        newcomer(scene, random.Random(1), line_id="deeds", matter_id="deed", lane=lane)
        for lane in (Lane.ORDINARY, Lane.PRIORITY)
    )

    assert ordinary == WaitRange(3, Outlook.TODAY, 1800, 1800)
    assert first == WaitRange(0, Outlook.TODAY, 60, 60)


def test_the_same_seed_tells_the_same() -> None:
    held = [Held("deeds", "deed", random.Random(n).lognormvariate(6.5, 0.5)) for n in range(40)]
    scene = standing(people(15), [DEEDS] * 2, held=held, coming=[Coming("deeds", "deed", Lane.PRIORITY, 2.0)])

    assert told(scene, 7) == told(scene, 7)
    assert told(scene, 7) != told(scene, 8)


@FEW
@given(
    st.lists(st.floats(5, 5000), max_size=30),
    st.lists(st.sampled_from(list(Lane)), max_size=12),
    st.integers(1, 5),
    st.integers(0, 2**32),
)
def test_a_range_is_whole_minutes_and_never_below_one(
    seconds: list[float], lanes: list[Lane], clerks: int, seed: int
) -> None:
    queue = [queued(number, lane=lane) for number, lane in enumerate(lanes)]
    scene = standing(queue, [DEEDS] * clerks, held=[Held("deeds", "deed", one) for one in seconds])

    for wait in told(scene, seed).values():
        if wait.low_s is not None and wait.high_s is not None:
            assert 60 <= wait.low_s <= wait.high_s
            assert wait.low_s % 60 == wait.high_s % 60 == 0


@given(st.integers(0, 1000))
def test_fewer_than_n_is_true_and_a_step_of_the_ladder(ahead: int) -> None:
    steps = [*LADDER, *range(200, 1200, 100)]

    assert fewer_than(ahead) == min(step for step in steps if step > ahead)


def test_nothing_opens_after_the_last_span() -> None:
    spans = [(0.0, 10.0), (20.0, 30.0)]

    assert [opening(spans, at) for at in (5, 10, 29, 30)] == [5, 20, 29, None]


def test_a_replayed_rush_is_told_honestly(capsys: pytest.CaptureFixture[str]) -> None:
    """One day of `make bench NAME=wait`, with room for the luck of one day."""
    (rush,) = (pattern for pattern in DAYS if pattern.name == "rush")
    found = figures(replay(rush, seed=1))

    with capsys.disabled():
        print(f"\nrush, seed 1: {found['range_coverage']:.2f} in range, error {found['error_vs_naive_ratio']:.2f}")
    assert found["called"] > 60
    assert found["range_coverage"] >= 0.75
    assert found["error_vs_naive_ratio"] < 1
