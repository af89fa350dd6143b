"""The door of messages: what the demo would have sent (演示短信)."""

from sqlalchemy import select

from tongban_queue.ticket import Ticket
from tongban_server.door import Ask, Routes
from tongban_server.messages.messenger import DemoMessenger
from tongban_server.messages.outbox import Message, MessageKind, MessageState, words_for
from tongban_server.people.applicants import masked
from tongban_server.policy import Act
from tongban_server.view import Moment, Nothing, View

routes = Routes("messages")
SHOWN = 20


class MessageRow(View):
    """One message of the demo, with a masked number."""

    id: str
    at: Moment
    kind: MessageKind
    state: MessageState
    phone: str
    language: str
    text: str


class DemoMessages(View):
    """What the demo would have sent, newest first. `demo` is False anywhere else, and then nothing is listed."""

    demo: bool
    messages: list[MessageRow]


@routes.get("/api/messages", Act.MESSAGES_READ)
def demo_messages(ask: Ask[Nothing]) -> DemoMessages:
    """The last messages of the demo; of no other place."""
    if not isinstance(ask.house.messenger, DemoMessenger):
        return DemoMessages(demo=False, messages=[])
    newest = select(Message, Ticket).join(Ticket, Ticket.id == Message.ticket_id).order_by(Message.at.desc())
    rows = ask.work.session.execute(newest.limit(SHOWN))
    return DemoMessages(demo=True, messages=[_row(ask, message, ticket) for message, ticket in rows])


def _row(ask: Ask[Nothing], message: Message, ticket: Ticket) -> MessageRow:
    return MessageRow(
        id=message.id,
        at=message.at,
        kind=message.kind,
        state=message.state,
        phone=masked(ask.work, ask.house.vault, ticket.id).phone,
        language=ticket.language,
        text=ask.house.words.phrase(words_for(message.kind, ticket), ticket.language),
    )
