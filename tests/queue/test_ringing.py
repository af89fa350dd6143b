"""The other way of working: idle clerks are rung one at a time, longest idle first."""

from datetime import timedelta

import pytest

from tests.queue.builders import MORNING, Hall, a_kiosk, a_point, a_window
from tongban_queue import calling, desk, ringing
from tongban_queue.calling import NobodyWaiting, WindowNotIdle
from tongban_queue.life import StepNotAllowed
from tongban_queue.ringing import ANSWER_WITHIN, UNANSWERED
from tongban_queue.ticket import Ticket, TicketState
from tongban_queue.window import PauseReason, WindowState


async def rung(hall: Hall, *windows: str) -> list[str]:
    """These windows open one after the other; then the office rings. Which of them it rang."""
    for window in windows:
        hall.clock.forward(seconds=1)
        await hall.open(window)
    return [window.id for window in await hall.ring_clerks()]


async def let_lapse(hall: Hall, window: str = "east-1") -> None:
    hall.clock.now += ANSWER_WITHIN
    await hall.at(window, ringing.lapse)


async def test_an_office_that_does_not_ring_its_clerks_offers_nothing(hall: Hall) -> None:
    await hall.open("east-1")
    await hall.wait()

    assert await hall.do(ringing.offer_all, "east") == []


async def test_the_clerk_who_is_idle_longest_is_rung_and_one_only(hall: Hall) -> None:
    waiting = await hall.wait()

    assert await rung(hall, "east-2", "east-1") == ["east-2"]
    window, ticket = await hall.window("east-2"), await hall.ticket(waiting)
    assert (window.state, window.ticket_id) == (WindowState.OFFERED, waiting.id)
    assert window.due_at == hall.clock.now + timedelta(seconds=15)
    assert (ticket.state, ticket.window_id) == (TicketState.WAITING, "east-2")
    assert await hall.do(ringing.offer_all, "east") == []


async def test_who_answers_calls_the_person_that_was_offered(hall: Hall) -> None:
    waiting = await hall.wait()
    await rung(hall, "east-1")
    called = await hall.at("east-1", ringing.accept)

    assert (called.id, called.state, called.window_id) == (waiting.id, TicketState.CALLING, "east-1")
    assert (await hall.window()).state is WindowState.RINGING
    with pytest.raises(WindowNotIdle):
        await hall.at("east-1", ringing.accept)


async def test_after_fifteen_seconds_the_next_clerk_is_rung(hall: Hall) -> None:
    waiting = await hall.wait()
    await rung(hall, "east-1", "east-2")
    hall.clock.forward(seconds=14)
    early = await hall.at("east-1", ringing.lapse)
    hall.clock.forward(seconds=1)
    late = await hall.at("east-1", ringing.lapse)

    assert early is None
    assert late
    assert (late.state, late.unanswered, late.ticket_id) == (WindowState.IDLE, 1, None)
    assert [window.id for window in await hall.do(ringing.offer_all, "east")] == ["east-2"]
    assert (await hall.ticket(waiting)).window_id == "east-2"


async def test_after_three_offers_without_an_answer_the_window_is_paused(hall: Hall) -> None:
    await hall.wait()
    await rung(hall, "east-1")
    states = []
    for _ in range(UNANSWERED):
        await let_lapse(hall)
        states.append((await hall.window()).state)
        await hall.do(ringing.offer_all, "east")

    window = await hall.window()
    assert states == [WindowState.IDLE, WindowState.IDLE, WindowState.PAUSED]
    assert (window.pause_reason, window.due_at, window.unanswered) == (PauseReason.NO_ANSWER, None, 0)
    assert [ticket["windowId"] for ticket in (await hall.board())["tickets"]] == [None]


@pytest.mark.parametrize("sign", ["accept", "ready"])
async def test_a_sign_of_life_forgives_the_offers_before_it(hall: Hall, sign: str) -> None:
    await hall.wait()
    await rung(hall, "east-1")
    await let_lapse(hall)
    await let_lapse(hall) if await hall.do(ringing.offer_all, "east") else None
    if sign == "accept":
        await hall.do(ringing.offer_all, "east")
        await hall.at("east-1", ringing.accept)
    else:
        await hall.at("east-1", lambda work, it: calling.pause(work, it, reason=PauseReason.BREAK))
        await hall.at("east-1", calling.be_ready)

    assert (await hall.window()).unanswered == 0


