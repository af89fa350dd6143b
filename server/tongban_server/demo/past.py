"""The demo's past (演示数据): thirty working days of visits that never were, so that waits, figures and questions about
staffing have something to stand on (domain §4.5). Made once, by the hall's own verbs, a day in one change, the newest
day first.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from tongban_queue import calling, journal
from tongban_queue.hall import Office, Point
from tongban_queue.journal import HOUSE, Entry
from tongban_queue.store import Work
from tongban_queue.ticket import LIVE, Ticket
from tongban_queue.window import Window, WindowState
from tongban_queue.working_days import WorkCalendar
from tongban_server.catalogue.offer import NoAgreement, matters_offered, regions_offered, shanghai_day
from tongban_server.demo.past_day import Day, Errands, Stand
from tongban_server.house import House

DAYS, TICKETS = 30, (60, 120)
#: A start of the demo does not take longer than this for its past; what is missing comes at the next starts.
WITHIN_S = 20.0
#: So many tickets a window sees in a day: then about half the people wait, for four minutes in the middle.
A_WINDOW = 16
FACT, LABEL = "history.laid", "演示数据"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which days are still to be laid; `until`: the day of the first laying, before which all of them lie."""

    until: date
    days: Sequence[date]


async def lay_past(house: House, *, days: int = DAYS, within_s: float = WITHIN_S) -> tuple[int, int]:
    """Lay what is missing of the past, as far as the time goes: how many days were laid, and how many are missing yet.

    None is laid while somebody is on the way.
    """
    began, plan, laid = time.monotonic(), await house.store.change(_begin, house.calendar, days), 0
    while laid < len(plan.days) and time.monotonic() - began < within_s:
        await house.store.change(lay_day, house, plan.days[-1 - laid], plan.until)
        laid += 1
    return laid, len(plan.days) - laid


def _begin(work: Work, calendar: WorkCalendar, days: int) -> Plan:
    """What is missing. A past that was begun is finished as it was planned, on whatever later day."""
    laid = [
        entry.body for entry in work.session.scalars(select(Entry).where(Entry.stream == HOUSE, Entry.kind == FACT))
    ]
    until = date.fromisoformat(laid[0]["until"]) if laid else shanghai_day(work.now)
    there = {body["day"] for body in laid}
    wanted = [day for day in working_days_before(until, days, calendar) if day.isoformat() not in there]
    return Plan(until, wanted if wanted and _at_rest(work) else [])


def working_days_before(until: date, days: int, calendar: WorkCalendar) -> list[date]:
    """The last so many working days before `until`, oldest first."""
    found: list[date] = []
    day = until
    while len(found) < days:
        day -= timedelta(days=1)
        if calendar.is_working_day(day):
            found.append(day)
    return found[::-1]


def _at_rest(work: Work) -> bool:
    """Whether nobody is on the way; windows that were left open without anybody are closed."""
    if work.session.scalar(select(Ticket.id).where(Ticket.state.in_(LIVE)).limit(1)) is not None:
        return False
    for window in work.session.scalars(select(Window).where(Window.state != WindowState.OFFLINE)).all():
        calling.close_window(work, window)
    return True


def lay_day(work: Work, house: House, day: date, until: date) -> int:
    """One day of the past, at all its offices; gives the number of its tickets."""
    now, chance = work.now, Random(f"past {day}")  # noqa: S311  the same day each time is what is wanted
    stands = stands_of(work, chance, shanghai_day(now), tickets=chance.randint(*TICKETS))
    laid = Day(work, house, chance, day, stands).run()
    work.now = now
    body = {"day": day.isoformat(), "until": until.isoformat(), "tickets": laid, "label": LABEL}
    journal.record(work, HOUSE, FACT, body)
    work.told.clear()  # nobody watches what is long over
    return laid


def stands_of(work: Work, chance: Random, today: date, *, tickets: int) -> list[Stand]:
    """Which windows are open on a day, and for which errands people come: large offices always, small ones in turn."""
    errands = _errands(work, today)
    windows: dict[str, list[Window]] = {}
    for window in work.session.scalars(select(Window).order_by(Window.name)):
        if any(one.line_id in window.lines for one in errands.get(window.office_id, ())):
            windows.setdefault(window.office_id, []).append(window)
    small = [office_id for office_id in sorted(windows) if len(windows[office_id]) == 1]
    open_ = {office_id: found[:1] for office_id, found in windows.items() if len(found) > 1}
    more = max(1, round(tickets / A_WINDOW) - sum(map(len, open_.values())))
    open_ |= {office_id: windows[office_id] for office_id in chance.sample(small, min(more, len(small)))}
    of_all = sum(map(len, open_.values()))
    return [
        Stand(work.session.get_one(Office, office_id), found, errands[office_id], round(tickets * len(found) / of_all))
        for office_id, found in sorted(open_.items())
    ]


def _errands(work: Work, today: date) -> dict[str, list[Errands]]:
    """By office: which point's people may come for which matter."""
    found: dict[str, list[Errands]] = {}
    for point in work.session.scalars(select(Point).order_by(Point.id)).all():
        for region in regions_offered(work, source_region=point.region_code, day=today):
            try:
                offered = matters_offered(work, source_region=point.region_code, host_region=region.code, day=today)
            except NoAgreement:
                continue
            for matter in offered:
                found.setdefault(matter.office_id, []).append(Errands(point, matter))
    return found
