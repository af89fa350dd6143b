"""Two ends of one call in real Chromium: the client's own call code, fake camera and microphone, in-page signalling.

What is claimed here is claimed of decoded pictures and played sound, as `getStats` counts them.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from tests.conftest import BROWSER_FLAGS, needed
from tests.servers import MissingPart, chromium_program

CLIENT = Path(__file__).parents[2] / "client_web"
ORIGIN = "http://localhost:4173"  # answered by the test itself; localhost is a secure origin, so the camera opens
FLAGS = [*BROWSER_FLAGS, "--no-sandbox"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("call")
    vite = CLIENT / "node_modules" / ".bin" / "vite"
    with needed():
        if not vite.exists():
            raise MissingPart("the client's packages are not installed")
    subprocess.run([vite, "build", "tests/call/proof", "--outDir", out, "--emptyOutDir"], cwd=CLIENT, check=True)
    return out


@pytest.fixture
def page(built: Path) -> Iterator[Page]:
    with needed():
        program = chromium_program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page()
        page.route(f"{ORIGIN}/**", lambda route: serve(route, built))
        page.goto(f"{ORIGIN}/index.html")
        yield page
        browser.close()


def serve(route: Route, root: Path) -> None:
    route.fulfill(path=root / route.request.url.removeprefix(ORIGIN).lstrip("/"))


def ask(page: Page, call: str) -> Any:
    return page.evaluate(f"proof.{call}")


def until(page: Page, condition: str) -> None:
    """Waits for the condition to hold; the number of looks only ends a hopeless test, it measures nothing.

    (Playwright's own waiting takes the promise of an async condition for a yes.)
    """
    for _ in range(900):
        if page.evaluate(f"(async () => {condition})()"):
            return
        page.wait_for_timeout(50)
    standings = {end: ask(page, f"standing('{end}')") for end in ("citizen", "clerk")}
    pytest.fail(f"never came true: {condition}; {standings}")


def warm_up(page: Page) -> None:
    ask(page, "open('citizen', false)")
    ask(page, "open('clerk', false)")
    until(page, "['citizen', 'clerk'].every((end) => proof.standing(end).state === 'warm')")


def both_see_and_hear(page: Page) -> None:
    """Decoded frames and played samples grow on both sides from now on."""
    for end in ("citizen", "clerk"):
        before = ask(page, f"received('{end}')")
        until(page, f"(await proof.received('{end}')).frames > {before['frames'] + 5}")
        until(page, f"(await proof.received('{end}')).samples > {before['samples']}")


def test_nothing_is_sent_while_the_way_is_warmed(page: Page) -> None:
    warm_up(page)

    assert ask(page, "standing('clerk')")["lines"] == ["sendrecv", "sendrecv"]
    assert ask(page, "standing('citizen')")["lines"] == ["sendrecv", "sendrecv"]
    for end in ("citizen", "clerk"):
        assert ask(page, f"received('{end}')") == {"frames": 0, "width": 0, "samples": 0, "packetsSent": 0}


def test_after_ready_both_see_and_hear_over_the_warm_way(page: Page) -> None:
    warm_up(page)
    way = ask(page, "standing('clerk')")["ice"]

    ask(page, "arrive()")

    both_see_and_hear(page)
    assert ask(page, "standing('clerk')")["ice"] == way
    assert ask(page, "standing('clerk')")["state"] == "connected"


def test_the_picture_is_whole_from_the_start(page: Page) -> None:
    """A way warmed without media would otherwise begin, and stay, at 320 x 180."""
    warm_up(page)

    ask(page, "arrive()")

    both_see_and_hear(page)
    for end in ("citizen", "clerk"):
        until(page, f"(await proof.received('{end}')).width >= 960")


def test_glare_in_the_call_settles_and_the_picture_goes_on(page: Page) -> None:
    warm_up(page)
    ask(page, "arrive()")
    both_see_and_hear(page)
    way = ask(page, "standing('clerk')")["ice"]

    ask(page, "glare()")

    until(page, f"proof.standing('clerk').ice !== '{way}'")
    until(page, "['citizen', 'clerk'].every((end) => proof.standing(end).signaling === 'stable')")
    both_see_and_hear(page)
    assert ask(page, "standing('citizen')")["lines"] == ["sendrecv", "sendrecv"]


@pytest.mark.parametrize("end", ["citizen", "clerk"])
def test_a_reload_of_one_side_returns_into_the_call(page: Page, end: str) -> None:
    warm_up(page)
    ask(page, "arrive()")
    both_see_and_hear(page)

    ask(page, f"reload('{end}')")

    until(page, "['citizen', 'clerk'].every((end) => proof.standing(end).state === 'connected')")
    both_see_and_hear(page)


def test_a_muted_camera_is_told_to_the_other_side(page: Page) -> None:
    warm_up(page)
    ask(page, "arrive()")
    both_see_and_hear(page)

    ask(page, "mute('citizen', 'camera', true)")

    until(page, "proof.standing('clerk').other?.camera === false")
    assert ask(page, "standing('clerk')")["other"] == {"microphone": True, "camera": False}
