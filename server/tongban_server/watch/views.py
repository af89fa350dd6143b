"""What watching screens are shown."""

from pydantic import Field

from tongban_server.people.routes import OfficeView
from tongban_server.view import View
from tongban_server.visits.views import MomentText, TicketRow, WindowRow


class HourRow(View):
    """What happened at an office in one hour of Asia/Shanghai (`id`, like `2026-11-22T10`).

    `ratings` counts the levels 1 to 5 in that order; `wait_s` sums the waits of those who were connected.
    """

    id: str
    taken: int
    connected: int
    served: int
    missed: int
    abandoned: int
    cancelled: int
    no_shows: int
    wait_s: int
    ratings: list[int] = Field(min_length=5, max_length=5)


class BoardSnapshot(View):
    """An office now: who waits, what the windows do, and today by the hour (for supervisors)."""

    subject: str
    version: int
    at: MomentText
    office: OfficeView
    tickets: list[TicketRow]
    windows: list[WindowRow]
    hours: list[HourRow]


class PointBrief(View):
    """A point as its own screens name it."""

    id: str
    name: str
    region_name: str
    phone: str


class KioskRow(View):
    """A kiosk as its point's screens show it."""

    id: str
    name: str
    state: str
    ticket_number: str | None


class PointSnapshot(View):
    """A point now: its people's tickets and its kiosks; `missed` may be revived for thirty minutes after `endedAt`."""

    subject: str
    version: int
    at: MomentText
    point: PointBrief
    tickets: list[TicketRow]
    missed: list[TicketRow]
    kiosks: list[KioskRow]


class JournalRow(View):
    """One row of a stream, with the text that was hashed."""

    number: int
    at: str
    kind: str
    text: str
    hash: str
