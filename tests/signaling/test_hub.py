from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from socketio.exceptions import ConnectionError as NotLetIn

from tests.signaling.hall import Node, Page, until
from tongban_queue.wait import Outlook
from tongban_signaling.gate import Act
from tongban_signaling.limits import Limits
from tongban_signaling.tells import Fact, Wait

WAIT = Wait(ahead=3, fewer_than=None, outlook=Outlook.TODAY, low_min=12, high_min=None, at_least=True)


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    async with Node() as node:
        yield node


@pytest.fixture
async def citizen(node: Node) -> AsyncIterator[Page]:
    async with Page("lin", "kiosk") as page:
        yield await page.open(node)


@pytest.fixture
async def clerk(node: Node) -> AsyncIterator[Page]:
    async with Page("wang", "clerk", "en") as page:
        yield await page.open(node)


def fact(subject: str, version: int) -> Fact:
    return Fact(subject=subject, version=version, kind="called", at=datetime.now(UTC), shows={"tickets": [{"id": "t"}]})


OFFER = {"description": {"type": "offer", "sdp": "v=0\r\n"}}


async def test_a_watching_page_hears_the_facts_of_its_subject(node: Node, citizen: Page) -> None:
    node.gate.known["ticket:t1"] = 4
    assert await citizen.ask("watch", {"subject": "ticket:t1"}) == {"ok": True, "version": 4}

    await node.hub.publish("ticket:t1", fact("ticket:t1", 5))
    await node.hub.publish("ticket:t2", fact("ticket:t2", 9))
    await node.hub.place("t1", WAIT)

    heard = await citizen.hears("fact")
    assert (heard["subject"], heard["version"], heard["shows"]) == ("ticket:t1", 5, {"tickets": [{"id": "t"}]})
    assert heard["at"].endswith("Z")
    assert await citizen.hears("place") == {
        "ticket": "t1",
        "wait": {
            "ahead": 3,
            "fewerThan": None,
            "outlook": "today",
            "lowMin": 12,
            "highMin": None,
            "atLeast": True,
        },
    }
    assert [said["version"] for name, said in citizen.heard if name == "fact"] == [5]


async def test_unwatching_ends_it(node: Node, citizen: Page) -> None:
    await citizen.ask("watch", {"subject": "ticket:t1"})
    assert await citizen.ask("unwatch", {"subject": "ticket:t1"}) == {"ok": True}
    await node.hub.publish("ticket:t1", fact("ticket:t1", 1))

    assert await citizen.silent("fact")
    again = await citizen.ask("unwatch", {"subject": "ticket:t1"})
    assert (again["ok"], again["code"], again["kind"]) == (False, "not_watching", "not_found")


async def test_beats_name_the_versions_of_what_a_page_watches(node: Node, citizen: Page, clerk: Page) -> None:
    node.gate.known["ticket:t1"] = 7
    await citizen.ask("watch", {"subject": "ticket:t1"})

    assert (await citizen.hears("beat", versions={"ticket:t1": 7}))["at"].endswith("Z")
    assert (await clerk.hears("beat"))["versions"] == {}


async def test_no_beat_while_the_versions_cannot_be_read(node: Node, citizen: Page) -> None:
    await citizen.ask("watch", {"subject": "ticket:t1"})
    await citizen.hears("beat", versions={"ticket:t1": 0})
    node.gate.broken = True
    refused = await citizen.ask("watch", {"subject": "ticket:t2"})
    citizen.heard.clear()
    assert (refused["ok"], refused["code"], refused["retryAfterS"]) == (False, "out_of_order", 5)

    with pytest.raises(TimeoutError):
        await until(lambda: citizen.heard, 0.4)


async def test_a_newcomer_and_those_who_sit_there_learn_of_each_other(citizen: Page, clerk: Page) -> None:
    seated = await clerk.ask("call.join", {"ticket": "t1", "peer": "c1"})
    assert seated == {"ok": True, "member": "clerk", "polite": False}
    seated = await citizen.ask("call.join", {"ticket": "t1", "peer": "k1"})
    assert seated == {"ok": True, "member": "citizen", "polite": True}

    assert await clerk.hears("call.joined") == {"ticket": "t1", "member": "citizen", "peer": "k1"}
    assert await citizen.hears("call.here") == {"ticket": "t1", "member": "clerk", "peer": "c1"}
    assert await citizen.silent("call.joined")


