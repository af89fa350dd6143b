"""When a door is open, held against a count minute by minute."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.queue.test_working_days import HOLIDAYS, WORKED, on
from tests.queue.weeks import DAY_NAMES, Week, text_of, weeks
from tongban_queue.hours import Hours
from tongban_queue.opening import Closed, Opening
from tongban_queue.working_days import WorkCalendar

CALENDAR = WorkCalendar.shipped()
SHANGHAI = timezone(timedelta(hours=8))
MINUTE = timedelta(minutes=1)
COUNTER = Opening(CALENDAR, Hours.parse("mon-fri 09:00-12:00,13:30-17:00; sat 09:00-11:30"))
ALWAYS = Opening(CALENDAR, Hours.parse("always"))
#: Every minute from a week before one of these to three weeks after it may be asked about.
EDGES = [on(edge) for first, last, _ in HOLIDAYS for edge in (first, last)]
MOMENTS = st.builds(
    lambda day, days, minute: (
        datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + days * 1440 * MINUTE + minute * MINUTE
    ),
    st.sampled_from(EDGES),
    st.integers(-3, 3),
    st.integers(0, 1439),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def naively_spans(week: Week, day: date) -> list[tuple[int, int]]:
    if any(on(first) <= day <= on(last) for first, last, _ in HOLIDAYS):
        return week.get("holiday", [])
    if day in WORKED:
        said = [name for name in ("mon", "tue", "wed", "thu", "fri") if name in week]
        return week[said[0]] if said else week.get(DAY_NAMES[day.weekday()], [])
    return week.get(DAY_NAMES[day.weekday()], [])


def naively_open(week: Week, minute: datetime) -> bool:
    """One minute, looked up in the printed list and the week as it was drawn."""
    number = minute.hour * 60 + minute.minute
    return any(begin <= number < end for begin, end in naively_spans(week, minute.date()))


def naively_next(week: Week, now: datetime, wanted: bool, days: int) -> datetime | None:
    """The first minute from `now` on that is open (or closed), looking at each one."""
    minutes = (now + number * MINUTE for number in range(days * 1440))
    return next((minute for minute in minutes if naively_open(week, minute) == wanted), None)


@settings(deadline=None, max_examples=150)
@given(weeks(), MOMENTS)
def test_open_and_when_it_changes_is_what_a_count_minute_by_minute_gives(week: Week, now: datetime) -> None:
    door = Opening(CALENDAR, Hours.parse(text_of(week)))
    told = door.at(now)

    assert door.is_open(now) is told.is_open is naively_open(week, now)
    if told.is_open:
        assert told.until == naively_next(week, now, wanted=False, days=7)
        assert told.opens is None
    else:
        naive = naively_next(week, now, wanted=True, days=20)
        assert told.until is None
        assert told.opens == naive or (naive is None and (told.opens is None or told.opens > now + timedelta(days=20)))


@given(weeks(), MOMENTS)
def test_the_spans_of_a_day_are_its_open_minutes(week: Week, now: datetime) -> None:
    day, midnight = now.date(), now.replace(hour=0, minute=0)
    spans = Opening(CALENDAR, Hours.parse(text_of(week))).spans(day)

    minutes = [midnight + number * MINUTE for number in range(1440)]
    assert all(begin.tzinfo is UTC and end.tzinfo is UTC for begin, end in spans)
    assert [minute for minute in minutes if any(begin <= minute < end for begin, end in spans)] == [
        minute for minute in minutes if naively_open(week, minute)
    ]


@pytest.mark.parametrize(
    ("moment", "why", "opens"),
    [
        ("2026-11-23 09:00", None, None),
        ("2026-11-23 08:59:59", Closed.BEFORE, "2026-11-23 09:00"),
        ("2026-11-23 12:00", Closed.LUNCH, "2026-11-23 13:30"),
        ("2026-11-23 13:29:59", Closed.LUNCH, "2026-11-23 13:30"),
        ("2026-11-23 16:59:59", None, None),
        ("2026-11-23 17:00", Closed.AFTER, "2026-11-24 09:00"),
        ("2026-11-28 11:30", Closed.AFTER, "2026-11-30 09:00"),
        ("2026-11-29 10:00", Closed.WEEKEND, "2026-11-30 09:00"),
        ("2026-02-13 17:00", Closed.AFTER, "2026-02-14 09:00"),
        ("2026-02-14 15:00", None, None),
        ("2026-02-15 10:00", Closed.HOLIDAY, "2026-02-24 09:00"),
        ("2026-02-21 10:00", Closed.HOLIDAY, "2026-02-24 09:00"),
        ("2026-09-20 13:00", Closed.LUNCH, "2026-09-20 13:30"),
        ("2025-10-08 23:59", Closed.HOLIDAY, "2025-10-09 09:00"),
    ],
)
def test_a_closed_door_says_why_and_when_it_opens(moment: str, why: Closed | None, opens: str | None) -> None:
    told = COUNTER.at(at(moment))

    assert (told.why, COUNTER.why_closed(at(moment))) == (why, why)
    assert told.opens == (at(opens) if opens else None)
    assert not told.calendar_missing


def test_an_open_door_closes_at_lunch_and_in_the_evening() -> None:
    assert COUNTER.at(at("2026-11-23 10:00")).until == at("2026-11-23 12:00")
    assert COUNTER.at(at("2026-11-23 13:30")).until == at("2026-11-23 17:00")


def test_a_weekday_that_an_office_takes_off_is_neither_weekend_nor_holiday() -> None:
    door = Opening(CALENDAR, Hours.parse("tue-sat 09:00-17:00"))

    assert door.why_closed(at("2026-11-23 10:00")) is Closed.DAY_OFF
    assert door.why_closed(at("2026-11-29 10:00")) is Closed.WEEKEND


def test_a_make_up_day_has_the_hours_of_the_first_weekday_that_has_any() -> None:
    tuesdays = Opening(CALENDAR, Hours.parse("tue 10:00-12:00; wed-fri 09:00-17:00; sat 08:00-09:00"))
    weekends = Opening(CALENDAR, Hours.parse("sat 08:00-09:00"))

    assert tuesdays.spans(on("2026-02-14")) == [(at("2026-02-14 10:00"), at("2026-02-14 12:00"))]
    assert weekends.spans(on("2026-02-14")) == [(at("2026-02-14 08:00"), at("2026-02-14 09:00"))]


def test_a_door_that_never_closes_is_open_on_a_holiday_and_in_a_year_without_a_list() -> None:
    for moment in ("2026-02-17 03:00", "2027-02-17 03:00"):
        told = ALWAYS.at(at(moment))

        assert (told.is_open, told.until, told.opens, told.calendar_missing) == (True, None, None, False)


def test_a_door_stays_open_over_midnight() -> None:
    nights = Opening(CALENDAR, Hours.parse("thu 22:00-24:00; fri 00:00-06:00"))

    assert nights.at(at("2026-11-26 23:00")).until == at("2026-11-27 06:00")


def test_an_opening_in_a_year_without_a_list_is_said_to_rest_on_monday_to_friday() -> None:
    new_years_eve, new_year = COUNTER.at(at("2026-12-31 18:00")), COUNTER.at(at("2027-01-01 10:00"))

    assert (new_years_eve.opens, new_years_eve.calendar_missing) == (at("2027-01-01 09:00"), True)
    assert (new_year.is_open, new_year.calendar_missing) == (True, True)
    assert not COUNTER.at(at("2026-12-31 10:00")).calendar_missing


def test_a_door_that_is_open_only_on_holidays_opens_on_the_next_one_or_is_not_said_to() -> None:
    holidays = Opening(CALENDAR, Hours.parse("holiday 09:00-12:00"))

    assert holidays.at(at("2026-06-22 10:00")).opens == at("2026-09-25 09:00")
    assert holidays.at(at("2026-10-07 12:00")).opens is None
    assert holidays.why_closed(at("2026-11-24 12:00")) is Closed.DAY_OFF
