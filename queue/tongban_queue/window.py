"""The window: one clerk's place at one host office."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.life import Life
from tongban_queue.store import Base, words_of


class WindowState(StrEnum):
    """What a window is doing (domain §2.11). *Offered*: the clerk's bell rings; *ringing*: the citizen is called."""

    OFFLINE = "offline"
    IDLE = "idle"
    OFFERED = "offered"
    RINGING = "ringing"
    BUSY = "busy"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


class PauseReason(StrEnum):
    """Why a window is paused."""

    BREAK = "break"
    MEETING = "meeting"
    NO_ANSWER = "no_answer"
    OTHER = "other"


W = WindowState

WINDOW_LIFE: Life[WindowState] = Life(
    noun="window",
    moves={
        (W.OFFLINE, "open"): W.IDLE,
        (W.IDLE, "ring"): W.RINGING,
        (W.IDLE, "offer"): W.OFFERED,
        (W.OFFERED, "accept"): W.RINGING,
        (W.OFFERED, "lapse"): W.IDLE,
        (W.OFFERED, "give_up"): W.IDLE,
        (W.OFFERED, "pause"): W.PAUSED,
        (W.OFFERED, "close"): W.OFFLINE,
        (W.RINGING, "answer"): W.BUSY,
        (W.RINGING, "give_up"): W.IDLE,
        (W.BUSY, "finish"): W.WRAP_UP,
        (W.BUSY, "lose"): W.IDLE,
        (W.WRAP_UP, "ready"): W.IDLE,
        (W.WRAP_UP, "pause"): W.PAUSED,
        (W.IDLE, "pause"): W.PAUSED,
        (W.PAUSED, "ready"): W.IDLE,
        (W.IDLE, "close"): W.OFFLINE,
        (W.WRAP_UP, "close"): W.OFFLINE,
        (W.PAUSED, "close"): W.OFFLINE,
    },
)


class Window(Base):
    """One clerk's window. `lines` are the lines whose matters the clerk is qualified for.

    `unanswered` counts the offers in a row that its clerk let lapse.
    `rang_at` is when it began to be busy with the ticket `served_id`, whose `busy_s` is known when it is ready again.
    """

    __tablename__ = "desk_window"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), index=True)
    staff_id: Mapped[str] = mapped_column(String(40), unique=True)
    staff_name: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    lines: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["zh-CN"])
    state: Mapped[WindowState] = mapped_column(words_of(WindowState), default=WindowState.OFFLINE)
    since: Mapped[datetime]
    due_at: Mapped[datetime | None]
    pause_reason: Mapped[PauseReason | None] = mapped_column(words_of(PauseReason))
    ticket_id: Mapped[str | None] = mapped_column(String(32))
    ticket_number: Mapped[str | None] = mapped_column(String(12))
    unanswered: Mapped[int] = mapped_column(default=0)
    rang_at: Mapped[datetime | None]
    served_id: Mapped[str | None] = mapped_column(String(32))

    def move(self, step: str, at: datetime) -> None:
        """Take one step of the life at `at`; refuses `StepNotAllowed`."""
        self.state = WINDOW_LIFE.after(self.state, step)
        self.since, self.due_at, self.pause_reason = at, None, None

    def take(self, ticket_id: str, number: str) -> None:
        """Be busy with this ticket from now on."""
        self.ticket_id, self.ticket_number = ticket_id, number

    def let_go(self) -> None:
        """Be busy with no ticket."""
        self.ticket_id = self.ticket_number = None
