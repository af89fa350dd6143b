"""Which doors are open: no ticket at a closed one, what the lists say of them, and an operator's own calendar."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import Stocked
from tests.server.hall import CHEN, LI, SHANGHAI, Hall, errand, open_hall, sqlite_copy
from tongban_queue.hall import Office, Point
from tongban_queue.store import Work

HOURS = "mon-fri 09:00-12:00,13:30-17:00; sat 09:00-11:30"


def coming(weekday: int, clock: str) -> datetime:
    """The next such day (0: Monday) after today, at a time of Shanghai."""
    today = datetime.now(SHANGHAI)
    if (today + timedelta(days=9)).year != today.year:
        today += timedelta(days=14)  # New Year's Day is off in every calendar, so its week is left out.
    day = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return datetime.fromisoformat(f"{day:%Y-%m-%d}T{clock}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def calendar_file(folder: Path, *days: str) -> Path:
    """A calendar that knows these years and has only the given days besides New Year's."""
    years = range(datetime.now(UTC).year, datetime.now(UTC).year + 3)
    lines = ["day,kind", *(f"{year}-01-01,off" for year in years), *days]
    (folder / "days.csv").write_text("\n".join(lines) + "\n")
    return folder / "days.csv"


async def keep(hall: Hall, kind: type[Office] | type[Point], name: str, hours: str = HOURS) -> None:
    """From now on a place has these hours."""

    def change(work: Work) -> None:
        work.session.get_one(kind, name).hours = hours

    await hall.store.change(change)


@pytest.fixture
async def hall(stocked_sqlite: Stocked, tmp_path: Path) -> AsyncIterator[Hall]:
    """The server with a calendar of plain weeks; 平湖不动产 has hours, all else is open round the clock."""
    url, passwords = sqlite_copy(stocked_sqlite, tmp_path)
    async with open_hall(tmp_path / "home", url, passwords, work_calendar=calendar_file(tmp_path)) as hall:
        hall.clock.now = coming(0, "10:00")
        await keep(hall, Office, "pinghu-estate")
        yield hall


async def ask_ticket(hall: Hall, who: dict[str, str] = CHEN, at: str = "lianshui-k1") -> Any:
    return await (await hall.kiosk(at)).post("/api/tickets", errand(who), headers={"Accept-Language": "en"})


@pytest.mark.parametrize(
    ("weekday", "clock", "why", "opens"),
    [
        (0, "08:59", "not open yet today", "Monday"),
        (0, "12:00", "lunch break", "Monday"),
        (0, "17:00", "closed for the day", "Tuesday"),
        (5, "11:30", "closed for the day", "Monday"),
        (6, "10:00", "weekend", "Monday"),
    ],
)
async def test_a_closed_office_gives_no_ticket_and_says_why_and_when(
    hall: Hall, weekday: int, clock: str, why: str, opens: str
) -> None:
    hall.clock.now = coming(weekday, clock)

    text = (await ask_ticket(hall)).refused("office_closed", 409)["text"]

    assert text.startswith(f"平湖市不动产登记中心（演示） is not open now ({why}). It opens on {opens} ")
    assert f"at {'13:30' if why == 'lunch break' else '09:00'}." in text
    assert "an appointment. Phone: 0573-00001001." in text
    assert (await (await hall.staff("assistant")).get("/api/points/lianshui")).good()["tickets"] == []


async def test_a_closed_point_gives_no_ticket_and_names_itself(hall: Hall) -> None:
    await keep(hall, Point, "lianshui", "tue-fri 10:00-16:00")

    refusal = (await ask_ticket(hall)).refused("point_closed", 409)

    assert refusal["text"].startswith("This service point (涟水县政务服务中心跨域通办点（演示）) is not open now")
    assert "(no service on this day of the week). It opens on Tuesday" in refusal["text"]
    assert "Phone: 19900000301" in refusal["text"]


