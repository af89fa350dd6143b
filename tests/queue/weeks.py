"""Weeks of opening hours for properties: days -> spans in minutes, and the text that an operator would write."""

from itertools import pairwise

from hypothesis import strategies as st

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")

Week = dict[str, list[tuple[int, int]]]


@st.composite
def weeks(draw: st.DrawFn, step: int = 1) -> Week:
    """At least one day with one to three spans; edges are multiples of `step` minutes."""
    days = draw(st.lists(st.sampled_from(DAY_NAMES), min_size=1, unique=True))
    edges = st.lists(st.integers(0, 1440 // step), min_size=2, max_size=6, unique=True).map(sorted)
    return {day: _spans([edge * step for edge in draw(edges)]) for day in days}


def _spans(edges: list[int]) -> list[tuple[int, int]]:
    return [span for number, span in enumerate(pairwise(edges)) if number % 2 == 0]


def text_of(week: Week) -> str:
    """The cell that says this week, one group for each day."""
    return "; ".join(f"{day} {','.join(_clock(b) + '-' + _clock(e) for b, e in spans)}" for day, spans in week.items())


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
