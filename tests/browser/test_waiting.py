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
from tests.browser.test_visit import CHEN, MATTER
from tongban_queue.store import Work
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
