"""Who carries a message to a citizen's phone: the operator's gateway, or in the demo nobody.

A messenger is anything with `send`. Ours posts JSON to an address of the operator's, who has a contract with a carrier:

    POST <TONGBAN_MESSAGE_GATEWAY>
    Authorization: Bearer <TONGBAN_MESSAGE_TOKEN>
    Idempotency-Key: <id>
    {"id": "...", "phone": "1...", "kind": "turn_is_near", "language": "zh-CN", "text": "..."}

Any 2xx means taken. 408, 429, 5xx, a timeout and a broken line mean "again later"; anything else means "never". A
letter is sent again under the same `id` when its answer was lost, so the gateway drops an `id` that it has seen.
"""

from dataclasses import dataclass
from typing import Protocol

import aiohttp

from tongban_queue.refusals import NotNow

AGAIN_LATER = (408, 429)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, ready to go. `id` is the same each time that it is tried."""

    id: str
    phone: str
    kind: str
    language: str
    text: str


class NotDelivered(Exception):
    """The letter was not taken; `for_good`: it never will be."""

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.for_good = for_good


class NoMessages(NotNow):
    """This place sends no messages to phones."""


class Messenger(Protocol):
    """Carries letters."""

    async def send(self, letter: Letter) -> None:
        """Hand a letter over; raises `NotDelivered`."""
        ...


@dataclass(frozen=True, slots=True)
class Gateway:
    """The operator's gateway, over HTTP. Redirects are not followed: the token is for this address alone."""

    address: str
    token: str
    timeout_s: int

    async def send(self, letter: Letter) -> None:
        """Post the letter; raises `NotDelivered`."""
        said = {"id": letter.id, "phone": letter.phone, "kind": letter.kind}
        said |= {"language": letter.language, "text": letter.text}
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": letter.id}
        timeout = aiohttp.ClientTimeout(total=self.timeout_s)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=headers) as http,
                http.post(self.address, json=said, allow_redirects=False) as answer,
            ):
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotDelivered(type(error).__name__, for_good=False) from None
        if not 200 <= status < 300:
            raise NotDelivered(f"HTTP {status}", for_good=status < 500 and status not in AGAIN_LATER)


class DemoMessenger:
    """演示短信: takes every letter and carries it nowhere. The demo's first page shows what would have been sent."""

    async def send(self, letter: Letter) -> None:
        """Take the letter."""