async def test_a_clerk_is_not_blamed_where_no_kiosk_was_left_to_call_to(hall: Hall) -> None:
    await hall.wait(kiosk="hill-1")
    await rung(hall, "east-1")
    await hall.use("hill-1")
    with pytest.raises(NobodyWaiting):
        await hall.at("east-1", ringing.accept)
    await let_lapse(hall)

    assert ((await hall.window()).state, (await hall.window()).unanswered) == (WindowState.IDLE, 0)


@pytest.mark.parametrize("kiosks", [1, 2])
async def test_as_many_are_offered_from_a_point_as_it_has_free_kiosks(hall: Hall, kiosks: int) -> None:
    await hall.add(a_point("mall"))
    await hall.add(*(a_kiosk(f"mall-{n}", "mall") for n in range(kiosks)))
    await hall.add(a_window("east-3", "east", ["deeds"]))
    for _ in range(3):
        await hall.wait(kiosk="mall-0")
    first = await rung(hall, "east-1", "east-2", "east-3")
    called = [await hall.at(window, ringing.accept) for window in first]

    assert len(first) == kiosks
    assert len({ticket.kiosk_id for ticket in called}) == kiosks


async def test_who_cancels_while_a_clerk_is_rung_frees_the_clerk(hall: Hall) -> None:
    waiting = await hall.wait()
    await rung(hall, "east-1")
    await hall.do(desk.cancel, waiting.id)

    window = await hall.window()
    assert (window.state, window.ticket_id, window.unanswered) == (WindowState.IDLE, None, 0)


@pytest.mark.parametrize("away", ["close", "pause"])
async def test_a_clerk_who_goes_while_rung_gives_the_person_back(hall: Hall, away: str) -> None:
    waiting = await hall.wait()
    await rung(hall, "east-1", "east-2")
    if away == "close":
        await hall.at("east-1", calling.close_window)
    else:
        await hall.at("east-1", lambda work, it: calling.pause(work, it, reason=PauseReason.BREAK))
    [offered] = await hall.do(ringing.offer_all, "east")

    assert (offered.id, offered.ticket_id) == ("east-2", waiting.id)


async def test_who_walks_to_another_point_while_a_clerk_is_rung_is_called_there(hall: Hall) -> None:
    waiting = await hall.wait()
    await rung(hall, "east-1")
    await hall.take_up(waiting.id, "hill-1")

    assert (await hall.at("east-1", ringing.accept)).kiosk_id == "hill-1"


async def test_who_is_sent_to_a_window_that_never_answers_is_rung_at_any(hall: Hall) -> None:
    ticket = await hall.connected()
    await hall.open("east-2")
    await hall.transfer(ticket.id, "deeds", "east-2")
    await hall.at("east-1", calling.be_ready)
    for _ in range(UNANSWERED):
        assert [window.id for window in await hall.ring_clerks()] == ["east-2"]
        await let_lapse(hall, "east-2")

    assert [window.id for window in await hall.ring_clerks()] == ["east-1"]


async def test_a_rung_window_neither_calls_the_next_nor_is_ready(hall: Hall) -> None:
    await hall.wait()
    await hall.wait()
    await rung(hall, "east-1")

    with pytest.raises(WindowNotIdle):
        await hall.call()
    with pytest.raises(StepNotAllowed):
        await hall.at("east-1", calling.be_ready)


async def test_a_clerk_is_rung_only_in_a_language_of_the_window(hall: Hall) -> None:
    await hall.at("east-2", lambda work, it: setattr(it, "languages", ["zh-CN", "en"]))
    foreign = await hall.wait(language="en")

    assert await rung(hall, "east-1") == []
    assert await rung(hall, "east-2") == ["east-2"]
    assert (await hall.window("east-2")).ticket_id == foreign.id


async def test_who_speaks_what_no_open_window_speaks_waits_on_the_board(hall: Hall) -> None:
    await hall.open("east-1")
    foreign: Ticket = await hall.wait(language="en")
    with pytest.raises(NobodyWaiting):
        await hall.call()

    assert [row["id"] for row in (await hall.board())["tickets"]] == [foreign.id]
    assert (await hall.ticket(foreign)).since == MORNING
