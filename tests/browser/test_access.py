"""Every screen of every face is looked at on a running house: axe finds nothing, nothing is cut off (domain §2.10)."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.faces import Clerk, Kiosk, Supervisor
from tests.browser.house import House, open_house
from tests.browser.inspection import DESK, LYING, PHONE, STANDING, Inspection, Size
from tests.browser.test_visit import CHEN, CONTRACT, FORM, LI, MATTER

pytestmark = pytest.mark.browser

KIOSK = (STANDING, LYING, PHONE)
WORKPLACE = (DESK, LYING)


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One house for all walks of this file."""
    async with open_house(tmp_path_factory.mktemp("access") / "home") as house:
        yield house


@pytest.fixture
def open_watched(open_page: OpenPage, inspection: Inspection) -> OpenPage:
    """As `open_page`; what the page fetches and what its policy forbids is watched from the beginning."""

    async def open_one(width: int = 1440, height: int = 900) -> Page:
        page = await open_page(width, height)
        await inspection.enter(page.context, page)
        return page

    return open_one


async def test_the_doors(house: House, open_watched: OpenPage, inspection: Inspection) -> None:
    page = await open_watched(*STANDING)
    for path, name, sizes in (
        ("", "front", (LYING, STANDING, PHONE)),
        ("clerk", "clerk sign-in", (*WORKPLACE, PHONE)),
        ("assistant", "assistant sign-in", (*WORKPLACE, PHONE)),
        ("supervisor", "supervisor sign-in", (LYING, PHONE)),
        ("hall", "hall enrol", (LYING, STANDING)),
        ("kiosk", "kiosk enrol", KIOSK),
    ):
        await page.goto(f"{house.url}/{path}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await inspection.look_all(page, name, *sizes)

    await page.goto(f"{house.url}/clerk")
    await page.get_by_label("账号").fill("nobody")
    await page.get_by_label("密码").fill("wrong")
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await inspection.look(page, "clerk sign-in refused", DESK)
    assert not inspection.found, inspection.report()


async def choose(kiosk: Kiosk, inspection: Inspection) -> None:
    """From the welcome to the consent."""
    await inspection.look_all(kiosk.page, "kiosk welcome", *KIOSK)
    await kiosk.press("我有号或预约")
    await kiosk.sees("凭码继续")
    await inspection.look_all(kiosk.page, "kiosk resume", *KIOSK)
    await kiosk.press("返回")
    await kiosk.press("开始办事")
    await kiosk.sees("平湖市")
    await inspection.look_all(kiosk.page, "kiosk region", *KIOSK)
    await kiosk.press(re.compile("平湖"), exact=False)
    await kiosk.sees(MATTER)
    await inspection.look_all(kiosk.page, "kiosk matter", *KIOSK)
    await kiosk.press(re.compile(re.escape(MATTER)), exact=False)
    await expect(kiosk.button("材料已备好，继续")).to_be_visible()
    await inspection.look_all(kiosk.page, "kiosk needs", *KIOSK)
    await kiosk.press("材料已备好，继续")
    await kiosk.sees("请先看一下")
    await inspection.look_all(kiosk.page, "kiosk consent", *KIOSK)
    for tick in await kiosk.page.get_by_role("checkbox").all():
        await tick.check(force=True)
    await kiosk.press("下一步")


async def write(page: Page, *, name: str, id_number: str, phone: str) -> None:
    await page.get_by_label("姓名").fill(name)
    await page.get_by_label("身份证号码").fill(id_number)
    await page.get_by_label("手机号").fill(phone)
    await page.get_by_label("姓名").focus()


async def say_who(kiosk: Kiosk, inspection: Inspection) -> None:
    """All mistakes at once, a long silence, and then the truth; up to the ticket."""
    await write(kiosk.page, name="陈", id_number="320899198805120016", phone="12")
    await inspection.look_all(kiosk.page, "kiosk who", *KIOSK)
    await kiosk.page.clock.fast_forward("01:01")
    await kiosk.sees("您还在吗？")
    await inspection.look(kiosk.page, "kiosk idle", *KIOSK)
    await kiosk.press("我还在")
    await write(kiosk.page, **LI)
    await kiosk.press("下一步")
    await expect(kiosk.button("看得见，也听得见")).to_be_enabled()
    await inspection.look_all(kiosk.page, "kiosk picture", *KIOSK)
    await kiosk.press("看得见，也听得见")
    await kiosk.sees("听到音乐了吗？")
    await inspection.look_all(kiosk.page, "kiosk sound", *KIOSK)
    await kiosk.press("听到了，取号")
    await kiosk.sees("取号成功，请等候")


async def test_the_way_to_a_ticket(house: House, open_watched: OpenPage, inspection: Inspection, pdf: Path) -> None:
    page = await open_watched(*STANDING)
    await page.clock.install()
    kiosk = Kiosk(page, house.url)
    await kiosk.enrol(await house.code("lianshui-k2"))
    await choose(kiosk, inspection)
    await say_who(kiosk, inspection)
    await kiosk.hand_in(FORM, pdf)
    await kiosk.sees("已交，等待审核")
    await kiosk.press("请求帮助")
    await kiosk.sees("已通知现场工作人员")
    await inspection.look_all(page, "kiosk ticket", *KIOSK)
    await kiosk.press("长辈模式")
    for opens, title, closes in (
        ("不办了", "真的不办了吗？", "继续等候"),
        ("先离开一会儿", "先离开，让别人用这台机器", "我留下等"),
        (f"拍照：{CONTRACT}", f"拍照：{CONTRACT}", "取消"),
    ):
        await kiosk.press(opens)
        await expect(page.get_by_role("dialog", name=title)).to_be_visible()
        await inspection.look(page, f"kiosk dialog {closes}", *KIOSK, elder=True)
        await page.get_by_role("dialog", name=title).get_by_role("button", name=closes, exact=True).click()
    await kiosk.press("不办了")
    await kiosk.press("取消这个号")
    await kiosk.sees("开始办事")
    assert not inspection.found, inspection.report()


class Walk:
    """A visit with all its faces, looked at wherever something new stands on a screen."""

    def __init__(self, house: House, inspection: Inspection, pages: dict[str, Page]) -> None:
        self.house, self.inspection = house, inspection
        self.kiosk = Kiosk(pages["kiosk"], house.url)
        self.clerk = Clerk(pages["clerk"], house.url)
        self.supervisor = Supervisor(pages["supervisor"], house.url)
        self.hall, self.assistant = pages["hall"], pages["assistant"]

    async def look(self, name: str, page: Page, *sizes: Size, fits: bool = False) -> None:
        await self.inspection.look(page, name, *sizes, fits=fits)

    async def desk(self, name: str) -> None:
        """The clerk's desk never scrolls as a whole."""
        await self.look(f"clerk {name}", self.clerk.page, *WORKPLACE, fits=True)

    async def in_english(self, name: str, page: Page, *sizes: Size) -> None:
        await page.get_by_role("button", name="English").click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await self.look(f"{name} en", page, *sizes)
        await page.get_by_role("button", name="中文").click()
        await expect(page.locator("html")).not_to_have_attribute("lang", "en")

    async def begin(self) -> None:
        await self.kiosk.enrol(await self.house.code("lianshui-k1"))
        await self.hall.goto(f"{self.house.url}/hall")
        await self.hall.get_by_label("一次性登记码").fill(await self.house.code("lianshui-hall"))
        await self.hall.get_by_role("button", name="登记").click()
        await self.supervisor.sign_in("supervisor-delta", self.house.passwords["supervisor-delta"])
        await self.assistant.goto(f"{self.house.url}/assistant")
        await self.assistant.get_by_label("账号").fill("assistant-lianshui")
        await self.assistant.get_by_label("密码").fill(self.house.passwords["assistant-lianshui"])
        await self.assistant.get_by_role("button", name="登录").click()
        await self.clerk.sign_in("clerk-pinghu-estate-1", self.house.passwords["clerk-pinghu-estate-1"])
        await expect(self.hall.get_by_text("没有人等候")).to_be_visible()
        await expect(self.assistant.get_by_text("选一个号")).to_be_visible()
        await self.desk("offline")
        await self.look("hall empty", self.hall, LYING, STANDING)
        await self.look("assistant empty", self.assistant, *WORKPLACE, PHONE)

    async def wait_and_leave(self, paper: Path) -> str:
        """Take a ticket, hand in, ask for help, leave the kiosk; gives the slip code."""
        await self.clerk.press(re.compile("^开窗"))
        await expect(self.clerk.page.get_by_role("meter").or_(self.clerk.page.locator("meter"))).to_be_visible()
        await self.desk("idle")
        await self.kiosk.take("平湖", MATTER, **CHEN)
        await self.kiosk.hand_in(FORM, paper)
        await self.kiosk.sees("已交，等待审核")
        await self.kiosk.press("请求帮助")
        await self.assistant.get_by_role("button", name=re.compile("等候中")).click()
        await expect(self.assistant.get_by_text(CONTRACT)).to_be_visible()
        await self.look("assistant visit", self.assistant, *WORKPLACE, PHONE)
        await self.in_english("assistant visit", self.assistant, *WORKPLACE, PHONE)
        await self.assistant.get_by_role("button", name="办理优先").click()
        await self.look("assistant priority", self.assistant, *WORKPLACE, PHONE)
        await self.assistant.get_by_role("button", name="取消").click()
        await self.desk("line")
        await self.in_english("clerk line", self.clerk.page, *WORKPLACE)
        slip = await self.kiosk.slip()
        await self.kiosk.press("先离开一会儿")
        await self.kiosk.press("已记下，离开")
        return slip

    async def call(self, slip: str) -> None:
        """Called to a kiosk where nobody stands, taken up there, connected."""
        await self.clerk.press(re.compile("^暂停"))
        await self.desk("pause dialog")
        await self.clerk.press("取消")
        await self.clerk.next()
        await self.kiosk.sees(re.compile("请到本机"))
        await self.inspection.look_all(self.kiosk.page, "kiosk called here", *KIOSK)
        await expect(self.hall.get_by_text(re.compile("号终端")).first).to_be_visible()
        await self.look("hall called", self.hall, LYING, STANDING)
        await self.kiosk.take_up(slip, "0015")
        await expect(self.kiosk.button("我到了")).to_be_visible()
        await self.clerk.line_is_warm()
        await self.desk("ringing")
        await self.look("kiosk called", self.kiosk.page, *KIOSK)
        await self.kiosk.arrive()
        await self.clerk.hears_and_sees()
        await self.inspection.look_all(self.kiosk.page, "kiosk call", *KIOSK)
        await self.kiosk.press("结束")
        await self.look("kiosk end dialog", self.kiosk.page, *KIOSK)
        await self.kiosk.press("回到通话")
        await self.desk("call")
        await self.in_english("clerk call", self.clerk.page, *WORKPLACE)
        await self.look("assistant call", self.assistant, *WORKPLACE, PHONE)

    async def judge(self, paper: Path) -> None:
        """Papers, returned and in again, side by side; and every question of the desk."""
        await self.clerk.look_at(FORM)
        await self.desk("paper")
        await self.clerk.press(re.compile("^退回"))
        await self.desk("return dialog")
        await self.clerk.press("取消")
        await self.clerk.give_back("看不清")
        await self.kiosk.sees(re.compile("请重交：看不清"))
        await self.inspection.look_all(self.kiosk.page, "kiosk returned", *KIOSK)
        await self.kiosk.hand_in(FORM, paper)
        await expect(self.clerk.page.get_by_text("上次提交")).to_be_visible()
        await self.desk("compare")
        await self.in_english("clerk compare", self.clerk.page, *WORKPLACE)
        await self.clerk.accept()
        await self.clerk.press(re.compile("^快捷键"))
        await self.desk("keys dialog")
        await self.clerk.press("关闭")
        await self.clerk.press(re.compile("^人已离开"))
        await self.desk("left dialog")
        await self.clerk.press("取消")

    async def end(self) -> None:
        """The outcome with its forms, the result, the rating, the thanks."""
        await self.clerk.press(re.compile("^办结"))
        for kind in ("已受理", "不予受理", "需要补正", "仅咨询"):
            await self.clerk.page.get_by_role("dialog").get_by_label(kind).check()
            await self.desk(f"outcome {kind}")
        await self.clerk.page.get_by_role("dialog").get_by_label("不予受理").check()
        await self.clerk.page.get_by_label("原因").fill("房屋已被查封，解除查封之前不能转移登记。")
        await self.clerk.page.get_by_label("法律依据").fill("《不动产登记暂行条例》第二十二条（演示）")
        await self.clerk.page.get_by_role("button", name="办结并结束通话").click()
        await self.kiosk.sees("这次没有受理")
        await self.inspection.look_all(self.kiosk.page, "kiosk result", *KIOSK)
        await expect(self.clerk.page.get_by_text(re.compile("话后整理")).first).to_be_visible()
        await self.desk("wrap-up")
        await self.in_english("clerk wrap-up", self.clerk.page, *WORKPLACE)
        await self.kiosk.press("评价本次服务")
        await self.kiosk.sees("请评价本次服务")
        await self.inspection.look_all(self.kiosk.page, "kiosk rating", *KIOSK)
        await self.kiosk.page.get_by_text("不满意", exact=True).click()
        await self.inspection.look_all(self.kiosk.page, "kiosk reasons", *KIOSK)
        await self.kiosk.page.get_by_label("您想说的话").fill("等得太久")
        await self.kiosk.press("提交评价")
        await self.kiosk.sees("谢谢您")
        await self.look("kiosk thanks", self.kiosk.page, *KIOSK)

    async def wall(self) -> None:
        await expect(self.supervisor.page.get_by_text("今日办结").first).to_be_visible()
        await expect(self.supervisor.page.get_by_text("数据已停更")).to_have_count(0)
        await self.look("supervisor wall", self.supervisor.page, LYING, fits=True)
        await self.look("supervisor wall narrow", self.supervisor.page, DESK, PHONE)
        await self.in_english("supervisor wall", self.supervisor.page, LYING)


async def test_a_visit_on_all_faces(house: House, open_watched: OpenPage, inspection: Inspection, pdf: Path) -> None:
    names = {"kiosk": STANDING, "clerk": DESK, "supervisor": LYING, "hall": LYING, "assistant": DESK}
    walk = Walk(house, inspection, {name: await open_watched(*size) for name, size in names.items()})

    await walk.begin()
    slip = await walk.wait_and_leave(pdf)
    await walk.call(slip)
    await walk.judge(pdf)
    await walk.end()
    await walk.wall()

    assert not inspection.found, inspection.report()
