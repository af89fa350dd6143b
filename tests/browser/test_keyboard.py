"""The whole way of a citizen and of a clerk by keyboard alone: no mouse touches a page (domain §2.10)."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.faces import Clerk, Kiosk
from tests.browser.house import House
from tests.browser.keys import Keys
from tests.browser.test_visit import CHEN, CONTRACT, FORM, MATTER

pytestmark = pytest.mark.browser


async def take_a_ticket(kiosk: Kiosk, keys: Keys, code: str) -> None:
    """From a machine that is not enrolled to a ticket."""
    await kiosk.page.goto(f"{kiosk.url}/kiosk")
    await expect(kiosk.button("登记")).to_be_visible()
    await keys.write("一次性登记码", code)
    await keys.enter("登记")
    await kiosk.sees("开始办事")
    await keys.enter("开始办事")
    await kiosk.sees("平湖市")
    await keys.enter("平湖市")
    await kiosk.sees(MATTER)
    await keys.enter(re.escape(MATTER))
    await expect(kiosk.button("材料已备好，继续")).to_be_visible()
    await keys.enter("材料已备好")
    await kiosk.sees("请先看一下")
    for tick in ("我已了解", "我同意在办理过程中"):
        await keys.to(tick)
        await keys.press("Space")
    await keys.enter("下一步")
    await kiosk.sees("您是谁？")
    await keys.write("姓名", CHEN["name"])
    await keys.write("身份证号码", CHEN["id_number"])
    await keys.write("手机号", CHEN["phone"])
    await keys.press("Enter")
    await expect(kiosk.button("看得见，也听得见")).to_be_enabled()
    await keys.enter("看得见，也听得见")
    await kiosk.sees("听到音乐了吗？")
    await keys.to("再放一次")
    await keys.to("听到了，取号")
    await keys.press("Space")
    await kiosk.sees("取号成功，请等候")


async def hand_in(keys: Keys, name: str, file: Path) -> None:
    """Open the browser's own choice of a file with Enter."""
    async with keys.page.expect_file_chooser() as chooser:
        await keys.enter(re.escape(name))
    await (await chooser.value).set_files(file)


async def open_the_window(clerk: Clerk, keys: Keys, password: str) -> None:
    await clerk.page.goto(f"{clerk.url}/clerk")
    await expect(clerk.page.get_by_label("账号")).to_be_focused()
    await keys.write("账号", "clerk-pinghu-estate-1")
    await keys.write("密码", password)
    await keys.press("Enter")
    await expect(clerk.button(re.compile("^开窗"))).to_be_enabled()
    await keys.press("F2")
    await expect(clerk.button(re.compile("^叫下一位"))).to_be_visible()


async def answer_checks(clerk: Clerk, keys: Keys) -> None:
    """Each check by its chord; the arrows choose, Space confirms the first answer."""
    for number in range(1, 7):
        await keys.press(f"Alt+{number}", "Space")
    await keys.press("Alt+6", "ArrowRight", "ArrowRight")
    await expect(clerk.page.get_by_role("radio", name="不适用")).to_be_checked()
    await expect(clerk.page.get_by_role("radio", name="符合", checked=True)).to_have_count(5)
    await clerk.sees("6 / 6")


async def return_the_paper(clerk: Clerk, keys: Keys) -> None:
    """Open the first paper (the one it replaced is gone), turn it, give it back as unreadable."""
    await keys.press("Alt+n")
    picture = clerk.page.get_by_role("img", name="第 1 页，共 3 页")
    await expect(picture).to_be_visible()
    await expect(clerk.page.get_by_role("group", name="提交记录").get_by_role("button")).to_have_count(1)
    await keys.press("Alt+=", "Alt+t", "Alt+k")
    await expect(clerk.page.get_by_role("img", name="第 2 页，共 3 页")).to_be_visible()
    await clerk.sees("125%")
    await keys.press("Alt+r")
    await expect(clerk.page.get_by_role("dialog")).to_be_visible()
    await keys.to("看不清")
    await keys.press("Space")
    await keys.enter("退回$")
    await expect(clerk.page.get_by_role("dialog")).to_be_hidden()


async def accept_the_case(clerk: Clerk, keys: Keys) -> None:
    await keys.press("F2")
    await expect(clerk.page.get_by_role("dialog")).to_be_visible()
    await keys.to("已受理")
    await keys.press("Space")
    await keys.write("属地系统受理号", "PH-2026-0003")
    await keys.press("Enter")
    await clerk.sees(re.compile("话后整理"))


async def rate(kiosk: Kiosk, keys: Keys) -> None:
    await keys.enter("评价本次服务")
    await kiosk.sees("请评价本次服务")
    await keys.to("非常满意")
    await keys.press("Space", "ArrowRight")
    await expect(kiosk.page.get_by_role("radio", name="满意", exact=True)).to_be_checked()
    await keys.enter("提交评价")
    await kiosk.sees("谢谢您")
    await keys.enter("完成并清除")
    await kiosk.sees("开始办事")


async def test_a_visit_by_keyboard_alone(house: House, open_page: OpenPage, pdf: Path, photo: Path) -> None:
    kiosk, clerk = Kiosk(await open_page(1080, 1920), house.url), Clerk(await open_page(), house.url)
    citizen, desk = Keys(kiosk.page), Keys(clerk.page)
    await open_the_window(clerk, desk, house.passwords["clerk-pinghu-estate-1"])
    await take_a_ticket(kiosk, citizen, await house.code("lianshui-k1"))
    await hand_in(citizen, f"选文件：{FORM}", photo)
    await expect(kiosk.button(f"换文件：{FORM}")).to_be_focused()
    await kiosk.sees("共 1 页")
    await hand_in(citizen, f"换文件：{FORM}", pdf)
    await kiosk.sees("共 3 页")

    await clerk.sees(re.compile("人在等候"))
    await desk.press("F2")
    await expect(kiosk.button("我到了")).to_be_visible()
    await clerk.line_is_warm()
    await citizen.enter("我到了")
    await clerk.hears_and_sees()
    await answer_checks(clerk, desk)
    await return_the_paper(clerk, desk)
    await kiosk.sees(re.compile("请重交：看不清"))
    await hand_in(citizen, f"选文件：{FORM}", photo)
    await expect(clerk.page.get_by_text("上次提交")).to_be_visible()
    await desk.press("Alt+a")
    await kiosk.sees("审核通过")
    await hand_in(citizen, f"选文件：{CONTRACT}", photo)
    await citizen.enter("关闭画面")
    await clerk.sees(re.compile("对方关闭了摄像头"))
    await citizen.enter("打开画面")
    await accept_the_case(clerk, desk)
    await kiosk.sees("PH-2026-0003")
    await rate(kiosk, citizen)
    await desk.press("F2")
    await clerk.sees("空闲")