async def test_tickets_are_taken_up_to_the_closing_minute_and_stay(hall: Hall) -> None:
    hall.clock.now = coming(0, "11:59:59")
    ticket = (await ask_ticket(hall)).good()["ticket"]
    hall.clock.now = coming(0, "12:00")

    (await ask_ticket(hall, LI, "lianshui-k2")).refused("office_closed", 409)

    assert (await (await hall.kiosk()).get(f"/api/tickets/{ticket['id']}")).good()["ticket"]["state"] == "waiting"
    assert (await (await hall.clerk()).post("/api/window/next")).good()["ticket"]["id"] == ticket["id"]


async def test_the_lists_say_of_both_sides_whether_they_are_open(hall: Hall) -> None:
    await keep(hall, Point, "lianshui")
    kiosk = await hall.kiosk()
    hall.clock.now = coming(0, "12:10")

    regions = (await kiosk.get("/api/regions")).good()
    matters = (await kiosk.get("/api/regions/330482/matters")).good()
    guide = (await kiosk.get("/api/matters/pinghu-mortgage")).good()

    pinghu = next(region for region in regions["regions"] if region["code"] == "330482")
    estate = next(office for office in pinghu["offices"] if "不动产" in office["name"])
    brief = next(matter for matter in matters["matters"] if matter["id"] == "pinghu-mortgage")
    assert estate == brief["opening"] == guide["opening"]
    assert (estate["open"], estate["why"], estate["until"], estate["calendarMissing"]) == (False, "lunch", None, False)
    assert datetime.fromisoformat(estate["opens"]) == coming(0, "13:30")
    assert [hours["spans"] for hours in estate["hours"]] == [["09:00-12:00", "13:30-17:00"], ["09:00-11:30"]]
    assert regions["point"] == matters["point"] == guide["point"]
    assert (regions["point"]["why"], regions["point"]["phone"]) == ("lunch", "19900000301")


async def test_an_open_place_says_until_when(hall: Hall) -> None:
    kiosk = await hall.kiosk()
    guide = (await kiosk.get("/api/matters/pinghu-mortgage")).good()

    assert (guide["opening"]["open"], guide["opening"]["why"], guide["opening"]["opens"]) == (True, None, None)
    assert datetime.fromisoformat(guide["opening"]["until"]) == coming(0, "12:00")
    assert (guide["point"]["open"], guide["point"]["until"]) == (True, None)


async def test_who_asks_at_no_point_is_told_of_the_office_alone(hall: Hall) -> None:
    guide = (await (await hall.clerk()).get("/api/matters/pinghu-mortgage")).good()

    assert (guide["opening"]["open"], guide["point"]) == (True, None)


async def test_a_region_lists_only_the_offices_that_are_offered(hall: Hall) -> None:
    regions = (await (await hall.kiosk()).get("/api/regions")).good()["regions"]

    names = {region["code"]: [office["name"] for office in region["offices"]] for region in regions}
    assert names == {
        "330482": ["平湖市不动产登记中心（演示）", "平湖市公安局户政窗口（演示）"],
        "410212": ["开封市祥符区行政审批局（演示）"],
    }


async def test_an_operators_calendar_decides_and_a_missing_year_is_said(
    stocked_sqlite: Stocked, tmp_path: Path
) -> None:
    url, passwords = sqlite_copy(stocked_sqlite, tmp_path)
    monday, saturday = coming(0, "10:00"), coming(5, "16:00")
    days = tmp_path / "days.csv"
    days.write_text(f"kind,day\noff,{monday:%Y-%m-%d}\nwork,{saturday:%Y-%m-%d}\n")
    async with open_hall(tmp_path / "home", url, passwords, work_calendar=days) as hall:
        await keep(hall, Office, "pinghu-estate")
        hall.clock.now = monday
        refused = (await ask_ticket(hall)).refused("office_closed", 409)["text"]
        hall.clock.now = saturday
        guide = (await (await hall.kiosk()).get("/api/matters/pinghu-mortgage")).good()

    assert "(public holiday). It opens on Tuesday" in refused
    assert "(calendar missing, counted Monday to Friday)" in refused
    assert datetime.fromisoformat(guide["opening"]["until"]) == coming(5, "17:00")
    assert (guide["opening"]["calendarMissing"], guide["point"]["calendarMissing"]) == (True, False)
