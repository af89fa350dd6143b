"""The faces as a person uses them: what is pressed, what is read. Everything by the words that stand on the screen."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

#: Keeps every connection of the page in sight, so that a test can ask what was really decoded.
WATCH_CONNECTIONS = """
window.connections = [];
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  constructor(...settings) { super(...settings); window.connections.push(this); }
};
"""
DECODED = """
async () => {
  const seen = {frames: 0, sound: 0};
  for (const connection of window.connections) {
    if (connection.connectionState !== 'connected') continue;
    for (const row of (await connection.getStats()).values()) {
      if (row.type !== 'inbound-rtp') continue;
      if (row.kind === 'video') seen.frames += row.framesDecoded ?? 0;
      if (row.kind === 'audio') seen.sound += row.totalSamplesReceived ?? 0;
    }
  }
  return seen;
}
"""
PATIENCE_MS = 45_000
expect.set_options(timeout=PATIENCE_MS)


async def until(asked: Any, good: Any, *, tries: int = 450) -> Any:
    """Ask until the answer is good. The number of tries only ends a hopeless test, it measures nothing."""
    answer: Any = None
    for _ in range(tries):
        answer = await asked()
        if good(answer):
            return answer
        await asyncio.sleep(0.1)
    raise AssertionError(f"never came true; last seen: {answer}")


@dataclass
class FacePage:
    """A page of the product in a window of its own."""

    page: Page
    url: str

    def button(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    async def press(self, name: str | re.Pattern[str], *, exact: bool = True) -> None:
        await self.button(name, exact=exact).click()

    async def sees(self, words: str | re.Pattern[str]) -> None:
        await expect(self.page.get_by_text(words).first).to_be_visible()

    async def decoded(self) -> dict[str, int]:
        seen: dict[str, int] = await self.page.evaluate(DECODED)
        return seen

    async def hears_and_sees(self) -> None:
        """Pictures and sound really come in: more is decoded now than a moment ago."""
        before = await until(self.decoded, lambda seen: seen["frames"] > 0 and seen["sound"] > 0)
        await until(self.decoded, lambda seen: seen["frames"] > before["frames"] and seen["sound"] > before["sound"])


@dataclass
class Kiosk(FacePage):
    """The kiosk, as a citizen uses it."""

    async def enrol(self, code: str) -> None:
        await self.page.goto(f"{self.url}/kiosk")
        await self.page.get_by_label("一次性登记码").fill(code)
        await self.press("登记")
        await self.sees(re.compile("开始办事|开始"))

    async def choose(self, region: str, matter: str) -> None:
        await self.press(re.compile("开始"), exact=False)
        await self.press(re.compile(region), exact=False)
        await self.press(re.compile(re.escape(matter)), exact=False)

    async def take(self, region: str, matter: str, *, name: str, id_number: str, phone: str) -> str:
        """From the welcome to the ticket; gives its number."""
        await self.choose(region, matter)
        await self.press("材料已备好，继续")
        for tick in await self.page.get_by_role("checkbox").all():
            await tick.check(force=True)
        await self.press("下一步")
        await self.page.get_by_label("姓名").fill(name)
        await self.page.get_by_label("身份证号码").fill(id_number)
        await self.page.get_by_label("手机号").fill(phone)
        await self.press("下一步")
        await self.press(re.compile("看得见，也听得见"), exact=False)
        await self.press("听到了，取号")
        await self.sees("取号成功，请等候")
        return await self.number()

    async def number(self) -> str:
        found = await self.page.get_by_text(re.compile(r"^[A-Z]\d{3,}$")).first.text_content()
        return (found or "").strip()

    async def slip(self) -> str:
        body = await self.page.locator("body").inner_text()
        found = re.search(r"取号凭证码\s*([A-Z0-9 ]{6,9})", body)
        assert found, body
        return found[1].replace(" ", "")

    async def hand_in(self, material: str, file: Path) -> None:
        await self.page.locator(f'input[type=file][aria-label="选文件：{material}"]').set_input_files(file)

    async def arrive(self) -> None:
        await self.press("我到了")

    async def take_up(self, slip: str, last_four: str) -> None:
        """Come back with a ticket to a kiosk that was called."""
        await self.page.get_by_label(re.compile("凭证码")).fill(slip)
        await self.page.get_by_label(re.compile("后四位|后 4 位")).fill(last_four)
        await self.page.keyboard.press("Enter")

    async def rate(self, level: str, *, why: str = "") -> None:
        await self.press("评价本次服务")
        await self.page.get_by_text(level, exact=True).click()
        if why:
            await self.page.get_by_label("您想说的话").fill(why)
        await self.press("提交评价")


@dataclass
class Clerk(FacePage):
    """The clerk's desk."""

    async def sign_in(self, username: str, password: str) -> None:
        await self.page.goto(f"{self.url}/clerk")
        await self.page.get_by_label("账号").fill(username)
        await self.page.get_by_label("密码").fill(password)
        await self.press("登录")
        await expect(self.button(re.compile("开窗|叫下一位"))).to_be_visible()

    async def next(self) -> None:
        await self.button(re.compile("^叫下一位")).click()

    async def line_is_warm(self) -> None:
        """The transport stands before the citizen says "I am here"."""
        await self.sees(re.compile("线路已就绪"))

    async def look_at(self, material: str) -> None:
        """Open the newest paper of a material from the list on the right."""
        await self.page.get_by_role("button", name=re.compile(material)).last.click()
        await expect(self.page.get_by_role("img", name=re.compile("第 1 页")).first).to_be_visible()

    async def accept(self) -> None:
        await self.button(re.compile("^合格")).click()

    async def give_back(self, reason: str) -> None:
        await self.button(re.compile("^退回")).click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label(reason).check()
        await dialog.get_by_role("button", name="退回").click()

    async def answer_checks(self) -> None:
        for yes in await self.page.get_by_role("radio", name="符合").all():
            await yes.check(force=True)

    async def accept_case(self, home_number: str) -> None:
        """Record "accepted" with the home system's number."""
        await self.button(re.compile("^办结")).click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("已受理").check()
        await dialog.get_by_label(re.compile("属地系统受理号")).fill(home_number)
        await dialog.get_by_role("button", name="办结并结束通话").click()

    async def consult(self) -> None:
        """Record "consultation only", which needs nothing else."""
        await self.button(re.compile("^办结")).click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("仅咨询").check()
        await dialog.get_by_role("button", name="办结并结束通话").click()

    async def be_ready(self) -> None:
        await self.button(re.compile("^可以接待")).click()
        await expect(self.button(re.compile("^叫下一位"))).to_be_visible()


@dataclass
class Supervisor(FacePage):
    """The wall."""

    async def sign_in(self, username: str, password: str) -> None:
        await self.page.goto(f"{self.url}/supervisor")
        await self.page.get_by_label("账号").fill(username)
        await self.page.get_by_label("密码").fill(password)
        await self.press("登录")
