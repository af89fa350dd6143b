"""A page that can sit in a call: what the synthetic citizen and the synthetic clerk have in common."""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress

from socketio.exceptions import SocketIOError  # type: ignore[import-untyped]

from tongban_server.demo.page import Json, Page
from tongban_signaling.member import Member
from tongban_signaling.synthetic import SyntheticMember, media


class Talker(Page):
    """`member` is the seat in the call, while there is one."""

    def __init__(self, base_url: str, face: str, *, tls: ssl.SSLContext | bool = True) -> None:
        super().__init__(base_url, face, tls=tls)
        self.member: SyntheticMember | None = None

    async def close(self) -> None:
        """Leave the call and close everything."""
        await self.stand_up()
        await super().close()

    async def connect(self) -> None:
        """Open the socket. The picture and the tone are drawn before, aside: seconds on a busy machine."""
        await asyncio.to_thread(_draw)
        await super().connect()

    async def sit(self, ticket_id: str, as_member: Member, ice_servers: Sequence[Json]) -> None:
        """Sit down in the call, without picture and sound. Raises RuntimeError with the code of a refusal."""
        self.member = SyntheticMember(ticket_id, as_member, self.socket, ice_servers)
        await self.over_the_line(self.member.join)

    async def send(self) -> None:
        """Send the picture and the tone from now on."""
        assert self.member is not None, "nobody sits in the call"
        # What is told to the other side about it is a hint; the picture itself goes out in any case.
        with suppress(SocketIOError):
            await self.member.send()

    async def stand_up(self) -> None:
        """Leave the call, if there is one."""
        member, self.member = self.member, None
        if member is not None:
            with suppress(SocketIOError):
                await member.leave()


def _draw() -> None:
    """Both are kept for the life of the process."""
    media.picture()
    media.tone()
