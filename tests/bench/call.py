"""From "我到了" to a decoded picture on both sides, beside a bare pair of connections in the same run.

`make bench NAME=call`. The call runs through the real kiosk, server and clerk's desk; its transport was warmed while
the ticket was called. The bare pair has two fresh connections in one page, the camera open, signalling in the page; its
clock starts at createOffer. Both are counted until the first picture was decoded and shown on either side.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.faces import Clerk, Kiosk, until
from tests.browser.house import House, open_house
from tests.conftest import BROWSER_FLAGS
from tests.servers import chromium_program

OUT = Path(__file__).parent / "out" / "call.json"
MATTER = "不动产转移登记（买卖）"
PERSON = {"name": "陈示例", "id_number": "320899198805120015", "phone": "19900000001"}

#: In both pages: when "我到了" was pressed, and when the other side's first picture was shown.
STOPWATCH = """
window.pressedAt = window.shownAt = null;
const now = () => performance.timeOrigin + performance.now();
addEventListener('click', (event) => {
  if (event.target.closest('button')?.textContent.includes('我到了')) window.pressedAt = now();
}, true);
const watched = new WeakSet();
setInterval(() => {
  for (const video of document.querySelectorAll('video')) {
    if (video.muted || watched.has(video)) continue;
    watched.add(video);
    video.requestVideoFrameCallback(() => { window.shownAt ??= now(); });
  }
}, 5);
"""
BARE_PAIR = """
async () => {
  const stream = window.camera ??= await navigator.mediaDevices.getUserMedia({video: true, audio: true});
  const [near, far] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  near.onicecandidate = ({candidate}) => candidate && far.addIceCandidate(candidate);
  far.onicecandidate = ({candidate}) => candidate && near.addIceCandidate(candidate);
  const shown = [near, far].map((end) => new Promise((done) => {
    end.ontrack = ({track, streams}) => {
      if (track.kind !== 'video') return;
      const video = Object.assign(document.createElement('video'), {srcObject: streams[0], muted: true});
      document.body.append(video);
      video.play();
      video.requestVideoFrameCallback(() => done(performance.now()));
    };
  }));
  for (const end of [near, far]) for (const track of stream.getTracks()) end.addTrack(track, stream);
  const began = performance.now();
  await near.setLocalDescription(await near.createOffer());
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription(await far.createAnswer());
  await near.setRemoteDescription(far.localDescription);
  const last = Math.max(...await Promise.all(shown));
  near.close(); far.close();
  document.querySelectorAll('video').forEach((video) => video.remove());
  return last - began;
}
"""


async def window(browser: Browser, width: int, height: int) -> Page:
    """A window with a stopwatch in it."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": width, "height": height})
    await context.add_init_script(STOPWATCH)
    return await context.new_page()


async def one_call(kiosk: Kiosk, clerk: Clerk) -> float:
    """One whole visit; gives the milliseconds from "我到了" to the later of the two first pictures."""
    await kiosk.take("平湖", MATTER, **PERSON)
    await clerk.next()
    await clerk.line_is_warm()
    for page in (kiosk.page, clerk.page):
        await page.evaluate("window.pressedAt = window.shownAt = null")
    await kiosk.arrive()
    shown = [await until(lambda page=page: page.evaluate("window.shownAt"), bool) for page in (kiosk.page, clerk.page)]
    pressed = await kiosk.page.evaluate("window.pressedAt")
    await clerk.consult()
    await kiosk.press("不评价，结束")
    await expect(kiosk.button(re.compile("开始"))).to_be_visible()
    await clerk.be_ready()
    return float(max(shown) - pressed)


async def measure(house: House, browser: Browser, calls: int) -> dict[str, list[float]]:
    """Calls and bare pairs in turn."""
    kiosk, clerk = (
        Kiosk(await window(browser, 1080, 1920), house.url),
        Clerk(await window(browser, 1440, 900), house.url),
    )
    bare = await window(browser, 800, 600)
    await bare.goto(house.url)
    await kiosk.enrol(await house.code("lianshui-k1"))
    await clerk.sign_in("clerk-pinghu-estate-1", house.passwords["clerk-pinghu-estate-1"])
    await clerk.press("开窗", exact=False)
    taken: dict[str, list[float]] = {"ready": [], "bare": []}
    for number in range(calls + 1):
        pair, call = await bare.evaluate(BARE_PAIR), await one_call(kiosk, clerk)
        print(
            f"{number:>3}  bare {pair:6.0f} ms   call {call:6.0f} ms{'   (warm-up, not counted)' if not number else ''}"
        )
        if number:
            taken["bare"].append(pair)
            taken["ready"].append(call)
    return taken


def report(taken: dict[str, list[float]]) -> dict[str, Any]:
    """Medians, spreads and the ratio."""
    ready, bare = statistics.median(taken["ready"]), statistics.median(taken["bare"])
    return {
        "calls": len(taken["ready"]),
        "ready_to_frame_ms": round(ready, 1),
        "ready_to_frame_min_max_ms": [round(min(taken["ready"]), 1), round(max(taken["ready"]), 1)],
        "bare_pair_ms": round(bare, 1),
        "bare_pair_min_max_ms": [round(min(taken["bare"]), 1), round(max(taken["bare"]), 1)],
        "ready_to_frame_ratio": round(ready / bare, 3),
        "load_average": round(os.getloadavg()[0], 1),
    }


async def main(calls: int) -> None:
    flags = [*BROWSER_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with tempfile.TemporaryDirectory() as home:
        async with open_house(Path(home)) as house, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium_program(), args=flags)
            figures = report(await measure(house, browser, calls))
            await browser.close()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--calls", type=int, default=20)
    asyncio.run(main(arguments.parse_args().calls))
