"""One open page: a connection of the socket, and what it is doing. Dies with the connection; nothing else is kept."""

from dataclasses import dataclass, field

from tongban_signaling.gate import Face, Who
from tongban_signaling.limits import Door, Limits
from tongban_signaling.purse import Purse
from tongban_signaling.refusals import NotInCall, TooFast, TooMuchAtOnce
from tongban_signaling.room import Seat


@dataclass(eq=False)
class Page:
    """`sid` is the socket's own name for the connection and never leaves this floor."""

    sid: str
    who: Who
    face: Face
    language: str
    limits: Limits
    purses: dict[Door, Purse]
    watching: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Subject -> the rooms in which the page hears of it."""
    seats: dict[str, Seat] = field(default_factory=dict)
    """Ticket -> the seat in its call."""

    def pay(self, door: Door, now: float) -> None:
        """Count one event. Refuses `TooFast`."""
        if not self.purses[door].spend(now):
            raise TooFast

    def seat(self, ticket: str) -> Seat:
        """The page's seat in a call. Refuses `NotInCall`."""
        if ticket not in self.seats:
            raise NotInCall
        return self.seats[ticket]

    def make_room_for_subject(self, subject: str) -> None:
        """Refuses `TooMuchAtOnce` when the page watches as many other subjects as it may."""
        if subject not in self.watching and len(self.watching) >= self.limits.subjects_per_page:
            raise TooMuchAtOnce

    def make_room_for_seat(self, ticket: str) -> None:
        """Refuses `TooMuchAtOnce` when the page sits in as many other calls as it may."""
        if ticket not in self.seats and len(self.seats) >= self.limits.seats_per_page:
            raise TooMuchAtOnce


def open_page(sid: str, who: Who, face: Face, language: str, limits: Limits, now: float) -> Page:
    """A page that just connected, with full purses."""
    purses = {door: Purse(credit, now) for door, credit in limits.doors.items()}
    return Page(sid, who, face, language, limits, purses)
