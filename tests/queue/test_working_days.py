"""Which days are worked, held against the public list as it is printed (domain §4.6)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban_queue.working_days import WorkCalendar, WorkCalendarMisshapen, WorkCalendarUnreadable

SHIPPED = WorkCalendar.shipped()
#: Each holiday's first and last day, and the weekend days worked for it.
HOLIDAYS = [
    ("2025-01-01", "2025-01-01", []),
    ("2025-01-28", "2025-02-04", ["2025-01-26", "2025-02-08"]),
    ("2025-04-04", "2025-04-06", []),
    ("2025-05-01", "2025-05-05", ["2025-04-27"]),
    ("2025-05-31", "2025-06-02", []),
    ("2025-10-01", "2025-10-08", ["2025-09-28", "2025-10-11"]),
    ("2026-01-01", "2026-01-03", ["2026-01-04"]),
    ("2026-02-15", "2026-02-23", ["2026-02-14", "2026-02-28"]),
    ("2026-04-04", "2026-04-06", []),
    ("2026-05-01", "2026-05-05", ["2026-05-09"]),
    ("2026-06-19", "2026-06-21", []),
    ("2026-09-25", "2026-09-27", ["2026-09-20"]),
    ("2026-10-01", "2026-10-07", ["2026-10-10"]),
]
WORKED = {date.fromisoformat(day) for *_, worked in HOLIDAYS for day in worked}


def on(text: str) -> date:
    return date.fromisoformat(text)


def naively_worked(day: date) -> bool:
    """One day, looked up in the printed list."""
    if day in WORKED:
        return True
    return day.isoweekday() <= 5 and not any(on(first) <= day <= on(last) for first, last, _ in HOLIDAYS)


def test_every_day_of_both_years_is_as_the_list_says() -> None:
    days = [on("2025-01-01") + timedelta(days=number) for number in range(730)]

    assert [day for day in days if SHIPPED.is_working_day(day) != naively_worked(day)] == []
    assert sum(SHIPPED.is_working_day(day) for day in days if day.year == 2025) == 248
    assert sum(SHIPPED.is_working_day(day) for day in days if day.year == 2026) == 248


@pytest.mark.parametrize(("first", "last", "worked"), HOLIDAYS)
def test_a_holiday_begins_and_ends_on_its_days(first: str, last: str, worked: list[str]) -> None:
    before, after = on(first) - timedelta(days=1), on(last) + timedelta(days=1)

    assert not SHIPPED.is_working_day(on(first))
    assert not SHIPPED.is_working_day(on(last))
    assert SHIPPED.is_working_day(before) == naively_worked(before)
    assert SHIPPED.is_working_day(after) == naively_worked(after)
    assert all(on(day).isoweekday() >= 6 and SHIPPED.is_working_day(on(day)) for day in worked)


def test_five_working_days_over_the_spring_festival_count_the_make_up_saturday() -> None:
    counted = [SHIPPED.nth_working_day_after(on("2026-02-13"), nth) for nth in range(1, 7)]

    assert [str(day) for day in counted] == [
        *("2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27", "2026-02-28"),
    ]


@given(st.dates(on("2024-12-01"), on("2027-02-28")), st.integers(1, 40))
def test_the_nth_working_day_after_a_day_is_what_a_count_day_by_day_gives(day: date, nth: int) -> None:
    counted, left = day, nth
    while left:
        counted += timedelta(days=1)
        left -= naively_worked(counted)

    assert SHIPPED.nth_working_day_after(day, nth) == counted


def test_only_a_later_day_can_be_counted_to() -> None:
    with pytest.raises(ValueError, match="0"):
        SHIPPED.nth_working_day_after(on("2026-02-13"), 0)


def test_a_year_without_a_list_counts_monday_to_friday_and_says_so() -> None:
    new_year, monday, saturday = on("2027-01-01"), on("2027-02-08"), on("2027-02-06")

    assert [SHIPPED.is_working_day(day) for day in (new_year, monday, saturday)] == [True, True, False]
    assert [SHIPPED.knows(year) for year in (2024, 2025, 2026, 2027)] == [False, True, True, False]
    assert not SHIPPED.missing(on("2025-01-01"), on("2026-12-31"))
    assert SHIPPED.missing(on("2026-12-31"), on("2027-01-01"))
    assert SHIPPED.missing(on("2024-12-31"), on("2025-01-01"))


def test_a_day_off_of_the_year_before_makes_that_year_no_known_one() -> None:
    calendar = WorkCalendar.parse("day,kind\n2026-12-31,off\n2027-01-01,off\n")

    assert not calendar.is_working_day(on("2026-12-31"))
    assert (calendar.knows(2026), calendar.knows(2027)) == (False, True)


def test_an_operators_file_may_carry_a_mark_and_columns_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_bytes("note,kind,day\r\n元旦,off,2027-01-01\r\n,work,2027-01-03\r\n".encode("utf-8-sig"))

    calendar = WorkCalendar.in_file(path)

    assert calendar == WorkCalendar(frozenset({on("2027-01-01")}), frozenset({on("2027-01-03")}))


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("", 1, ""),
        ("day,name\n2026-01-01,x\n", 1, "day,name"),
        ("day,kind\n2026-01-01,off\n2026-02-30,off\n", 3, "2026-02-30"),
        ("day,kind\n2026/1/1,off\n", 2, "2026/1/1"),
        ("day,kind\n2026-01-01,free\n", 2, "2026-01-01,free"),
        ("day,kind\n2026-01-01\n", 2, "2026-01-01,"),
        ("day,kind\n2026-01-03,off\n2026-01-03,work\n", 3, "2026-01-03,work"),
        ("day,kind\n2026-01-05,work\n", 2, "2026-01-05,work"),
        ('day,kind\n"2026-01-05,off\n', 2, "unexpected end of data"),
    ],
)
def test_a_misshapen_file_is_refused_with_its_line(text: str, line: int, found: str) -> None:
    with pytest.raises(WorkCalendarMisshapen) as refused:
        WorkCalendar.parse(text)

    assert refused.value.told == {"line": line, "found": found}


def test_a_file_that_is_not_there_or_no_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_bytes("day,kind,名称\n".encode("gb18030"))

    for file in (path, tmp_path / "nowhere.csv"):
        with pytest.raises(WorkCalendarUnreadable) as refused:
            WorkCalendar.in_file(file)
        assert refused.value.told == {"file": str(file)}
