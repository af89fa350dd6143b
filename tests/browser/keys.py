"""A person without a mouse: Tab to a thing by its name, and the keys that work it. The focus must always be seen."""

import re
from dataclasses import dataclass

from playwright.async_api import Page

MOST_TABS = 90
#: The name of what has the focus, and whether one can see that it has.
FOCUSED = """
() => {
  const one = document.activeElement;
  const words = one.labels?.length ? [...one.labels].map((label) => label.textContent).join(' ') : one.textContent;
  const ringed = [one, one.closest('label')].some((each) => each && getComputedStyle(each).outlineStyle !== 'none');
  const name = one === document.body ? '' : (one.getAttribute('aria-label') ?? words).replace(/\\s+/g, ' ').trim();
  return {name, ringed};
}
"""


@dataclass
class Keys:
    page: Page

    async def to(self, name: str, *, back: bool = False) -> None:
        """Go on with Tab until what is named so has the focus; nothing on the way may have it unseen."""
        passed: list[str] = []
        for _ in range(MOST_TABS):
            focused = await self.page.evaluate(FOCUSED)
            if passed and focused["name"]:
                assert focused["ringed"], f"the focus is not seen on {focused['name']!r}"
            if re.match(name, focused["name"]):
                return
            passed.append(focused["name"])
            await self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab never came to {name!r}, only to {sorted(set(passed))}")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def enter(self, name: str) -> None:
        """Go to a button and press it with Enter."""
        await self.to(name)
        await self.press("Enter")

    async def write(self, name: str, text: str) -> None:
        """Go to a field and type into it."""
        await self.to(name)
        await self.page.keyboard.type(text)
