"""The citizen's wait on a running house: told as a range, with its reasons, and with other ways after five minutes."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.faces import Clerk, Kiosk
from tests.browser.house import House, open_house
from tests.browser.inspection import LYING, PHONE, STANDING, Inspection
from tests.browser.keys import Keys
from tests.browser.test_bad_day import ask
from tests.browser.test_visit import CHEN, MATTER
from tongban_queue.hall import Point
from tongban_queue.returning import interrupt
from tongban_queue.store import Work
from tongban_queue.tally import day_of
from tongban_queue.ticket import Ticket

pytestmark = pytest.mark.browser

KIOSK = (STANDING, LYING, PHONE)
STAY = "继续等候"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path / "home") as house:
        yield house


async def earlier(house: House, number: str, by: timedelta) -> None:
    """As if this ticket had been taken so long before: the server's clock is real, so the row is what moves."""

    def change(work: Work) -> None:
        ticket = work.session.query(Ticket).filter_by(number=number).one()
        ticket.taken_at -= by
        ticket.since -= by

    await house.change(change)


async def waiting(house: House, open_page: OpenPage, inspection: Inspection) -> tuple[Kiosk, Clerk, str]:
    page = await open_page(*STANDING)
    await inspection.enter(page.context, page)
    kiosk, clerk = Kiosk(page, house.url), Clerk(await open_page(), house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))
    await clerk.sign_in("clerk-pinghu-estate-1", house.passwords["clerk-pinghu-estate-1"])
    await clerk.press(re.compile("开窗"), exact=False)
    return kiosk, clerk, await kiosk.take("平湖", MATTER, **CHEN)


async def test_the_wait_is_a_range_and_its_reasons_can_be_asked(house: House, open_page: OpenPage) -> None:
    inspection = Inspection(house.url)
    kiosk, _, _ = await waiting(house, open_page, inspection)

    await kiosk.sees(re.compile("还要等 .*分钟"))
    await kiosk.sees("下一位就是您")
    await inspection.look_all(kiosk.page, "kiosk waiting", *KIOSK)
    await kiosk.press("为什么是这个顺序？")
    dialog = kiosk.page.get_by_role("dialog", name="为什么是这个顺序")
    await expect(dialog).to_contain_text("同样的号，先到先办")
    await expect(dialog).to_contain_text("现在有 1 位工作人员能办您这件事")
    await inspection.look(kiosk.page, "kiosk why", *KIOSK)
    await kiosk.press("知道了")
    await expect(kiosk.button("为什么是这个顺序？")).to_be_focused()
    assert not inspection.found, inspection.report()


async def test_other_ways_are_offered_after_five_minutes_without_taking_the_focus(
    house: House, open_page: OpenPage
) -> None:
    inspection = Inspection(house.url)
    kiosk, _, number = await waiting(house, open_page, inspection)
    await earlier(house, number, timedelta(minutes=4, seconds=40))
    await kiosk.page.reload()
    help_wanted = kiosk.button("请求帮助")
    await help_wanted.focus()
    assert await kiosk.page.get_by_role("region", name="其他办法").count() == 0

    offer = kiosk.page.get_by_role("status").get_by_role("region", name="其他办法")
    await expect(offer).to_contain_text("已经等了 5 分钟")
    await expect(help_wanted).to_be_focused()
    await inspection.look_all(kiosk.page, "kiosk offer", *KIOSK)
    keys = Keys(kiosk.page)
    await keys.enter(STAY)
    await expect(offer).to_have_count(0)
    await kiosk.press("不想等？看看其他办法")
    await expect(offer).to_be_visible()
    assert not inspection.found, inspection.report()


async def take_up(kiosk: Kiosk, slip: str) -> None:
    await kiosk.press("我有号或预约")
    await kiosk.take_up(slip, CHEN["id_number"][-4:])


async def a_neighbour(house: House) -> None:
    """A second point in the region of the first, with one kiosk that has never been seen."""

    def change(work: Work) -> None:
        here = work.session.get_one(Point, "lianshui")
        there = {"id": "lianshui-2", "name": "涟水县高沟镇帮办点（演示）", "region_code": here.region_code}
        told = {"address": "江苏省淮安市涟水县高沟镇（演示）示例大道 9 号", "hours": "always", "phone": "19900000399"}
        work.session.add(Point(**there, **told, region_name=here.region_name, version=0))

    await house.change(change)


