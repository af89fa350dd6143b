"""Going on to another window, line, matter or region."""

import asyncio
from datetime import timedelta

import pytest

from tests.queue.builders import MORNING, Hall, a_window
from tongban_queue import calling, desk, returning
from tongban_queue.calling import NobodyWaiting
from tongban_queue.desk import NoSuchTicket, PersonAlreadyWaits
from tongban_queue.life import StepNotAllowed
from tongban_queue.returning import WindowAway
from tongban_queue.ticket import Lane, PriorityGroup, Ticket, TicketState
from tongban_queue.window import PauseReason, WindowState


async def test_a_ticket_goes_on_with_its_lane_and_moment_and_a_number_of_the_new_line(hall: Hall) -> None:
    ticket = await hall.connected()
    await hall.wait("pensions", "lake-2")
    hall.clock.forward(minutes=5)
    sent = await hall.transfer(ticket.id, "pensions")

    assert (sent.number, sent.line_id, sent.office_id) == ("P002", "pensions", "east")
    assert (sent.state, sent.lane, sent.since) == (TicketState.WAITING, Lane.ORDINARY, MORNING)
    assert (sent.window_id, sent.calls, sent.kiosk_id) == (None, 0, "lake-1")
    assert (await hall.window()).state is WindowState.WRAP_UP


async def test_a_priority_stays_a_priority_in_the_other_line(hall: Hall) -> None:
    await hall.open("east-1")
    waiting = await hall.wait()
    await hall.do(desk.mark_priority, waiting.id, group=PriorityGroup.ILL)
    await hall.do(desk.arrive, (await hall.call()).id)

    assert (await hall.transfer(waiting.id, "trade")).lane is Lane.PRIORITY


async def test_who_came_first_goes_first_in_the_line_gone_on_to(hall: Hall) -> None:
    ticket = await hall.connected()
    hall.clock.forward(minutes=1)
    later = await hall.wait("trade", "lake-2")
    await hall.open("west-1")
    await hall.transfer(ticket.id, "trade")

    assert (await hall.call("west-1")).id == ticket.id != later.id


async def test_the_old_board_sees_the_ticket_leave_and_the_new_one_sees_it_come(hall: Hall) -> None:
    ticket = await hall.connected()
    hall.told.clear()
    await hall.transfer(ticket.id, "trade")
    boards = [(fact.subject, fact.kind, fact.shows["tickets"][0]["gone"]) for fact in hall.told[:2]]

    assert boards == [("board:east", "ticket.sent_on", True), ("board:west", "ticket.transferred", False)]
    assert (await hall.board())["tickets"] == []
    assert [row["number"] for row in (await hall.board("west"))["tickets"]] == ["T001"]
    assert [row["state"] for row in (await hall.board())["windows"]] == ["wrap_up", "offline"]


async def test_only_the_window_gone_on_to_calls(hall: Hall) -> None:
    ticket = await hall.connected()
    await hall.open("east-2")
    await hall.transfer(ticket.id, "deeds", "east-2")
    await hall.at("east-1", calling.be_ready)

    with pytest.raises(NobodyWaiting):
        await hall.call("east-1")
    assert (await hall.call("east-2")).id == ticket.id


@pytest.mark.parametrize("away", ["close", "pause"])
async def test_a_window_that_goes_away_frees_whoever_was_sent_to_it(hall: Hall, away: str) -> None:
    ticket = await hall.connected()
    await hall.open("east-2")
    await hall.transfer(ticket.id, "deeds", "east-2")
    await hall.at("east-1", calling.be_ready)
    if away == "close":
        await hall.at("east-2", calling.close_window)
    else:
        await hall.at("east-2", lambda work, it: calling.pause(work, it, reason=PauseReason.BREAK))

    assert (await hall.call("east-1")).id == ticket.id


async def test_who_went_away_after_being_sent_to_a_window_is_called_by_any(hall: Hall) -> None:
    ticket = await hall.connected()
    await hall.open("east-2")
    await hall.transfer(ticket.id, "deeds", "east-2")
    await hall.at("east-1", calling.be_ready)
    await hall.do(desk.arrive, (await hall.call("east-2")).id)
    await hall.do(returning.park, ticket.id)
    await hall.at("east-2", calling.close_window)
    await hall.do(returning.come_back, ticket.id)

    assert (await hall.call("east-1")).id == ticket.id


