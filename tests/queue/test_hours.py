"""The hours of a week as one short text."""

import pytest
from hypothesis import given

from tests.queue.weeks import Week, text_of, weeks
from tongban_queue.hours import DAYS, Hours, HoursMisshapen, Span

FORENOON, AFTERNOON = Span(9 * 60, 12 * 60), Span(13 * 60 + 30, 17 * 60)


def test_groups_of_days_have_their_spans_in_order() -> None:
    hours = Hours.parse("mon-fri 09:00-12:00,13:30-17:00; sat 09:00-11:30")

    assert hours.week[:5] == ((FORENOON, AFTERNOON),) * 5
    assert hours.week[5:] == ((Span(540, 690),), (), ())
    assert hours.groups == [(["mon", "tue", "wed", "thu", "fri"], (FORENOON, AFTERNOON)), (["sat"], (Span(540, 690),))]


def test_days_may_be_listed_and_holidays_have_hours_of_their_own() -> None:
    hours = Hours.parse("mon,wed-thu 09:00-12:00; holiday 13:30-17:00;tue 09:00-12:00")

    assert hours.groups == [(["mon", "tue", "wed", "thu"], (FORENOON,)), (["holiday"], (AFTERNOON,))]


def test_always_is_every_minute_of_every_day() -> None:
    hours = Hours.parse("always")

    assert hours.groups == [(list(DAYS), (Span(0, 1440),))]
    assert hours.always
    assert hours == Hours.parse("mon-sun 00:00-24:00; holiday 00:00-24:00")
    assert not Hours.parse("mon-sun 00:00-24:00").always


def test_hours_that_are_the_same_every_day_need_no_calendar() -> None:
    assert Hours.parse("mon-sun,holiday 09:00-17:00").same_every_day
    assert not Hours.parse("mon-sun 09:00-17:00").same_every_day


@given(weeks())
def test_what_is_written_is_what_is_read(week: Week) -> None:
    hours = Hours.parse(text_of(week))

    assert {day: [tuple(span) for span in spans] for day, spans in zip(DAYS, hours.week, strict=True)} == {
        day: week.get(day, []) for day in DAYS
    }
    assert {day: spans for days, spans in hours.groups for day in days} == {
        day: spans for day, spans in zip(DAYS, hours.week, strict=True) if spans
    }


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", ""),
        ("09:00-17:00", "09:00-17:00"),
        ("mon-fri", "mon-fri"),
        ("mon-fri 9:00-17:00", "mon-fri 9:00-17:00"),
        ("mon-fri 09:00-25:00", "mon-fri 09:00-25:00"),
        ("mon-fri 09:60-12:00", "mon-fri 09:60-12:00"),
        ("mon-fri 12:00-09:00", "mon-fri 12:00-09:00"),
        ("mon-fri 09:00-12:00,12:00-17:00", "mon-fri 09:00-12:00,12:00-17:00"),
        ("mon-fri 13:30-17:00,09:00-12:00", "mon-fri 13:30-17:00,09:00-12:00"),
        ("mon-fri 09:00-12:00;", ""),
        ("mon-fri 09:00-12:00;13:30-17:00", "13:30-17:00"),
        ("mon-fri 09:00-12:00; fri 13:00-14:00", "fri 13:00-14:00"),
        ("fri-mon 09:00-12:00", "fri-mon 09:00-12:00"),
        ("mon-tue-wed 09:00-12:00", "mon-tue-wed 09:00-12:00"),
        ("mon- 09:00-12:00", "mon- 09:00-12:00"),
        ("mon,mon 09:00-12:00", "mon,mon 09:00-12:00"),
        ("mon-holiday 09:00-12:00", "mon-holiday 09:00-12:00"),
        ("everyday 09:00-12:00", "everyday 09:00-12:00"),
        ("mon ٠٩:00-12:00", "mon ٠٩:00-12:00"),
        ("Always", "Always"),
        ("always; mon 09:00-12:00", "always"),
    ],
)
def test_misshapen_hours_are_refused_with_the_part_that_is_wrong(text: str, part: str) -> None:
    with pytest.raises(HoursMisshapen) as refused:
        Hours.parse(text)

    assert refused.value.told == {"part": part}
