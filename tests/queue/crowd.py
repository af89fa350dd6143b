"""A crowd: more people and windows at once than any hall has, in this process or in one of its own.

`python -m tests.queue.crowd URL NAME TICKETS` takes that many tickets and calls until nobody waits, at the kiosks and
windows that `rows_of(NAME)` laid.
"""

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import replace
from itertools import count

from sqlalchemy import String, cast, insert, literal, select

from tests.queue.builders import Hall, a_kiosk, a_point, a_window, an_errand
from tongban_queue import calling, desk
from tongban_queue.calling import NobodyWaiting
from tongban_queue.desk import KioskTaken, NotWaiting
from tongban_queue.hall import Kiosk, Line, Office, Point
from tongban_queue.store import Base, Work
from tongban_queue.ticket import Lane, Ticket, TicketState
from tongban_queue.window import Window, WindowState

KIOSKS, WINDOWS = 40, 60


def rows_of(name: str) -> list[list[Base]]:
    """A point with many kiosks, and many open windows for two lines of one office."""
    windows = [a_window(f"{name}-w{n}", "east", ["deeds", "pensions"][n % 2 :]) for n in range(WINDOWS)]
    for window in windows:
        window.state = WindowState.IDLE
    return [[a_point(name)], [*(a_kiosk(f"{name}-k{n}", name) for n in range(KIOSKS)), *windows]]


async def take_and_call(hall: Hall, name: str, tickets: int) -> list[str]:
    """Everybody at once: gives the ids of those who were called."""
    devices = rows_of(name)[1]
    errand = await hall.store.look(an_errand, "deeds", name, "")
    left, called, taking = count(1), [], True

    async def stand_at(kiosk: Kiosk) -> None:
        while next(left) <= tickets:
            ticket = await _take(hall, kiosk, replace(errand, person_key=next(hall.people)))
            with suppress(NotWaiting):
                await hall.do(desk.release, ticket.id)

    async def work_at(window: Window) -> None:
        while True:
            try:
                ticket = await hall.store.change(calling.call_next, window=window)
            except NobodyWaiting:
                if not taking and not await hall.store.look(_anybody_waits):
                    return
                await asyncio.sleep(0.05)
                continue
            called.append(ticket.id)
            await hall.do(desk.miss, ticket.id)

    working = asyncio.gather(*(work_at(window) for window in devices if isinstance(window, Window)))
    await asyncio.gather(*(stand_at(kiosk) for kiosk in devices if isinstance(kiosk, Kiosk)))
    taking = False
    await working
    return called


async def _take(hall: Hall, kiosk: Kiosk, errand: desk.Errand) -> Ticket:
    while True:
        try:
            return await hall.store.change(desk.take, kiosk=kiosk, errand=errand)
        except KioskTaken:
            with suppress(NotWaiting):
                await hall.do(desk.forget, kiosk)


def _anybody_waits(work: Work) -> bool:
    return work.session.scalar(select(Ticket.id).where(Ticket.state == TicketState.WAITING).limit(1)) is not None


def fill(work: Work, line_id: str, point_id: str, people: int) -> None:
    """So many people wait in the waiting room of a point, put there by one statement, each a moment after the other."""
    line = work.session.get_one(Line, line_id)
    office, point = work.session.get_one(Office, line.office_id), work.session.get_one(Point, point_id)
    numbers = select(literal(0).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < people - 1))
    said = cast(numbers.c.n, String)
    same = {
        "version": 0,
        "state": TicketState.WAITING,
        "lane": Lane.ORDINARY,
        "since": work.now,
        "taken_at": work.now,
        "office_id": office.id,
        "line_id": line.id,
        "line_title": line.title,
        "matter_id": "m",
        "matter_name": "m",
        "host_region": office.region_code,
        "host_region_name": office.region_name,
        "language": "zh-CN",
        "source_region": point.region_code,
        "source_region_name": point.region_name,
        "point_id": point.id,
        "point_name": point.name,
        "behind": 0,
        "calls": 0,
        "busy_s": 0,
        **dict.fromkeys(("elder", "recorded", "help", "revived", "message_wanted"), False),
    }
    constant = [literal(value, Ticket.__table__.c[name].type).label(name) for name, value in same.items()]
    own = {"id": said, "slip": said, "number": said, "person_key": said, "arrival": numbers.c.n}
    columns = [value.label(name) for name, value in own.items()]
    work.session.execute(insert(Ticket).from_select([*own, *same], select(*columns, *constant)))


async def main(url: str, name: str, tickets: int) -> None:
    hall = Hall(url)
    hall.people = (f"{name}-{n}" for n in count())
    called = await take_and_call(hall, name, tickets)
    await hall.store.close()
    print(json.dumps(called))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
