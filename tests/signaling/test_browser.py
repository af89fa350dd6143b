"""A real Chromium and a synthetic member in one call: decoded pictures both ways, whoever of them is the clerk."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, async_playwright
from playwright.async_api import Page as Tab

from tests.conftest import BROWSER_FLAGS, needed
from tests.servers import chromium_program
from tests.signaling.hall import Node, Page, until
from tongban_signaling.member import Member
from tongban_signaling.synthetic import SyntheticMember

pytestmark = pytest.mark.browser

FLAGS = [*BROWSER_FLAGS, "--no-sandbox"]
HTML = (Path(__file__).parent / "call.html").read_text()
FACES = {Member.CITIZEN: "kiosk", Member.CLERK: "clerk"}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    with needed():
        program = chromium_program()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    async def page(request: web.Request) -> web.Response:
        response = web.Response(text=HTML, content_type="text/html")
        response.set_cookie("name", request.query["name"])
        return response

    node = Node()
    node.app.router.add_get("/call", page)
    async with node:
        yield node


async def open_tab(browser: Browser, node: Node, member: Member) -> Tab:
    tab = await (await browser.new_context(permissions=["camera", "microphone"])).new_page()
    await tab.goto(f"{node.url}call?name=chromium-{member}&face={FACES[member]}&ticket=t1")
    return tab


async def tab_is(tab: Tab, holds: str) -> None:
    await tab.wait_for_function(holds, timeout=20_000, polling=50)


async def tab_decodes(tab: Tab) -> None:
    async with asyncio.timeout(20):
        while (seen := await tab.evaluate("call.decoded()"))["frames"] < 5 or seen["sounds"] < 20:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("browser_is", [Member.CITIZEN, Member.CLERK])
@pytest.mark.parametrize("browser_first", [True, False])
async def test_chromium_and_a_synthetic_member_see_each_other(
    browser: Browser, node: Node, browser_is: Member, browser_first: bool
) -> None:
    other_is = Member.CLERK if browser_is is Member.CITIZEN else Member.CITIZEN
    async with Page("synthetic", FACES[other_is]) as page:
        await page.open(node)
        member = SyntheticMember("t1", other_is, page.client, [])
        if browser_first:
            tab = await open_tab(browser, node, browser_is)
            await until(lambda: ("chromium-" + browser_is, "t1") in {(who, what) for who, _, what in node.gate.asked})
            await member.join()
        else:
            await member.join()
            tab = await open_tab(browser, node, browser_is)
        await tab_is(tab, "call.state === 'connected'")
        assert (member.seen.frames, member.seen.sounds) == (0, 0)

        await tab.evaluate("call.send()")
        await member.send()

        await until(lambda: member.seen.frames >= 5 and member.seen.sounds >= 20, 20)
        await tab_decodes(tab)
        assert await tab.evaluate("call.acks.filter(([, ack]) => !ack.ok)") == []
        await until(lambda: member.seen.ready == (browser_is is Member.CITIZEN))
        await member.leave()


async def test_a_reloaded_page_is_met_anew(browser: Browser, node: Node) -> None:
    async with Page("synthetic", "kiosk") as page:
        await page.open(node)
        member = SyntheticMember("t1", Member.CITIZEN, page.client, [])
        await member.join()
        await member.send()
        tab = await open_tab(browser, node, Member.CLERK)
        await tab_is(tab, "call.state === 'connected'")
        await tab_decodes(tab)

        await tab.reload()

        await tab_is(tab, "call.state === 'connected'")
        await tab_decodes(tab)
        await member.leave()


@pytest.mark.parametrize("trouble", ["call.pc.restartIce()", "call.repeatOffer()"])
async def test_a_synthetic_citizen_outlives_what_its_library_cannot(browser: Browser, node: Node, trouble: str) -> None:
    async with Page("synthetic", "kiosk") as page:
        await page.open(node)
        member = SyntheticMember("t1", Member.CITIZEN, page.client, [])
        await member.join()
        await member.send()
        tab = await open_tab(browser, node, Member.CLERK)
        await tab_is(tab, "call.state === 'connected'")
        await tab_decodes(tab)

        await tab.evaluate(trouble)
        await asyncio.sleep(1)

        await tab_is(tab, "call.state === 'connected'")
        before = (await tab.evaluate("call.decoded()"))["frames"]
        await tab_is(tab, f"call.decoded().then((seen) => seen.frames > {before} + 10)")
        await member.leave()


async def test_two_browsers_call_each_other_while_the_server_comes_and_goes(browser: Browser, node: Node) -> None:
    clerk = await open_tab(browser, node, Member.CLERK)
    citizen = await open_tab(browser, node, Member.CITIZEN)
    for tab in (clerk, citizen):
        await tab_is(tab, "call.state === 'connected'")
        await tab.evaluate("call.send()")
    for tab in (clerk, citizen):
        await tab_decodes(tab)
    before, port = await citizen.evaluate("call.decoded()"), node.server.port
    await node.server.close()
    await tab_is(citizen, f"call.decoded().then((seen) => seen.frames > {before['frames']} + 5)")

    async with Node(node.gate, port=port) as again:
        await until(lambda: len(again.hub.sockets.manager.rooms.get("/", {}).get("call:t1", ())) == 2, 20)

        assert await citizen.evaluate("call.pc.connectionState") == "connected"
