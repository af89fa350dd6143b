"""One errand of a synthetic citizen (演示), from the ticket to the rating, with the pauses that a person makes."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tongban_server.demo.applicants import MadeUpApplicant
from tongban_server.demo.page import Json, Refused
from tongban_server.demo.papers import sample_pdf, sample_photo
from tongban_server.demo.visitor import Visitor

#: Who is told what happens: ticket number, masked name, and the same in Chinese and English.
Tell = Callable[[str, str, str, str], None]
ENDS = {
    "ended": ("办结，挂断", "served, call over"),
    "missed": ("过号", "missed the calls"),
    "cancelled": ("已取消", "cancelled"),
    "abandoned": ("窗口记为离开", "counted as gone"),
}


@dataclass
class Temper:
    """How somebody behaves. Pauses are in seconds and are multiplied by `pace`; shares are between 0 and 1."""

    pace: float = 1.0
    reads_s: tuple[float, float] = (2, 8)
    arrives_s: tuple[float, float] = (1, 3)
    patience_s: tuple[float, float] = (600, 1500)
    asks_help: float = 0.12
    is_angry: float = 0.12
    chance: random.Random = field(default_factory=random.Random)

    async def pause(self, between_s: tuple[float, float]) -> None:
        """Wait like a person."""
        await asyncio.sleep(self.chance.uniform(*between_s) * self.pace)


def _waits(wait: Json | None) -> tuple[str, str]:
    """How many are before somebody, as far as that is told."""
    if wait is None:
        return "", ""
    if wait["ahead"] is None:
        return f"，前面少于 {wait['fewerThan']} 人", f", fewer than {wait['fewerThan']} before me"
    return f"，前面 {wait['ahead']} 人", f", {wait['ahead']} before me"


class Errand:
    """One person's errand at a visitor's kiosk."""

    def __init__(self, visitor: Visitor, temper: Temper, tell: Tell) -> None:
        self._visitor = visitor
        self._temper = temper
        self._tell = tell

    def _say(self, zh: str, en: str) -> None:
        visit = self._visitor.here
        self._tell(visit.number, visit.shown["applicant"]["name"], zh, en)

    async def take(self, matter: Json, applicant: MadeUpApplicant) -> None:
        """Take the ticket."""
        visit = await self._visitor.take(matter, applicant)
        zh, en = _waits(visit.shown["wait"])
        self._say(f"取号 {matter['regionName']} · {matter['name']}{zh}", f"took a ticket{en}")

    async def run(self) -> None:
        """Wait, talk, rate, be forgotten. The ticket was taken, or taken up."""
        papers = asyncio.create_task(self._papers())
        try:
            await self._wait_and_talk()
        finally:
            papers.cancel()
            await asyncio.gather(papers, return_exceptions=True)
        await self._rate()
        await self._visitor.forget()

    async def _wait_and_talk(self) -> None:
        if not await self._called():
            await self._give_up()
        elif not self._visitor.here.over:
            await self._answer()
        state = await self._visitor.await_end()
        self._say(*ENDS.get(state, (state, state)))

    async def _called(self) -> bool:
        """Wait, as long as patience lasts."""
        temper = self._temper
        try:
            async with asyncio.timeout(temper.chance.uniform(*temper.patience_s) * temper.pace):
                await self._visitor.await_call()
        except TimeoutError:
            return False
        return True

    async def _give_up(self) -> None:
        try:
            await self._visitor.cancel()
        except Refused:
            # Called at this very moment: then come.
            await self._answer()

    async def _answer(self) -> None:
        try:
            await self._visitor.warm_up()
            self._say("被叫到，线路预热", "called, line warming up")
            await self._temper.pause(self._temper.arrives_s)
            await self._visitor.arrive()
        except (Refused, RuntimeError):
            # Missed or left in between; the row of the ticket says which.
            return
        self._say("“我到了”，开始通话", "“I am here”, talking")

    async def _papers(self) -> None:
        """Hand in a PDF and a photograph; hand in again whatever comes back."""
        temper, visit = self._temper, self._visitor.here
        try:
            if not visit.papers:
                for material in visit.shown["matter"]["materials"][:2]:
                    await temper.pause(temper.reads_s)
                    await self._hand_in(material["no"], "提交材料", "handed in a paper")
            if temper.chance.random() < temper.asks_help and not visit.over:
                await self._visitor.want_help()
                self._say("请帮办员来一下", "asked for the assistant")
            while True:
                await visit.until(lambda followed: returned(followed.papers))
                await temper.pause(temper.reads_s)
                for number in returned(visit.papers):
                    await self._hand_in(number, "重新提交被退回的材料", "handed in a returned paper again")
        except Refused as refusal:
            if not visit.over:
                self._say(f"材料未能提交：{refusal}", f"paper refused: {refusal.code}")

    async def _hand_in(self, material: int, zh: str, en: str) -> None:
        draw: Callable[..., bytes] = sample_photo if material % 2 == 0 else sample_pdf
        content = await asyncio.to_thread(draw, seed=self._temper.chance.randrange(1_000_000))
        row = await self._visitor.hand_in(content, material=material)
        self._say(f"{zh} {material}（{row['kind']}，{row['bytes'] // 1024} KB）", en)

    async def _rate(self) -> None:
        visit, temper = self._visitor.here, self._temper
        if visit.state != "ended":
            return
        await temper.pause(temper.reads_s)
        angry = temper.chance.random() < temper.is_angry
        level = temper.chance.choice((1, 2)) if angry else temper.chance.choice((5, 5, 5, 5, 4))
        levels = (await self._visitor.get("/api/ratings/reasons"))["levels"]
        codes = next(entry["codes"] for entry in levels if entry["level"] == level)
        picked = [temper.chance.choice(codes)["code"]]
        await self._visitor.rate(level, picked)
        self._say(f"评价 {level} 星", f"rated {level} of 5")


def returned(papers: Sequence[Json]) -> list[int]:
    """The materials whose newest paper was returned."""
    newest = {paper["materialNo"]: paper["state"] for paper in sorted(papers, key=lambda paper: paper["turn"])}
    return [number for number, state in newest.items() if state == "returned"]
