"""Two synthetic members in one call, over a real hall."""

from collections.abc import AsyncIterator

import pytest

from tests.signaling.hall import Node, Page, until
from tongban_signaling.gate import Act
from tongban_signaling.member import Member
from tongban_signaling.synthetic import SyntheticMember, media


class Pair:
    """A citizen and a clerk."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._pages = Page("lin", "kiosk"), Page("wang", "clerk")
        sockets = [page.client for page in self._pages]
        self.citizen = SyntheticMember("t1", Member.CITIZEN, sockets[0], [])
        self.clerk = SyntheticMember("t1", Member.CLERK, sockets[1], [])

    async def __aenter__(self) -> "Pair":
        for page in self._pages:
            await page.open(self._node)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.citizen.leave()
        await self.clerk.leave()
        for page in self._pages:
            await page.__aexit__()

    async def connected(self) -> None:
        await until(lambda: self.citizen.connection == self.clerk.connection == "connected", 15)


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    async with Node() as node:
        yield node


def test_the_picture_begins_with_a_key_frame_and_is_small() -> None:
    assert len(media.picture()) == media.FRAMES
    assert [frame[0] & 1 for frame in media.picture()] == [0] + [1] * (media.FRAMES - 1)
    assert len(media.tone()) == media.SAMPLES_PER_S // media.SAMPLES


@pytest.mark.parametrize("clerk_first", [True, False])
async def test_the_line_is_warmed_up_without_media_and_then_both_see_and_hear(node: Node, clerk_first: bool) -> None:
    async with Pair(node) as pair:
        members = [pair.clerk, pair.citizen] if clerk_first else [pair.citizen, pair.clerk]
        for member in members:
            await member.join()
        await pair.connected()
        assert (pair.citizen.seen.frames, pair.clerk.seen.sounds) == (0, 0)

        await pair.citizen.send()
        await pair.clerk.send()

        for member in members:
            await until(lambda member=member: member.seen.frames > 5 and member.seen.sounds > 20, 15)
        await until(lambda: pair.clerk.seen.ready)


async def test_a_call_outlives_the_server_and_its_members_come_back(node: Node) -> None:
    async with Pair(node) as pair:
        for member in (pair.clerk, pair.citizen):
            await member.join()
            await member.send()
        await until(lambda: pair.citizen.seen.frames > 2, 15)
        port = node.server.port
        await node.server.close()
        seen = pair.citizen.seen.frames
        await until(lambda: pair.citizen.seen.frames > seen + 5, 15)

        async with Node(node.gate, port=port) as again:
            await until(lambda: len(again.hub.sockets.manager.rooms.get("/", {}).get("call:t1", ())) == 2, 15)
            seen = pair.citizen.seen.frames
            await until(lambda: pair.citizen.seen.frames > seen + 5, 15)


async def test_a_newer_partner_gets_a_new_connection(node: Node) -> None:
    async with Pair(node) as pair:
        for member in (pair.citizen, pair.clerk):
            await member.join()
            await member.send()
        await until(lambda: pair.clerk.seen.frames > 2, 15)
        async with Page("wang", "clerk") as page:
            await page.open(node)
            newer = SyntheticMember("t1", Member.CLERK, page.client, [])
            await newer.join()
            await newer.send()

            await until(lambda: newer.seen.frames > 2, 15)
            await newer.leave()


async def test_a_refused_member_says_so(node: Node) -> None:
    node.gate.banned.add(("lin", Act.JOIN_CALL))
    async with Pair(node) as pair:
        with pytest.raises(RuntimeError, match="not_allowed"):
            await pair.citizen.join()
