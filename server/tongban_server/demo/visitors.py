"""Synthetic citizens (演示) at the running demo: they come, wait, talk, hand in papers, rate, and go; others follow."""

import asyncio
import random
import signal
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

import aiohttp
import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from tongban_queue import refusals
from tongban_queue.store import Work
from tongban_server.demo import DATA
from tongban_server.demo.applicants import MadeUpApplicant, invent_applicant, read_applicants
from tongban_server.demo.errand import Errand, Temper
from tongban_server.demo.page import Json, Page, Refused, Unreachable
from tongban_server.demo.seats import Seat, matters_served_by, point_for, seats_at
from tongban_server.demo.show import SUGGESTED
from tongban_server.demo.visitor import Visitor
from tongban_server.house import House, build_house
from tongban_server.settings import Settings

out = Console(highlight=False)

NO_ANSWER = (
    "在 {url} 没有找到正在运行的演示服务。请先运行 tongban demo run（或 make run），并使用相同的 TONGBAN_* 设置。",
    "No demo answers at {url}. Start it first with tongban demo run (or make run), under the same TONGBAN_* settings.",
)
ANOTHER_HOUSE = (
    "{url} 的服务用的不是这个数据目录（{home}）或没有演示数据。请用相同的 TONGBAN_HOME。",
    "The server at {url} keeps another data folder than {home}, or has no demo data. Use the same TONGBAN_HOME.",
)
BETWEEN_S = (3.0, 12.0)
AFTER_REFUSAL_S = (4.0, 8.0)
FAVOURITES_SHARE = 0.9


class Crowd:
    """Who may come, what for, and how many more times. `visits` 0: no end."""

    def __init__(self, matter: str | None, favourites: frozenset[str], visits: int, temper: Temper) -> None:
        self.temper = temper
        self._matter = matter
        self._favourites = favourites
        self._left = visits or None
        self._away = read_applicants(DATA)
        self._last: list[MadeUpApplicant] = []

    def one_more(self) -> bool:
        """Whether another visit is to begin; counts it."""
        if self._left is None:
            return True
        self._left -= 1
        return self._left >= 0

    def someone(self) -> MadeUpApplicant:
        """Somebody who is not here now; everybody once before anybody twice."""
        if not self._away:
            return invent_applicant(self.temper.chance)
        at = self.temper.chance.randrange(min(len(self._away), 8))
        return self._away.pop(at)

    def gone(self, applicant: MadeUpApplicant) -> None:
        """Somebody has left and may come again, after all others."""
        self._away.append(applicant)

    def choose(self, offered: list[Json]) -> Json:
        """A matter: the one wished for, else mostly one that the suggested clerk serves. Raises `Refused`."""
        if self._matter is not None:
            offered = [matter for matter in offered if matter["id"] == self._matter]
        if not offered:
            raise Refused(409, {"code": "nothing_offered", "text": "这个服务点今天没有可办的事项。"})
        favourites = [matter for matter in offered if matter["id"] in self._favourites]
        chance = self.temper.chance
        return chance.choice(favourites if favourites and chance.random() < FAVOURITES_SHARE else offered)


