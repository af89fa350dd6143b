"""The hall as rows: the offices that serve, their lines, the points where people stand, and the kiosks there."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.hours import Hours
from tongban_queue.opening import Opening
from tongban_queue.store import Base, words_of, written_alike
from tongban_queue.working_days import WorkCalendar

#: A kiosk that has not been heard of for so long is away; nobody is called to it.
KIOSK_AWAY_AFTER = timedelta(seconds=60)


class OfficeKind(StrEnum):
    """Who runs an office. An enterprise counter (water, power, gas) is an ordinary host office."""

    GOVERNMENT = "government"
    ENTERPRISE = "enterprise"


class Working(StrEnum):
    """How an office's clerks get their next person: they ask for the next one, or idle ones are rung."""

    NEXT = "next"
    RING = "ring"


class Office(Base):
    """A host office: its clerks serve the matters of one region. `hours` is a text as `Hours.parse` reads it."""

    __tablename__ = "office"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    region_code: Mapped[str] = mapped_column(String(16), index=True)
    region_name: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[OfficeKind] = mapped_column(words_of(OfficeKind), default=OfficeKind.GOVERNMENT)
    working: Mapped[Working] = mapped_column(words_of(Working), default=Working.NEXT)
    hours: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40))
    uscc: Mapped[str | None] = mapped_column(String(18))

    def opening(self, calendar: WorkCalendar) -> Opening:
        """When it is open."""
        return Opening(calendar, Hours.parse(self.hours))


class Line(Base):
    """People waiting for one group of matters of one office. Its prefix begins every ticket number.

    `recent` holds the last two calls out of the priority (`P`) and ordinary (`O`) lanes, newest last.
    `slot_places` is how many appointments may be booked for one slot of half an hour.
    """

    __tablename__ = "line"
    __table_args__ = (UniqueConstraint("office_id", "prefix"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), index=True)
    prefix: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(80))
    recent: Mapped[str] = mapped_column(String(2), default="")
    slot_places: Mapped[int] = mapped_column(default=2)


class Point(Base):
    """A service point: the place in the source region where citizens stand. `version` counts what its screens saw.

    `hours` is a text as `Hours.parse` reads it.
    """

    __tablename__ = "point"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    region_code: Mapped[str] = mapped_column(String(16), index=True)
    region_name: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    hours: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=0)

    def opening(self, calendar: WorkCalendar) -> Opening:
        """When it is open."""
        return Opening(calendar, Hours.parse(self.hours))


class KioskKind(StrEnum):
    """What a device at a point is."""

    KIOSK = "kiosk"
    HALL = "hall"


class KioskState(StrEnum):
    """What a kiosk is doing, as its point's screens show it."""

    AWAY = "away"
    FREE = "free"
    IN_USE = "in_use"
    RESERVED = "reserved"
    HOLDING = "holding"


class Kiosk(Base):
    """A device of a point. A ticket called from the waiting room *reserves* one; the citizen then *holds* it."""

    __tablename__ = "kiosk"
    __table_args__ = (Index("ix_kiosk_point", "point_id", "kind"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    point_id: Mapped[str] = mapped_column(ForeignKey("point.id"))
    kind: Mapped[KioskKind] = mapped_column(words_of(KioskKind), default=KioskKind.KIOSK)
    name: Mapped[str] = mapped_column(String(40))
    in_use: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    ticket_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    held: Mapped[bool] = mapped_column(default=False)
    revoked_at: Mapped[datetime | None]

    def state(self, now: datetime) -> KioskState:
        """What this kiosk is doing at `now`."""
        if self.ticket_id:
            return KioskState.HOLDING if self.held else KioskState.RESERVED
        if self.revoked_at or self.seen_at is None or self.seen_at < now - KIOSK_AWAY_AFTER:
            return KioskState.AWAY
        return KioskState.IN_USE if self.in_use else KioskState.FREE

    def speak(self, now: datetime) -> None:
        """The device has just been heard of."""
        self.gone_at = None
        if self.seen_at is None or self.seen_at < now:
            self.seen_at = now

    def hold(self, ticket_id: str) -> None:
        """A citizen stands here with this ticket."""
        self.ticket_id, self.held, self.in_use = ticket_id, True, True
        written_alike(self, "ticket_id", "held", "in_use")

    def reserve(self, ticket_id: str) -> None:
        """A ticket was called to here; its citizen is on the way."""
        self.ticket_id, self.held = ticket_id, False
        written_alike(self, "ticket_id", "held", "in_use")

    def free(self) -> None:
        """Nobody stands here any more."""
        self.ticket_id, self.held, self.in_use = None, False, False
