"""An office that rings its clerks; a visit that is parked, one handed on, and one missed and revived."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.faces import Clerk, Kiosk
from tests.browser.house import House
from tests.browser.inspection import DESK, Inspection
from tests.browser.test_arrivals import take
from tests.browser.test_visit import CHEN, LI, MATTER
from tongban_queue.hall import Office, Working
from tongban_queue.store import Work
from tongban_server.house import build_house

pytestmark = pytest.mark.browser

FIRST, SECOND = "clerk-pinghu-estate-1", "clerk-pinghu-estate-2"
WAITS = "等待系统派号"
#: Three times fifteen seconds and what lies between them, with patience.
RUNG_OUT_MS = 90_000


def ring_clerks(work: Work) -> None:
    work.session.get_one(Office, "pinghu-estate").working = Working.RING


async def rings(house: House) -> None:
    """From now on the office rings its clerks."""
    opened = build_house(house.settings)
    try:
        await opened.store.change(ring_clerks)
    finally:
        await opened.store.close()


async def open_window(page: Page, house: House, username: str) -> Clerk:
    clerk = Clerk(page, house.url)
    await clerk.sign_in(username, house.passwords[username])
    await clerk.press(re.compile("^开窗"))
    return clerk


async def at_a_kiosk(page: Page, house: House, device: str, person: dict[str, str]) -> tuple[Kiosk, str]:
    """Somebody with a ticket at a kiosk; gives its number."""
    kiosk = Kiosk(page, house.url)
    await kiosk.enrol(await house.code(device))
    number = await take(page, person)
    await page.reload()
    return kiosk, number


async def offered(clerk: Clerk, number: str) -> None:
    await expect(clerk.page.get_by_role("heading", name="来号，请接听")).to_be_visible()
    await expect(clerk.page.locator(".offer").get_by_text(number)).to_be_visible()
    await expect(clerk.page.locator(".offer").get_by_text(MATTER)).to_be_visible()


async def look(inspection: Inspection, page: Page, name: str) -> None:
    """In both languages; the desk never scrolls as a whole."""
    await inspection.look(page, name, DESK, (1280, 800), fits=True)


async def test_a_ring_lapses_to_the_next_clerk_who_answers(
    house: House, open_page: OpenPage, inspection: Inspection
) -> None:
    await rings(house)
    first = await open_window(await open_page(), house, FIRST)
    await first.sees(re.compile(WAITS))
    second = await open_window(await open_page(), house, SECOND)
    await second.sees(re.compile(WAITS))
    await expect(first.button(re.compile("^叫下一位"))).to_have_count(0)
    await look(inspection, first.page, "clerk rings idle")

    kiosk, number = await at_a_kiosk(await open_page(1080, 1920), house, "lianshui-k1", CHEN)
    await offered(first, number)
    await look(inspection, first.page, "clerk offer")

    await offered(second, number)
    await first.sees(re.compile("有 1 次来号没有接听"))
    await look(inspection, first.page, "clerk lapsed")
    await second.page.keyboard.press("F2")
    await expect(kiosk.button("我到了")).to_be_visible()
    await second.line_is_warm()
    await kiosk.arrive()
    await second.hears_and_sees()
    await first.sees(re.compile(WAITS))
    assert not inspection.found, inspection.report()


async def test_three_rings_without_an_answer_pause_the_window(
    house: House, open_page: OpenPage, inspection: Inspection
) -> None:
    await rings(house)
    clerk = await open_window(await open_page(), house, FIRST)
    await at_a_kiosk(await open_page(1080, 1920), house, "lianshui-k1", CHEN)

    await expect(clerk.page.get_by_text(re.compile("窗口已自动暂停"))).to_be_visible(timeout=RUNG_OUT_MS)
    await look(inspection, clerk.page, "clerk no answer")
    await clerk.press(re.compile("^可以接待"))
    await expect(clerk.page.get_by_role("heading", name="来号，请接听")).to_be_visible()
    await clerk.page.keyboard.press("Alt+p")
    await clerk.page.get_by_role("dialog").get_by_role("button", name="开会").click()
    await clerk.sees(re.compile("已暂停接待：开会"))
    await clerk.sees(re.compile("应在 .* 前结束"))
    await look(inspection, clerk.page, "clerk paused")
    assert not inspection.found, inspection.report()


async def call(clerk: Clerk, kiosk: Kiosk) -> None:
    await clerk.next()
    await expect(kiosk.button("我到了")).to_be_visible()
    await clerk.line_is_warm()
    await kiosk.arrive()
    await clerk.hears_and_sees()


async def send_on_by_keyboard(clerk: Clerk, inspection: Inspection, staff: str) -> None:
    """To a colleague, by keys alone."""
    page = clerk.page
    await page.keyboard.press("Alt+z")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("radio", name=re.compile(staff))).to_be_visible()
    await look(inspection, page, "clerk transfer dialog")
    await dialog.get_by_label("按事项、单位、姓名查找").focus()
    await page.keyboard.type(staff)
    await expect(dialog.get_by_role("radio")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await expect(dialog.get_by_role("radio", name=re.compile(staff))).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()


async def test_a_visit_is_parked_and_another_one_handed_to_a_colleague(
    house: House, open_page: OpenPage, inspection: Inspection
) -> None:
    first = await open_window(await open_page(), house, FIRST)
    second = await open_window(await open_page(), house, SECOND)
    kiosk, parked = await at_a_kiosk(await open_page(1080, 1920), house, "lianshui-k1", CHEN)
    await call(first, kiosk)
    await look(inspection, first.page, "clerk call with park")
    await first.page.keyboard.press("Alt+s")
    await look(inspection, first.page, "clerk park dialog")
    await first.page.get_by_role("dialog").get_by_role("button", name="暂存").click()
    await first.sees(re.compile("号已保留"))
    await look(inspection, first.page, "clerk parked")
    await first.be_ready()
    later = first.page.get_by_role("listitem").filter(has_text=parked)
    await expect(later.get_by_text("去取材料")).to_be_visible()

    other, number = await at_a_kiosk(await open_page(1080, 1920), house, "lianshui-k2", LI)
    await call(first, other)
    await send_on_by_keyboard(first, inspection, "吴示例")
    await first.sees(re.compile("已转办"))
    await look(inspection, first.page, "clerk transferred")
    await call(second, other)
    await expect(second.page.get_by_text(number).first).to_be_visible()
    assert not inspection.found, inspection.report()


async def test_the_assistant_puts_a_missed_ticket_back_and_explains_its_place(
    house: House, open_page: OpenPage, inspection: Inspection
) -> None:
    clerk = await open_window(await open_page(), house, FIRST)
    assistant = await open_page()
    await assistant.goto(f"{house.url}/assistant")
    await assistant.get_by_label("账号").fill("assistant-lianshui")
    await assistant.get_by_label("密码").fill(house.passwords["assistant-lianshui"])
    await assistant.get_by_role("button", name="登录").click()
    _, number = await at_a_kiosk(await open_page(1080, 1920), house, "lianshui-k1", CHEN)
    await clerk.next()
    await clerk.press(re.compile("^过号"))
    await look(inspection, clerk.page, "clerk missed dialog")
    await clerk.page.get_by_role("dialog").get_by_role("button", name="过号").click()

    revive = assistant.get_by_role("button", name=f"重新排队：{number}")
    await expect(revive).to_be_visible()
    await assistant.reload()
    await inspection.look(assistant, "assistant missed", DESK, (390, 844))
    await revive.click()
    await expect(revive).to_have_count(0)
    await assistant.get_by_role("button", name=re.compile(f"{number}.*等候中")).click()
    await expect(assistant.get_by_text("过号后重排")).to_be_visible()
    await assistant.get_by_role("button", name="为什么排在这里").click()
    await expect(assistant.get_by_text("过号后重排，排在当时第三个人之后。")).to_be_visible()
    await inspection.look(assistant, "assistant why", DESK, (390, 844))
    assert not inspection.found, inspection.report()