async def test_signals_and_states_reach_the_other_side_only(citizen: Page, clerk: Page) -> None:
    await clerk.ask("call.join", {"ticket": "t1", "peer": "c1"})
    await citizen.ask("call.join", {"ticket": "t1", "peer": "k1"})
    said = {"ticket": "t1", "to": "citizen", "toPeer": "k1", "data": OFFER}
    assert await clerk.ask("call.signal", said) == {"ok": True}
    stands = {"ticket": "t1", "microphone": True, "camera": False, "connection": "connecting"}
    assert await clerk.ask("call.state", stands) == {"ok": True}

    heard = await citizen.hears("call.signal")
    assert heard == {"ticket": "t1", "from": "clerk", "fromPeer": "c1", "toPeer": "k1", "data": OFFER}
    assert await citizen.hears("call.state") == {**stands, "member": "clerk", "peer": "c1"}
    assert await clerk.silent("call.signal")
    assert await clerk.silent("call.state")


async def test_one_who_does_not_sit_there_cannot_signal(clerk: Page) -> None:
    refused = await clerk.ask("call.signal", {"ticket": "t1", "to": "citizen", "toPeer": "k1", "data": OFFER})

    assert refused == {"ok": False, "code": "not_in_call", "kind": "not_now", "text": "en:not_in_call"}


async def test_a_right_that_is_taken_away_is_gone_with_the_next_message(node: Node, citizen: Page) -> None:
    await citizen.ask("call.join", {"ticket": "t1", "peer": "k1"})
    node.gate.banned.add(("lin", Act.STATE_IN_CALL))
    stands = {"ticket": "t1", "microphone": True, "camera": True, "connection": "new"}

    assert (await citizen.ask("call.state", stands))["code"] == "not_allowed"
    assert (await citizen.ask("call.leave", {"ticket": "t1"}))["ok"]


async def test_the_newest_page_of_a_member_wins(node: Node, citizen: Page, clerk: Page) -> None:
    await clerk.ask("call.join", {"ticket": "t1", "peer": "c1"})
    await citizen.ask("call.join", {"ticket": "t1", "peer": "k1"})
    async with Page("lin", "kiosk") as newer:
        await newer.open(node)
        await newer.ask("call.join", {"ticket": "t1", "peer": "k2"})

        replaced = await citizen.hears("call.replaced")
        assert (replaced["ticket"], replaced["peer"]) == ("t1", "k2")
        assert await clerk.hears("call.joined", peer="k2")
        late = await citizen.ask("call.signal", {"ticket": "t1", "to": "clerk", "toPeer": "c1", "data": OFFER})
        assert late["code"] == "not_in_call"
        assert await newer.silent("call.replaced")
        heard = [(name, said) for name, said in newer.heard if name.startswith("call.")]
        assert heard == [("call.here", {"ticket": "t1", "member": "clerk", "peer": "c1"})]
    assert (await clerk.hears("call.left"))["peer"] == "k2"


async def test_leaving_is_told_from_losing_the_line(citizen: Page, clerk: Page) -> None:
    await clerk.ask("call.join", {"ticket": "t1", "peer": "c1"})
    await citizen.ask("call.join", {"ticket": "t1", "peer": "k1"})
    await citizen.ask("call.leave", {"ticket": "t1"})
    assert await clerk.hears("call.left", lost=False)
    await citizen.ask("call.join", {"ticket": "t1", "peer": "k1"})

    await citizen.client.disconnect()

    assert await clerk.hears("call.left", lost=True) == {
        "ticket": "t1",
        "member": "citizen",
        "peer": "k1",
        "lost": True,
    }


