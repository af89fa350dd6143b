"""Erlang C as the books have it, the play beside it and beside an independent simulation, and what hours need."""

import random
from dataclasses import dataclass
from math import factorial, inf, log

import pytest
from ciw.dists import Exponential, Lognormal
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.queue.stream import mean_waits, played, simulated
from tongban_queue.erlang import (
    MOST_CLERKS,
    Goal,
    Load,
    StaffingQuestionUnclear,
    answered_within,
    clerks_needed,
    mean_wait_s,
    waiting_probability,
)
from tongban_queue.staffing import (
    ERLANG_ASSUMES,
    PLAY_ASSUMES,
    WARMING_UP,
    Assumption,
    Hour,
    needed_by_hour,
    play_hour,
    share_within,
)
from tongban_queue.ticket import Lane

#: A textbook's call centre: 10 erlangs, 14 agents.
TEXTBOOK = Load(200, 180)
LOADS = st.builds(Load, st.floats(0.1, 200), st.floats(30, 3600))


def by_factorials(erlangs: float, clerks: int) -> float:
    last = erlangs**clerks / factorial(clerks) * clerks / (clerks - erlangs)
    return last / (sum(erlangs**k / factorial(k) for k in range(clerks)) + last)


def test_the_textbook_says_the_same() -> None:
    assert waiting_probability(TEXTBOOK, 14) == pytest.approx(0.1741, abs=5e-5)
    assert mean_wait_s(TEXTBOOK, 14) == pytest.approx(7.8, abs=0.05)
    assert answered_within(TEXTBOOK, 14, 20) == pytest.approx(0.8884, abs=5e-5)


@given(st.floats(0.01, 0.99))
def test_one_clerk_is_as_busy_as_a_newcomer_waits(busy: float) -> None:
    load = Load(6 * busy, 600)

    assert waiting_probability(load, 1) == pytest.approx(busy)
    assert mean_wait_s(load, 1) == pytest.approx(600 * busy / (1 - busy))


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_it_is_the_closed_formula(clerks: int, busy: float) -> None:
    load = Load(clerks * busy * 6, 600)

    assert waiting_probability(load, clerks) == pytest.approx(by_factorials(load.erlangs, clerks), rel=1e-9)


def test_a_thousand_clerks_are_no_trouble() -> None:
    load = Load(950 * 6, 600)

    assert 0 < waiting_probability(load, MOST_CLERKS) < 0.2
    assert answered_within(load, MOST_CLERKS, 60) > 0.99


def test_clerks_who_cannot_keep_up_let_everybody_wait_for_ever() -> None:
    load = Load(12, 600)

    assert (waiting_probability(load, 2), mean_wait_s(load, 2), answered_within(load, 2, 1e9)) == (1, inf, 0)


@settings(deadline=None)
@given(LOADS, st.floats(0, 1800), st.floats(0.01, 0.99))
def test_the_needed_clerks_are_the_fewest(load: Load, within_s: float, share: float) -> None:
    needed = clerks_needed(load, Goal(within_s, share))

    assert answered_within(load, needed, within_s) >= share
    assert needed == 1 or answered_within(load, needed - 1, within_s) < share


def test_nobody_is_needed_where_nobody_calls() -> None:
    assert clerks_needed(Load(0, 600), Goal(60)) == 0


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        (lambda: Goal(60, 0), {"share": "out_of_range"}),
        (lambda: Goal(60, 1), {"share": "out_of_range"}),
        (lambda: Goal(-1, 1.5), {"within_s": "out_of_range", "share": "out_of_range"}),
        (lambda: Goal(float("nan")), {"within_s": "out_of_range"}),
        (lambda: Load(-1, 0), {"calls_per_hour": "out_of_range", "handling_s": "out_of_range"}),
        (lambda: Load(inf, float("nan")), {"calls_per_hour": "out_of_range", "handling_s": "out_of_range"}),
        (lambda: clerks_needed(Load(1e6, 3600), Goal(60)), {"calls_per_hour": "too_many"}),
        (lambda: Hour(9, 0, 5, [60.0]).load, {"history": "out_of_range"}),
        (lambda: Hour(9, 1, 5, [60.0], priority_share=2).load, {"history": "out_of_range"}),
    ],
)
def test_a_question_without_an_answer_is_refused(question: object, fields: dict[str, str]) -> None:
    assert callable(question)

    with pytest.raises(StaffingQuestionUnclear) as refused:
        question()

    assert refused.value.fields == fields


