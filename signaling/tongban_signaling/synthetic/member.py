"""A member of a call that is a program."""

import asyncio
import logging
import random
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from socketio import AsyncClient  # type: ignore[import-untyped]

from tongban_signaling import asks, tells
from tongban_signaling.member import Member
from tongban_signaling.message import Message
from tongban_signaling.synthetic.leg import Leg, Seen

log = logging.getLogger(__name__)

PARTNER = {Member.CITIZEN: Member.CLERK, Member.CLERK: Member.CITIZEN}
IN_WORDS = {"disconnected": "reconnecting"}
PATIENCE_S = 10
"""After this and up to half as long again, so that two programs do not start over in step."""


class SyntheticMember:
    """Sits in one call over a socket that is connected already, and that comes back by itself when the hall does.

    The clerk's side begins and never gives in, the citizen's side waits and answers: the library cannot roll an offer
    back. Nothing is sent before `send(True)`. When the other side comes with a new peer, or restarts ICE, or the
    connection fails, the PeerConnection is made anew.
    """

    def __init__(
        self, ticket: str, member: Member, socket: AsyncClient, ice_servers: Sequence[Mapping[str, Any]]
    ) -> None:
        self.ticket = ticket
        self.member = member
        self.seen = Seen()
        self.connection = "new"
        self._socket = socket
        self._ice_servers = list(ice_servers)
        self._peer = uuid.uuid4().hex
        self._other: str | None = None
        self._leg: Leg | None = None
        self._sending = False
        self._seated = False
        self._turn = asyncio.Lock()
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def sending(self) -> bool:
        """Whether the picture and the tone are being sent, or will be as soon as there is a connection."""
        return self._sending

    async def join(self) -> None:
        """Sit down. Raises RuntimeError with the hall's code when it refuses."""
        self._socket.on("call.here", self._hear(tells.Here, self._meet))
        self._socket.on("call.joined", self._hear(tells.Joined, self._meet))
        self._socket.on("call.signal", self._hear(tells.Signal, self._take))
        self._socket.on("call.replaced", self._hear(tells.Replaced, self._give_way))
        self._socket.on("connect", self._come_back)
        await self._sit()

    async def leave(self) -> None:
        """Stand up and end the connection."""
        was_seated, self._seated = self._seated, False
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        async with self._turn:
            await self._end_leg()
        if was_seated and self._socket.connected:
            await self._ask("call.leave", asks.Leave(ticket=self.ticket))

    async def send(self, sending: bool = True) -> None:
        """Begin or end to send; a citizen tells the clerk's page on the way."""
        self._sending = sending
        self._let_send()
        await self._state()

    def _let_send(self) -> None:
        if self._leg is not None:
            self._leg.send(self._sending)
            if self._sending and self.member is Member.CITIZEN:
                self._leg.say_ready()

    async def _sit(self) -> None:
        answer = await self._ask("call.join", asks.Join(ticket=self.ticket, peer=self._peer))
        self._seated = bool(answer["ok"])
        if not self._seated:
            raise RuntimeError(answer["code"])

    async def _come_back(self) -> None:
        if self._seated:
            self._later(self._sit())

    async def _meet(self, other: tells.Here | tells.Joined) -> None:
        if other.member is not PARTNER[self.member]:
            return
        if other.peer != self._other:
            await self._begin(other.peer)
        elif self._leg is not None and self._leg.unanswered is not None:
            await self._signal(asks.Negotiation(description=self._leg.unanswered))

    async def _begin(self, other: str) -> None:
        await self._end_leg()
        self._other, self.connection = other, "new"
        self._leg = leg = Leg(self._ice_servers, self.seen, self._changed)
        self._later(self._lose_patience(leg))
        if self.member is Member.CLERK:
            await self._signal(asks.Negotiation(description=await leg.offer()))
            self._let_send()

    async def _lose_patience(self, leg: Leg) -> None:
        """A message of the negotiation may have been lost for good: do not wait for ever."""
        await asyncio.sleep(PATIENCE_S * (1 + random.random() / 2))  # noqa: S311
        if self._leg is leg and self._seated and self.connection != "connected":
            await self._in_turn(self._start_over())

    async def _take(self, signal: tells.Signal) -> None:
        if signal.to_peer != self._peer:
            return
        if signal.from_peer != self._other:
            await self._begin(signal.from_peer)
        try:
            await self._negotiate(signal.data)
        except Exception as error:
            # The library answers a bad description with almost any exception.
            log.warning("a signal was not understood", extra={"action": "signal_lost", "error": repr(error)})

    async def _negotiate(self, data: asks.Negotiation) -> None:
        leg = self._leg
        if leg is None:
            return
        if data.candidate is not None:
            await leg.reach(data.candidate)
        elif data.description is not None and data.description.type == "answer":
            await leg.accept(data.description)
        elif data.description is not None:
            await self._answer(leg, data.description)

    async def _answer(self, leg: Leg, offer: asks.Description) -> None:
        if leg.restarts_ice(offer):
            await self._start_over()
        elif leg.pc.signalingState == "stable":
            answer = await leg.answer(offer)
            self._let_send()
            await self._signal(asks.Negotiation(description=answer))

    async def _start_over(self) -> None:
        """Come as a new peer, so that the other side makes its PeerConnection anew too."""
        await self._end_leg()
        self._peer, self._other = uuid.uuid4().hex, None
        await self._sit()

    async def _give_way(self, _newer: tells.Replaced) -> None:
        self._seated = False
        await self._end_leg()

    async def _end_leg(self) -> None:
        leg, self._leg = self._leg, None
        if leg is not None:
            await leg.close()

    def _changed(self, connection: str) -> None:
        self.connection = IN_WORDS.get(connection, connection)
        self._later(self._state())
        if connection == "failed":
            self._later(self._in_turn(self._start_over()))

    async def _in_turn(self, errand: Awaitable[None]) -> None:
        async with self._turn:
            await errand

    async def _signal(self, data: asks.Negotiation) -> None:
        to = PARTNER[self.member]
        await self._ask("call.signal", asks.Signal(ticket=self.ticket, to=to, to_peer=str(self._other), data=data))

    async def _state(self) -> None:
        if self._seated and self._socket.connected:
            state = {"ticket": self.ticket, "microphone": self._sending, "camera": self._sending}
            await self._ask("call.state", asks.State.parse({**state, "connection": self.connection}))

    async def _ask(self, event: str, ask: Message) -> Any:
        return await self._socket.call(event, ask.wire(), timeout=10)

    def _hear(self, kind: type[Message], run: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
        """A handler for one event of this call; messages are taken one after the other, in their order."""

        async def heard(said: Any) -> None:
            message = kind.parse(said)
            if getattr(message, "ticket", None) == self.ticket:
                await self._in_turn(run(message))

        return heard

    def _later(self, errand: Any) -> None:
        task = asyncio.ensure_future(errand)
        self._errands.add(task)
        task.add_done_callback(self._done)

    def _done(self, errand: "asyncio.Task[None]") -> None:
        self._errands.discard(errand)
        if not errand.cancelled() and errand.exception() is not None:
            log.warning("an errand failed", extra={"action": "errand_failed", "error": repr(errand.exception())})