async def test_signing_out_reaches_every_page_and_cuts_it(node: Node, clerk: Page, citizen: Page) -> None:
    async with Page("wang", "clerk") as second:
        await second.open(node)
        await node.hub.sign_out("wang", "locked")

        assert await clerk.hears("signed_out") == {"reason": "locked"}
        assert await second.hears("signed_out") == {"reason": "locked"}
        await until(lambda: not clerk.client.connected and not second.client.connected)
    assert citizen.client.connected
    await until(lambda: node.hub.pages_open == 1)


async def test_one_who_is_no_longer_signed_in_is_cut_off_by_the_next_event(node: Node, clerk: Page) -> None:
    node.gate.signed_out.add("wang")

    assert (await clerk.ask("watch", {"subject": "board:1"}))["code"] == "signed_out"
    assert await clerk.hears("signed_out") == {"reason": "session_ended"}


async def test_a_silent_page_is_asked_about_too(node: Node, clerk: Page) -> None:
    node.gate.signed_out.add("wang")

    assert await clerk.hears("signed_out") == {"reason": "session_ended"}


async def test_presence_is_told_for_the_first_and_the_last_page(node: Node, clerk: Page) -> None:
    async with Page("wang", "clerk") as second:
        await second.open(node)
    await until(lambda: node.hub.pages_open == 1)
    assert node.gate.presence == [("came", "wang")]
    await clerk.client.disconnect()

    await until(lambda: node.gate.presence == [("came", "wang"), ("went", "wang")])


@pytest.mark.parametrize(
    ("name", "face", "code"),
    [(None, "clerk", "not_allowed"), ("wang", "", "unknown_face"), ("x", "root", "unknown_face")],
)
async def test_nobody_comes_in_unknown(node: Node, name: str | None, face: str, code: str) -> None:
    refused: list[Any] = []
    async with Page(name, face) as page:
        page.client.on("connect_error", refused.append)
        with pytest.raises(NotLetIn):
            await page.open(node)

    assert (refused[0]["message"], refused[0]["data"]["text"]) == (code, f"zh-CN:{code}")
    await until(lambda: not node.hub.sockets.eio.sockets)


async def test_an_identity_may_open_only_so_many_pages() -> None:
    async with Node(limits=Limits(pages_per_identity=1)) as node, Page("wang", "clerk") as first:
        await first.open(node)
        async with Page("wang", "clerk") as second:
            with pytest.raises(NotLetIn):
                await second.open(node)


async def test_a_page_may_watch_and_sit_only_so_much() -> None:
    limits = Limits(subjects_per_page=1, seats_per_page=1)
    async with Node(limits=limits) as node, Page("wang", "clerk") as page:
        await page.open(node)
        await page.ask("watch", {"subject": "board:1"})
        await page.ask("call.join", {"ticket": "t1", "peer": "p"})

        assert (await page.ask("watch", {"subject": "board:1"}))["ok"]
        assert (await page.ask("watch", {"subject": "board:2"}))["code"] == "too_much_at_once"
        assert (await page.ask("call.join", {"ticket": "t2", "peer": "p"}))["code"] == "too_much_at_once"


async def test_a_page_comes_back_by_itself_after_the_server_is_gone(citizen: Page, node: Node) -> None:
    port = node.server.port
    await node.server.close()
    async with Node(port=port) as again:
        await until(lambda: again.hub.pages_open == 1, 10)

        assert (await citizen.ask("watch", {"subject": "ticket:t1"}))["ok"]


async def test_a_foreign_origin_is_not_served() -> None:
    async with Node(allowed_origins=["https://hall.example"]) as node, Page("wang", "clerk") as page:
        auth = {"face": "clerk"}
        headers = {"Cookie": "name=wang", "Origin": "https://evil.example"}
        with pytest.raises(NotLetIn):
            await page.client.connect(node.url, headers=headers, auth=auth, transports=["websocket"])
        headers["Origin"] = "https://hall.example"
        await page.client.connect(node.url, headers=headers, auth=auth, transports=["websocket"])


async def test_polling_is_not_served(node: Node) -> None:
    async with Page("wang", "clerk") as page:
        with pytest.raises(NotLetIn):
            await page.client.connect(node.url, headers={"Cookie": "name=wang"}, transports=["polling"])