async def test_nobody_is_sent_to_a_window_that_is_away_or_serves_neither_line_nor_language(hall: Hall) -> None:
    await hall.open("east-1", "west-1")
    await hall.add(a_window("east-3", "east", ["deeds"]), a_window("west-2", "west", ["trade"]))
    await hall.open("west-2")
    await hall.at("west-2", lambda work, it: setattr(it, "languages", ["en"]))
    await hall.take()
    ticket = await hall.do(desk.arrive, (await hall.call()).id)

    for line, window in [("deeds", "east-3"), ("deeds", "west-1"), ("trade", "west-2")]:
        with pytest.raises(WindowAway):
            await hall.transfer(ticket.id, line, window)
    assert (await hall.ticket(ticket)).state is TicketState.CONNECTED
    assert (await hall.window()).state is WindowState.BUSY


async def test_nobody_is_sent_on_to_a_matter_for_which_the_person_waits_already(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.take(person="chen")
    ticket = await hall.do(desk.arrive, (await hall.call()).id)
    await hall.wait("trade", "lake-2", person="chen", matter="another")

    with pytest.raises(PersonAlreadyWaits):
        await hall.transfer(ticket.id, "trade", matter="another")


async def test_a_ticket_goes_on_while_it_waits_or_is_served_and_not_else(hall: Hall) -> None:
    await hall.open("east-1")
    waiting = await hall.wait()
    sent = await hall.transfer(waiting.id, "pensions")
    called = await hall.call()

    assert (sent.number, called.id) == ("P001", waiting.id)
    with pytest.raises(StepNotAllowed):
        await hall.transfer(called.id, "deeds")
    with pytest.raises(NoSuchTicket):
        await hall.transfer("nothing", "deeds")


async def test_a_waiting_ticket_that_a_clerk_was_offered_goes_on_and_frees_the_clerk(hall: Hall) -> None:
    await hall.open("east-1")
    waiting = await hall.wait()
    await hall.ring_clerks()
    await hall.transfer(waiting.id, "trade")

    window = await hall.window()
    assert (window.state, window.ticket_id) == (WindowState.IDLE, None)


async def test_equal_moments_in_a_line_gone_on_to_go_by_arrival_there(hall: Hall) -> None:
    ticket = await hall.connected()
    there = await hall.wait("trade", "lake-2")
    await hall.open("west-1")
    sent = await hall.transfer(ticket.id, "trade")

    assert (sent.since, sent.arrival > there.arrival) == (there.since, True)
    assert (await hall.call("west-1")).id == there.id


@pytest.mark.postgres
async def test_two_that_change_places_between_two_offices_at_once_both_arrive(
    postgres_hall: Hall, rival_hall: Hall
) -> None:
    for _ in range(5):
        one, other = await postgres_hall.wait("deeds"), await postgres_hall.wait("trade")
        moved = await asyncio.gather(
            postgres_hall.transfer(one.id, "trade"), rival_hall.transfer(other.id, "deeds"), return_exceptions=True
        )

        assert [ticket.office_id for ticket in moved if isinstance(ticket, Ticket)] == ["west", "east"]


@pytest.mark.postgres
async def test_a_ticket_sent_on_and_cancelled_at_once_is_cancelled_where_it_is(
    postgres_hall: Hall, rival_hall: Hall
) -> None:
    await postgres_hall.open("west-1")
    for _ in range(5):
        ticket = await postgres_hall.wait()
        await asyncio.gather(
            postgres_hall.transfer(ticket.id, "trade"),
            rival_hall.do(desk.cancel, ticket.id),
            return_exceptions=True,
        )
        with pytest.raises(NobodyWaiting):
            await postgres_hall.call("west-1")

        told = [entry.kind for stream in ("east", "west") for entry in await postgres_hall.entries(stream)]
        assert (await postgres_hall.ticket(ticket)).state is TicketState.CANCELLED
        assert told.count("ticket.sent_on") == told.count("ticket.transferred")


async def test_the_time_that_a_window_was_busy_is_added_over_offices(hall: Hall) -> None:
    ticket = await hall.connected()
    hall.clock.forward(seconds=60)
    await hall.transfer(ticket.id, "trade")
    await hall.open("west-1")
    await hall.do(desk.arrive, (await hall.call("west-1")).id)
    hall.clock.forward(seconds=30)
    await hall.do(desk.end, ticket.id)
    for window in ("east-1", "west-1"):
        await hall.at(window, calling.be_ready)

    assert (await hall.ticket(ticket)).busy_s == timedelta(seconds=60 + 30 + 30).seconds