async def run_visitors(
    settings: Settings, *, count: int, point: str | None, matter: str | None, visits: int, pace: float = 1.0
) -> None:
    """Let `count` synthetic citizens come and go at the demo that runs under `settings`, until told to stop.

    `pace` multiplies every pause. Ends the command with 1, in words, where there is no such demo.
    """
    tls: ssl.SSLContext | bool = settings.tls != "self-signed"
    await _require_server(settings, tls)
    seats, favourites = await _seats(settings, count=count, point=point, matter=matter)
    crowd = Crowd(matter, favourites, visits, Temper(pace=pace, chance=random.Random()))  # noqa: S311
    out.print(f"[bold]演示访客 Synthetic citizens[/]  {settings.url}  (停止 stop: Ctrl-C)")
    out.print(", ".join(seat.kiosk for seat in seats))
    with suppress(asyncio.CancelledError), _ended_by_sigterm():
        async with asyncio.TaskGroup() as guests:
            for seat in seats:
                guests.create_task(_come_and_go(settings.url, tls, seat, crowd))
    out.print("访客都已离开。 The visitors have left.")


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Being told to end is like Ctrl-C, where the system has such a signal."""
    task, before = asyncio.current_task(), signal.getsignal(signal.SIGTERM)
    assert task is not None
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
    except (NotImplementedError, RuntimeError):
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        signal.signal(signal.SIGTERM, before)


def _refuse(words: tuple[str, str], **told: object) -> typer.Exit:
    for text in words:
        out.print(text.format(**told))
    return typer.Exit(1)


async def _require_server(settings: Settings, tls: ssl.SSLContext | bool) -> None:
    async with Page(settings.url, "kiosk", tls=tls) as page:
        try:
            async with page.http.get(f"{settings.url}/healthz") as answer:
                answer.raise_for_status()
        except (aiohttp.ClientError, TimeoutError):
            raise _refuse(NO_ANSWER, url=settings.url) from None


async def _seats(
    settings: Settings, *, count: int, point: str | None, matter: str | None
) -> tuple[list[Seat], frozenset[str]]:
    """The kiosks' codes come from the house itself, as an operator would read them out."""
    house = build_house(settings)

    def prepare(work: Work) -> tuple[list[Seat], frozenset[str]]:
        stands_at = point_for(work, matter, point)
        seats = seats_at(work, house, stands_at, count)
        return seats, matters_served_by(work, SUGGESTED["clerk"])

    try:
        return await house.store.change(prepare)
    except refusals.Refused as refusal:
        raise _refuse(_in_words(house, refusal)) from None
    except DBAPIError:
        raise _refuse(ANOTHER_HOUSE, url=settings.url, home=settings.home) from None
    finally:
        await house.store.close()


def _in_words(house: House, refusal: refusals.Refused) -> tuple[str, str]:
    return house.words.refusal(refusal, "zh-CN"), house.words.refusal(refusal, "en")


async def _come_and_go(base_url: str, tls: ssl.SSLContext | bool, seat: Seat, crowd: Crowd) -> None:
    """One kiosk's day."""
    async with Visitor(base_url, seat.code, tls=tls) as visitor:
        try:
            await visitor.enrol()
            await _take_up(visitor, seat)
            while crowd.one_more():
                await crowd.temper.pause(BETWEEN_S)
                await _visit(visitor, crowd)
        except Unreachable:
            _tell("-", seat.kiosk, "服务已停止，访客离开", "the server is gone, and so is this visitor")
        except Refused as refusal:
            _tell("-", seat.kiosk, f"终端停用：{refusal}", f"kiosk stops: {refusal.code}")
        finally:
            await visitor.go_away()


async def _take_up(visitor: Visitor, seat: Seat) -> None:
    """Whoever was left here by visitors that did not go in good order goes on with the same ticket."""
    if seat.slip is None or seat.last_four is None:
        return
    with suppress(Refused):
        visit = await visitor.take_up(seat.slip, seat.last_four)
        _tell(visit.number, visit.shown["applicant"]["name"], "继续上次的号", "goes on with an earlier ticket")


async def _visit(visitor: Visitor, crowd: Crowd) -> None:
    """One visit, or the rest of it. Whatever is refused is told; the kiosk is then wiped, and somebody else comes."""
    applicant = crowd.someone()
    try:
        errand = Errand(visitor, crowd.temper, _tell)
        if visitor.visit is None:
            await errand.take(crowd.choose(await visitor.offered()), applicant)
        await errand.run()
    except Refused as refusal:
        if refusal.status == 401:
            raise
        _tell("-", applicant.masked, f"未能办理：{refusal}", f"refused: {refusal.code}")
        await crowd.temper.pause(AFTER_REFUSAL_S)
        with suppress(Refused):
            await visitor.forget()
    finally:
        crowd.gone(applicant)


def _tell(number: str, who: str, zh: str, en: str) -> None:
    out.print(f"{datetime.now():%H:%M:%S}  {number:<5} {who}  {zh} · {en}", markup=False, soft_wrap=True)
