"""How much one page may say, and how often the hall looks after its pages."""

from dataclasses import dataclass, field
from enum import StrEnum


class Door(StrEnum):
    """Events are counted by what they cost."""

    WATCH = "watch"
    SIGNAL = "signal"
    STATE = "state"


@dataclass(frozen=True)
class Credit:
    """A purse of `most` messages that fills again by `per_s`."""

    most: float
    per_s: float


def _doors() -> dict[Door, Credit]:
    return {Door.WATCH: Credit(40, 4), Door.SIGNAL: Credit(240, 40), Door.STATE: Credit(40, 4)}


@dataclass(frozen=True)
class Limits:
    """The defaults suit a kiosk and a clerk's page with a wide margin: a call needs about forty signals."""

    frame_bytes: int = 64 * 1024
    frames: Credit = Credit(400, 100)
    """Every frame of the socket, counted before it is decoded; a page that overdraws is cut off."""
    doors: dict[Door, Credit] = field(default_factory=_doors)
    """Each kind of event; a page that overdraws is refused."""
    pages_per_identity: int = 8
    subjects_per_page: int = 64
    seats_per_page: int = 4
    unread_frames: int = 2000
    """A page that lets more than this wait unread is cut off; it comes back and takes snapshots."""
    ping_interval_s: float = 5
    ping_timeout_s: float = 5
    beat_s: float = 5
    beats_per_recheck: int = 5
    """Every so many beats the gate is asked again about each page, even a silent one."""
