"""The lines between nodes: how an event gets to pages, here and on other nodes, and what it does where it arrives.

The socket library delivers an emitted event on every node that has a page in the room. `Arriving` is the one place on a
node through which each such delivery passes, whether it was emitted here or came over Redis.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from socketio import AsyncManager, AsyncRedisManager  # type: ignore[import-untyped]

log = logging.getLogger(__name__)

Delivered = Callable[[str, Any, Any, Any], Awaitable[None]]
"""Called with event, message, room and the connection that was left out."""

RETRY_S = 0.5


class Arriving(AsyncManager):  # type: ignore[misc]
    """Delivers to the pages of this node, then lets the node act on it."""

    delivered: Delivered | None = None
    returned: Callable[[], None] | None = None

    def open(self) -> None:
        """Nothing to open."""

    async def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **more: Any,
    ) -> None:
        """Deliver, then act."""
        await super().emit(event, data, namespace, room=room, skip_sid=skip_sid, callback=callback, to=to, **more)
        if self.delivered is not None:
            await self.delivered(event, data, to or room, skip_sid)

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def up(self) -> bool:
        """Whether events reach every node; one node alone always does."""
        return True


class OverRedis(AsyncRedisManager, Arriving):  # type: ignore[misc]
    """Delivers on all nodes. While Redis is away this node goes on alone; beats tell pages what they missed."""

    def __init__(self, url: str, channel: str) -> None:
        super().__init__(url, channel=channel)
        self._mouth = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
        self._ears = Redis.from_url(url, socket_connect_timeout=2, socket_keepalive=True)
        self._up = False

    @property
    def up(self) -> bool:
        """Whether this node hears the others."""
        return self._up

    async def _publish(self, data: Any) -> None:
        """Say it to the other nodes, once: whoever misses it learns from the next beat that it did."""
        try:
            await self._mouth.publish(self.channel, self.json.dumps(data))
        except (RedisError, OSError) as error:
            log.warning("not told to other nodes", extra={"action": "line_silent", "error": type(error).__name__})

    async def _listen(self) -> AsyncGenerator[bytes, None]:
        """What other nodes say, for ever; a lost line is tried again twice a second, not up to once a minute."""
        while True:
            async with self._ears.pubsub(ignore_subscribe_messages=True) as heard:
                try:
                    await heard.subscribe(self.channel)
                    self._hears()
                    async for message in heard.listen():
                        yield message["data"]
                except (RedisError, OSError) as error:
                    log.warning("other nodes not heard", extra={"action": "line_lost", "error": type(error).__name__})
            self._up = False
            await asyncio.sleep(RETRY_S)

    def open(self) -> None:
        """Begin to listen now, not with the first page."""
        server: Any = self.server
        server.manager_initialized = True
        self.initialize()

    def _hears(self) -> None:
        self._up = True
        if self.returned is not None:
            self.returned()

    async def close(self) -> None:
        """Stop listening and close the connections."""
        listening: asyncio.Task[None] | None = getattr(self, "thread", None)
        if listening is not None:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        self._up = False
        await self._mouth.aclose()
        await self._ears.aclose()