async def test_going_away_with_a_message_keeps_the_place(house: House, open_page: OpenPage) -> None:
    inspection = Inspection(house.url)
    kiosk, _, number = await waiting(house, open_page, inspection)
    await a_neighbour(house)
    await earlier(house, number, timedelta(minutes=6))
    await kiosk.page.reload()
    slip = await kiosk.slip()

    await kiosk.press(re.compile("换一个服务点"), exact=False)
    points = kiosk.page.get_by_role("dialog", name="换一个服务点")
    await expect(points).to_contain_text("高沟镇帮办点")
    await expect(points).to_contain_text("19900000399")
    await inspection.look(kiosk.page, "kiosk points", *KIOSK)
    await points.get_by_role("button", name=STAY).click()
    await kiosk.press(re.compile("先去忙，快到了发短信"), exact=False)
    message = kiosk.page.get_by_role("dialog")
    await inspection.look(kiosk.page, "kiosk message", *KIOSK)
    await message.get_by_role("button", name="好，发短信给我").click()
    await expect(message).to_contain_text("199****0001")
    assert slip in (await message.inner_text()).replace(" ", "")
    await inspection.look(kiosk.page, "kiosk message wanted", *KIOSK)
    await kiosk.press("已记下，离开")
    await kiosk.sees("开始办事")

    await take_up(kiosk, slip)
    await expect(kiosk.page.get_by_role("region", name="您的号")).to_contain_text(number)
    assert not inspection.found, inspection.report()


async def test_an_appointment_is_made_from_the_line_and_cancelled_at_the_kiosk(
    house: House, open_page: OpenPage
) -> None:
    inspection = Inspection(house.url)
    kiosk, _, number = await waiting(house, open_page, inspection)
    await earlier(house, number, timedelta(minutes=6))
    await kiosk.page.reload()

    await kiosk.press(re.compile("预约改天来"), exact=False)
    await kiosk.sees(f"您的号 {number} 还在排队，叫到您会马上提示。")
    await kiosk.page.get_by_role("radio").nth(6).check(force=True)
    await inspection.look_all(kiosk.page, "kiosk slots", *KIOSK)
    await kiosk.press(re.compile("^约 "), exact=False)
    for tick in await kiosk.page.get_by_role("checkbox").all():
        await tick.check(force=True)
    await kiosk.press("下一步")
    await kiosk.page.get_by_label("姓名").fill(CHEN["name"])
    await kiosk.page.get_by_label("身份证号码").fill(CHEN["id_number"])
    await kiosk.page.get_by_label("手机号").fill(CHEN["phone"])
    await kiosk.press("确认预约")
    await kiosk.sees("预约好了")
    await kiosk.sees(f"今天的号 {number} 还要吗？")
    await inspection.look_all(kiosk.page, "kiosk booked", *KIOSK)
    booked = await kiosk.slip()

    await kiosk.press("还要，今天继续等")
    await expect(kiosk.page.get_by_role("region", name="您的号")).to_contain_text(number)
    await kiosk.press("先离开一会儿")
    await kiosk.press("已记下，离开")
    await take_up(kiosk, booked)
    await kiosk.sees("预约好了")
    await kiosk.press("取消预约")
    await inspection.look(kiosk.page, "kiosk cancel booking", *KIOSK)
    await kiosk.page.get_by_role("dialog").get_by_role("button", name="取消预约", exact=True).click()
    await kiosk.sees("开始办事")
    await take_up(kiosk, booked)
    await kiosk.sees(re.compile("没有找到这张号票"))
    assert not inspection.found, inspection.report()


async def test_a_booking_from_the_guide_leaves_nothing_on_the_kiosk(house: House, open_page: OpenPage) -> None:
    kiosk = Kiosk(await open_page(*STANDING), house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))
    await kiosk.choose("平湖", MATTER)
    await kiosk.press("预约办理")
    await kiosk.sees("第 4 步，共 6 步")
    await kiosk.page.get_by_role("radio").nth(7).check(force=True)
    await kiosk.press(re.compile("^约 "), exact=False)
    for tick in await kiosk.page.get_by_role("checkbox").all():
        await tick.check(force=True)
    await kiosk.press("下一步")
    await kiosk.page.get_by_label("姓名").fill(CHEN["name"])
    await kiosk.page.get_by_label("身份证号码").fill(CHEN["id_number"])
    await kiosk.page.get_by_label("手机号").fill(CHEN["phone"])
    await kiosk.press("确认预约")
    await kiosk.sees("预约好了")
    slip = await kiosk.slip()
    await kiosk.press("已记下，完成")
    await kiosk.sees("开始办事")
    assert slip not in (await kiosk.page.content()).replace(" ", "")
    assert await kiosk.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


