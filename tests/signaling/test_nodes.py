"""Two nodes over a real Redis are one hall; while Redis is away each goes on alone."""

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.signaling.hall import Node, OpenGate, Page, until
from tongban_signaling.tells import Fact

REDIS_URL = os.environ.get("TONGBAN_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
OFFER = {"description": {"type": "offer", "sdp": "v=0\r\n"}}


class Hall:
    """Two nodes, a citizen on one and a clerk on the other."""

    def __init__(self, url: str) -> None:
        self.gate = OpenGate()
        channel = f"tongban-test-{uuid.uuid4().hex}"
        self.north, self.south = (Node(self.gate, redis_url=url, channel=channel) for _ in range(2))
        self.citizen, self.clerk = Page("lin", "kiosk"), Page("wang", "clerk")

    async def __aenter__(self) -> "Hall":
        await self.north.__aenter__()
        await self.south.__aenter__()
        await until(lambda: self.north.hub.up and self.south.hub.up)
        await self.citizen.open(self.north)
        await self.clerk.open(self.south)
        return self

    async def __aexit__(self, *_: object) -> None:
        for end in (self.citizen, self.clerk, self.north, self.south):
            await end.__aexit__()


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    async with Hall(REDIS_URL) as hall:
        yield hall


async def test_a_call_is_relayed_across_nodes(hall: Hall) -> None:
    await hall.clerk.ask("call.join", {"ticket": "t1", "peer": "c1"})
    await hall.citizen.ask("call.join", {"ticket": "t1", "peer": "k1"})
    assert await hall.clerk.hears("call.joined", peer="k1")
    assert await hall.citizen.hears("call.here", peer="c1")

    await hall.clerk.ask("call.signal", {"ticket": "t1", "to": "citizen", "toPeer": "k1", "data": OFFER})
    assert (await hall.citizen.hears("call.signal"))["fromPeer"] == "c1"
    await hall.citizen.client.disconnect()
    assert await hall.clerk.hears("call.left", peer="k1", lost=True)


async def test_the_newest_page_wins_across_nodes(hall: Hall) -> None:
    await hall.citizen.ask("call.join", {"ticket": "t1", "peer": "k1"})
    async with Page("lin", "kiosk") as newer:
        await newer.open(hall.south)
        await newer.ask("call.join", {"ticket": "t1", "peer": "k2"})
        await hall.citizen.hears("call.replaced", peer="k2")
        await hall.clerk.ask("call.join", {"ticket": "t1", "peer": "c1"})

        assert await newer.hears("call.joined", peer="c1")
        assert await hall.clerk.hears("call.here", peer="k2")
        assert await hall.citizen.silent("call.joined")
        assert not [said for name, said in hall.clerk.heard if said.get("peer") == "k1"]


async def test_of_two_pages_that_join_at_once_exactly_one_sits(hall: Hall) -> None:
    async with Page("lin", "kiosk") as other:
        await other.open(hall.south)
        for turn in range(5):
            ask = {"ticket": f"t{turn}"}
            await asyncio.gather(
                hall.citizen.ask("call.join", {**ask, "peer": "a"}), other.ask("call.join", {**ask, "peer": "b"})
            )
            await asyncio.sleep(0.05)
            left = [await page.ask("call.leave", ask) for page in (hall.citizen, other)]

            assert sorted(answer["ok"] for answer in left) == [False, True]


async def test_facts_and_signing_out_reach_the_other_node(hall: Hall) -> None:
    await hall.clerk.ask("watch", {"subject": "board:1"})
    fact = Fact(subject="board:1", version=1, kind="taken", at=datetime.now(UTC), shows={})
    await hall.north.hub.publish("board:1", fact)
    assert await hall.clerk.hears("fact", version=1)

    await hall.north.hub.sign_out("wang", "locked")

    assert await hall.clerk.hears("signed_out")
    await until(lambda: hall.south.hub.pages_open == 0)


@pytest.fixture
async def redis(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator["OwnRedis"]:
    server = OwnRedis(tmp_path, unused_tcp_port)
    await server.start()
    yield server
    await server.kill()


class OwnRedis:
    """A Redis of this test's own, to be killed."""

    def __init__(self, home: Path, port: int) -> None:
        self._home, self._port = home, port
        self.url = f"redis://127.0.0.1:{port}/0"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        program = shutil.which("redis-server") or pytest.fail("no redis-server on this machine (make tools)")
        said = ["--port", str(self._port), "--save", "", "--dir", str(self._home), "--logfile", str(self._home / "log")]
        self._process = await asyncio.create_subprocess_exec(program, *said)

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def test_while_redis_is_away_each_node_goes_on_and_beats_tell_what_was_missed(redis: OwnRedis) -> None:
    async with Hall(redis.url) as hall:
        await hall.clerk.ask("watch", {"subject": "board:1"})
        await redis.kill()
        await until(lambda: not hall.north.hub.up and not hall.south.hub.up)

        hall.gate.known["board:1"] = 5
        fact = Fact(subject="board:1", version=5, kind="taken", at=datetime.now(UTC), shows={})
        await hall.north.hub.publish("board:1", fact)
        assert await hall.clerk.hears("beat", versions={"board:1": 5})
        assert await hall.clerk.silent("fact")
        await redis.start()
        await until(lambda: hall.north.hub.up and hall.south.hub.up)

        await hall.north.hub.publish("board:1", fact)
        assert await hall.clerk.hears("fact", version=5)
