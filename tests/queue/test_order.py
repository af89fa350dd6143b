"""The published order, clause by clause (domain §2.14), and what it promises to who waits longest."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.queue.builders import MORNING
from tongban_queue.order import AGEING, Waiting, merge_heads, pick, remember, sequence
from tongban_queue.ticket import Lane

RESUMING, DUE, PRIORITY, ORDINARY = Lane


def one(lane: Lane, waited_min: float = 0, arrival: int = 0) -> Waiting:
    return Waiting(MORNING - timedelta(minutes=waited_min), arrival, f"{lane}-{waited_min}-{arrival}", lane)


def chosen(*waiting: Waiting, recent: str = "") -> Waiting | None:
    return pick(merge_heads(waiting), MORNING, recent)


def test_nobody_is_picked_from_nobody() -> None:
    assert chosen() is None


def test_resuming_goes_before_all() -> None:
    assert chosen(one(RESUMING), one(DUE, 9), one(PRIORITY, 9), one(ORDINARY, 99), recent="PP") == one(RESUMING)


def test_due_goes_before_priority_and_ordinary() -> None:
    assert chosen(one(DUE), one(PRIORITY, 9), one(ORDINARY, 99), recent="PP") == one(DUE)


def test_who_is_alone_in_these_two_lanes_goes() -> None:
    assert chosen(one(PRIORITY), recent="PP") == one(PRIORITY)
    assert chosen(one(ORDINARY), recent="OO") == one(ORDINARY)


def test_priority_beats_a_wait_under_twenty_minutes() -> None:
    assert chosen(one(PRIORITY), one(ORDINARY, 19.99)) == one(PRIORITY)


def test_from_twenty_minutes_on_the_earlier_goes() -> None:
    assert chosen(one(PRIORITY, 19), one(ORDINARY, 20)) == one(ORDINARY, 20)
    assert chosen(one(PRIORITY, 21), one(ORDINARY, 20), recent="PP") == one(PRIORITY, 21)


def test_equal_moments_go_by_arrival() -> None:
    first, second = one(ORDINARY, 20, arrival=1), one(PRIORITY, 20, arrival=2)

    assert chosen(first, second) == first
    assert merge_heads([one(ORDINARY, 20, arrival=3), first])[ORDINARY] == first


def test_after_two_priorities_running_an_ordinary_one_goes() -> None:
    assert chosen(one(PRIORITY, 9), one(ORDINARY), recent="PP") == one(ORDINARY)
    assert chosen(one(PRIORITY, 9), one(ORDINARY), recent="OP") == one(PRIORITY, 9)


def test_resuming_and_due_calls_do_not_count() -> None:
    assert [remember("PP", lane) for lane in Lane] == ["PP", "PP", "PP", "PO"]
    assert remember("", PRIORITY) == "P"


LANES = st.sampled_from(list(Lane))
TWO_LANES = st.sampled_from([PRIORITY, ORDINARY])
RECENT = st.sampled_from(["", "P", "O", "PP", "PO", "OP", "OO"])


@st.composite
def crowds(draw: st.DrawFn, lanes: st.SearchStrategy[Lane] = LANES) -> list[Waiting]:
    places = draw(st.lists(st.tuples(lanes, st.integers(0, 40)), max_size=25))
    return [one(lane, waited, arrival) for arrival, (lane, waited) in enumerate(places)]


@given(crowds(), RECENT)
def test_the_sequence_is_the_rule_applied_again_and_again(crowd: list[Waiting], recent: str) -> None:
    left, order, last = list(crowd), [], recent
    while left:
        heads = {
            lane: min((w for w in left if w.lane is lane), key=lambda w: w.turn) for lane in {w.lane for w in left}
        }
        head = pick(heads, MORNING, last)
        assert head
        left.remove(head)
        order.append(head.id)
        last = remember(last, head.lane)

    assert sequence(crowd, MORNING, recent) == order


@given(crowds(), RECENT)
def test_nobody_overtakes_in_a_lane(crowd: list[Waiting], recent: str) -> None:
    by_id = {waiting.id: waiting for waiting in crowd}
    order = [by_id[ticket] for ticket in sequence(crowd, MORNING, recent)]

    for lane in Lane:
        turns = [waiting.turn for waiting in order if waiting.lane is lane]
        assert turns == sorted(turns)


@given(crowds(TWO_LANES), st.integers(0, 40), st.integers(0, 5), RECENT)
def test_nobody_starves_however_many_priorities_come(
    crowd: list[Waiting], waited_min: int, every_min: int, recent: str
) -> None:
    """With a new priority ticket at every call, an ordinary one still goes after at most: every earlier one, and two
    later priorities for each ordinary call."""
    mine = one(ORDINARY, waited_min, arrival=1000)
    ordinary = sum(other.lane is ORDINARY and other.turn < mine.turn for other in crowd)
    priority = sum(other.lane is PRIORITY and other.turn < mine.turn for other in crowd)
    left, now, calls = [*crowd, mine], MORNING, 0
    while mine in left:
        left.append(Waiting(now, 2000 + calls, f"new-{calls}", PRIORITY))
        head = pick(merge_heads(left), now, recent)
        assert head
        left.remove(head)
        recent, now, calls = remember(recent, head.lane), now + timedelta(minutes=every_min), calls + 1

    assert calls <= ordinary + 1 + priority + 2 * (ordinary + 1)


def test_a_hundred_priorities_do_not_hold_up_one_ordinary_beyond_the_ageing() -> None:
    mine, now, recent = one(ORDINARY, 0), MORNING, ""
    left = [one(PRIORITY, 0, arrival=n + 1) for n in range(100)] + [mine]
    while mine in left:
        head = pick(merge_heads(left), now, recent)
        assert head
        left.remove(head)
        recent, now = remember(recent, head.lane), now + timedelta(minutes=5)

    assert now - mine.since <= AGEING
