"""Why somebody stands where they stand: the reasons are those by which the rule picks."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tongban_queue.order import AGEING, Waiting, pick, sequence
from tongban_queue.reasons import Guard, Sentence, deciding, guard_of, reasons
from tongban_queue.ticket import Lane

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
RECENT = st.sampled_from(["", "P", "O", "PP", "PO", "OP", "OO"])


def one(lane: Lane, waited_min: float, number: int) -> Waiting:
    return Waiting(NOW - timedelta(minutes=waited_min), number, f"t{number}", lane)


@st.composite
def lines(draw: st.DrawFn) -> list[Waiting]:
    rows = draw(st.lists(st.tuples(st.sampled_from(Lane), st.integers(0, 40)), min_size=1, max_size=20))
    return [one(lane, waited, number) for number, (lane, waited) in enumerate(rows)]


def heads(line: list[Waiting]) -> dict[Lane, Waiting]:
    firsts = {lane: [one for one in line if one.lane is lane] for lane in Lane}
    return {lane: min(found, key=lambda one: one.turn) for lane, found in firsts.items() if found}


@given(lines(), RECENT)
def test_those_before_me_are_counted_lane_by_lane_and_make_my_place(line: list[Waiting], recent: str) -> None:
    order = sequence(line, NOW, recent)
    for place, ticket_id in enumerate(order):
        found = reasons(line, ticket_id, NOW, recent)

        assert found.ahead == sum(found.by_lane.values()) == place
        assert set(found.by_lane) == set(Lane)


@given(lines(), RECENT)
def test_the_reason_for_the_first_is_the_branch_that_pick_took(line: list[Waiting], recent: str) -> None:
    first = pick(heads(line), NOW, recent)
    assert first is not None
    for other in line:
        if other.id == first.id:
            continue
        said = deciding(first, other, NOW)
        alone = pick({first.lane: first, other.lane: other}, NOW, "") if first.lane is not other.lane else first

        assert said in reasons(line, first.id, NOW, recent).rule
        assert said in reasons(line, other.id, NOW, recent).rule
        # But for the guard of two, each pair is decided as if nobody else were there.
        assert (said is Sentence.TWO_THEN_ONE) == (alone is other)


@given(lines(), RECENT)
def test_the_guard_is_what_changes_the_pick(line: list[Waiting], recent: str) -> None:
    both = {lane: head for lane, head in heads(line).items() if lane in (Lane.PRIORITY, Lane.ORDINARY)}
    guard, picked = guard_of(line, NOW, recent), pick(both, NOW, recent)

    if len(both) < 2:
        assert guard is Guard.NONE
        return
    aged = NOW - both[Lane.ORDINARY].since >= AGEING
    assert (guard is Guard.AGED) == aged
    assert (guard is Guard.TWO_PRIORITIES_CALLED) == (not aged and picked is both[Lane.ORDINARY])
    assert guard is not Guard.NONE or picked is both[Lane.PRIORITY]


def test_what_holds_somebody_up_is_told_after_the_rule() -> None:
    line = [one(Lane.ORDINARY, 5, 1), one(Lane.ORDINARY, 3, 2)]

    found = reasons(line, "t2", NOW, "", also=[Sentence.NEEDS_KIOSK])

    assert found.rule == (Sentence.FIRST_COME, Sentence.NEEDS_KIOSK)
    assert reasons(line[:1], "t1", NOW, "").rule == ()
