"""The rules of a call's room: who may sit in it, who may say what to whom, and what an arrival or a departure causes.

Nothing here is remembered: a seat is a value, and every rule answers with the notices that are to be given. Which pages
sit where is kept by the sockets' own rooms, so that it holds over several nodes and dies with the connection.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tongban_signaling import tells
from tongban_signaling.asks import Signal, State
from tongban_signaling.member import Member
from tongban_signaling.message import Message
from tongban_signaling.refusals import NotYourPartner

SENDING_AT_MOST = 4
"""More sending members than this would overload a mesh of browsers; beyond it an existing SFU is the way."""


@dataclass(frozen=True)
class Rights:
    """What a member may do in a room."""

    sends_media: bool
    signals_to: frozenset[Member]
    polite: bool


RIGHTS: Mapping[Member, Rights] = MappingProxyType(
    {
        Member.CITIZEN: Rights(sends_media=True, signals_to=frozenset({Member.CLERK}), polite=True),
        Member.CLERK: Rights(sends_media=True, signals_to=frozenset({Member.CITIZEN}), polite=False),
        Member.ASSISTANT: Rights(sends_media=False, signals_to=frozenset(), polite=True),
    }
)


@dataclass(frozen=True)
class Seat:
    """One page's place in a call: `peer` names the page's PeerConnection, `since` is in ms of the epoch."""

    ticket: str
    member: Member
    peer: str
    since: int

    @property
    def rooms(self) -> tuple[str, str]:
        """The rooms of the sockets in which this seat stands."""
        return call_room(self.ticket), member_room(self.ticket, self.member)


class Audience(StrEnum):
    """Whether the one who caused a notice hears it too."""

    OTHERS = "others"
    ALL = "all"


@dataclass(frozen=True)
class Notice:
    """Something to be told to a room."""

    event: str
    room: str
    message: Message
    audience: Audience = Audience.OTHERS


def call_room(ticket: str) -> str:
    """The room of everyone in a call."""
    return f"call:{ticket}"


def member_room(ticket: str, member: Member) -> str:
    """The room of one member's pages in a call; after an arrival only the newest stays in it."""
    return f"call:{ticket}:{member}"


def arrival(seat: Seat) -> tuple[Notice, Notice]:
    """What a newcomer causes: an older page of the same member gives way, then the others hear who came."""
    whole, own = seat.rooms
    gives_way = tells.Replaced(ticket=seat.ticket, peer=seat.peer, since=seat.since)
    came = tells.Joined(ticket=seat.ticket, member=seat.member, peer=seat.peer)
    return Notice("call.replaced", own, gives_way), Notice("call.joined", whole, came)


def greeting(present: Seat, newcomer: Member) -> Notice:
    """What one who sits there answers to a newcomer."""
    here = tells.Here(ticket=present.ticket, member=present.member, peer=present.peer)
    return Notice("call.here", member_room(present.ticket, newcomer), here)


def gives_way(seat: Seat, newer: tells.Replaced) -> bool:
    """Whether this seat is the older one. The order is the same on every node, so exactly one page stays."""
    return (seat.since, seat.peer) < (newer.since, newer.peer)


def departure(seat: Seat, *, lost: bool) -> Notice:
    """What the others hear when a page leaves (`lost`: its line broke; it may come back with the same peer)."""
    left = tells.Left(ticket=seat.ticket, member=seat.member, peer=seat.peer, lost=lost)
    return Notice("call.left", call_room(seat.ticket), left)


def relay(seat: Seat, ask: Signal) -> Notice:
    """What the other side hears of a signal. Refuses `NotYourPartner`."""
    if ask.to not in RIGHTS[seat.member].signals_to:
        raise NotYourPartner
    signal = tells.Signal(
        ticket=seat.ticket, sender=seat.member, from_peer=seat.peer, to_peer=ask.to_peer, data=ask.data
    )
    return Notice("call.signal", member_room(seat.ticket, ask.to), signal)


def statement(seat: Seat, ask: State) -> Notice:
    """What the others hear of a page's microphone, camera and connection."""
    state = tells.State(
        ticket=seat.ticket,
        member=seat.member,
        peer=seat.peer,
        microphone=ask.microphone,
        camera=ask.camera,
        connection=ask.connection,
    )
    return Notice("call.state", call_room(seat.ticket), state)
