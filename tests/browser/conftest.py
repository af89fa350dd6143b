"""Windows on a running house: one kiosk, one clerk, one supervisor, each in a browser profile of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.browser.faces import WATCH_CONNECTIONS
from tests.browser.house import House, open_house
from tests.browser.inspection import Inspection
from tongban_server.demo.papers import sample_pdf, sample_photo

OpenPage = Callable[..., Awaitable[Page]]
#: What a page may complain of: the first look whether somebody is signed in is answered with 401.
HARMLESS = ("401 (Unauthorized)",)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house of this test's own on SQLite."""
    async with open_house(tmp_path / "home") as house:
        yield house


@pytest.fixture
async def open_page(chromium: Browser) -> AsyncIterator[OpenPage]:
    """Opens a page in a browser profile of its own; at the end, no page may have thrown an error."""
    thrown: list[str] = []
    contexts = []

    async def open_one(width: int = 1440, height: int = 900) -> Page:
        context = await chromium.new_context(locale="zh-CN", viewport={"width": width, "height": height})
        contexts.append(context)
        await context.add_init_script(WATCH_CONNECTIONS)
        page = await context.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert thrown == []


@pytest.fixture
def inspection(house: House) -> Inspection:
    """What is found on the screens of this test."""
    return Inspection(house.url)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """A real three-page PDF."""
    file = tmp_path / "paper.pdf"
    file.write_bytes(sample_pdf(pages=3, seed=1))
    return file


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A real JPEG."""
    file = tmp_path / "paper.jpg"
    file.write_bytes(sample_photo(seed=1))
    return file


@pytest.fixture
def broken_pdf(tmp_path: Path, pdf: Path) -> Path:
    """A PDF that was cut off in the middle."""
    file = tmp_path / "broken.pdf"
    file.write_bytes(pdf.read_bytes()[:2000])
    return file
