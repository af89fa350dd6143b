"""A whole visit in real windows with real media: kiosk, clerk and supervisor."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.faces import Clerk, Kiosk, Supervisor, until
from tests.browser.house import House

pytestmark = pytest.mark.browser

CHEN = {"name": "陈示例", "id_number": "320899198805120015", "phone": "19900000001"}
LI = {"name": "李示例", "id_number": "330499195201150041", "phone": "19900000002"}
MATTER = "不动产转移登记（买卖）"
FORM, CONTRACT = "不动产登记申请书", "买卖合同"


async def board(supervisor: Supervisor) -> dict[str, Any]:
    """Today's counts of the office that serves, as the supervisor's page is told them."""
    shown: dict[str, Any] = await supervisor.page.evaluate(
        """async () => (await fetch('/api/boards/pinghu-estate', {headers: {'X-Tongban-Face': 'supervisor'}})).json()"""
    )
    hours = shown["hours"]
    return {name: sum(hour[name] for hour in hours) for name in ("taken", "connected", "served")} | {
        "ratings": [sum(level) for level in zip(*(hour["ratings"] for hour in hours), strict=True)] if hours else []
    }


async def test_a_citizen_is_served_from_another_region(
    house: House, open_page: OpenPage, pdf: Path, photo: Path
) -> None:
    kiosk = Kiosk(await open_page(1080, 1920), house.url)
    clerk = Clerk(await open_page(), house.url)
    supervisor = Supervisor(await open_page(1920, 1080), house.url)
    await supervisor.sign_in("supervisor-delta", house.passwords["supervisor-delta"])
    await kiosk.enrol(await house.code("lianshui-k1"))
    await clerk.sign_in("clerk-pinghu-estate-1", house.passwords["clerk-pinghu-estate-1"])
    await clerk.press(re.compile("开窗"), exact=False)

    await kiosk.take("平湖", MATTER, **CHEN)
    await kiosk.hand_in(FORM, pdf)
    await kiosk.sees("已交，等待审核")
    await clerk.next()
    await expect(kiosk.button("我到了")).to_be_visible()
    await clerk.line_is_warm()
    await kiosk.arrive()

    await kiosk.hears_and_sees()
    await clerk.hears_and_sees()

    await clerk.look_at(FORM)
    await clerk.give_back("看不清")
    await kiosk.sees(re.compile("请重交：看不清"))
    await kiosk.hand_in(FORM, pdf)
    await kiosk.hand_in(CONTRACT, photo)
    await clerk.look_at(FORM)
    await clerk.accept()
    await clerk.look_at(CONTRACT)
    await clerk.accept()
    await expect(kiosk.page.get_by_text("审核通过")).to_have_count(2)
    await clerk.answer_checks()
    await clerk.accept_case("PH-2026-0001")

    await kiosk.sees("已受理")
    await kiosk.sees("PH-2026-0001")
    await kiosk.rate("非常满意")
    await kiosk.sees("谢谢您")
    await kiosk.press("完成并清除")
    await kiosk.sees(re.compile("开始"))

    counted = await until(lambda: board(supervisor), lambda seen: seen["ratings"][-1:] == [1])
    assert (counted["taken"], counted["connected"], counted["served"]) == (1, 1, 1)
    await expect(clerk.page.get_by_text(re.compile("话后整理")).first).to_be_visible()
    assert "非常满意" not in await clerk.page.locator("body").inner_text()
    assert await kiosk.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
