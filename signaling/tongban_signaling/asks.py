"""What a page may say to the hall; each is answered with an acknowledgement."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from tongban_signaling import message
from tongban_signaling.member import Member
from tongban_signaling.message import CandidateLine, Id, Message, Sdp

AnyMember = Annotated[Member, Field(strict=False)]
Connection = Literal["new", "connecting", "connected", "reconnecting", "failed", "closed"]


class Description(Message):
    """One side's whole session description."""

    type: Literal["offer", "answer"]
    sdp: Sdp


class Candidate(Message):
    """One address at which a side may be reached; an empty line means that there are no more."""

    candidate: CandidateLine
    sdp_mid: Annotated[str, StringConstraints(max_length=64)] | None = None
    sdp_m_line_index: Annotated[int, Field(ge=0, le=31)] | None = None
    username_fragment: Annotated[str, StringConstraints(max_length=256)] | None = None


class Negotiation(Message):
    """Exactly one of a description and a candidate."""

    description: Description | None = None
    candidate: Candidate | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.description is None) == (self.candidate is None):
            raise ValueError("exactly one of description and candidate")
        return self


class Watch(Message):
    """Tell me what happens to this subject from now on.

    From: every page, for a subject that the one behind it may see.
    Answer: `Watched`, with the version that the subject has after the page began to listen.
    """

    subject: message.Subject


class Unwatch(Message):
    """Tell me no more about this subject.

    From: every page that watches it.
    Answer: `Done`.
    """

    subject: message.Subject


class Join(Message):
    """I sit down in the call of this ticket; an older page of the same member gives way.

    From: the ticket's citizen, its clerk, an assistant of its point.
    Answer: `Seated`; those who sit there already answer the newcomer with `call.here`.
    """

    ticket: Id
    peer: Id


class Signal(Message):
    """Pass this piece of the negotiation on to that member's page.

    From: citizen to clerk, clerk to citizen; only from a page that sits in the call.
    Answer: `Done`, which means passed on, never that it arrived.
    """

    ticket: Id
    to: AnyMember
    to_peer: Id
    data: Negotiation


class State(Message):
    """This is how my microphone, my camera and my connection stand.

    From: every page that sits in the call, at each change.
    Answer: `Done`.
    """

    ticket: Id
    microphone: bool
    camera: bool
    connection: Connection


class Leave(Message):
    """I leave the call of this ticket.

    From: every page that sits in the call.
    Answer: `Done`.
    """

    ticket: Id
