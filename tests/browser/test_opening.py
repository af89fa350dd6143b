"""What a citizen sees at the kiosk while the office, or the point itself, is closed."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.faces import Kiosk
from tests.browser.house import House, open_house
from tests.browser.inspection import LYING, PHONE, STANDING, Inspection
from tests.browser.test_visit import MATTER
from tongban_queue.hall import Office, Point
from tongban_queue.hours import DAYS
from tongban_queue.store import Work
from tongban_queue.tally import SHANGHAI

pytestmark = pytest.mark.browser

KIOSK = (STANDING, LYING, PHONE)
GO_ON, PHONE_THERE, PHONE_HERE = "材料已备好，继续", "0573-00001001", "19900000301"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house whose working-day file holds no year at all, so that Monday to Friday counts."""
    (tmp_path / "days.csv").write_text("day,kind\n")
    async with open_house(tmp_path / "home", work_calendar=tmp_path / "days.csv") as house:
        yield house


async def keep(house: House, kind: type[Office] | type[Point], name: str) -> None:
    """Let a place be open only on the day of the week that comes three days from now: closed whenever this runs."""
    day = datetime.now(SHANGHAI) + timedelta(days=3)

    def change(work: Work) -> None:
        work.session.get_one(kind, name).hours = f"{DAYS[day.weekday()]} 09:00-12:00,13:30-17:00"

    await house.change(change)


async def test_a_closed_office_is_told_before_anything_is_filled_in(house: House, open_page: OpenPage) -> None:
    await keep(house, Office, "pinghu-estate")
    await keep(house, Office, "xiangfu-approval")
    inspection, page = Inspection(house.url), await open_page(*STANDING)
    await inspection.enter(page.context, page)
    kiosk = Kiosk(page, house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))

    await kiosk.press(re.compile("开始"), exact=False)
    closed = page.get_by_role("button", name="祥符区")
    await expect(closed).to_contain_text("现在未开放")
    await expect(closed).to_contain_text("09:00 开放（日历缺失，按周一至周五计）")
    await inspection.look_all(page, "kiosk region closed", *KIOSK)
    await kiosk.press(re.compile("平湖"), exact=False)
    await expect(page.get_by_role("button", name=MATTER)).to_contain_text("现在未开放")
    await inspection.look_all(page, "kiosk matter closed", *KIOSK)
    await kiosk.press(re.compile(re.escape(MATTER)), exact=False)

    notice = page.get_by_role("status")
    await expect(notice).to_contain_text("现在不能取号")
    await expect(notice).to_contain_text("平湖市不动产登记中心（演示）现在未开放")
    await expect(notice).to_contain_text(PHONE_THERE)
    await kiosk.sees(re.compile("周. 09:00–12:00、13:30–17:00"))
    await kiosk.sees("每天 24 小时，节假日也开放")
    assert await kiosk.button(GO_ON).count() == 0
    await expect(kiosk.button("预约办理")).to_be_visible()
    await inspection.look_all(page, "kiosk needs closed", *KIOSK)
    assert not inspection.found, inspection.report()


async def test_a_closed_point_is_told_on_every_step_up_to_the_guide(house: House, open_page: OpenPage) -> None:
    await keep(house, Point, "lianshui")
    inspection, page = Inspection(house.url), await open_page(*STANDING)
    kiosk = Kiosk(page, house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))

    await kiosk.press(re.compile("开始"), exact=False)
    await kiosk.sees(re.compile("本服务点现在未开放。"))
    await kiosk.sees(re.compile("开放时间：周. 09:00–12:00、13:30–17:00"))
    await inspection.look(page, "kiosk region point closed", *KIOSK)
    await kiosk.press(re.compile("平湖"), exact=False)
    await kiosk.sees(re.compile("本服务点现在未开放。"))
    await kiosk.press(re.compile(re.escape(MATTER)), exact=False)

    await expect(page.get_by_role("status")).to_contain_text(PHONE_HERE)
    assert await kiosk.button(GO_ON).count() == 0
    await inspection.look(page, "kiosk needs point closed", *KIOSK)
    assert not inspection.found, inspection.report()


async def test_a_door_that_closes_meanwhile_refuses_the_ticket_with_its_words(
    house: House, open_page: OpenPage
) -> None:
    kiosk = Kiosk(await open_page(*STANDING), house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))
    await kiosk.choose("平湖", MATTER)
    await kiosk.press(GO_ON)
    await keep(house, Office, "pinghu-estate")

    for tick in await kiosk.page.get_by_role("checkbox").all():
        await tick.check(force=True)
    await kiosk.press("下一步")
    await kiosk.page.get_by_label("姓名").fill("陈示例")
    await kiosk.page.get_by_label("身份证号码").fill("320899198805120015")
    await kiosk.page.get_by_label("手机号").fill("19900000001")
    await kiosk.press("下一步")
    await kiosk.press(re.compile("看得见，也听得见"), exact=False)
    await kiosk.press("听到了，取号")

    await kiosk.sees(re.compile("平湖市不动产登记中心（演示）现在没有开放.*日历缺失，按周一至周五计.*" + PHONE_THERE))