def test_both_answers_name_what_they_assume() -> None:
    assert set(ERLANG_ASSUMES) | set(PLAY_ASSUMES) == set(Assumption)
    assert set(ERLANG_ASSUMES) - set(PLAY_ASSUMES) == {Assumption.EXPONENTIAL_HANDLING, Assumption.NO_PRIORITIES}


def an_hour(taken: int, *, spread: float = 0.5, **more: float) -> Hour:
    chance = random.Random(1)
    return Hour(10, 1, taken, [chance.lognormvariate(log(720), spread) for _ in range(200)], **more)


def test_the_play_and_erlang_need_about_the_same() -> None:
    (found,) = needed_by_hour([an_hour(20, priority_share=0.08)], Goal(300), random.Random(1))

    assert found.by_erlang is not None
    assert found.by_play is not None
    assert found.answered is not None
    assert abs(found.by_play - found.by_erlang) <= 1
    assert 0.9 <= found.answered <= 1


def test_calls_of_one_length_need_no_more_clerks_than_erlang_says() -> None:
    (found,) = needed_by_hour([an_hour(30, spread=0.0)], Goal(240, 0.95), random.Random(1))

    assert found.by_erlang is not None
    assert found.by_play is not None
    assert found.by_play <= found.by_erlang


def test_more_clerks_answer_more_people_soon() -> None:
    shares = [share_within(play_hour(an_hour(20), clerks, random.Random(1)), 120) for clerks in range(5, 9)]

    assert shares == sorted(shares)
    assert shares[0] < shares[-1]


def test_the_first_people_of_a_play_are_not_counted() -> None:
    assert len(play_hour(an_hour(20), 5, random.Random(1), people=WARMING_UP + 7)) == 7


def test_an_hour_without_people_needs_nobody_and_one_without_calls_is_unknown() -> None:
    empty, unknown = needed_by_hour([Hour(8, 30, 0, []), Hour(9, 30, 60, [])], Goal(60), random.Random(1))

    assert (empty.by_erlang, empty.by_play, empty.calls_per_hour) == (0, 0, 0)
    assert (unknown.by_erlang, unknown.by_play, unknown.calls_per_hour) == (None, None, 2)


@dataclass(frozen=True)
class Volume:
    """How much is played: independent streams, and people in each."""

    seeds: range
    people: int


SHORT, FULL = Volume(range(1, 11), 2_000), Volume(range(1, 41), 50_000)
HOLD_S, SPREAD = 600.0, 0.6
OFFICES = [(1, 0.7), (3, 0.8), (10, 0.9)]


def exponential(chance: random.Random) -> float:
    return chance.expovariate(1 / HOLD_S)


def lognormal(chance: random.Random) -> float:
    return chance.lognormvariate(log(HOLD_S) - SPREAD**2 / 2, SPREAD)


def rates(clerks: int, busy: float, **shares: float) -> dict[Lane, float]:
    return {Lane[lane]: share * clerks * busy / HOLD_S for lane, share in (shares or {"ORDINARY": 1.0}).items()}


def agree_with_erlang(volume: Volume, capsys: pytest.CaptureFixture[str]) -> None:
    for clerks, busy in OFFICES:
        per_s = rates(clerks, busy)
        given = {"clerks": clerks, "people": volume.people, "per_s": per_s, "service": exponential}
        found = mean_waits(played, volume.seeds, **given)[Lane.ORDINARY]
        truth = mean_wait_s(Load(per_s[Lane.ORDINARY] * 3600, HOLD_S), clerks)
        with capsys.disabled():
            print(f"\nM/M/{clerks} at {busy:.0%}, seeds {volume.seeds}: played {found}, Erlang C {truth:.1f} s", end="")
        assert found.holds(truth)


