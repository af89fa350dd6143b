from hypothesis import given
from hypothesis import strategies as st

from tongban_signaling.limits import Credit
from tongban_signaling.purse import Purse


def test_a_purse_is_full_at_first_and_fills_again() -> None:
    purse = Purse(Credit(2, 1), now=0)

    assert [purse.spend(0), purse.spend(0), purse.spend(0)] == [True, True, False]
    assert [purse.spend(1), purse.spend(1)] == [True, False]
    assert [purse.spend(100), purse.spend(100), purse.spend(100)] == [True, True, False]


@given(st.lists(st.floats(min_value=0, max_value=50), max_size=60).map(sorted))
def test_nobody_spends_more_than_the_purse_and_what_came_in(moments: list[float]) -> None:
    purse = Purse(Credit(5, 2), now=0)

    spent = [purse.spend(moment) for moment in moments].count(True)

    assert spent <= 5 + 2 * (moments[-1] if moments else 0) + 1e-6
