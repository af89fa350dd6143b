"""When a door is open: its hours laid over the working days. Moments are UTC, `now` is an argument (domain §2.11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from tongban_queue.hours import DAY_MINUTES, Hours
from tongban_queue.tally import SHANGHAI
from tongban_queue.working_days import SATURDAY, WorkCalendar

WEEK = timedelta(days=7)
#: A door that does not open for so long is not said to open again.
LOOKS_AHEAD = timedelta(days=366)


class Closed(StrEnum):
    """Why a door is not open: the whole day (a day off by the public list, a weekend, another weekday off), or now."""

    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    DAY_OFF = "day_off"
    BEFORE = "before"
    LUNCH = "lunch"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Openness:
    """What can be said of a door at one moment; moments are UTC.

    Open: `until` is when it closes (None: not within a week). Closed: `why`, and `opens` (None: not within a year).
    `calendar_missing`: the answer rests on a year that the working-day file does not hold, counted Monday to Friday.
    """

    why: Closed | None
    until: datetime | None
    opens: datetime | None
    calendar_missing: bool

    @property
    def is_open(self) -> bool:
        """Whether it is open."""
        return self.why is None


@dataclass(frozen=True, slots=True)
class Opening:
    """One side's hours in the calendar: every question about when it is open."""

    calendar: WorkCalendar
    hours: Hours

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open spans of one Asia/Shanghai day, each from its first moment up to, not including, the second."""
        return [(_moment(day, span.begin), _moment(day, span.end)) for span in self.hours.spans(self.calendar, day)]

    def is_open(self, now: datetime) -> bool:
        """Whether it is open at `now`."""
        return any(begin <= now < end for begin, end in self.spans(_day(now)))

    def why_closed(self, now: datetime) -> Closed | None:
        """Why it is closed at `now`; None while it is open."""
        day = _day(now)
        spans = self.spans(day)
        if not spans:
            return self._why_shut(day)
        if now < spans[0][0]:
            return Closed.BEFORE
        if now >= spans[-1][1]:
            return Closed.AFTER
        return None if self.is_open(now) else Closed.LUNCH

    def open_until(self, now: datetime) -> datetime | None:
        """When it closes, a midnight that it stays open over counted through; None if closed, or open for a week."""
        if not self.is_open(now):
            return None
        until = now
        for begin, end in self._spans_from(now, WEEK):
            if begin > until:
                break
            until = end
        return until if until < now + WEEK else None

    def next_opening(self, now: datetime) -> datetime | None:
        """When it opens; None while it is open, and if it stays closed for a year."""
        if self.is_open(now):
            return None
        return next((begin for begin, _ in self._spans_from(now, LOOKS_AHEAD)), None)

    def at(self, now: datetime) -> Openness:
        """All that a screen tells of it at `now`."""
        until, opens = self.open_until(now), self.next_opening(now)
        guessed = not self.hours.same_every_day and self.calendar.missing(_day(now), _day(until or opens or now))
        return Openness(self.why_closed(now), until, opens, guessed)

    def _why_shut(self, day: date) -> Closed:
        if day in self.calendar.off:
            return Closed.HOLIDAY
        return Closed.WEEKEND if day.weekday() >= SATURDAY else Closed.DAY_OFF

    def _spans_from(self, now: datetime, ahead: timedelta) -> Iterator[tuple[datetime, datetime]]:
        """The spans that end after `now`, day by day."""
        for number in range(ahead.days + 1):
            for begin, end in self.spans(_day(now) + timedelta(days=number)):
                if end > now:
                    yield begin, end


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _moment(day: date, minute: int) -> datetime:
    day, minute = (day + timedelta(days=1), 0) if minute == DAY_MINUTES else (day, minute)
    return datetime.combine(day, time(minute // 60, minute % 60), SHANGHAI).astimezone(UTC)
