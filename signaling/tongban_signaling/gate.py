"""What this floor asks the floor above, which knows people and tickets. The server implements it; nothing else does.

Every event asks again, so that a right that is taken away is gone with the next message. An implementation refuses by
raising a `tongban_queue.refusals.Refused`; whatever else it raises is told to the page as `out_of_order`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, get_args

from tongban_queue.refusals import Refused
from tongban_signaling.member import Member

Face = Literal["kiosk", "hall", "clerk", "assistant", "supervisor", "auditor", "admin"]
FACES: frozenset[Face] = frozenset(get_args(Face))


class Act(StrEnum):
    """What a page does by an event, in the words of the policy."""

    WATCH_SUBJECT = "watch_subject"
    UNWATCH_SUBJECT = "unwatch_subject"
    JOIN_CALL = "join_call"
    SIGNAL_IN_CALL = "signal_in_call"
    STATE_IN_CALL = "state_in_call"
    LEAVE_CALL = "leave_call"


@dataclass(frozen=True)
class Handshake:
    """How a page came: header names in lower case, cookies decoded, `remote` the address of the last hop."""

    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    remote: str


class Who(Protocol):
    """The one behind a page, opaque to this floor."""

    @property
    def role(self) -> str:
        """The role in the policy: kiosk, hall, citizen, clerk, assistant, supervisor, auditor …"""
        ...

    @property
    def identity(self) -> str:
        """The session behind the page: what is signed out as one, and what limits are counted on."""
        ...


class Gate(Protocol):
    """The questions. All are asked on the event loop and often: answers should take milliseconds."""

    async def admit(self, handshake: Handshake, face: Face) -> Who:
        """Who this is, by the cookies of this face. Refuses when nobody is signed in there."""
        ...

    async def still(self, who: Who) -> bool:
        """Whether this one is still signed in. Asked before every event, and at least twice a minute for each page."""
        ...

    async def may_watch(self, who: Who, subject: str, act: Act) -> tuple[str, ...]:
        """The rooms in which this one hears the facts of a subject; `publish` names the same rooms. Refuses."""
        ...

    async def may_join(self, who: Who, ticket: str, act: Act) -> Member:
        """As which member this one sits in the ticket's call. Refuses when it does not, or when the call is over."""
        ...

    async def versions(self, subjects: Collection[str]) -> Mapping[str, int]:
        """The present version of each subject; what is unknown may be left out."""
        ...

    async def came(self, who: Who) -> None:
        """The first page of this identity opened on this node."""
        ...

    async def went(self, who: Who) -> None:
        """The last page of this identity on this node is gone."""
        ...


class Words(Protocol):
    """The catalogue of words: the text for people of a refusal, in zh-CN or en."""

    def __call__(self, refusal: Refused, language: str) -> str: ...
