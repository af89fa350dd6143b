"""The counts of the day are those of what happened."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.queue.builders import Hall
from tongban_queue import desk, tally

NOTHING = {
    "taken": 0,
    "connected": 0,
    "served": 0,
    "missed": 0,
    "abandoned": 0,
    "cancelled": 0,
    "noShows": 0,
    "waitS": 0,
    "ratings": [0, 0, 0, 0, 0],
}


async def hours(hall: Hall) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await hall.board())["hours"]
    return rows


async def test_a_visit_is_counted_step_by_step(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.take()
    hall.clock.forward(seconds=90)
    ticket = await hall.call()
    hall.clock.forward(seconds=7)
    await hall.do(desk.arrive, ticket.id)
    await hall.do(desk.end, ticket.id)

    counted = {"id": "2026-11-23T10", "taken": 1, "connected": 1, "served": 1, "waitS": 90}
    assert await hours(hall) == [NOTHING | counted]


async def test_each_way_out_has_its_own_count(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.do(desk.cancel, (await hall.wait()).id)
    await hall.do(desk.expire, (await hall.wait()).id)
    await hall.wait()
    await hall.do(desk.miss, (await hall.call()).id)

    counted = {"id": "2026-11-23T10", "taken": 3, "cancelled": 1, "abandoned": 1, "missed": 1}
    assert await hours(hall) == [NOTHING | counted]


async def test_only_today_is_shown(hall: Hall) -> None:
    await hall.wait()
    hall.clock.forward(days=1)

    assert await hours(hall) == []


@pytest.mark.parametrize(
    ("hour_utc", "day", "hour"), [(15, "2026-11-22", "2026-11-22T23"), (16, "2026-11-23", "2026-11-23T00")]
)
def test_days_and_hours_are_those_of_shanghai(hour_utc: int, day: str, hour: str) -> None:
    at = datetime(2026, 11, 22, hour_utc, 59, 59, 999, tzinfo=UTC)

    assert (tally.day_of(at), tally.hour_of(at)) == (day, hour)
    assert tally.day_of(tally.day_start(at)) == day
    assert tally.day_start(at).hour == 16
