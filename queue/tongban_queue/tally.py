"""The counts of an office's day, hour by hour, kept as things happen so that no screen has to count."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.store import Base, Work

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Tally(Base):
    """What happened at one office in one hour of Asia/Shanghai. Waits are whole seconds, summed over `connected`."""

    __tablename__ = "tally"

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), primary_key=True)
    hour: Mapped[str] = mapped_column(String(13), primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)
    connected: Mapped[int] = mapped_column(default=0)
    served: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
    abandoned: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    no_shows: Mapped[int] = mapped_column(default=0)
    wait_s: Mapped[int] = mapped_column(default=0)
    rated_1: Mapped[int] = mapped_column(default=0)
    rated_2: Mapped[int] = mapped_column(default=0)
    rated_3: Mapped[int] = mapped_column(default=0)
    rated_4: Mapped[int] = mapped_column(default=0)
    rated_5: Mapped[int] = mapped_column(default=0)

    @property
    def row(self) -> dict[str, Any]:
        """As the board shows it. `ratings` counts the levels 1 to 5 in that order."""
        counts = {name: getattr(self, name) for name in ("taken", "connected", "served", "missed")}
        ratings = [getattr(self, f"rated_{level}") for level in range(1, 6)]
        left = {
            "abandoned": self.abandoned,
            "cancelled": self.cancelled,
            "noShows": self.no_shows,
            "waitS": self.wait_s,
        }
        return {"id": self.hour, **counts, **left, "ratings": ratings}


def day_of(at: datetime) -> str:
    """The day in Asia/Shanghai as `2026-11-22`."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d")


def hour_of(at: datetime) -> str:
    """The hour in Asia/Shanghai as `2026-11-22T10`."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H")


def day_start(at: datetime) -> datetime:
    """The moment at which the Asia/Shanghai day of `at` began, in UTC."""
    local = at.astimezone(SHANGHAI)
    return (
        (local - timedelta(hours=local.hour, minutes=local.minute, seconds=local.second))
        .astimezone(UTC)
        .replace(microsecond=0)
    )


def count(work: Work, office_id: str, at: datetime, **more: int) -> Tally:
    """Add to the hour of `at`. The office's stream must be held, which makes this safe without a lock of its own."""
    hour = hour_of(at)
    tally = work.held.one(Tally, (office_id, hour))
    if tally is None:
        tally = Tally(office_id=office_id, hour=hour, **dict.fromkeys(_COUNTS, 0))
        work.session.add(tally)
        work.held.put(tally)
    for name, amount in more.items():
        setattr(tally, name, getattr(tally, name) + amount)
    return tally


_COUNTS = [column.name for column in Tally.__table__.columns if column.name not in ("office_id", "hour")]


def hours_of_day(work: Work, office_id: str, day: str) -> list[dict[str, Any]]:
    """The hours of one Asia/Shanghai day in which something happened, as rows of the board."""
    rows = select(Tally).where(Tally.office_id == office_id, Tally.hour.startswith(day)).order_by(Tally.hour)
    return [tally.row for tally in work.session.scalars(rows)]
