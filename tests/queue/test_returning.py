"""Coming back: at another kiosk or point, after being missed, after fetching a paper, after a call that broke off."""

from collections.abc import Callable

import pytest

from tests.queue.builders import MORNING, Hall
from tongban_queue import calling, desk, returning
from tongban_queue.desk import KioskTaken, NoSuchTicket, NotWaiting, PersonAlreadyWaits, TicketElsewhere
from tongban_queue.hall import KioskState
from tongban_queue.life import StepNotAllowed
from tongban_queue.returning import REVIVE_WITHIN, TooLateToRevive
from tongban_queue.survey import survey
from tongban_queue.ticket import Lane, PriorityGroup, Ticket, TicketState
from tongban_queue.window import WindowState
from tongban_queue.working_days import WorkCalendar

TicketVerb = Callable[..., Ticket]


async def missed(hall: Hall, **wishes: str) -> Ticket:
    """Somebody who sat in the waiting room and did not come when called by `east-2`."""
    if (await hall.window("east-2")).state is WindowState.OFFLINE:
        await hall.open("east-2")
    await hall.wait(**wishes)
    return await hall.do(desk.miss, (await hall.call("east-2")).id)


async def order_of_calls(hall: Hall) -> list[str]:
    with hall.store.reading() as work:
        ahead = survey(work, "east", WorkCalendar.shipped()).ahead
    return sorted(ahead, key=ahead.__getitem__)


async def test_a_missed_ticket_stands_behind_the_third_of_its_lane(hall: Hall) -> None:
    gone = await missed(hall)
    waiting = [(await hall.wait()).id for _ in range(5)]
    revived = await hall.do(returning.revive, gone.id)

    assert (revived.state, revived.revived, revived.calls) == (TicketState.WAITING, True, 0)
    assert (revived.window_id, revived.ended_at, revived.due_at) == (None, None, None)
    assert await order_of_calls(hall) == [*waiting[:3], gone.id, *waiting[3:]]


async def test_the_place_told_to_a_revived_ticket_is_that_of_the_calls(hall: Hall) -> None:
    gone = await missed(hall)
    for _ in range(5):
        await hall.wait()
    await hall.do(returning.revive, gone.id)
    told, called = await order_of_calls(hall), []
    for _ in told:
        called.append((await hall.call("east-2")).id)
        await hall.do(desk.miss, called[-1])

    assert called == told


@pytest.mark.parametrize("before", [0, 1, 3])
async def test_with_few_in_its_lane_a_missed_ticket_stands_at_the_end(hall: Hall, before: int) -> None:
    gone = await missed(hall)
    waiting = [(await hall.wait()).id for _ in range(before)]
    await hall.do(returning.revive, gone.id)
    hall.clock.forward(seconds=1)
    later = (await hall.wait()).id

    assert await order_of_calls(hall) == [*waiting, gone.id, later]


async def test_those_revived_behind_the_same_ticket_go_in_the_order_of_their_return(hall: Hall) -> None:
    gone = [await missed(hall) for _ in range(3)]
    waiting = [(await hall.wait()).id for _ in range(4)]
    for ticket in reversed(gone):
        await hall.do(returning.revive, ticket.id)

    assert await order_of_calls(hall) == [*waiting[:3], *(ticket.id for ticket in reversed(gone)), waiting[3]]


async def test_a_priority_that_was_missed_counts_only_priorities_before_it(hall: Hall) -> None:
    gone = await missed(hall)
    waiting = [await hall.wait() for _ in range(4)]
    for ticket in waiting:
        await hall.do(desk.mark_priority, ticket.id, group=PriorityGroup.ILL)
    await hall.do(returning.revive, gone.id)

    assert (await order_of_calls(hall))[2] == gone.id


async def test_a_missed_ticket_is_revived_for_thirty_minutes_and_once(hall: Hall) -> None:
    early, late = await missed(hall), await missed(hall)
    hall.clock.now = MORNING + REVIVE_WITHIN
    await hall.do(returning.revive, early.id)
    hall.clock.forward(seconds=1)
    with pytest.raises(TooLateToRevive):
        await hall.do(returning.revive, late.id)
    again = await hall.do(desk.miss, (await hall.call("east-2")).id)

    assert (again.id, again.state, again.over) == (early.id, TicketState.CANCELLED, True)
    with pytest.raises(StepNotAllowed):
        await hall.do(returning.revive, early.id)
    with pytest.raises(NoSuchTicket):
        await hall.take_up(early.id, "lake-1")


