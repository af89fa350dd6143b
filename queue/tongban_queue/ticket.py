"""The ticket: one person's place in one line, from booking or taking it to rating the visit."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.life import Life
from tongban_queue.store import Base, words_of


class TicketState(StrEnum):
    """Where a ticket is in its life (domain §2.11, §2.14)."""

    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    WAITING = "waiting"
    CALLING = "calling"
    CONNECTED = "connected"
    PARKED = "parked"
    INTERRUPTED = "interrupted"
    ENDED = "ended"
    RATED = "rated"
    MISSED = "missed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"
    NO_SHOW = "no_show"


S = TicketState

TICKET_LIFE: Life[TicketState] = Life(
    noun="ticket",
    moves={
        (S.BOOKED, "check_in"): S.CHECKED_IN,
        (S.BOOKED, "cancel"): S.CANCELLED,
        (S.BOOKED, "stay_away"): S.NO_SHOW,
        (S.CHECKED_IN, "line_up"): S.WAITING,
        (S.CHECKED_IN, "cancel"): S.CANCELLED,
        (S.CHECKED_IN, "expire"): S.ABANDONED,
        (S.WAITING, "call"): S.CALLING,
        (S.WAITING, "transfer"): S.WAITING,
        (S.WAITING, "cancel"): S.CANCELLED,
        (S.WAITING, "expire"): S.ABANDONED,
        (S.CALLING, "recall"): S.CALLING,
        (S.CALLING, "arrive"): S.CONNECTED,
        (S.CALLING, "miss"): S.MISSED,
        (S.CALLING, "miss_again"): S.CANCELLED,
        (S.CALLING, "cancel"): S.CANCELLED,
        (S.MISSED, "revive"): S.WAITING,
        (S.CONNECTED, "park"): S.PARKED,
        (S.CONNECTED, "interrupt"): S.INTERRUPTED,
        (S.CONNECTED, "transfer"): S.WAITING,
        (S.CONNECTED, "end"): S.ENDED,
        (S.CONNECTED, "leave"): S.ABANDONED,
        (S.PARKED, "come_back"): S.WAITING,
        (S.PARKED, "cancel"): S.CANCELLED,
        (S.PARKED, "expire"): S.ABANDONED,
        (S.INTERRUPTED, "come_back"): S.WAITING,
        (S.INTERRUPTED, "cancel"): S.CANCELLED,
        (S.INTERRUPTED, "expire"): S.ABANDONED,
        (S.ENDED, "rate"): S.RATED,
    },
)

#: On its way today: shown on boards, and one at most for each person and matter.
LIVE = (S.CHECKED_IN, S.WAITING, S.CALLING, S.CONNECTED, S.PARKED, S.INTERRUPTED)
_LIVE_SQL = text("state IN ('checked_in', 'waiting', 'calling', 'connected', 'parked', 'interrupted')")
_BOOKED_SQL = text("state = 'booked'")
_OVER = (S.ENDED, S.RATED, S.MISSED, S.CANCELLED, S.ABANDONED, S.NO_SHOW)


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

    A lane is ordered by `since`, `arrival`, `behind`. `arrival` breaks ties between equal `since` (it is the number of
    the journal row that recorded the taking); `behind` is 0 but for a revived ticket, which stands behind another.
    `due_at` is the moment at which the next automatic step falls due. `busy_s` are the seconds for which windows were
    busy with it, from ringing to being ready again. `for_window_id`: transferred to that window, while it is on duty.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index(
            "ix_ticket_next",
            "line_id",
            "lane",
            "since",
            "arrival",
            "behind",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index("ix_ticket_live_office", "office_id", postgresql_where=_LIVE_SQL, sqlite_where=_LIVE_SQL),
        Index("ix_ticket_live_point", "point_id", postgresql_where=_LIVE_SQL, sqlite_where=_LIVE_SQL),
        Index(
            "uq_ticket_person",
            "person_key",
            "matter_id",
            unique=True,
            postgresql_where=_LIVE_SQL,
            sqlite_where=_LIVE_SQL,
        ),
        Index(
            "uq_ticket_booking",
            "person_key",
            "booked_day",
            unique=True,
            postgresql_where=_BOOKED_SQL,
            sqlite_where=_BOOKED_SQL,
        ),
        Index("ix_ticket_slot", "line_id", "appointed_at", postgresql_where=_BOOKED_SQL, sqlite_where=_BOOKED_SQL),
        Index("ix_ticket_person", "person_key", "taken_at"),
        Index("ix_ticket_handled", "office_id", "ended_at"),
        Index("uq_ticket_slip", "slip", unique=True),
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
    behind: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    revived: Mapped[bool] = mapped_column(default=False)
    appointed_at: Mapped[datetime | None]
    booked_day: Mapped[str | None] = mapped_column(String(10))
    due_at: Mapped[datetime | None]

    kiosk_id: Mapped[str | None] = mapped_column(ForeignKey("kiosk.id"))
    kiosk_name: Mapped[str | None] = mapped_column(String(40))
    window_id: Mapped[str | None] = mapped_column(ForeignKey("desk_window.id"))
    window_name: Mapped[str | None] = mapped_column(String(40))
    clerk_id: Mapped[str | None] = mapped_column(String(40))
    for_window_id: Mapped[str | None] = mapped_column(ForeignKey("desk_window.id"))

    language: Mapped[str] = mapped_column(String(8), default="zh-CN")
    elder: Mapped[bool] = mapped_column(default=False)
    recorded: Mapped[bool] = mapped_column(default=False)
    help: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[PriorityGroup | None] = mapped_column(words_of(PriorityGroup))
    message_wanted: Mapped[bool] = mapped_column(default=False)

    taken_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    rated_at: Mapped[datetime | None]
    busy_s: Mapped[int] = mapped_column(default=0)

    @property
    def live(self) -> bool:
        """On its way today."""
        return self.state in LIVE

    @property
    def over(self) -> bool:
        """Nothing can happen to it any more but a rating; a missed one may still be revived, once."""
        return self.state in _OVER and (self.state is not S.MISSED or self.revived)

    def move(self, step: str) -> None:
        """Take one step of the life; refuses `StepNotAllowed`."""
        self.state = TICKET_LIFE.after(self.state, step)