async def today_at(house: House, number: str, by: timedelta) -> None:
    """As if this appointment had been booked yesterday for so long from now."""

    def change(work: Work) -> None:
        ticket = work.session.query(Ticket).filter_by(number=number).one()
        ticket.appointed_at = ticket.since = work.now + by
        ticket.booked_day = day_of(work.now)

    await house.change(change)


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (timedelta(minutes=5), "您的预约到了，请等候"),
        (timedelta(minutes=-20), "晚到超过 15 分钟，现在按普通号排队"),
    ],
)
async def test_an_appointment_is_checked_in_by_its_slip(
    house: House, open_page: OpenPage, by: timedelta, told: str
) -> None:
    kiosk = Kiosk(await open_page(*STANDING), house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))
    slots = (await ask(kiosk.page, "GET", "/api/matters/pinghu-transfer/slots", face="kiosk"))["body"]
    body = {
        "name": CHEN["name"], "idNumber": CHEN["id_number"], "phone": CHEN["phone"], "matterId": "pinghu-transfer",
        "consent": {"privacy": True, "recording": True}, "at": slots["days"][0]["slots"][0]["at"],  # type: ignore[index]
    }  # fmt: skip
    booked = (await ask(kiosk.page, "POST", "/api/appointments", body, face="kiosk"))["body"]
    await ask(kiosk.page, "POST", "/api/device/forget", face="kiosk")
    await today_at(house, booked["ticket"]["number"], by)  # type: ignore[index]
    await kiosk.page.reload()

    await take_up(kiosk, booked["slip"])  # type: ignore[index]

    await kiosk.sees(re.compile(told))


async def called(house: House, open_page: OpenPage, inspection: Inspection) -> tuple[Kiosk, Clerk, str]:
    kiosk, clerk, number = await waiting(house, open_page, inspection)
    await clerk.next()
    await expect(kiosk.button("我到了")).to_be_visible()
    return kiosk, clerk, number


async def test_who_was_missed_lines_up_again_once(house: House, open_page: OpenPage) -> None:
    inspection = Inspection(house.url)
    kiosk, clerk, number = await called(house, open_page, inspection)
    await clerk.press(re.compile("^过号"))
    await clerk.page.get_by_role("dialog").get_by_role("button", name=re.compile("过号")).click()

    await kiosk.sees(f"{number} 已过号")
    await kiosk.sees("重新排队后，您排在 3 位之后。")
    await inspection.look_all(kiosk.page, "kiosk missed", *KIOSK)
    await kiosk.press("重新排队")
    await kiosk.sees("已重新排队，请等候")
    await clerk.next()
    await expect(kiosk.button("我到了")).to_be_visible()
    await clerk.press(re.compile("^过号"))
    await clerk.page.get_by_role("dialog").get_by_role("button").last.click()
    await kiosk.sees(f"{number} 已作废")
    await inspection.look(kiosk.page, "kiosk missed twice", *KIOSK)
    assert not inspection.found, inspection.report()


async def test_who_fetches_a_paper_comes_back_to_the_same_place(house: House, open_page: OpenPage) -> None:
    inspection = Inspection(house.url)
    kiosk, clerk, number = await called(house, open_page, inspection)
    await kiosk.arrive()
    await clerk.hears_and_sees()
    await clerk.press(re.compile("^暂存"))
    await clerk.page.get_by_role("dialog").get_by_role("button", name=re.compile("暂存")).click()

    await kiosk.sees("去取材料，您的号留着")
    await inspection.look_all(kiosk.page, "kiosk parked", *KIOSK)
    slip = await kiosk.slip()
    await kiosk.press("已记下，离开")
    await kiosk.sees("开始办事")
    await take_up(kiosk, slip)
    await expect(kiosk.page.get_by_role("region", name="您的号")).to_contain_text(number)
    assert not inspection.found, inspection.report()


async def test_a_kiosk_that_was_gone_in_the_call_is_fetched_back_first(house: House, open_page: OpenPage) -> None:
    inspection = Inspection(house.url)
    kiosk, clerk, number = await called(house, open_page, inspection)
    await kiosk.arrive()
    await clerk.hears_and_sees()
    await kiosk.page.goto("about:blank")
    ticket = (await ask(clerk.page, "GET", "/api/window", face="clerk"))["body"]["window"]["ticketId"]  # type: ignore[index]
    await house.change(interrupt, ticket)
    await kiosk.page.goto(f"{house.url}/kiosk")

    await kiosk.sees("通话中断，我们优先接回您")
    await expect(kiosk.page.get_by_role("region", name="您的号")).to_contain_text(number)
    await inspection.look_all(kiosk.page, "kiosk resuming", *KIOSK)
    assert not inspection.found, inspection.report()
