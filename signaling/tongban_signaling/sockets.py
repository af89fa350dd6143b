"""The socket library's server, narrowed to what our pages need and made deaf to what they never send."""

import logging
from collections.abc import Sequence
from typing import Any

from socketio import AsyncServer  # type: ignore[import-untyped]

from tongban_signaling import wire
from tongban_signaling.door import door_with
from tongban_signaling.limits import Limits
from tongban_signaling.lines import Arriving

log = logging.getLogger(__name__)

MISSHAPEN = ["misshapen", None]
"""Stands in for an event that is not one; no event has this name, so it is refused like any unknown one."""

RESERVED = frozenset({"connect", "disconnect"})
"""Names that the library itself triggers. A page that sends them as events must not reach those handlers."""


class Sockets(AsyncServer):  # type: ignore[misc]
    """WebSocket only; events of one page in order, one after the other; a broken frame ends only its own connection."""

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        try:
            await super()._handle_eio_message(eio_sid, data)
        except ValueError:
            await self._end(eio_sid)
        except Exception:
            log.exception("a frame broke its connection", extra={"action": "frame_broke"})
            await self._end(eio_sid)

    async def _handle_event(self, eio_sid: str, namespace: Any, id: Any, data: Any) -> None:
        await super()._handle_event(eio_sid, namespace, id, shaped(data))

    async def _end(self, eio_sid: str) -> None:
        line = self.eio.sockets.get(eio_sid)
        if line is not None:
            await line.close(wait=False)
            await line.queue.put(None)


def shaped(data: Any) -> list[Any]:
    """The event as [name, payload …], or `MISSHAPEN`."""
    if not isinstance(data, list) or not data or not isinstance(data[0], str) or data[0] in RESERVED:
        return MISSHAPEN
    return data


def open_sockets(origins: Sequence[str], limits: Limits, lines: Arriving) -> Sockets:
    """A server for pages of these origins; no origin given means the server's own only."""
    server = Sockets(
        client_manager=lines,
        async_mode="aiohttp",
        async_handlers=False,
        transports=["websocket"],
        allow_upgrades=False,
        http_compression=False,
        cors_allowed_origins=list(origins) or None,
        max_http_buffer_size=limits.frame_bytes,
        ping_interval=limits.ping_interval_s,
        ping_timeout=limits.ping_timeout_s,
        json=wire,
        logger=_quiet("socketio"),
        engineio_logger=_quiet("engineio"),
    )
    server.eio._async = {**server.eio._async, "websocket": door_with(limits)}
    return server


def _quiet(name: str) -> Any:
    """A logger that leaves out the library's talk, which would hold whole session descriptions."""
    logger = logging.getLogger(f"{__name__}.{name}")
    logger.setLevel(logging.ERROR)
    return logger
