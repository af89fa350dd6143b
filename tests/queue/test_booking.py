"""Appointments: who may book which time, and what checking in early, in time and late means."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.queue.builders import MORNING, TOMORROW, Hall
from tongban_queue import booking, desk
from tongban_queue.booking import (
    NO_SHOWS,
    NO_SHOWS_WITHIN,
    BookedThatDay,
    NotTheDay,
    SlotFull,
    SlotNotOffered,
    StayedAwayTooOften,
    free_slots,
    slots,
)
from tongban_queue.desk import NoSuchTicket, PersonAlreadyWaits, TooLateToCancel
from tongban_queue.hall import Line
from tongban_queue.life import StepNotAllowed
from tongban_queue.store import Work
from tongban_queue.ticket import Lane, TicketState

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_every_half_hour_that_ends_within_the_opening_can_be_booked() -> None:
    lunch = MORNING + timedelta(minutes=100)

    assert slots([(MORNING, lunch)]) == [MORNING, MORNING + 30 * MINUTE, MORNING + 60 * MINUTE]
    assert slots([(MORNING, MORNING + 30 * MINUTE - SECOND)]) == []


async def test_an_appointment_waits_on_no_board_and_has_a_number_of_its_own(hall: Hall) -> None:
    ticket = await hall.book(TOMORROW)

    assert (ticket.state, ticket.lane, ticket.number) == (TicketState.BOOKED, Lane.DUE, "DY001")
    assert (ticket.since, ticket.appointed_at, ticket.booked_day) == (TOMORROW, TOMORROW, "2026-11-24")
    assert (await hall.board())["tickets"] == (await hall.point())["tickets"] == []


async def test_numbers_of_appointments_count_per_line_and_booked_day(hall: Hall) -> None:
    times = [TOMORROW, TOMORROW + timedelta(days=1), TOMORROW]
    numbers = [(await hall.book(at)).number for at in times] + [(await hall.book(TOMORROW, "trade")).number]
    hall.clock.now = TOMORROW
    numbers.append((await hall.wait()).number)

    assert numbers == ["DY001", "DY001", "DY002", "TY001", "D001"]


@pytest.mark.parametrize("at", [MORNING + 30 * MINUTE, MORNING + timedelta(hours=13), TOMORROW + MINUTE])
async def test_a_time_of_today_or_off_the_calendar_is_not_offered(hall: Hall, at: datetime) -> None:
    with pytest.raises(SlotNotOffered):
        await hall.book(at)


async def test_a_time_has_only_so_many_places_and_a_cancelled_one_is_free_again(hall: Hall) -> None:
    first = await hall.book(TOMORROW)
    await hall.book(TOMORROW)
    with pytest.raises(SlotFull):
        await hall.book(TOMORROW)
    full = await hall.do(free, [TOMORROW, TOMORROW + 30 * MINUTE])
    await hall.do(desk.cancel, first.id)

    assert full == [TOMORROW + 30 * MINUTE]
    assert await hall.do(free, [TOMORROW]) == [TOMORROW]
    assert (await hall.book(TOMORROW)).number == "DY003"


def free(work: Work, offered: list[datetime]) -> list[datetime]:
    return free_slots(work, work.session.get_one(Line, "deeds"), offered)


async def test_a_person_books_once_a_day(hall: Hall) -> None:
    booked = await hall.book(TOMORROW, person="chen")
    with pytest.raises(BookedThatDay):
        await hall.book(TOMORROW + timedelta(hours=2), "trade", person="chen", matter="another")
    await hall.book(TOMORROW + timedelta(days=1), person="chen")
    await hall.do(desk.cancel, booked.id)

    assert (await hall.book(TOMORROW, "trade", person="chen")).state is TicketState.BOOKED


@pytest.mark.postgres
async def test_a_person_books_once_a_day_at_two_offices_at_once(postgres_hall: Hall, rival_hall: Hall) -> None:
    for turn in range(5):
        answers = await asyncio.gather(
            postgres_hall.book(TOMORROW + turn * 30 * MINUTE, person=f"chen-{turn}"),
            rival_hall.book(TOMORROW + turn * 30 * MINUTE, "trade", person=f"chen-{turn}"),
            return_exceptions=True,
        )

        assert sorted(type(answer).__name__ for answer in answers) == ["BookedThatDay", "Ticket"]


async def test_who_stayed_away_three_times_in_ninety_days_cannot_book_but_can_take_a_ticket(hall: Hall) -> None:
    for _ in range(NO_SHOWS):
        missed = await hall.book(hall.clock.now + timedelta(days=1), person="chen")
        hall.clock.forward(days=1)
        await hall.do(desk.stay_away, missed.id)
        hall.clock.now = MORNING
    with pytest.raises(StayedAwayTooOften):
        await hall.book(TOMORROW, person="chen")

    assert (await hall.take(person="chen")).state is TicketState.WAITING
    hall.clock.now = MORNING + NO_SHOWS_WITHIN + SECOND
    with pytest.raises(SlotNotOffered):
        await hall.book(TOMORROW, person="chen")


async def test_an_appointment_is_cancelled_until_two_hours_before(hall: Hall) -> None:
    first, second = await hall.book(TOMORROW), await hall.book(TOMORROW)
    hall.clock.now = TOMORROW - timedelta(hours=2)
    await hall.do(desk.cancel, first.id)
    hall.clock.forward(seconds=1)

    with pytest.raises(TooLateToCancel):
        await hall.do(desk.cancel, second.id)


async def test_who_checks_in_early_waits_for_the_time_and_is_due_a_quarter_before(hall: Hall) -> None:
    ticket = await hall.book(TOMORROW)
    hall.clock.now = TOMORROW - 16 * MINUTE
    early = await hall.take_up(ticket.id, "lake-1")
    hall.clock.forward(seconds=59)
    waits = await hall.do(booking.fall_due, ticket.id)
    hall.clock.forward(seconds=1)
    due = await hall.do(booking.fall_due, ticket.id)

    assert (early.state, early.due_at, waits) == (TicketState.CHECKED_IN, TOMORROW - 15 * MINUTE, None)
    assert due
    assert (due.state, due.lane, due.since, due.due_at) == (TicketState.WAITING, Lane.DUE, TOMORROW, None)
    assert await hall.do(booking.fall_due, ticket.id) is None


@pytest.mark.parametrize(
    ("late", "lane"), [(-15 * MINUTE, Lane.DUE), (15 * MINUTE, Lane.DUE), (15 * MINUTE + SECOND, Lane.ORDINARY)]
)
async def test_within_a_quarter_of_the_time_one_is_due_and_later_ordinary(
    hall: Hall, late: timedelta, lane: Lane
) -> None:
    ticket = await hall.book(TOMORROW)
    hall.clock.now = TOMORROW + late
    ticket = await hall.take_up(ticket.id, "lake-1")

    assert (ticket.state, ticket.lane) == (TicketState.WAITING, lane)
    assert ticket.since == (TOMORROW if lane is Lane.DUE else hall.clock.now)


async def test_who_checked_in_in_time_stays_due_however_late_the_round_is(hall: Hall) -> None:
    ticket = await hall.book(TOMORROW)
    hall.clock.now = TOMORROW - timedelta(hours=1)
    await hall.take_up(ticket.id, "lake-1")
    hall.clock.now = TOMORROW + timedelta(hours=1)
    due = await hall.do(booking.fall_due, ticket.id)

    assert due
    assert (due.lane, due.since) == (Lane.DUE, TOMORROW)


async def test_the_due_go_by_appointed_time_then_by_check_in(hall: Hall) -> None:
    later = await hall.book(TOMORROW + 30 * MINUTE)
    second, first = await hall.book(TOMORROW), await hall.book(TOMORROW)
    hall.clock.now = TOMORROW - timedelta(hours=1)
    for ticket in (later, first, second):
        await hall.take_up(ticket.id, "lake-1")
        await hall.forget("lake-1")
    hall.clock.now = TOMORROW + 15 * MINUTE
    for ticket in (second, later, first):
        await hall.do(booking.fall_due, ticket.id)
    await hall.open("east-1")
    called = []
    for _ in range(3):
        called.append((await hall.call()).id)
        await hall.do(desk.miss, called[-1])

    assert called == [first.id, second.id, later.id]


@pytest.mark.parametrize("days", [-1, 1])
async def test_nobody_checks_in_on_another_day(hall: Hall, days: int) -> None:
    ticket = await hall.book(TOMORROW)
    hall.clock.now = TOMORROW + timedelta(days=days)

    with pytest.raises(NotTheDay):
        await hall.do(booking.check_in, ticket.id)


async def test_before_its_day_an_appointment_is_looked_at_and_cancelled_at_a_kiosk(hall: Hall) -> None:
    ticket = await hall.book(TOMORROW)
    looked_at = await hall.take_up(ticket.id, "lake-1")
    await hall.do(desk.cancel, ticket.id)
    await hall.forget("lake-1")

    assert (looked_at.state, looked_at.kiosk_id) == (TicketState.BOOKED, "lake-1")
    assert (await hall.kiosk("lake-1")).ticket_id is None


async def test_after_its_day_an_appointment_is_not_taken_up(hall: Hall) -> None:
    ticket = await hall.book(TOMORROW)
    hall.clock.now = TOMORROW + timedelta(days=1)

    with pytest.raises(NotTheDay):
        await hall.take_up(ticket.id, "lake-1")
    assert (await hall.kiosk("lake-1")).ticket_id is None


async def test_who_waits_already_for_the_matter_does_not_check_in_beside_it(hall: Hall) -> None:
    ticket = await hall.book(TOMORROW, person="chen")
    hall.clock.now = TOMORROW
    waiting = await hall.wait(person="chen")
    with pytest.raises(PersonAlreadyWaits):
        await hall.take_up(ticket.id, "lake-1")
    await hall.do(desk.cancel, waiting.id)

    assert (await hall.take_up(ticket.id, "lake-1")).state is TicketState.WAITING


async def test_nobody_checks_in_twice(hall: Hall) -> None:
    ticket = await hall.book(TOMORROW)
    hall.clock.now = TOMORROW
    await hall.take_up(ticket.id, "lake-1")

    with pytest.raises(StepNotAllowed):
        await hall.do(booking.check_in, ticket.id)


async def test_who_checked_in_counts_as_having_come_and_who_stayed_away_as_that(hall: Hall) -> None:
    here, away = await hall.book(TOMORROW), await hall.book(TOMORROW)
    hall.clock.now = TOMORROW
    await hall.take_up(here.id, "lake-1")
    await hall.do(desk.stay_away, away.id)

    [hour] = (await hall.board())["hours"]
    assert (hour["taken"], hour["noShows"]) == (1, 1)
    with pytest.raises(NoSuchTicket):
        await hall.take_up(away.id, "lake-2")


async def test_who_checked_in_may_leave_the_kiosk_cancel_or_be_forgotten_at_the_end_of_the_day(hall: Hall) -> None:
    tickets = [await hall.book(TOMORROW + n * 30 * MINUTE) for n in range(3)]
    hall.clock.now = TOMORROW - timedelta(hours=1)
    for ticket in tickets:
        await hall.take_up(ticket.id, "lake-1")
        await hall.forget("lake-1")
    ended = [await hall.do(desk.cancel, tickets[0].id), await hall.do(desk.expire, tickets[1].id)]

    assert [ticket.state for ticket in ended] == [TicketState.CANCELLED, TicketState.ABANDONED]
    assert [ticket["state"] for ticket in (await hall.board())["tickets"]] == ["checked_in"]
    assert await hall.do(booking.fall_due, tickets[0].id) is None
