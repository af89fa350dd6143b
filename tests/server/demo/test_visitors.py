"""Synthetic citizens and clerks against a real server, with real media between them."""

import asyncio
import random
from datetime import date
from typing import Any

import pytest
import typer

from tests.server.demo.running import RunningDemo, until
from tongban_server.demo import DATA
from tongban_server.demo.applicants import MadeUpApplicant, invent_applicant, read_applicants
from tongban_server.demo.page import Refused
from tongban_server.demo.papers import sample_pdf, sample_photo
from tongban_server.demo.synthetic_clerk import SyntheticClerk
from tongban_server.demo.visitor import Visitor
from tongban_server.demo.visitors import run_visitors
from tongban_server.people.identity import id_number_fault, phone_fault
from tongban_server.settings import Settings

CHEN, WANG = read_applicants(DATA)[14], read_applicants(DATA)[6]


async def mortgage(visitor: Visitor) -> Any:
    return next(matter for matter in await visitor.offered() if matter["id"] == "pinghu-mortgage")


async def talk(visitor: Visitor, clerk: SyntheticClerk, applicant: MadeUpApplicant = CHEN) -> None:
    """From the ticket to frames and sound on both sides."""
    await visitor.take(await mortgage(visitor), applicant)
    assert await clerk.next()
    assert await visitor.await_call()
    await visitor.warm_up()
    arrived = asyncio.create_task(clerk.await_arrival())
    await visitor.arrive()
    assert await arrived
    await both_see_and_hear(visitor, clerk)


async def both_see_and_hear(visitor: Visitor, clerk: SyntheticClerk) -> None:
    assert visitor.member is not None
    assert clerk.member is not None
    for member in (visitor.member, clerk.member):
        frames, sounds = member.seen.frames, member.seen.sounds
        await until(lambda seen=member.seen, f=frames, s=sounds: seen.frames > f + 5 and seen.sounds > s + 20)


async def test_a_whole_visit_with_media_papers_and_a_rating(demo: RunningDemo) -> None:
    (visitor,), clerk = await demo.visitors(1), await demo.clerk()
    await visitor.take(await mortgage(visitor), CHEN)
    assert visitor.here.shown["wait"]["ahead"] == 0
    await visitor.hand_in(sample_pdf(pages=2), material=1)
    assert await clerk.next()
    assert await visitor.await_call()
    await visitor.warm_up()
    await visitor.arrive()
    assert await clerk.await_arrival()
    await both_see_and_hear(visitor, clerk)
    assert clerk.member is not None
    assert clerk.member.seen.ready

    await visitor.hand_in(sample_photo(width=400), material=2)
    await clerk.here.until(lambda visit: len(visit.papers) == 2)
    photo = clerk.here.papers[1]
    await clerk.return_paper(photo)
    await visitor.here.until(lambda visit: visit.papers[1]["state"] == "returned")
    await visitor.hand_in(sample_photo(width=400, seed=2), material=2)
    await clerk.here.until(lambda visit: len(visit.papers) == 3)
    assert await clerk.accept_papers() == 2
    await clerk.check()
    outcome = await clerk.decide()
    assert await visitor.await_end() == "ended"
    assert visitor.here.shown["outcome"]["receiptNo"] == outcome["receiptNo"]
    assert [paper["state"] for paper in visitor.here.papers] == ["accepted", "returned", "accepted"]

    await visitor.rate(5)
    with pytest.raises(Refused, match="评"):
        await visitor.rate(5)
    await visitor.forget()
    await clerk.be_ready()
    assert not await clerk.next()
    assert demo.faults == []


async def test_a_visit_outlives_the_server(demo: RunningDemo) -> None:
    (visitor,), clerk = await demo.visitors(1), await demo.clerk()
    await talk(visitor, clerk)
    member = visitor.member

    await demo.kill()
    await both_see_and_hear(visitor, clerk)
    handing_in = asyncio.create_task(visitor.hand_in(sample_pdf(pages=1)))
    await asyncio.sleep(0.5)
    await demo.start()

    await handing_in
    await clerk.here.until(lambda visit: len(visit.papers) == 1)
    await both_see_and_hear(visitor, clerk)
    assert await clerk.accept_papers() == 1
    await clerk.check()
    await clerk.decide()
    assert visitor.member is member
    assert await visitor.await_end() == "ended"
    await visitor.rate(2, ["921"])
    assert demo.faults == []