async def test_who_took_a_new_ticket_meanwhile_cannot_revive_the_old_one(hall: Hall) -> None:
    gone = await missed(hall, person="chen")
    fresh = await hall.wait(person="chen")
    with pytest.raises(PersonAlreadyWaits):
        await hall.do(returning.revive, gone.id)
    await hall.do(desk.cancel, fresh.id)

    assert (await hall.do(returning.revive, gone.id)).state is TicketState.WAITING


async def test_who_was_missed_at_a_kiosk_that_another_holds_now_is_revived_without_one(hall: Hall) -> None:
    await hall.open("east-2")
    await hall.take("lake-1")
    gone = await hall.do(desk.miss, (await hall.call("east-2")).id)
    await hall.forget("lake-1")
    other = await hall.take("lake-1")
    revived = await hall.do(returning.revive, gone.id)

    assert (revived.kiosk_id, (await hall.kiosk("lake-1")).ticket_id) == (None, other.id)


async def test_who_is_missed_at_the_kiosk_held_is_revived_there(hall: Hall) -> None:
    await hall.open("east-2")
    await hall.take("lake-1")
    gone = await hall.do(desk.miss, (await hall.call("east-2")).id)
    revived = await hall.take_up(gone.id, "lake-1")

    assert (revived.state, revived.kiosk_id) == (TicketState.WAITING, "lake-1")


@pytest.mark.parametrize(
    ("verb", "state", "lane", "window"),
    [
        (returning.park, TicketState.PARKED, Lane.ORDINARY, WindowState.WRAP_UP),
        (returning.interrupt, TicketState.INTERRUPTED, Lane.RESUMING, WindowState.IDLE),
    ],
)
async def test_a_call_broken_off_keeps_its_place_in_time(
    hall: Hall, verb: TicketVerb, state: TicketState, lane: Lane, window: WindowState
) -> None:
    ticket = await hall.connected()
    hall.clock.forward(minutes=5)
    off = await hall.do(verb, ticket.id)
    free = (await hall.window()).state
    hall.clock.forward(minutes=5)
    back = await hall.do(returning.come_back, ticket.id)

    assert (off.state, free) == (state, window)
    assert (back.state, back.lane, back.since) == (TicketState.WAITING, lane, MORNING)
    assert (back.window_id, back.clerk_id, back.calls) == (None, None, 0)


async def test_who_was_interrupted_is_called_before_all_others(hall: Hall) -> None:
    ticket = await hall.connected()
    waiting = await hall.wait(kiosk="lake-2")
    await hall.do(desk.mark_priority, waiting.id, group=PriorityGroup.ILL)
    await hall.do(returning.interrupt, ticket.id)
    await hall.do(returning.come_back, ticket.id)

    assert (await hall.call()).id == ticket.id


@pytest.mark.parametrize("verb", [returning.park, returning.interrupt])
async def test_who_went_away_is_not_called(hall: Hall, verb: TicketVerb) -> None:
    ticket = await hall.do(verb, (await hall.connected()).id)

    assert await order_of_calls(hall) == []
    with pytest.raises(StepNotAllowed):
        await hall.do(verb, ticket.id)


@pytest.mark.parametrize("verb", [returning.park, returning.interrupt])
async def test_the_kiosk_of_who_went_away_may_be_given_to_the_next(hall: Hall, verb: TicketVerb) -> None:
    ticket = await hall.do(verb, (await hall.connected()).id)
    await hall.forget("lake-1")
    await hall.take("lake-1")
    back = await hall.take_up(ticket.id, "lake-2")

    assert (back.state, back.kiosk_id) == (TicketState.WAITING, "lake-2")
    assert (await hall.kiosk("lake-2")).state(MORNING) is KioskState.HOLDING


async def test_who_comes_back_elsewhere_frees_the_first_kiosk(hall: Hall) -> None:
    ticket = await hall.do(returning.interrupt, (await hall.connected()).id)
    back = await hall.take_up(ticket.id, "hill-1")

    assert (back.point_id, back.kiosk_id) == ("hill", "hill-1")
    assert (await hall.kiosk("lake-1")).state(MORNING) is KioskState.FREE
    assert [row["id"] for row in (await hall.point("hill"))["tickets"]] == [ticket.id]
    assert (await hall.point("lake"))["tickets"] == []


