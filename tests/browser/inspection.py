"""Looks at a screen as an examiner would: axe, nothing cut off, targets large enough, nothing from elsewhere."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, expect

from tests.browser.house import TOP

AXE = TOP / "client_web" / "node_modules" / "axe-core" / "axe.min.js"
#: A folder to keep a picture of every screen in; empty: none is kept.
PICTURES = os.environ.get("TONGBAN_TEST_PICTURES", "")
Size = tuple[int, int]

STANDING, LYING, PHONE, DESK = (1080, 1920), (1920, 1080), (390, 844), (1440, 900)
ELDER_TARGET_PX = 60

WATCH_POLICY = """
window.broken = [];
addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) =>
  window.broken.push(`${violatedDirective} ${blockedURI}`));
"""
RUN_AXE = """
async () => {
  const rules = {'target-size': {enabled: true}};
  const {violations} = await axe.run(document, {resultTypes: ['violations'], rules});
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(' | ')}`);
}
"""
SETTLE = """
async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const short = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 1000);
  await Promise.all(short.map((one) => one.finished.catch(() => {})));
}
"""
#: What is wider than its room: the page itself, a button whose words do not fit, a thing that hangs over the edge.
CUT_OFF = """
() => {
  const page = document.documentElement, found = [];
  if (page.scrollWidth > page.clientWidth) found.push(`page ${page.scrollWidth} > ${page.clientWidth}`);
  for (const one of document.querySelectorAll('button, dialog[open], h1, h2, label, dd, li')) {
    const box = one.getBoundingClientRect();
    if (!box.width || one.closest('.unseen')) continue;
    const name = `${one.tagName} ${one.textContent.trim().slice(0, 24)}`;
    const wide = one.scrollWidth > one.clientWidth + 1;
    if (wide && getComputedStyle(one).display !== 'inline') found.push(`cut off: ${name}`);
    if (box.right > page.clientWidth + 1 || box.left < -1) found.push(`over the edge: ${name}`);
  }
  return found;
}
"""
TALLER = "() => document.documentElement.scrollHeight > document.documentElement.clientHeight + 1"
SMALL_TARGETS = """
(least) => {
  const front = document.querySelector('dialog[open]') ?? document;
  return [...front.querySelectorAll('button, a[href], input, textarea, select')].flatMap((one) => {
    const target = ['radio', 'checkbox'].includes(one.type) ? one.closest('label') : one;
    const box = target.getBoundingClientRect();
    if (!box.width || target.closest('.unseen') || (box.width >= least && box.height >= least)) return [];
    const name = target.textContent.trim().slice(0, 24) || target.type;
    return [`${Math.round(box.width)}x${Math.round(box.height)}: ${name}`];
  });
}
"""


@dataclass
class Inspection:
    """What was found on all screens that were looked at; a test asserts at its end that nothing was."""

    origin: str
    found: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    async def enter(self, context: BrowserContext, page: Page) -> None:
        """Watch a page from before its first load."""
        await context.add_init_script(WATCH_POLICY)
        ours = (self.origin, self.origin.replace("http", "ws", 1), f"blob:{self.origin}")
        page.on("request", lambda request: self._fetched(request.url, ours))
        page.on("websocket", lambda line: self._fetched(line.url, ours))

    def _fetched(self, url: str, ours: tuple[str, ...]) -> None:
        if not url.startswith(ours):
            self.found.append(f"asked elsewhere: {url}")

    async def look(self, page: Page, name: str, *sizes: Size, fits: bool = False, elder: bool = False) -> None:
        """One state of a screen at each size: axe at the first, the layout at all. `fits`: it must not scroll."""
        for number, (width, height) in enumerate(sizes):
            await page.set_viewport_size({"width": width, "height": height})
            await page.evaluate(SETTLE)
            where = f"{name} {width}x{height}"
            self._add(where, await page.evaluate(CUT_OFF))
            if fits and await page.evaluate(TALLER):
                self.found.append(f"{where}: must be scrolled")
            if elder:
                self._add(where, [f"small {one}" for one in await page.evaluate(SMALL_TARGETS, ELDER_TARGET_PX)])
            if number == 0:
                await self._axe(page, where)
            await self._keep(page, where)
        await page.set_viewport_size({"width": sizes[0][0], "height": sizes[0][1]})
        self._add(name, await page.evaluate("() => (window.broken ?? []).splice(0)"))
        self.seen.add(name)

    async def look_all(self, page: Page, name: str, *sizes: Size) -> None:
        """The same screen in both languages, and in both text sizes; afterwards it is as before."""
        language = page.get_by_role("button", name=re.compile("^(English|中文)$"))
        elder = page.get_by_role("button", name=re.compile("^(长辈模式|Large print)$"))
        await self.look(page, name, *sizes)
        await elder.click()
        await self.look(page, f"{name} elder", *sizes, elder=True)
        await language.click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await self.look(page, f"{name} elder en", *sizes, elder=True)
        await elder.click()
        await self.look(page, f"{name} en", *sizes)
        await language.click()
        await expect(page.locator("html")).not_to_have_attribute("lang", "en")

    async def _axe(self, page: Page, where: str) -> None:
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(AXE.read_text())
        self._add(where, await page.evaluate(RUN_AXE))

    async def _keep(self, page: Page, where: str) -> None:
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / f"{where}.png")

    def _add(self, where: str, found: Iterable[Any]) -> None:
        self.found += [f"{where}: {one}" for one in found]

    def report(self) -> str:
        return "\n".join(self.found)
