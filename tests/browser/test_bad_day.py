"""A visit on a bad day: reloads, a killed server, a freed kiosk, a broken paper, an expired agreement, a race."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.faces import Clerk, Kiosk, until
from tests.browser.house import House, open_house
from tests.browser.test_visit import CHEN, FORM, LI, MATTER

pytestmark = pytest.mark.browser

ASK = """async ([method, path, body, face]) => {
  const headers = {'X-Tongban-Face': face, 'Content-Type': 'application/json'};
  const answer = await fetch(path, {method, headers, body: body === null ? undefined : JSON.stringify(body)});
  const json = (answer.headers.get('content-type') || '').includes('json');
  return {status: answer.status, body: json ? await answer.json() : null};
}"""


async def ask(page: Page, method: str, path: str, body: object = None, *, face: str) -> dict[str, object]:
    """What a page's own session is answered, past its screens."""
    answer: dict[str, object] = await page.evaluate(ASK, [method, path, body, face])
    return answer


async def in_call(house: House, open_page: OpenPage) -> tuple[Kiosk, Clerk, str]:
    """A kiosk and a clerk in the middle of a call; gives the ticket's id too."""
    kiosk, clerk = Kiosk(await open_page(1080, 1920), house.url), Clerk(await open_page(), house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))
    await clerk.sign_in("clerk-pinghu-estate-1", house.passwords["clerk-pinghu-estate-1"])
    await clerk.press(re.compile("^开窗"))
    await kiosk.take("平湖", MATTER, **CHEN)
    await clerk.next()
    await kiosk.arrive()
    await kiosk.hears_and_sees()
    await clerk.hears_and_sees()
    device = await ask(kiosk.page, "GET", "/api/device", face="kiosk")
    return kiosk, clerk, str(device["body"]["holding"])  # type: ignore[index]


async def test_reloads_and_a_killed_server_do_not_end_the_call(
    house: House, open_page: OpenPage, pdf: Path, broken_pdf: Path
) -> None:
    kiosk, clerk, ticket = await in_call(house, open_page)
    await kiosk.hand_in(FORM, pdf)
    await kiosk.sees("已交，等待审核")

    await kiosk.page.reload()
    await kiosk.hears_and_sees()
    await clerk.hears_and_sees()
    await clerk.page.reload()
    await clerk.hears_and_sees()
    await kiosk.hears_and_sees()

    house.kill()
    await kiosk.hears_and_sees()
    await clerk.hears_and_sees()
    await house.start()
    await clerk.look_at(FORM)
    await clerk.accept()
    await kiosk.sees("审核通过")
    await kiosk.hears_and_sees()

    await kiosk.hand_in("买卖合同", broken_pdf)
    await kiosk.sees(re.compile("损坏|不完整|打不开"))

    await clerk.answer_checks()
    await clerk.accept_case("PH-2026-0002")
    await kiosk.rate("非常不满意", why="慢")
    await kiosk.sees("谢谢您")
    again = await ask(
        kiosk.page, "POST", f"/api/tickets/{ticket}/rating", {"level": 5, "codes": [], "words": ""}, face="kiosk"
    )
    assert (again["status"], again["body"]["code"]) == (409, "already_rated")  # type: ignore[index]