def two_classes_agree_with_erlang(volume: Volume, capsys: pytest.CaptureFixture[str]) -> None:
    """Cobham's formula: who goes before others waits C h / c over the time that these leave free, and so on down."""
    clerks, busy, first = 3, 0.8, 0.3
    per_s = rates(clerks, busy, RESUMING=first, ORDINARY=1 - first)
    given = {"clerks": clerks, "people": volume.people, "per_s": per_s, "service": exponential}
    next_end_s = waiting_probability(Load(sum(per_s.values()) * 3600, HOLD_S), clerks) * HOLD_S / clerks
    found, free = mean_waits(played, volume.seeds, **given), 1 - first * busy
    for lane, truth in ((Lane.RESUMING, next_end_s / free), (Lane.ORDINARY, next_end_s / free / (1 - busy))):
        with capsys.disabled():
            print(f"\ntwo classes, {lane}, seeds {volume.seeds}: played {found[lane]}, formula {truth:.1f} s", end="")
        assert found[lane].holds(truth)


def answer_as_erlang(volume: Volume) -> None:
    """The whole distribution of the waits, not only its mean."""
    per_s, within_s = rates(3, 0.8), (1e-6, 120.0, 600.0, 1800.0)
    load = Load(per_s[Lane.ORDINARY] * 3600, HOLD_S)
    waits = [
        wait
        for seed in volume.seeds
        for wait in played(seed, clerks=3, people=volume.people, per_s=per_s, service=exponential)[Lane.ORDINARY]
    ]
    for limit in within_s:
        assert share_within(waits, limit) == pytest.approx(answered_within(load, 3, limit), abs=0.04)


def agree_with_ciw(volume: Volume, capsys: pytest.CaptureFixture[str]) -> None:
    log_mean = log(HOLD_S) - SPREAD**2 / 2
    for name, shares, ours, theirs in (
        ("M/M/3", {}, exponential, Exponential(1 / HOLD_S)),
        ("M/M/3, two classes", {"RESUMING": 0.3, "ORDINARY": 0.7}, exponential, Exponential(1 / HOLD_S)),
        ("M/G/3 lognormal", {}, lognormal, Lognormal(log_mean, SPREAD)),
        ("M/G/3, two classes", {"DUE": 0.3, "ORDINARY": 0.7}, lognormal, Lognormal(log_mean, SPREAD)),
    ):
        given = {"clerks": 3, "people": volume.people, "per_s": rates(3, 0.8, **shares)}
        found = mean_waits(played, volume.seeds, service=ours, **given)
        other = mean_waits(simulated, volume.seeds, service=theirs, **given)
        for lane, mean in found.items():
            with capsys.disabled():
                print(f"\n{name} {lane}, seeds {volume.seeds}: played {mean}, ciw {other[lane]}", end="")
            assert mean.agrees(other[lane])


def test_steady_waits_agree_with_erlang_c(capsys: pytest.CaptureFixture[str]) -> None:
    agree_with_erlang(SHORT, capsys)
    two_classes_agree_with_erlang(SHORT, capsys)


def test_steady_shares_answered_agree_with_erlang_c() -> None:
    answer_as_erlang(SHORT)


def test_steady_waits_agree_with_an_independent_simulation(capsys: pytest.CaptureFixture[str]) -> None:
    agree_with_ciw(SHORT, capsys)


@pytest.mark.soak
def test_two_million_waits_agree_with_erlang_c(capsys: pytest.CaptureFixture[str]) -> None:
    agree_with_erlang(FULL, capsys)
    two_classes_agree_with_erlang(FULL, capsys)
    answer_as_erlang(FULL)


@pytest.mark.soak
def test_two_million_waits_agree_with_an_independent_simulation(capsys: pytest.CaptureFixture[str]) -> None:
    agree_with_ciw(FULL, capsys)