async def test_two_clerks_who_press_next_at_once_get_two_people(demo: RunningDemo) -> None:
    visitors, clerks = await demo.visitors(2), [await demo.clerk(1), await demo.clerk(2)]
    for visitor, applicant in zip(visitors, (CHEN, WANG), strict=True):
        await visitor.take(await mortgage(visitor), applicant)

    called = await asyncio.gather(*(clerk.next() for clerk in clerks))

    assert called == [True, True]
    assert {clerk.here.id for clerk in clerks} == {visitor.here.id for visitor in visitors}
    assert all([await visitor.await_call() for visitor in visitors])


async def test_a_waiting_visitor_who_goes_away_leaves_nothing_behind(demo: RunningDemo) -> None:
    (visitor,), clerk = await demo.visitors(1), await demo.clerk()
    await visitor.take(await mortgage(visitor), CHEN)

    await visitor.go_away()

    assert not await clerk.next()
    assert (await visitor.get("/api/device"))["holding"] is None


async def test_whoever_was_left_at_a_kiosk_is_taken_up_again(demo: RunningDemo) -> None:
    (visitor,) = await demo.visitors(1)
    ticket_id = (await visitor.take(await mortgage(visitor), CHEN)).id
    await visitor.close()

    (seat,) = await demo.seats(1)
    assert seat.slip is not None
    assert seat.last_four is not None
    async with Visitor(demo.settings.url, seat.code) as again:
        await again.enrol()

        assert (await again.take_up(seat.slip, seat.last_four)).id == ticket_id


async def test_a_call_that_was_left_is_gone_on_with(demo: RunningDemo) -> None:
    (visitor,), clerk = await demo.visitors(1), await demo.clerk()
    await talk(visitor, clerk)
    await visitor.go_away()
    await visitor.close()

    (seat,) = await demo.seats(1)
    assert seat.slip is not None
    assert seat.last_four is not None
    async with Visitor(demo.settings.url, seat.code) as again:
        await again.enrol()
        await again.take_up(seat.slip, seat.last_four)
        await again.arrive()

        await both_see_and_hear(again, clerk)
        await clerk.decide("consultation_only")
        assert await again.await_end() == "ended"


async def test_the_crowd_comes_and_goes(demo: RunningDemo, capsys: pytest.CaptureFixture[str]) -> None:
    clerk = await demo.clerk()
    crowd = run_visitors(demo.settings, count=2, point=None, matter="pinghu-mortgage", visits=2, pace=0.05)
    coming = asyncio.create_task(crowd)

    for _ in range(2):
        async with asyncio.timeout(30):
            while not await clerk.next():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            assert await clerk.await_arrival()
        await clerk.accept_papers()
        await clerk.decide("consultation_only")
        await clerk.be_ready()

    async with asyncio.timeout(30):
        await coming
    told = capsys.readouterr().out
    assert told.count("talking") == told.count("of 5") == 2
    assert "陈示例" not in told
    assert demo.faults == []


async def test_no_demo_is_told_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    with pytest.raises(typer.Exit):
        await run_visitors(Settings(home=tmp_path, port=9), count=1, point=None, matter=None, visits=1)

    told = capsys.readouterr().out.replace("\n", "")
    assert "没有找到正在运行的演示服务" in told
    assert "No demo answers at http://127.0.0.1:9" in told


async def test_a_matter_without_agreement_is_told_in_words(
    demo: RunningDemo, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        await run_visitors(demo.settings, count=1, point=None, matter="jiashan-mortgage", visits=1)

    assert "协议" in capsys.readouterr().out


def test_invented_applicants_have_right_numbers() -> None:
    chance = random.Random(1)
    people = [invent_applicant(chance) for _ in range(200)]

    today = date(2026, 11, 22)
    assert {id_number_fault(person.id_number, today) for person in people} == {None}
    assert {phone_fault(person.phone) for person in people} == {None}
    assert all(person.name.endswith("示例") for person in people)
