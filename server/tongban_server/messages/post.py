"""The post: takes letters out of the outbox and hands them to the messenger. Any node may do it."""

import asyncio

import structlog

from tongban_server.house import House
from tongban_server.messages import outbox
from tongban_server.messages.messenger import Letter, Messenger, NotDelivered

log = structlog.get_logger("tongban.post")

EVERY_S = 1.0


async def deliver_until_cancelled(house: House) -> None:
    """Each second whatever is due. A round that fails is logged and the next one tries again."""
    while house.messenger is not None:
        await asyncio.sleep(EVERY_S)
        try:
            await deliver(house, house.messenger)
        except Exception:
            log.exception("post.failed")


async def deliver(house: House, messenger: Messenger) -> None:
    """Try every letter that is due."""
    for letter in await house.store.change(outbox.claim, house.vault, house.words):
        await _try(house, messenger, letter)


async def _try(house: House, messenger: Messenger, letter: Letter) -> None:
    try:
        await messenger.send(letter)
    except NotDelivered as failure:
        state = await house.store.change(outbox.not_sent, letter.id, for_good=failure.for_good)
        log.warning("message.not_sent", kind=letter.kind, why=str(failure), state=state.value)
    else:
        await house.store.change(outbox.sent, letter.id)
