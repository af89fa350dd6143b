"""Appointments over HTTP: what can be booked, who may, checking in, cancelling, staying away."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.server.hall import CHEN, LI, SHANGHAI, Hall, errand
from tongban_queue.hall import Line, Point
from tongban_queue.store import Work
from tongban_queue.working_days import WorkCalendar
from tongban_server.catalogue.things import Agreement


async def days_of(hall: Hall) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await (await hall.kiosk()).get("/api/matters/pinghu-mortgage/slots")).good()["days"]
    return found


def slot(day: dict[str, Any], clock: str = "10:00") -> str:
    """A time of a day as the list says it."""
    at = datetime.combine(date.fromisoformat(day["day"]), time.fromisoformat(clock), SHANGHAI).astimezone(UTC)
    (found,) = (one["at"] for one in day["slots"] if datetime.fromisoformat(one["at"]) == at)
    return str(found)


async def ask_booking(hall: Hall, at: str, who: dict[str, str] = CHEN, kiosk: str = "lianshui-k1") -> Any:
    return await (await hall.kiosk(kiosk)).post("/api/appointments", errand(who) | {"at": at})


async def booked(hall: Hall, who: dict[str, str] = CHEN, *, clock: str = "10:00", day: int = 0) -> Any:
    """An appointment; the kiosk has forgotten who made it."""
    visit = (await ask_booking(hall, slot((await days_of(hall))[day], clock), who)).good()
    (await (await hall.kiosk()).post("/api/device/forget")).good()
    return visit


async def at_time(hall: Hall, visit: Any, **after: float) -> None:
    """The clock stands so long after the appointed time, and the kiosks are open."""
    hall.clock.now = datetime.fromisoformat(visit["ticket"]["appointedAt"]) + timedelta(**after)
    await hall.see("lianshui-k1")


async def resume(hall: Hall, visit: Any, who: dict[str, str] = CHEN, at: str = "lianshui-k1") -> Any:
    said = {"slip": visit["slip"], "lastFour": who["idNumber"][-4:]}
    return await (await hall.kiosk(at)).post("/api/tickets/resume", said)


async def test_five_working_days_can_be_booked_from_tomorrow_on(any_hall: Hall) -> None:
    hall = any_hall
    today, calendar = hall.clock.now.astimezone(SHANGHAI).date(), WorkCalendar.shipped()

    found = (await (await hall.kiosk()).get("/api/matters/pinghu-mortgage/slots")).good()

    days = [date.fromisoformat(day["day"]) for day in found["days"]]
    assert days == [calendar.nth_working_day_after(today, nth) for nth in range(1, 6)]
    assert found["calendarMissing"] == calendar.missing(today, days[-1])
    assert all(one["free"] for day in found["days"] for one in day["slots"])


async def test_only_times_at_which_both_sides_are_open_can_be_booked(hall: Hall) -> None:
    def change(work: Work) -> None:
        work.session.get_one(Point, "lianshui").hours = "mon-sun,holiday 09:15-11:00"

    await hall.store.change(change)

    day = (await days_of(hall))[0]

    clocks = [datetime.fromisoformat(one["at"]).astimezone(SHANGHAI).strftime("%H:%M") for one in day["slots"]]
    assert clocks == ["09:30", "10:00", "10:30"]


async def test_a_booking_answers_its_slip_and_the_kiosk_then_forgets(any_hall: Hall) -> None:
    hall = any_hall
    visit = (await ask_booking(hall, slot((await days_of(hall))[0]))).good()

    assert (visit["ticket"]["state"], visit["wait"], len(visit["slip"])) == ("booked", None, 6)
    assert visit["applicant"]["phone"] == "199****0001"
    kiosk = await hall.kiosk()
    (await kiosk.post("/api/device/forget")).good()
    assert (await kiosk.get(f"/api/tickets/{visit['ticket']['id']}")).status == 403
    assert (await (await hall.staff("supervisor")).get("/api/boards/pinghu-estate")).good()["tickets"] == []


async def test_today_a_day_too_far_and_an_odd_time_cannot_be_booked(hall: Hall) -> None:
    days, noon = await days_of(hall), time(12, 0)
    today = hall.clock.now.astimezone(SHANGHAI).date()
    far = date.fromisoformat(days[-1]["day"]) + timedelta(days=1)
    moments = [datetime.combine(day, noon, SHANGHAI) for day in (today, far)]
    moments.append(datetime.fromisoformat(slot(days[0])) + timedelta(minutes=7))

    for moment in moments:
        (await ask_booking(hall, moment.isoformat())).refused("slot_not_offered", 409)
    (await ask_booking(hall, "2026-11-24T10:00:00")).refused("bad_fields", 400)


async def test_one_appointment_per_person_and_day(any_hall: Hall) -> None:
    hall = any_hall
    await booked(hall)
    days = await days_of(hall)

    (await ask_booking(hall, slot(days[0], "14:00"))).refused("booked_that_day", 409)
    (await ask_booking(hall, slot(days[1], "14:00"))).good()


async def test_a_full_slot_is_shown_and_refused(any_hall: Hall) -> None:
    hall = any_hall

    def change(work: Work) -> None:
        work.session.get_one(Line, "pinghu-estate-a").slot_places = 1

    await hall.store.change(change)
    visit = await booked(hall)
    day = (await days_of(hall))[0]

    assert [one["at"] for one in day["slots"] if not one["free"]] == [visit["ticket"]["appointedAt"]]
    (await ask_booking(hall, slot(day), LI)).refused("slot_full", 409)


async def test_the_agreement_must_hold_on_the_appointed_day(hall: Hall) -> None:
    at = slot((await days_of(hall))[2])
    ends = hall.clock.now.astimezone(SHANGHAI).date()

    def change(work: Work) -> None:
        for agreement in work.session.query(Agreement).filter_by(source_region="320826", host_region="330482"):
            agreement.valid_to = ends

    await hall.store.change(change)

    assert await days_of(hall) == []
    (await ask_booking(hall, at)).refused("agreement_expired", 409)


@pytest.mark.parametrize(
    ("minutes", "state", "lane"),
    [(-60, "checked_in", "due"), (-15, "waiting", "due"), (15, "waiting", "due"), (16, "waiting", "ordinary")],
)
async def test_checking_in_early_waits_in_time_is_due_and_late_is_ordinary(
    hall: Hall, minutes: float, state: str, lane: str
) -> None:
    visit = await booked(hall)
    await at_time(hall, visit, minutes=minutes)

    ticket = (await resume(hall, visit)).good()["ticket"]

    assert (ticket["state"], ticket["lane"]) == (state, lane)


async def test_who_came_early_falls_due_a_quarter_of_an_hour_before(any_hall: Hall) -> None:
    hall = any_hall
    visit = await booked(hall)
    await at_time(hall, visit, minutes=-40)
    (await resume(hall, visit)).good()
    await hall.waiting(LI, at="lianshui-k2")
    await at_time(hall, visit, minutes=-15)
    await hall.see("lianshui-k2")

    await hall.rounds()

    called = (await (await hall.clerk()).post("/api/window/next")).good()["ticket"]
    assert (called["id"], called["lane"]) == (visit["ticket"]["id"], "due")


async def test_before_its_day_an_appointment_is_shown_again_and_can_be_cancelled(any_hall: Hall) -> None:
    hall = any_hall
    visit = await booked(hall, day=1)

    seen = (await resume(hall, visit, at="lianshui-k2")).good()["ticket"]

    assert seen["state"] == "booked"
    assert (await (await hall.kiosk("lianshui-k2")).post(f"/api/tickets/{seen['id']}/cancel")).status == 204
    (await (await hall.kiosk("lianshui-k2")).post("/api/device/forget")).good()
    (await resume(hall, visit)).refused("slip_unknown", 404)
    assert (await ask_booking(hall, visit["ticket"]["appointedAt"])).status == 200


async def test_an_appointment_is_cancelled_two_hours_before_at_the_latest(hall: Hall) -> None:
    visit = (await ask_booking(hall, slot((await days_of(hall))[0], "01:00"))).good()
    path = f"/api/tickets/{visit['ticket']['id']}/cancel"

    await at_time(hall, visit, hours=-2, seconds=1)
    (await (await hall.kiosk()).post(path)).refused("too_late_to_cancel", 409)
    await at_time(hall, visit, hours=-2)
    assert (await (await hall.kiosk()).post(path)).status == 204


async def test_three_appointments_that_nobody_kept_stop_booking_but_not_tickets(hall: Hall) -> None:
    for _ in range(3):
        visit = await booked(hall)
        await at_time(hall, visit, days=1)
        await hall.rounds()

    (await ask_booking(hall, slot((await days_of(hall))[0]))).refused("stayed_away_too_often", 409)
    (await ask_booking(hall, slot((await days_of(hall))[0]), LI)).good()
    assert (await hall.waiting(CHEN, at="lianshui-k2"))["ticket"]["state"] == "waiting"


async def test_a_person_who_waits_already_does_not_check_in_twice(hall: Hall) -> None:
    visit = await booked(hall)
    await at_time(hall, visit, minutes=-10)
    await hall.waiting(CHEN)

    (await resume(hall, visit, at="lianshui-k2")).refused("person_already_waits", 409)