@pytest.mark.parametrize("verb", [returning.park, returning.interrupt])
async def test_who_went_away_may_cancel_or_is_forgotten_at_the_end_of_the_day(hall: Hall, verb: TicketVerb) -> None:
    ticket = await hall.do(verb, (await hall.connected()).id)
    await hall.forget("lake-1")
    ended = await hall.do(desk.cancel, ticket.id)

    assert ended.state is TicketState.CANCELLED
    with pytest.raises(NoSuchTicket):
        await hall.take_up(ticket.id, "lake-1")


async def test_the_end_of_the_day_frees_the_kiosk_of_who_never_came_back(hall: Hall) -> None:
    ticket = await hall.do(returning.interrupt, (await hall.connected()).id)
    ticket = await hall.do(desk.expire, ticket.id)

    assert ticket.state is TicketState.ABANDONED
    assert (await hall.kiosk("lake-1")).state(MORNING) is KioskState.FREE


async def test_a_waiting_ticket_moves_to_another_point_of_its_region(hall: Hall) -> None:
    ticket = await hall.wait()
    moved = await hall.take_up(ticket.id, "hill-1")

    assert (moved.point_id, moved.point_name, moved.since) == ("hill", "hill point", ticket.since)
    assert (await hall.point("lake"))["tickets"] == []


@pytest.mark.parametrize("connected", [False, True])
async def test_a_called_ticket_moves_to_no_other_point_or_kiosk(hall: Hall, connected: bool) -> None:
    ticket = await hall.connected() if connected else None
    if ticket is None:
        await hall.open("east-1")
        await hall.wait()
        ticket = await hall.call()

    with pytest.raises(NoSuchTicket):
        await hall.take_up(ticket.id, "hill-1")
    with pytest.raises(TicketElsewhere):
        await hall.take_up(ticket.id, "lake-2")


async def test_nobody_comes_back_to_a_kiosk_that_another_holds(hall: Hall) -> None:
    ticket = await hall.do(returning.park, (await hall.connected()).id)
    await hall.take("lake-2")

    with pytest.raises(KioskTaken):
        await hall.take_up(ticket.id, "lake-2")
    assert (await hall.ticket(ticket)).state is TicketState.PARKED


async def test_only_who_went_away_comes_back(hall: Hall) -> None:
    ticket = await hall.wait()

    for verb in (returning.come_back, returning.revive):
        with pytest.raises(StepNotAllowed):
            await hall.do(verb, ticket.id)


async def test_a_message_is_wanted_only_while_waiting_and_not_after_the_call(hall: Hall) -> None:
    await hall.open("east-1")
    ticket = await hall.wait()
    wanted = (await hall.do(desk.want_message, ticket.id, wanted=True)).message_wanted
    called = await hall.call()

    assert (wanted, called.message_wanted) == (True, False)
    with pytest.raises(NotWaiting):
        await hall.do(desk.want_message, ticket.id, wanted=True)


async def test_a_window_is_busy_with_a_ticket_from_the_ring_until_it_is_ready_again(hall: Hall) -> None:
    await hall.open("east-1")
    ticket = await hall.wait()
    await hall.call()
    hall.clock.forward(seconds=10)
    await hall.do(desk.arrive, ticket.id)
    hall.clock.forward(seconds=100)
    await hall.do(returning.interrupt, ticket.id)
    first = (await hall.ticket(ticket)).busy_s
    await hall.take_up(ticket.id, "lake-1")
    await hall.call()
    hall.clock.forward(seconds=5)
    await hall.do(desk.arrive, ticket.id)
    await hall.do(desk.end, ticket.id)
    before = (await hall.ticket(ticket)).busy_s
    hall.clock.forward(seconds=45)
    await hall.at("east-1", calling.be_ready)

    assert (first, before, (await hall.ticket(ticket)).busy_s) == (110, 110, 160)


async def test_a_ticket_is_counted_as_connected_once(hall: Hall) -> None:
    ticket = await hall.do(returning.interrupt, (await hall.connected()).id)
    await hall.do(returning.come_back, ticket.id)
    await hall.do(desk.arrive, (await hall.call()).id)

    [hour] = (await hall.board())["hours"]
    assert (hour["connected"], hour["taken"]) == (1, 1)
