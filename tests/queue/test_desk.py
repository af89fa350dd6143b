"""What may happen to a ticket from taking it to the end of the visit."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.queue.builders import MORNING, Hall, a_kiosk
from tongban_queue import desk
from tongban_queue.desk import KioskTaken, NoSuchTicket, NotWaiting, PersonAlreadyWaits, TicketElsewhere
from tongban_queue.hall import KioskState
from tongban_queue.life import StepNotAllowed
from tongban_queue.store import Chance
from tongban_queue.ticket import Lane, PriorityGroup, Ticket, TicketState
from tongban_queue.window import WindowState

TicketVerb = Callable[..., Ticket]


async def test_numbers_count_per_line_without_a_gap(hall: Hall) -> None:
    taken = [(await hall.wait(line)).number for line in ("deeds", "deeds", "pensions", "trade", "deeds")]

    assert taken == ["D001", "D002", "P001", "T001", "D003"]


async def test_a_refused_ticket_uses_no_number(hall: Hall) -> None:
    await hall.take("lake-1", person="chen")
    for _ in range(2):
        with pytest.raises(PersonAlreadyWaits):
            await hall.take("lake-2", person="chen")
        with pytest.raises(KioskTaken):
            await hall.take("lake-1", person="zhao")

    assert (await hall.take("lake-2")).number == "D002"


async def test_numbers_begin_anew_at_midnight_in_shanghai(hall: Hall) -> None:
    hall.clock.now = datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
    before = await hall.wait()
    hall.clock.forward(seconds=1)
    after = await hall.wait()

    assert (before.number, after.number) == ("D001", "D001")


async def test_a_person_has_one_live_ticket(hall: Hall) -> None:
    first = await hall.take("lake-1", "deeds", person="chen")
    with pytest.raises(PersonAlreadyWaits):
        await hall.take("lake-2", "trade", person="chen")
    await hall.do(desk.cancel, first.id)

    assert (await hall.take("lake-2", "trade", person="chen")).state is TicketState.WAITING


async def test_one_person_at_two_offices_at_once_gets_one_ticket(postgres_hall: Hall) -> None:
    for turn in range(10):
        answers = await asyncio.gather(
            postgres_hall.take("lake-1", "deeds", person=f"chen-{turn}"),
            postgres_hall.take("lake-2", "trade", person=f"chen-{turn}"),
            return_exceptions=True,
        )

        refused = [answer for answer in answers if isinstance(answer, BaseException)]
        assert [type(refusal) for refusal in refused] == [PersonAlreadyWaits]
        [ticket] = [answer for answer in answers if not isinstance(answer, BaseException)]
        await postgres_hall.do(desk.release, ticket.id)


async def test_a_slip_code_is_given_once(database_url: str) -> None:
    class Repeating(Chance):
        def __init__(self) -> None:
            self.slips = iter(["AAAAAA", "AAAAAA", "BBBBBB", "AAAAAA", "CCCCCC"])

        def slip_code(self) -> str:
            return next(self.slips)

    hall = await Hall(database_url, chance=Repeating()).lay()
    first, second = await hall.wait(), await hall.wait()
    await hall.do(desk.cancel, first.id)
    third = await hall.wait()
    await hall.store.close()

    assert [ticket.slip for ticket in (first, second, third)] == ["AAAAAA", "BBBBBB", "CCCCCC"]


async def test_who_takes_a_ticket_holds_the_kiosk(hall: Hall) -> None:
    ticket = await hall.take("lake-1")

    kiosk = await hall.kiosk("lake-1")
    assert (ticket.kiosk_id, kiosk.ticket_id, kiosk.state(MORNING)) == ("lake-1", ticket.id, KioskState.HOLDING)


async def test_who_releases_the_kiosk_waits_on(hall: Hall) -> None:
    ticket = await hall.do(desk.release, (await hall.take("lake-1")).id)

    assert (ticket.state, ticket.kiosk_id, ticket.since) == (TicketState.WAITING, None, MORNING)
    assert (await hall.kiosk("lake-1")).state(MORNING) is KioskState.FREE


async def test_a_call_keeps_its_kiosk(hall: Hall) -> None:
    ticket = await hall.connected()

    with pytest.raises(NotWaiting):
        await hall.do(desk.release, ticket.id)
    with pytest.raises(NotWaiting):
        await hall.forget("lake-1")


async def test_a_ticket_is_taken_up_at_a_second_kiosk_and_frees_the_first(hall: Hall) -> None:
    ticket = await hall.take("lake-1")
    ticket = await hall.take_up(ticket.id, "lake-2")

    first, second = await hall.kiosk("lake-1"), await hall.kiosk("lake-2")
    assert (ticket.kiosk_id, first.ticket_id, second.ticket_id) == ("lake-2", None, ticket.id)
    assert first.state(MORNING) is KioskState.FREE


async def test_a_ticket_is_not_known_in_another_region(hall: Hall) -> None:
    ticket = await hall.wait()

    with pytest.raises(NoSuchTicket):
        await hall.take_up(ticket.id, "bay-1")


async def test_a_kiosk_with_somebody_at_it_takes_up_no_other_ticket(hall: Hall) -> None:
    waiting = await hall.wait()
    await hall.take("lake-2")

    with pytest.raises(KioskTaken):
        await hall.take_up(waiting.id, "lake-2")


async def test_a_called_ticket_is_taken_up_only_where_it_was_called_to(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.wait()
    called = await hall.call()
    with pytest.raises(TicketElsewhere):
        await hall.take_up(called.id, "lake-2")

    assert called.kiosk_id == "lake-1"
    assert (await hall.kiosk("lake-1")).state(MORNING) is KioskState.RESERVED
    assert (await hall.take_up(called.id, "lake-1")).state is TicketState.CALLING
    assert (await hall.kiosk("lake-1")).state(MORNING) is KioskState.HOLDING


async def test_an_ended_ticket_is_not_taken_up(hall: Hall) -> None:
    ticket = await hall.connected()
    await hall.do(desk.end, ticket.id)

    with pytest.raises(NoSuchTicket):
        await hall.take_up(ticket.id, "lake-2")


async def test_who_arrives_is_connected_and_the_window_busy(hall: Hall) -> None:
    ticket = await hall.connected()

    window = await hall.window()
    assert (ticket.state, ticket.connected_at, ticket.due_at) == (TicketState.CONNECTED, MORNING, None)
    assert (window.state, window.ticket_id, window.ticket_number) == (WindowState.BUSY, ticket.id, ticket.number)


@pytest.mark.parametrize(("verb", "state"), [(desk.end, TicketState.ENDED), (desk.leave, TicketState.ABANDONED)])
async def test_after_a_call_the_window_writes_up(hall: Hall, verb: TicketVerb, state: TicketState) -> None:
    ticket = await hall.do(verb, (await hall.connected()).id)

    window = await hall.window()
    assert (ticket.state, ticket.ended_at) == (state, MORNING)
    assert (window.state, window.ticket_id, window.ticket_number) == (WindowState.WRAP_UP, None, None)


async def test_who_stands_at_the_kiosk_keeps_it_after_the_end(hall: Hall) -> None:
    ticket = await hall.do(desk.end, (await hall.connected()).id)
    kept = await hall.kiosk("lake-1")
    await hall.forget("lake-1")

    assert kept.ticket_id == ticket.id
    assert (await hall.kiosk("lake-1")).state(MORNING) is KioskState.FREE


async def test_a_reserved_kiosk_is_free_when_nobody_comes(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.wait()
    await hall.do(desk.miss, (await hall.call()).id)

    assert (await hall.kiosk("lake-1")).state(MORNING) is KioskState.FREE


async def test_who_cancels_while_called_frees_the_window(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.wait()
    ticket = await hall.do(desk.cancel, (await hall.call()).id)

    window = await hall.window()
    assert (ticket.state, window.state, window.ticket_id) == (TicketState.CANCELLED, WindowState.IDLE, None)


async def test_a_ticket_never_called_expires(hall: Hall) -> None:
    ticket = await hall.do(desk.expire, (await hall.wait()).id)

    assert (ticket.state, ticket.ended_at) == (TicketState.ABANDONED, MORNING)
    with pytest.raises(StepNotAllowed):
        await hall.do(desk.expire, ticket.id)


async def test_an_unknown_ticket_is_refused(hall: Hall) -> None:
    with pytest.raises(NoSuchTicket):
        await hall.do(desk.cancel, "nothing")


async def test_evidence_moves_the_lane_and_keeps_the_place_in_time(hall: Hall) -> None:
    ticket = await hall.wait()
    hall.clock.forward(minutes=5)
    ticket = await hall.do(desk.mark_priority, ticket.id, group=PriorityGroup.PREGNANT)

    assert (ticket.lane, ticket.priority, ticket.since) == (Lane.PRIORITY, PriorityGroup.PREGNANT, MORNING)


async def test_evidence_never_moves_a_ticket_back(hall: Hall) -> None:
    ticket = await hall.wait()
    ticket.lane = Lane.DUE
    await hall.do(lambda work: work.session.merge(ticket))

    assert (await hall.do(desk.mark_priority, ticket.id, group=PriorityGroup.ILL)).lane is Lane.DUE


async def test_evidence_counts_only_while_waiting(hall: Hall) -> None:
    ticket = await hall.connected()

    with pytest.raises(NotWaiting):
        await hall.do(desk.mark_priority, ticket.id, group=PriorityGroup.ILL)


async def test_help_is_asked_answered_and_over_with_the_visit(hall: Hall) -> None:
    ticket = await hall.connected()
    asked = (await hall.do(desk.ask_help, ticket.id, wanted=True)).help
    answered = (await hall.do(desk.ask_help, ticket.id, wanted=False)).help
    await hall.do(desk.ask_help, ticket.id, wanted=True)
    ended = await hall.do(desk.end, ticket.id)

    assert (asked, answered, ended.help) == (True, False, False)
    with pytest.raises(NoSuchTicket):
        await hall.do(desk.ask_help, ticket.id, wanted=True)


async def test_a_welcome_screen_in_use_is_shown_and_wiped(hall: Hall) -> None:
    await hall.use("lake-1")
    used = (await hall.kiosk("lake-1")).state(MORNING)
    await hall.forget("lake-1")

    assert (used, (await hall.kiosk("lake-1")).state(MORNING)) == (KioskState.IN_USE, KioskState.FREE)


async def test_a_device_that_forgets_leaves_its_ticket_waiting(hall: Hall) -> None:
    ticket = await hall.take("lake-1")
    await hall.forget("lake-1")

    assert (await hall.ticket(ticket)).state is TicketState.WAITING
    assert (await hall.kiosk("lake-1")).state(MORNING) is KioskState.FREE


@pytest.mark.parametrize(("silent_s", "state"), [(60, KioskState.FREE), (61, KioskState.AWAY)])
def test_a_kiosk_silent_for_over_a_minute_is_away(silent_s: int, state: KioskState) -> None:
    kiosk = a_kiosk("lake-1", "lake", seen_at=MORNING)

    assert kiosk.state(MORNING + timedelta(seconds=silent_s)) is state
