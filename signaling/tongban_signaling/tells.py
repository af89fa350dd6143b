"""What the hall says to a page: acknowledgements first, then everything that is told unasked."""

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from tongban_queue.wait import Outlook
from tongban_signaling import message
from tongban_signaling.asks import AnyMember, Connection, Negotiation
from tongban_signaling.message import Id, Message, Moment, Version

Count = Annotated[int, Field(ge=0)]
Short = Annotated[str, Field(max_length=64)]


class Done(Message):
    """It was done."""

    ok: Literal[True] = True


class Watched(Message):
    """The page listens; `version` is the subject's version after it began to."""

    ok: Literal[True] = True
    version: Version


class Seated(Message):
    """The page sits in the call as `member`; the polite side gives in when two offers meet."""

    ok: Literal[True] = True
    member: AnyMember
    polite: bool


class Refusal(Message):
    """It was not done; `text` is for people, `code` and `kind` are for programs."""

    ok: Literal[False] = False
    code: Short
    kind: Literal["not_found", "not_allowed", "not_now", "bad_input"]
    text: Annotated[str, Field(max_length=500)]
    retry_after_s: Annotated[int, Field(ge=0)] | None = None


class Fact(Message):
    """This happened to a subject that the page watches; `version` is one more than the fact before.

    From: the hall, to everyone who watches the subject.
    Answer: none; after a gap the page takes a new snapshot.
    """

    subject: message.Subject
    version: Version
    kind: Short
    at: Moment
    shows: dict[str, JsonValue]


class Beat(Message):
    """The line is alive, and these are the versions of what the page watches.

    From: the hall, every five seconds, to every page.
    Answer: none; a page that is behind takes a new snapshot, one that hears no beat for 15 s says that it is stale.
    """

    at: Moment
    versions: dict[str, Version]


class Wait(Message):
    """How long a ticket waits, as a range in whole minutes; null where there is none to tell.

    `ahead` or, in privacy, `fewerThan` people are before it. With `atLeast` only "≥ `lowMin`" is known.
    """

    ahead: Count | None
    fewer_than: Count | None
    outlook: Annotated[Outlook, Field(strict=False)]
    low_min: Count | None
    high_min: Count | None
    at_least: bool


class Place(Message):
    """So many tickets are before this one, and so long does it wait.

    From: the hall, to everyone who watches the ticket, when any of it changes.
    Answer: none.
    """

    ticket: Id
    wait: Wait

    def wire(self) -> dict[str, Any]:
        """With its nulls, as the same range stands in a snapshot."""
        return self.model_dump(mode="json", by_alias=True)


class Joined(Message):
    """A member sat down in the call with this peer.

    From: the hall, to the others in the call.
    Answer: a peer that is new makes the others rebuild their PeerConnection; a known one changes nothing.
    """

    ticket: Id
    member: AnyMember
    peer: Id


class Here(Message):
    """This member sits in the call already.

    From: the hall, to a newcomer, once for each who sits there.
    Answer: as for `call.joined`.
    """

    ticket: Id
    member: AnyMember
    peer: Id


class Signal(Message):
    """A piece of the negotiation from another member.

    From: the hall, for the member that sent it, to the page that it is meant for.
    Answer: `call.signal` the other way, where the negotiation asks for it; one for another `toPeer` is dropped.
    """

    ticket: Id
    sender: AnyMember = Field(validation_alias="from", serialization_alias="from")
    from_peer: Id
    to_peer: Id
    data: Negotiation


class State(Message):
    """This is how another member's microphone, camera and connection stand.

    From: the hall, for the member that sent it, to the others in the call.
    Answer: none.
    """

    ticket: Id
    member: AnyMember
    peer: Id
    microphone: bool
    camera: bool
    connection: Connection


class Left(Message):
    """A member's page is gone from the call; when its line was lost, its media may go on and it may come back.

    From: the hall, to the others in the call.
    Answer: none.
    """

    ticket: Id
    member: AnyMember
    peer: Id
    lost: bool


class Replaced(Message):
    """A newer page of the same member took this page's seat, at `since` (ms of the epoch).

    From: the hall, to the older page.
    Answer: none; the older page closes its PeerConnection and offers to take the call back.
    """

    ticket: Id
    peer: Id
    since: Count


class SignedOut(Message):
    """This page is signed out and its line is cut.

    From: the hall, to every page of the one who was signed out.
    Answer: none; the page shows why and does not connect again by itself.
    """

    reason: Short