async def test_a_freed_kiosk_and_the_same_ticket_at_a_second_one(house: House, open_page: OpenPage) -> None:
    first, second = Kiosk(await open_page(1080, 1920), house.url), Kiosk(await open_page(1920, 1080), house.url)
    clerk = Clerk(await open_page(), house.url)
    hall = await open_page(1920, 1080)
    await first.enrol(await house.code("lianshui-k1"))
    number = await first.take("平湖", MATTER, **CHEN)
    slip = await first.slip()
    await first.press("先离开一会儿")
    await first.press("已记下，离开")
    await expect(first.button(re.compile("开始"))).to_be_visible()
    assert slip not in await first.page.content()
    await first.page.close()

    await second.enrol(await house.code("lianshui-k2"))
    await hall.goto(f"{house.url}/hall")
    await hall.get_by_label("一次性登记码").fill(await house.code("lianshui-hall"))
    await hall.get_by_role("button", name="登记").click()
    await clerk.sign_in("clerk-pinghu-estate-1", house.passwords["clerk-pinghu-estate-1"])
    await clerk.press(re.compile("^开窗"))
    await clerk.next()

    await expect(hall.get_by_text(number).first).to_be_visible()
    await expect(hall.get_by_text(re.compile("2 号终端")).first).to_be_visible()
    await second.sees(re.compile(number))
    await second.take_up(slip, "0015")
    await second.arrive()
    await second.hears_and_sees()
    await clerk.hears_and_sees()


@pytest.mark.postgres
async def test_two_windows_that_press_next_at_once_call_two_people(
    empty_postgres_url: str, tmp_path: Path, open_page: OpenPage
) -> None:
    async with open_house(tmp_path / "home", database_url=empty_postgres_url) as house:
        kiosks = [Kiosk(await open_page(1080, 1920), house.url) for _ in range(2)]
        clerks = [Clerk(await open_page(), house.url) for _ in range(2)]
        numbers = set()
        for kiosk, device, person in zip(kiosks, ("lianshui-k1", "lianshui-k2"), (CHEN, LI), strict=True):
            await kiosk.enrol(await house.code(device))
            numbers.add(await kiosk.take("平湖", MATTER, **person))
        for clerk, name in zip(clerks, ("clerk-pinghu-estate-1", "clerk-pinghu-estate-2"), strict=True):
            await clerk.sign_in(name, house.passwords[name])
            await clerk.press(re.compile("^开窗"))

        await asyncio.gather(*(clerk.next() for clerk in clerks))

        for clerk in clerks:
            await clerk.sees(re.compile("第 1 次呼叫"))
        seats = [await ask(clerk.page, "GET", "/api/window", face="clerk") for clerk in clerks]
        called = [seat["body"]["window"]["ticketNumber"] for seat in seats]  # type: ignore[index]
        assert set(called) == numbers == {"B001", "B002"}
        for kiosk in kiosks:
            await expect(kiosk.button("我到了")).to_be_visible()


async def test_an_expired_agreement_gives_no_ticket_and_says_why(house: House, open_page: OpenPage) -> None:
    kiosk = Kiosk(await open_page(1080, 1920), house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))
    await kiosk.press(re.compile("开始"), exact=False)

    await expect(kiosk.page.get_by_text("平湖市", exact=True)).to_be_visible()
    await expect(kiosk.page.get_by_text("嘉善县")).to_have_count(0)
    said = {
        "name": CHEN["name"],
        "idNumber": CHEN["id_number"],
        "phone": CHEN["phone"],
        "matterId": "jiashan-mortgage",
    }
    answer = await ask(
        kiosk.page, "POST", "/api/tickets", {**said, "consent": {"privacy": True, "recording": True}}, face="kiosk"
    )
    assert (answer["status"], answer["body"]["code"]) == (409, "agreement_expired"), answer  # type: ignore[index]
    assert "到期" in answer["body"]["text"]  # type: ignore[index]


async def test_the_kiosk_asks_and_then_forgets_an_idle_person(house: House, open_page: OpenPage) -> None:
    page = await open_page(1080, 1920)
    await page.clock.install()
    kiosk = Kiosk(page, house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))
    await kiosk.choose("平湖", MATTER)
    await kiosk.press("材料已备好，继续")

    await page.clock.fast_forward("01:01")
    await expect(page.get_by_role("alertdialog").or_(page.get_by_role("dialog"))).to_be_visible()
    await page.clock.fast_forward("00:31")

    await until(lambda: kiosk.button(re.compile("开始")).is_visible(), bool)
