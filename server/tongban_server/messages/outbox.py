"""The outbox: at most one message of a kind for each ticket, written in the change that it follows from, sent later.

A row holds nothing personal: number and name stay sealed where they are (`people/applicants.py`), and the words are put
together when the letter goes out.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.board import ahead_of
from tongban_queue.desk import held_ticket
from tongban_queue.store import Base, Work, words_of
from tongban_queue.ticket import Ticket, TicketState
from tongban_server.messages.messenger import Letter
from tongban_server.people.applicants import phone_of
from tongban_server.people.vault import Vault
from tongban_server.words import Phrase, Words

#: The turn is near when so many are before somebody at most.
NEAR = 2
#: Pauses between tries; after the last one a message is given up.
PAUSES = tuple(timedelta(seconds=pause) for pause in (10, 60, 300, 900, 3600))
#: A try that has not ended after so long has been lost with its process.
LONGEST_TRY = timedelta(minutes=2)
#: Sent and given up, a message is kept for so long, so that it is not written again.
KEPT = timedelta(days=14)
AT_ONCE = 20


class MessageKind(StrEnum):
    """What a message is about."""

    TURN_IS_NEAR = "turn_is_near"
    BOOKED = "booked"
    CANCELLED = "cancelled"


#: Later than this a message would only confuse.
GOOD_FOR = {
    MessageKind.TURN_IS_NEAR: timedelta(minutes=10),
    MessageKind.BOOKED: timedelta(hours=12),
    MessageKind.CANCELLED: timedelta(hours=12),
}


class MessageState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class Message(Base):
    """One message to the holder of a ticket. `due_at`: its next try; None once it is sent or given up."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_due",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL"),
            sqlite_where=text("due_at IS NOT NULL"),
        ),
    )

    ticket_id: Mapped[str] = mapped_column(String(32), ForeignKey("ticket.id"), primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(words_of(MessageKind), primary_key=True)
    state: Mapped[MessageState] = mapped_column(words_of(MessageState), default=MessageState.WAITING)
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)

    @property
    def id(self) -> str:
        """What the gateway knows it by."""
        return f"{self.ticket_id}-{self.kind}"

    def done(self, state: MessageState) -> None:
        """Nothing more is tried."""
        self.state, self.due_at = state, None


def write(work: Work, ticket_id: str, kind: MessageKind) -> bool:
    """Put a message into the outbox; False if there has been one of this kind for this ticket."""
    if work.session.get(Message, (ticket_id, kind)) is not None:
        return False
    message = Message(ticket_id=ticket_id, kind=kind, state=MessageState.WAITING, at=work.now, due_at=work.now, tries=0)
    work.session.add(message)
    return True


def to_be_told(work: Work, ticket_ids: Collection[str]) -> list[str]:
    """Those of these tickets whose citizens want a message and have had none."""
    written = select(Message.ticket_id).where(Message.ticket_id == Ticket.id, Message.kind == MessageKind.TURN_IS_NEAR)
    wanted = (Ticket.id.in_(ticket_ids), Ticket.message_wanted, Ticket.state == TicketState.WAITING)
    return list(work.session.scalars(select(Ticket.id).where(*wanted, ~written.exists()))) if ticket_ids else []


def turn_is_near(work: Work, ticket_id: str) -> bool:
    """Write to somebody who went away and wants to know, once at most two are before; whether it was written now."""
    ticket = held_ticket(work, ticket_id)
    if ticket.state is not TicketState.WAITING or not ticket.message_wanted:
        return False
    ahead = ahead_of(work, ticket)
    return ahead is not None and ahead <= NEAR and write(work, ticket_id, MessageKind.TURN_IS_NEAR)


def claim(work: Work, vault: Vault, words: Words) -> list[Letter]:
    """The letters to try now. Until the try has ended nobody else takes them."""
    due = select(Message).where(Message.due_at <= work.now).order_by(Message.due_at).limit(AT_ONCE)
    letters = []
    for message in work.session.scalars(due.with_for_update(skip_locked=True)):
        ticket = work.session.get_one(Ticket, message.ticket_id, populate_existing=True)
        if _too_late(work, message, ticket):
            message.done(MessageState.GIVEN_UP)
            continue
        message.due_at, message.tries = work.now + LONGEST_TRY, message.tries + 1
        said = words.phrase(words_for(message.kind, ticket), ticket.language)
        letters.append(Letter(message.id, phone_of(work, vault, ticket.id), message.kind, ticket.language, said))
    return letters


def _too_late(work: Work, message: Message, ticket: Ticket) -> bool:
    passed = message.kind is MessageKind.TURN_IS_NEAR and ticket.state is not TicketState.WAITING
    return passed or work.now > message.at + GOOD_FOR[message.kind]


def words_for(kind: MessageKind, ticket: Ticket) -> Phrase:
    """What a message says. Nothing in it opens a ticket: no slip code, no name."""
    told = {"number": ticket.number, "matter": ticket.matter_name, "point": ticket.point_name, "near": NEAR}
    return Phrase(f"message.{kind}", told | {"at": ticket.appointed_at or ticket.taken_at})


def sent(work: Work, letter_id: str) -> None:
    """The letter was taken."""
    _message(work, letter_id).done(MessageState.SENT)


def not_sent(work: Work, letter_id: str, *, for_good: bool) -> MessageState:
    """The letter was not taken: it is tried again after a longer pause each time, or given up."""
    message = _message(work, letter_id)
    if for_good or message.tries > len(PAUSES):
        message.done(MessageState.GIVEN_UP)
    else:
        message.due_at = work.now + PAUSES[message.tries - 1]
    return message.state


def _message(work: Work, letter_id: str) -> Message:
    ticket_id, _, kind = letter_id.partition("-")
    return work.session.get_one(Message, (ticket_id, MessageKind(kind)), populate_existing=True)


def forget_old(work: Work) -> None:
    """Drop the messages that nobody needs to know of any more."""
    old = delete(Message).where(Message.at < work.now - KEPT, Message.due_at.is_(None))
    work.session.execute(old)
