"""Which days are worked: Monday to Friday, less the days off of the yearly public list, plus the weekend days that are
worked in their place (domain §4.6). Days are those of Asia/Shanghai; nothing here asks what time it is.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from itertools import count
from pathlib import Path

from tongban_queue.refusals import BadInput

#: The weekday of a Saturday, as `date.weekday` counts.
SATURDAY = 5


class WorkCalendarMisshapen(BadInput):
    """The working-day file holds a line that cannot be meant."""


class WorkCalendarUnreadable(BadInput):
    """The working-day file is not there, or no UTF-8 text."""


@dataclass(frozen=True)
class WorkCalendar:
    """The days that differ from a plain week: `off` are not worked, `worked` are weekend days that are.

    A year is known when its New Year's Day, a day off by law, is listed. Of any other year nothing is guessed: it
    counts Monday to Friday, and `missing` says so to whoever shows the result.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    @classmethod
    def shipped(cls) -> "WorkCalendar":
        """The calendar that comes with the package."""
        return cls.parse((files("tongban_queue") / "work_calendar.csv").read_text("utf-8"))

    @classmethod
    def in_file(cls, path: Path) -> "WorkCalendar":
        """An operator's own calendar: CSV in UTF-8, with or without a byte order mark.

        Refuses `WorkCalendarUnreadable`, and what `parse` refuses.
        """
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise WorkCalendarUnreadable(file=str(path)) from None
        return cls.parse(text)

    @classmethod
    def parse(cls, text: str) -> "WorkCalendar":
        """The calendar that a CSV text says: columns `day` (2026-02-14) and `kind` (`off`, `work`), others are free.

        Refuses `WorkCalendarMisshapen`, telling the `line` and what was `found`: another header, a day that is none, a
        day said twice, a kind that is neither, a worked day that is no weekend day.
        """
        kinds: dict[str, set[date]] = {"off": set(), "work": set()}
        for line, day, kind in _lines(text):
            if kind not in kinds or any(day in days for days in kinds.values()):
                raise WorkCalendarMisshapen(line=line, found=f"{day},{kind}")
            if kind == "work" and day.weekday() < SATURDAY:
                raise WorkCalendarMisshapen(line=line, found=f"{day},{kind}")
            kinds[kind].add(day)
        return cls(frozenset(kinds["off"]), frozenset(kinds["work"]))

    def knows(self, year: int) -> bool:
        """Whether the public list of that year is in the file."""
        return date(year, 1, 1) in self.off

    def missing(self, first: date, last: date) -> bool:
        """Whether what was counted over these days, both included, rests on a year that is not in the file."""
        return not all(self.knows(year) for year in range(first.year, last.year + 1))

    def is_working_day(self, day: date) -> bool:
        """Whether that day is worked."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def working_days_after(self, day: date) -> Iterator[date]:
        """The working days after `day`, which itself is not counted (domain §2.14), without an end."""
        days = (day + timedelta(days=ahead) for ahead in count(1))
        return (later for later in days if self.is_working_day(later))

    def nth_working_day_after(self, day: date, nth: int) -> date:
        """The `nth` (1, 2, 3 …) working day after `day`; a clock that runs out on it does so at its end, 24:00."""
        if nth < 1:
            raise ValueError(nth)
        return next(day for number, day in enumerate(self.working_days_after(day), start=1) if number == nth)


def _lines(text: str) -> Iterator[tuple[int, date, str]]:
    """Every row as its line in the file, its day and its kind."""
    sheet = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if not {"day", "kind"} <= set(sheet.fieldnames or ()):
            raise WorkCalendarMisshapen(line=1, found=",".join(sheet.fieldnames or ()))
        for row in sheet:
            yield sheet.line_num, _day(row["day"], sheet.line_num), (row["kind"] or "").strip()
    except csv.Error as error:
        raise WorkCalendarMisshapen(line=sheet.reader.line_num, found=str(error)) from None


def _day(cell: str | None, line: int) -> date:
    try:
        return date.fromisoformat((cell or "").strip())
    except ValueError:
        raise WorkCalendarMisshapen(line=line, found=cell or "") from None
