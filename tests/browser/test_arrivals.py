"""Nobody who arrives is overlooked: sound, title and notice each time, also while the clerk's tab lies behind."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.faces import Clerk, Kiosk, until
from tests.browser.house import House
from tests.browser.test_bad_day import ask
from tests.browser.test_visit import CHEN, FORM, LI, MATTER

pytestmark = pytest.mark.browser

#: Counts what the page sounds and posts; `away` puts its tab behind another one.
COUNT = """
window.away = false; window.tones = 0; window.notices = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when) };
window.Notification = class {
  static permission = 'granted';
  constructor(title, {body, tag}) { window.notices.push([body, tag]) }
  close() {}
};
Object.defineProperty(document, 'hidden', {get: () => window.away});
Object.defineProperty(document, 'visibilityState', {get: () => (window.away ? 'hidden' : 'visible')});
document.hasFocus = () => !window.away;
"""
#: To another tab and back.
SWITCH = """
(away) => {
  window.away = away;
  document.dispatchEvent(new Event('visibilitychange'));
  dispatchEvent(new Event(away ? 'blur' : 'focus'));
}
"""
TOLD = """
() => ({
  tones: window.tones,
  notices: window.notices.map(([body]) => body),
  tags: window.notices.map(([, tag]) => tag),
})
"""


async def told(page: Page, arrivals: int) -> dict[str, Any]:
    """What the page has sounded and posted, once it has told of so many arrivals."""
    await until(lambda: page.evaluate("window.notices.length"), lambda seen: seen >= arrivals)
    answer: dict[str, Any] = await page.evaluate(TOLD)
    return answer


async def take(page: Page, person: dict[str, str]) -> str:
    """A ticket from an enrolled kiosk, past its screens; gives its number."""
    body = {
        "name": person["name"],
        "idNumber": person["id_number"],
        "phone": person["phone"],
        "matterId": "pinghu-transfer",
        "consent": {"privacy": True, "recording": True},
    }
    answer: Any = await ask(page, "POST", "/api/tickets", body, face="kiosk")
    assert answer["status"] == 200, answer
    return str(answer["body"]["ticket"]["number"])


async def test_every_arrival_is_told_in_a_tab_behind(house: House, open_page: OpenPage, pdf: Path) -> None:
    page = await open_page()
    await page.context.add_init_script(COUNT)
    clerk = Clerk(page, house.url)
    kiosks = [Kiosk(await open_page(1080, 1920), house.url) for _ in range(2)]
    for kiosk, device in zip(kiosks, ("lianshui-k1", "lianshui-k2"), strict=True):
        await kiosk.enrol(await house.code(device))
    await clerk.sign_in("clerk-pinghu-estate-1", house.passwords["clerk-pinghu-estate-1"])
    await clerk.press(re.compile("^开窗"))
    await expect(clerk.button(re.compile("^叫下一位"))).to_be_visible()
    quiet = await page.evaluate("window.tones")
    await page.evaluate(SWITCH, True)

    first, second = await take(kiosks[0].page, CHEN), await take(kiosks[1].page, LI)

    seen = await told(page, 2)
    assert [words.split()[0] for words in seen["notices"]] == [first, second]
    assert MATTER in seen["notices"][0]
    assert len(set(seen["tags"])) == 2, "with one tag the second notice would replace the first without a sound"
    assert seen["tones"] - quiet == 4
    assert (await page.title()).startswith("(2)")

    await clerk.next()
    await kiosks[0].page.reload()
    await kiosks[0].arrive()
    await told(page, 3)
    await kiosks[0].hand_in(FORM, pdf)
    seen = await told(page, 4)
    assert FORM in seen["notices"][3]
    assert (await page.title()).startswith("(4)")
    await page.evaluate(SWITCH, False)
    assert not (await page.title()).startswith("(")
