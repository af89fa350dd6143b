"""The ticket: one person's place in one line, from taking it to rating the visit."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.life import Life
from tongban_queue.store import Base, words_of


class TicketState(StrEnum):
    """Where a ticket is in its life (domain §2.11)."""

    WAITING = "waiting"
    CALLING = "calling"
    CONNECTED = "connected"
    ENDED = "ended"
    RATED = "rated"
    MISSED = "missed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"


S = TicketState

TICKET_LIFE: Life[TicketState] = Life(
    noun="ticket",
    moves={
        (S.WAITING, "call"): S.CALLING,
        (S.WAITING, "cancel"): S.CANCELLED,
        (S.WAITING, "expire"): S.ABANDONED,
        (S.CALLING, "recall"): S.CALLING,
        (S.CALLING, "miss"): S.MISSED,
        (S.CALLING, "cancel"): S.CANCELLED,
        (S.CALLING, "arrive"): S.CONNECTED,
        (S.CONNECTED, "end"): S.ENDED,
        (S.CONNECTED, "leave"): S.ABANDONED,
        (S.ENDED, "rate"): S.RATED,
    },
)

LIVE = (S.WAITING, S.CALLING, S.CONNECTED)
_LIVE_SQL = text("state IN ('waiting', 'calling', 'connected')")


class Lane(StrEnum):
    """The four lanes of a line, in the order in which they are looked at (domain §2.14)."""

    RESUMING = "resuming"
    DUE = "due"
    PRIORITY = "priority"
    ORDINARY = "ordinary"


class PriorityGroup(StrEnum):
    """Who goes before others once an assistant has seen the evidence (domain §2.11)."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    PREGNANT = "pregnant"
    ILL = "ill"
    MILITARY = "military"
    MARTYRS_FAMILY = "martyrs_family"
    FIRE_RESCUE = "fire_rescue"


class Ticket(Base):
    """One place in one line. Holds nothing personal: names of the hall as they were on the day, and a keyed digest.

    `arrival` breaks ties between equal `since` (it is the number of the journal row that recorded the taking);
    `due_at` is the moment at which the next automatic step falls due while it is called.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index(
            "ix_ticket_next",
            "line_id",
            "lane",
            "since",
            "arrival",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index("ix_ticket_live_office", "office_id", postgresql_where=_LIVE_SQL, sqlite_where=_LIVE_SQL),
        Index("ix_ticket_live_point", "point_id", postgresql_where=_LIVE_SQL, sqlite_where=_LIVE_SQL),
        Index("uq_ticket_person", "person_key", unique=True, postgresql_where=_LIVE_SQL, sqlite_where=_LIVE_SQL),
        Index("uq_ticket_slip", "slip", unique=True, postgresql_where=_LIVE_SQL, sqlite_where=_LIVE_SQL),
        Index(
            "ix_ticket_due",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL"),
            sqlite_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str] = mapped_column(String(12))
    slip: Mapped[str] = mapped_column(String(6))
    person_key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=0)

    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    line_title: Mapped[str] = mapped_column(String(80))
    matter_id: Mapped[str] = mapped_column(String(40))
    matter_name: Mapped[str] = mapped_column(String(160))
    host_region: Mapped[str] = mapped_column(String(16))
    host_region_name: Mapped[str] = mapped_column(String(80))
    source_region: Mapped[str] = mapped_column(String(16))
    source_region_name: Mapped[str] = mapped_column(String(80))
    point_id: Mapped[str] = mapped_column(ForeignKey("point.id"))
    point_name: Mapped[str] = mapped_column(String(120))

    state: Mapped[TicketState] = mapped_column(words_of(TicketState), default=TicketState.WAITING)
    lane: Mapped[Lane] = mapped_column(words_of(Lane), default=Lane.ORDINARY)
    since: Mapped[datetime]
    arrival: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]

    kiosk_id: Mapped[str | None] = mapped_column(ForeignKey("kiosk.id"))
    kiosk_name: Mapped[str | None] = mapped_column(String(40))
    window_id: Mapped[str | None] = mapped_column(ForeignKey("desk_window.id"))
    window_name: Mapped[str | None] = mapped_column(String(40))
    clerk_id: Mapped[str | None] = mapped_column(String(40))

    language: Mapped[str] = mapped_column(String(8), default="zh-CN")
    elder: Mapped[bool] = mapped_column(default=False)
    recorded: Mapped[bool] = mapped_column(default=False)
    help: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[PriorityGroup | None] = mapped_column(words_of(PriorityGroup))

    taken_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    rated_at: Mapped[datetime | None]

    @property
    def live(self) -> bool:
        """Still on its way: waiting, being called or in the call."""
        return self.state in LIVE

    def move(self, step: str) -> None:
        """Take one step of the life; refuses `StepNotAllowed`."""
        self.state = TICKET_LIFE.after(self.state, step)
