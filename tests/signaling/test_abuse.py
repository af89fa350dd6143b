"""Raw frames from one who does not play by the rules."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.signaling.hall import Node, Page, until
from tests.signaling.test_vocabulary import GOOD, JSON, spoilt
from tongban_signaling.door import is_ours
from tongban_signaling.limits import Credit, Door, Limits
from tongban_signaling.vocabulary import ASKS


class RawLine:
    """A WebSocket on which anything can be said."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> str:
        """The next frame that is not a ping."""
        while (frame := await self.socket.receive(timeout=5)).data == "2":
            await self.socket.send_str("3")
        return str(frame.data)

    async def enter(self, name: str = "lin", face: str = "kiosk") -> None:
        """Become a page."""
        assert (await self.next()).startswith("0")
        await self.socket.send_str("40" + json.dumps({"face": face}))
        assert (await self.next()).startswith("40")

    async def ask(self, packet: Any) -> Any:
        """Send an event and read its acknowledgement; beats in between are passed over."""
        await self.socket.send_str("421" + json.dumps(packet))
        while not (frame := await self.next()).startswith("431"):
            assert frame.startswith("42")
        return json.loads(frame[3:])[0]

    async def code(self) -> int | None:
        """Wait until the hall closes the line; with which code."""
        while not self.socket.closed:
            await self.socket.receive(timeout=5)
        return self.socket.close_code


@asynccontextmanager
async def raw(node: Node) -> AsyncIterator[RawLine]:
    url = f"{node.url}socket.io/?EIO=4&transport=websocket".replace("http", "ws", 1)
    async with aiohttp.ClientSession(headers={"Cookie": "name=lin"}) as session, session.ws_connect(url) as socket:
        yield RawLine(socket)


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    async with Node() as node:
        yield node


NOT_OURS = ["45", "451-[]", "46", "4", "44{}", "2", "2probe", "5", "6", "x", "b4", "", "3x", "43[]"]
NO_EVENTS: list[Any] = [
    [],
    {},
    None,
    "watch",
    [3],
    [None, {}],
    [["watch"], {}],
    ["misshapen", {}],
    ["connect", {"face": "kiosk"}],
    ["disconnect", "x"],
    ["*", {}],
    ["__class__", {}],
    ["trigger_event", {}],
    ["on_connect", {}],
]


@pytest.mark.parametrize("frame", NOT_OURS)
async def test_frames_that_our_pages_never_send_end_the_line(node: Node, frame: str) -> None:
    assert not is_ours(frame)
    async with raw(node) as line:
        await line.enter()
        await line.socket.send_str(frame)

        assert await line.code() == aiohttp.WSCloseCode.UNSUPPORTED_DATA
    await until(lambda: node.hub.pages_open == 0)


async def test_binary_ends_the_line(node: Node) -> None:
    async with raw(node) as line:
        await line.enter()
        await line.socket.send_bytes(b"4\x00")

        assert await line.code() == aiohttp.WSCloseCode.UNSUPPORTED_DATA


async def test_too_large_a_frame_ends_the_line(node: Node) -> None:
    async with raw(node) as line:
        await line.enter()
        await line.socket.send_str("42" + json.dumps(["watch", "x" * (64 * 1024)]))

        assert await line.code() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_compression_is_not_offered(node: Node) -> None:
    url = f"{node.url}socket.io/?EIO=4&transport=websocket".replace("http", "ws", 1)
    async with aiohttp.ClientSession() as session, session.ws_connect(url, compress=15) as socket:
        assert not socket.compress


@pytest.mark.parametrize("packet", NO_EVENTS)
async def test_an_event_that_is_none_is_refused(node: Node, packet: Any) -> None:
    async with raw(node) as line:
        await line.enter()

        refused = await line.ask(packet)

        assert (refused["ok"], refused["code"], refused["kind"]) == (False, "unknown_event", "bad_input")
        assert (await line.ask(["watch", {"subject": "board:1"}]))["ok"]
        assert node.hub.pages_open == 1


@pytest.mark.parametrize("payload", [[], [{}, {}], [None], [[]], ["x"], [{"subject": "a"}], [{"subject": 1, "x": 2}]])
async def test_a_payload_that_does_not_fit_is_refused(node: Node, payload: list[Any]) -> None:
    async with raw(node) as line:
        await line.enter()

        assert (await line.ask(["watch", *payload]))["code"] == "bad_message"


@pytest.mark.parametrize("text", ["42{", "42[", '42["watch",', "42" + "[" * 30_000, '42["watch","\\ud800"]', "42NaN"])
async def test_text_that_is_no_json_ends_only_its_own_line(node: Node, text: str) -> None:
    async with raw(node) as line, Page("wang", "clerk") as other:
        await line.enter()
        await other.open(node)
        await line.socket.send_str(text)

        await line.code()
        assert (await other.ask("watch", {"subject": "board:1"}))["ok"]


async def test_one_line_cannot_become_two_pages(node: Node) -> None:
    async with raw(node) as line:
        await line.enter()
        await line.socket.send_str('40{"face":"clerk"}')

        assert (await line.next()).startswith(("44", "42"))
        assert node.hub.pages_open == 1


async def test_a_line_that_never_becomes_a_page_is_cut(node: Node) -> None:
    async with raw(node) as line:
        await line.next()

        await line.code()


async def test_a_flood_is_cut_off_while_others_are_served(node: Node) -> None:
    async with raw(node) as line, Page("wang", "clerk") as other:
        await line.enter()
        await other.open(node)
        flood = asyncio.create_task(_flood(line))
        answers = [await other.ask("watch", {"subject": "board:1"}) for _ in range(20)]
        await flood

        assert all(answer["ok"] for answer in answers)
        assert await line.code() in (aiohttp.WSCloseCode.POLICY_VIOLATION, aiohttp.WSCloseCode.ABNORMAL_CLOSURE)
        await until(lambda: node.hub.pages_open == 1)


async def _flood(line: RawLine) -> None:
    try:
        for _ in range(1000):
            await line.socket.send_str('42["call.leave",{"ticket":"t1"}]')
    except (OSError, aiohttp.ClientError):
        return


async def test_each_door_has_its_own_purse() -> None:
    doors = {Door.WATCH: Credit(2, 0), Door.SIGNAL: Credit(1, 0), Door.STATE: Credit(1, 0)}
    async with Node(limits=Limits(doors=doors)) as node, Page("lin", "kiosk") as page:
        await page.open(node)
        asked = [(await page.ask("watch", {"subject": "board:1"})).get("code") for _ in range(3)]
        assert asked == [None, None, "too_fast"]

        assert (await page.ask("call.leave", {"ticket": "t"}))["code"] == "not_in_call"
        refused = await page.ask("call.leave", {"ticket": "t"})
        assert (refused["code"], refused["retryAfterS"]) == ("too_fast", 1)


EVENTS = st.sampled_from(sorted(ASKS)).flatmap(lambda name: st.tuples(st.just(name), JSON | spoilt(GOOD[name])))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EVENTS, min_size=1, max_size=20))
def test_whatever_is_sent_every_event_is_acknowledged(
    caplog: pytest.LogCaptureFixture, said: list[tuple[str, Any]]
) -> None:
    async def run() -> None:
        async with Node() as node, raw(node) as line:
            await line.enter()
            for name, message in said:
                text = json.dumps([name, message])
                if "NaN" not in text and "Infinity" not in text:
                    assert (await line.ask([name, message]))["ok"] in (True, False)

    asyncio.run(run())
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
