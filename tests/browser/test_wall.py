"""The wall on a running house: what needs a look, why a ticket stands where it does, how many people are needed."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.faces import Clerk, Kiosk, Supervisor
from tests.browser.house import House
from tests.browser.inspection import DESK, LYING, Inspection
from tests.browser.keys import Keys
from tests.browser.test_arrivals import take
from tests.browser.test_visit import CHEN, LI
from tongban_queue.hall import Line, Office, Working
from tongban_queue.store import Work
from tongban_queue.tally import day_start
from tongban_queue.ticket import Ticket, TicketState

pytestmark = pytest.mark.browser

OFFICE, LINE, POINT = "pinghu-estate", "pinghu-estate-b", "lianshui"
NAME = re.compile("平湖市不动产登记中心")
WALL = (LYING, DESK)
#: A clerk has fifteen seconds to answer, three times.
UNANSWERED_MS = 90_000
DAYS = 10


async def open_wall(house: House, open_page: OpenPage, inspection: Inspection) -> Supervisor:
    page = await open_page(*LYING)
    await inspection.enter(page.context, page)
    wall = Supervisor(page, house.url)
    await wall.sign_in("supervisor-delta", house.passwords["supervisor-delta"])
    await expect(page.get_by_role("heading", name="需要处理")).to_be_visible()
    return wall


async def two_waiting(house: House, open_page: OpenPage) -> list[str]:
    numbers = []
    for device, person in (("lianshui-k1", CHEN), ("lianshui-k2", LI)):
        kiosk = Kiosk(await open_page(1080, 1920), house.url)
        await kiosk.enrol(await house.code(device))
        numbers.append(await take(kiosk.page, person))
    return numbers


def alert(page: Page, words: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=words)


def ring_clerks(work: Work) -> None:
    work.session.get_one(Office, OFFICE).working = Working.RING


async def test_a_clerk_who_does_not_answer_is_told_until_he_is_back(house: House, open_page: OpenPage) -> None:
    inspection = Inspection(house.url)
    await house.change(ring_clerks)
    clerk = Clerk(await open_page(), house.url)
    await clerk.sign_in("clerk-pinghu-estate-1", house.passwords["clerk-pinghu-estate-1"])
    await clerk.press(re.compile("^开窗"))
    wall = await open_wall(house, open_page, inspection)
    first, second = await two_waiting(house, open_page)

    await wall.page.get_by_role("link", name=NAME).first.click()
    await expect(wall.page.get_by_role("row", name=re.compile(first))).to_be_visible()
    await wall.press(f"{second} 为什么是这个位置")
    dialog = wall.page.get_by_role("dialog", name=f"{second} 为什么是这个位置")
    await expect(dialog).to_contain_text("前面还有 1 人")
    await expect(dialog).to_contain_text("同一通道内，先到先叫")
    await inspection.look(wall.page, "supervisor why", *WALL, fits=True)
    await wall.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await inspection.look(wall.page, "supervisor queue", *WALL, fits=True)
    await wall.page.keyboard.press("Escape")

    told = alert(wall.page, "三次未应答，已暂停")
    await expect(told).to_be_visible(timeout=UNANSWERED_MS)
    await expect(told).to_contain_text("可以接待")
    await expect(wall.page.get_by_role("status").filter(has_text="三次未应答，已暂停")).to_have_count(1)
    await expect(wall.page).to_have_title(re.compile(r"^\(\d\) "))
    await inspection.look(wall.page, "supervisor alerts", *WALL, fits=True)
    await told.get_by_role("button").click()
    await expect(told).to_contain_text("已知悉")
    await inspection.look(wall.page, "supervisor alert noted", *WALL, fits=True)

    await clerk.press(re.compile("^可以接待"))
    await expect(told).to_have_count(0)
    await expect(wall.page).not_to_have_title(re.compile("未应答"))
    assert not inspection.found, inspection.report()


def lay_history(work: Work) -> None:
    """Ten days on which, between nine and eleven, six people came each hour and were served for ten minutes."""
    line = work.session.get_one(Line, LINE)
    midnight = day_start(work.now)
    for number in range(DAYS * 12):
        day, nth = divmod(number, 12)
        came = midnight - timedelta(days=day + 1) + timedelta(hours=9, minutes=10 * nth)
        work.session.add(a_served_ticket(line, f"history{number}", came))


def a_served_ticket(line: Line, name: str, came: datetime) -> Ticket:
    return Ticket(
        id=name,
        number=f"B{name[7:]}",
        slip=f"Z{name[7:]:0>5}",
        person_key=name,
        office_id=line.office_id,
        line_id=line.id,
        line_title=line.title,
        matter_id="pinghu-transfer",
        matter_name="不动产转移登记（买卖）",
        host_region="330482",
        host_region_name="平湖市",
        source_region="320826",
        source_region_name="涟水县",
        point_id=POINT,
        point_name="涟水县政务服务中心",
        state=TicketState.ENDED,
        since=came,
        taken_at=came,
        ended_at=came + timedelta(minutes=12),
        busy_s=600,
    )


async def test_how_many_are_needed_is_told_from_history(house: House, open_page: OpenPage) -> None:
    inspection = Inspection(house.url)
    wall = await open_wall(house, open_page, inspection)
    await wall.page.goto(f"{house.url}/supervisor#{OFFICE}/staffing")
    await wall.sees("记录太少，暂时无法测算")
    await inspection.look(wall.page, "supervisor staffing blank", *WALL, fits=True)

    await house.change(lay_history)
    await wall.page.get_by_label("目标：90% 的人在多久内叫到").select_option("1")

    row = wall.page.get_by_role("row", name=re.compile("^9 点"))
    await expect(row.get_by_role("cell")).to_have_text(["6.0", "3", "3", re.compile(r"^9\d%$|^100%$"), "还缺 3 人"])
    await wall.sees("9 点还缺 3 人，10 点还缺 3 人")
    await wall.sees("没有人等不及离开。")
    await inspection.look(wall.page, "supervisor staffing", *WALL, fits=True)
    await wall.press("English")
    await expect(wall.page.get_by_text("People come at random, not in groups.")).to_be_visible()
    await inspection.look(wall.page, "supervisor staffing en", *WALL, fits=True)
    assert not inspection.found, inspection.report()


async def test_the_wall_without_a_mouse(house: House, open_page: OpenPage) -> None:
    inspection = Inspection(house.url)
    wall = await open_wall(house, open_page, inspection)
    await two_waiting(house, open_page)
    keys = Keys(wall.page)

    await keys.enter("平湖市不动产登记中心")
    await expect(wall.page.get_by_role("heading", level=1, name=NAME)).to_be_focused()
    await keys.enter("B002 为什么是这个位置")
    await expect(wall.page.get_by_role("dialog")).to_contain_text("前面还有 1 人")
    await keys.press("Escape")
    await keys.to("B002 为什么是这个位置")
    await keys.to("人手测算", back=True)
    await keys.press("Enter")
    await expect(wall.page.get_by_role("heading", name="人手测算")).to_be_visible()
    await keys.press("Escape")
    await expect(wall.page.get_by_role("heading", name="需要处理")).to_be_visible()
