"""The opening hours of a week, as one short text that an operator writes into a cell (domain §2.11).

    mon-fri 09:00-12:00,13:30-17:00; sat 09:00-11:30

Times are those of Asia/Shanghai. On a day off by the public list only the spans said for `holiday` are open; a weekend
day that is worked in its place has the hours of the week's first weekday that has any.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tongban_queue.refusals import BadInput
from tongban_queue.working_days import SATURDAY, WorkCalendar

#: The days that hours can be said for; `holiday` is any day off by the public list.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
HOLIDAY = DAYS.index("holiday")
#: Round the clock, holidays included.
ALWAYS = "always"
DAY_MINUTES = 24 * 60
_SPAN = re.compile("([0-9]{2}:[0-5][0-9])-([0-9]{2}:[0-5][0-9])")


class HoursMisshapen(BadInput):
    """Opening hours are `always`, or days and spans like `mon-fri 09:00-12:00,13:30-17:00; sat 09:00-11:30`."""


class Span(NamedTuple):
    """Open from the first minute of a day up to, not including, the second; 1440 is the day's end."""

    begin: int
    end: int


Spans = tuple[Span, ...]
_WHOLE_DAY: Spans = (Span(0, DAY_MINUTES),)


@dataclass(frozen=True, slots=True)
class Hours:
    """The spans of each of `DAYS`, in order and apart from each other."""

    week: tuple[Spans, ...]

    @classmethod
    def parse(cls, text: str) -> "Hours":
        """The hours that a text says. Refuses `HoursMisshapen`, telling the `part` of the text that cannot be meant.

        Groups are parted by `;`. Each names days (`mon`, `mon-fri`, `mon,wed`, `holiday`) and their spans; no day
        twice, spans of a day in order with a pause between, none over midnight (`24:00` ends a day).
        """
        return _parsed(text)

    @property
    def always(self) -> bool:
        """Whether it is round the clock, every day."""
        return all(spans == _WHOLE_DAY for spans in self.week)

    @property
    def same_every_day(self) -> bool:
        """Whether no calendar can change them."""
        return len(set(self.week)) == 1

    @property
    def groups(self) -> list[tuple[list[str], Spans]]:
        """Days of equal spans together, as people say them: `[(["mon", … "fri"], spans), (["sat"], spans)]`."""
        days: dict[Spans, list[str]] = {}
        for name, spans in zip(DAYS, self.week, strict=True):
            if spans:
                days.setdefault(spans, []).append(name)
        return [(names, spans) for spans, names in days.items()]

    def spans(self, calendar: WorkCalendar, day: date) -> Spans:
        """What is open on one Asia/Shanghai day."""
        if day in calendar.off:
            return self.week[HOLIDAY]
        if day in calendar.worked:
            return next(filter(None, self.week[:SATURDAY]), self.week[day.weekday()])
        return self.week[day.weekday()]


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Hours:
    if text.strip() == ALWAYS:
        return Hours((_WHOLE_DAY,) * len(DAYS))
    week: list[Spans] = [()] * len(DAYS)
    for group in text.split(";"):
        names, _, said = group.strip().partition(" ")
        days, spans = _named(names), _spans(said)
        if not days or not spans or any(week[day] for day in days):
            raise HoursMisshapen(part=group.strip())
        for day in days:
            week[day] = spans
    return Hours(tuple(week))


def _named(names: str) -> list[int]:
    """The days that a group names; none if it cannot be meant."""
    days: list[int] = []
    for name in names.split(","):
        first, dash, last = name.partition("-")
        last = last if dash else first
        if first not in DAYS or last not in DAYS or (dash and "holiday" in (first, last)):
            return []
        run = range(DAYS.index(first), DAYS.index(last) + 1)
        if not run or set(run) & set(days):
            return []
        days += run
    return days


def _spans(said: str) -> Spans:
    """The spans that a group says; none if they cannot be meant."""
    found = [_SPAN.fullmatch(span.strip()) for span in said.split(",")]
    spans = tuple(Span(_minute(each[1]), _minute(each[2])) for each in found if each)
    edges = [minute for span in spans for minute in span]
    fits = all(found) and edges[-1] <= DAY_MINUTES and all(earlier < later for earlier, later in pairwise(edges))
    return spans if fits else ()


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
