"""Calling people, and what a window does meanwhile."""

from datetime import timedelta

import pytest

from tests.queue.builders import MORNING, Hall, a_window
from tongban_queue import calling, desk
from tongban_queue.calling import NobodyWaiting, WindowNotIdle
from tongban_queue.hall import KioskState
from tongban_queue.life import StepNotAllowed
from tongban_queue.survey import survey
from tongban_queue.ticket import PriorityGroup, TicketState
from tongban_queue.window import PauseReason, WindowState
from tongban_queue.working_days import WorkCalendar


async def test_a_call_rings_at_a_reserved_kiosk(hall: Hall) -> None:
    await hall.open("east-1")
    waiting = await hall.wait()
    called = await hall.call()

    assert (called.id, called.state, called.calls) == (waiting.id, TicketState.CALLING, 1)
    assert (called.kiosk_id, called.window_id, called.clerk_id) == ("lake-1", "east-1", "clerk-east-1")
    assert (called.called_at, called.due_at) == (MORNING, MORNING + timedelta(seconds=20))
    window = await hall.window()
    assert (window.state, window.ticket_id) == (WindowState.RINGING, waiting.id)
    assert (await hall.kiosk("lake-1")).state(MORNING) is KioskState.RESERVED


async def test_who_stays_at_the_kiosk_is_called_there(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.take("lake-2")

    assert (await hall.call()).kiosk_id == "lake-2"
    assert (await hall.kiosk("lake-2")).state(MORNING) is KioskState.HOLDING


async def test_a_ticket_is_called_three_times_20_s_apart_then_missed(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.wait()
    ticket = await hall.call()
    seen = []
    for _ in range(3):
        hall.clock.forward(seconds=19)
        assert await hall.do(calling.ring_on, ticket.id) is None
        hall.clock.forward(seconds=1)
        moved = await hall.do(calling.ring_on, ticket.id)
        assert moved
        seen.append((moved.state, moved.calls))

    assert seen == [(TicketState.CALLING, 2), (TicketState.CALLING, 3), (TicketState.MISSED, 3)]
    assert (await hall.window()).state is WindowState.IDLE
    assert await hall.do(calling.ring_on, ticket.id) is None


async def test_a_recall_rings_at_once_and_counts(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.wait()
    ticket = await hall.call()
    hall.clock.forward(seconds=5)
    ticket = await hall.do(calling.recall, ticket.id)

    assert (ticket.calls, ticket.due_at) == (2, MORNING + timedelta(seconds=25))


async def test_only_a_called_ticket_is_recalled(hall: Hall) -> None:
    ticket = await hall.wait()

    with pytest.raises(StepNotAllowed):
        await hall.do(calling.recall, ticket.id)


async def test_a_window_with_nobody_waiting_is_told_so(hall: Hall) -> None:
    await hall.open("east-1", "west-1")
    await hall.wait("deeds")

    with pytest.raises(NobodyWaiting):
        await hall.call("west-1")


async def test_a_window_without_lines_calls_nobody(hall: Hall) -> None:
    await hall.add(a_window("east-3", "east", []))
    await hall.open("east-3")
    await hall.wait("deeds")

    with pytest.raises(NobodyWaiting):
        await hall.call("east-3")


async def test_a_window_calls_only_from_its_lines(hall: Hall) -> None:
    await hall.open("east-2")
    await hall.wait("pensions")
    mine = await hall.wait("deeds")

    assert (await hall.call("east-2")).id == mine.id


async def test_only_an_idle_window_calls(hall: Hall) -> None:
    await hall.wait()
    with pytest.raises(WindowNotIdle):
        await hall.call()
    await hall.open("east-1")
    await hall.call()

    with pytest.raises(WindowNotIdle):
        await hall.call()


async def test_priority_beats_the_wait(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.wait()
    hall.clock.forward(minutes=5)
    priority = await hall.wait()
    await hall.do(desk.mark_priority, priority.id, group=PriorityGroup.ELDERLY)

    assert (await hall.call()).id == priority.id


async def test_never_a_third_priority_running_while_an_ordinary_one_waits(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.wait()
    for _ in range(3):
        await hall.do(desk.mark_priority, (await hall.wait()).id, group=PriorityGroup.ELDERLY)
    called = []
    for _ in range(4):
        ticket = await hall.call()
        called.append(ticket.number)
        await hall.do(desk.miss, ticket.id)

    assert called == ["D002", "D003", "D001", "D004"]


async def test_a_ticket_without_a_free_kiosk_is_passed_over_and_keeps_its_place(hall: Hall) -> None:
    await hall.open("east-1", "east-2")
    first = await hall.wait(kiosk="hill-1")
    await hall.use("hill-1")
    second = await hall.wait(kiosk="lake-1")

    assert (await hall.call("east-1")).id == second.id
    await hall.wait(kiosk="lake-2")
    await hall.forget("hill-1")
    called = await hall.call("east-2")
    assert (called.id, called.since) == (first.id, first.since)


async def test_nobody_is_called_to_a_kiosk_that_is_away_or_a_hall_screen(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.wait()
    await hall.use("lake-1")
    await hall.use("lake-2")

    with pytest.raises(NobodyWaiting):
        await hall.call()


async def test_the_place_shown_is_the_order_of_the_calls(hall: Hall) -> None:
    await hall.open("east-2")
    tickets = [await hall.wait() for _ in range(6)]
    for ticket in tickets[2:5]:
        await hall.do(desk.mark_priority, ticket.id, group=PriorityGroup.ILL)
    with hall.store.reading() as work:
        ahead = survey(work, "east", WorkCalendar.shipped()).ahead
    called = []
    for _ in tickets:
        called.append((await hall.call("east-2")).id)
        await hall.do(desk.miss, called[-1])

    assert called == sorted(ahead, key=ahead.__getitem__)


async def test_a_window_lives_its_day(hall: Hall) -> None:
    await hall.connected()
    states = [(await hall.window()).state]
    await hall.do(desk.end, (await hall.window()).ticket_id or "")
    for verb in (calling.be_ready, calling.close_window):
        states.append((await hall.at("east-1", verb)).state)

    assert states == [WindowState.BUSY, WindowState.IDLE, WindowState.OFFLINE]


async def test_a_pause_has_a_reason_and_ends(hall: Hall) -> None:
    await hall.open("east-1")
    paused = await hall.at("east-1", lambda work, it: calling.pause(work, it, reason=PauseReason.MEETING))
    reason = paused.pause_reason
    ready = await hall.at("east-1", calling.be_ready)

    assert (reason, ready.pause_reason) == (PauseReason.MEETING, None)


async def test_a_clerk_does_not_go_in_the_middle_of_a_call(hall: Hall) -> None:
    await hall.connected()

    with pytest.raises(StepNotAllowed):
        await hall.at("east-1", calling.close_window)


async def test_wrap_up_is_over_by_itself_after_120_s(hall: Hall) -> None:
    await hall.do(desk.end, (await hall.connected()).id)
    hall.clock.forward(seconds=119)
    early = await hall.at("east-1", calling.wrap_up_over)
    hall.clock.forward(seconds=1)
    late = await hall.at("east-1", calling.wrap_up_over)

    assert early is None
    assert late
    assert (late.state, late.due_at) == (WindowState.IDLE, None)
    assert await hall.at("east-1", calling.wrap_up_over) is None
