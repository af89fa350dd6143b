"""The door of the socket: frames are counted, measured and looked at before anything decodes them.

The library's own WebSocket is narrowed here: no compression (a small frame must not become a large one), no binary,
only the five kinds of frames that our pages send, and a purse for each connection.
"""

import time
from typing import Any

from aiohttp import WSCloseCode
from aiohttp.web import WebSocketResponse

from tongban_signaling.limits import Limits
from tongban_signaling.purse import Purse

EVENT_KINDS = ("42", "40", "41")
"""Socket.IO event, connect, disconnect. Pages are never asked to acknowledge, and send nothing binary."""
SHORT_KINDS = ("3", "1")
"""Engine.IO pong and close, which carry nothing."""


class FrameRefused(OSError):
    """A frame that our pages do not send; the connection ends."""


def is_ours(frame: object) -> bool:
    """Whether a raw frame is of a kind that our pages send."""
    return isinstance(frame, str) and (frame in SHORT_KINDS or frame.startswith(EVENT_KINDS))


class Door:
    """One WebSocket, as the socket library wants it to look."""

    limits = Limits()

    def __init__(self, handler: Any, server: Any) -> None:
        self._handler = handler
        self._socket = WebSocketResponse(
            max_msg_size=self.limits.frame_bytes, compress=False, timeout=1.0, receive_timeout=None
        )
        self._purse = Purse(self.limits.frames, time.monotonic())

    async def __call__(self, environ: dict[str, Any]) -> WebSocketResponse:
        """Serve the connection until it ends."""
        await self._socket.prepare(environ["aiohttp.request"])
        await self._handler(self)
        return self._socket

    async def wait(self) -> str:
        """The next frame. Raises FrameRefused, after closing, when it is not one of ours or one too many."""
        frame = (await self._socket.receive()).data
        if not is_ours(frame):
            await self._shut(WSCloseCode.UNSUPPORTED_DATA)
        if not self._purse.spend(time.monotonic()):
            await self._shut(WSCloseCode.POLICY_VIOLATION)
        return str(frame)

    async def send(self, frame: str) -> None:
        """Send one frame; waits while the page does not read."""
        await self._socket.send_str(frame)

    async def close(self) -> None:
        """Close the connection."""
        await self._socket.close()

    async def _shut(self, code: WSCloseCode) -> None:
        await self._socket.close(code=code)
        raise FrameRefused(code)


def door_with(limits: Limits) -> type[Door]:
    """The door that these limits ask for."""
    return type("LimitedDoor", (Door,), {"limits": limits})
