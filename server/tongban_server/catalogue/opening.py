"""Which doors are open, as screens see it; and no ticket while the host office or the service point is closed.

Tickets already taken stay (domain §2.11: closed hours are for appointments only; both sides' hours are shown).
"""

from datetime import datetime
from typing import Literal

from tongban_queue.hall import Office, Point
from tongban_queue.hours import Hours, Span
from tongban_queue.opening import Closed, Openness
from tongban_queue.refusals import NotNow
from tongban_queue.working_days import WorkCalendar
from tongban_server.view import Moment, View
from tongban_server.words import Phrase

HoursDay = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"]


class HoursView(View):
    """Days that have the same hours (`holiday`: any day off by the public list), and their spans, like `09:00-12:00`.

    All eight days from `00:00` to `24:00` is round the clock.
    """

    days: list[HoursDay]
    spans: list[str]

    @classmethod
    def of(cls, text: str) -> "list[HoursView]":
        """The groups of a week that an office or a point keeps as a text."""
        groups = Hours.parse(text).groups
        return [
            cls.model_validate({"days": days, "spans": [_clocks(span) for span in spans]}) for days, spans in groups
        ]


def _clocks(span: Span) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)


class OpeningView(View):
    """Whether a place is open at the moment of the answer.

    Open: `until` is when it closes (null: not within a week). Closed: `why`, and `opens` (null: not within a year).
    `calendar_missing`: this rests on a year without a working-day list, counted Monday to Friday.
    """

    name: str
    phone: str
    hours: list[HoursView]
    open: bool
    why: Closed | None
    until: Moment | None
    opens: Moment | None
    calendar_missing: bool

    @classmethod
    def of(cls, place: Office | Point, calendar: WorkCalendar, now: datetime) -> "OpeningView":
        """The view of an office or a point at `now`."""
        told = place.opening(calendar).at(now)
        return cls(
            name=place.name,
            phone=place.phone,
            hours=HoursView.of(place.hours),
            open=told.is_open,
            why=told.why,
            until=told.until,
            opens=told.opens,
            calendar_missing=told.calendar_missing,
        )


class OfficeClosed(NotNow):
    """The host office is closed at this moment; it says why and when it opens next."""


class PointClosed(NotNow):
    """The service point is closed at this moment; it says why and when it opens next."""


def require_open(calendar: WorkCalendar, *, office: Office, point: Point, now: datetime) -> None:
    """Refuses `OfficeClosed`, then `PointClosed`; each names the place, why, when it opens and its telephone."""
    require_office_open(calendar, office=office, now=now)
    _require_open(calendar, point, now, PointClosed)


def require_office_open(calendar: WorkCalendar, *, office: Office, now: datetime) -> None:
    """Refuses `OfficeClosed`, as `require_open` does."""
    _require_open(calendar, office, now, OfficeClosed)


def _require_open(calendar: WorkCalendar, place: Office | Point, now: datetime, refusal: type[NotNow]) -> None:
    openness = place.opening(calendar).at(now)
    if openness.why:
        why = Phrase(f"closed.{openness.why}")
        raise refusal(place=place.name, phone=place.phone, why=why, opens=opens_in_words(openness))


def opens_in_words(openness: Openness) -> Phrase:
    """When a closed door opens, and that this rests on Monday to Friday where the year's calendar is missing."""
    if openness.opens is None:
        return Phrase("opens.never")
    return Phrase("opens.guessed" if openness.calendar_missing else "opens.known", {"at": openness.opens})
