"""The wait as it is told: worked out once for an office, shared by its screens, told when what is shown has changed."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.server.conftest import Stocked
from tests.server.hall import CHEN, LI, Hall, open_hall, sqlite_copy
from tongban_queue import desk
from tongban_queue.hall import Kiosk, Line, Office, Point
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket, TicketState
from tongban_server.http import HUB
from tongban_server.people.applicants import sealed_applicant
from tongban_server.people.vault import Vault
from tongban_signaling.room import Notice

OFFICE, LINE = "pinghu-estate", "pinghu-estate-a"


def crowd(work: Work, vault: Vault, people: int) -> list[str]:
    """So many who wait in the waiting room of one point."""
    line, kiosk = work.session.get_one(Line, LINE), work.session.get_one(Kiosk, "lianshui-k2")
    office, point = work.session.get_one(Office, OFFICE), work.session.get_one(Point, "lianshui")
    tickets = []
    for number in range(people):
        person = {"person_key": f"crowd-{number}", "matter_id": "pinghu-mortgage", "matter_name": "抵押"}
        errand = desk.Errand(
            line=line, office=office, point=point, language="zh-CN", elder=False, recorded=True, **person
        )
        ticket = desk.take(work, kiosk=kiosk, errand=errand)
        said = {"name": CHEN["name"], "id_number": CHEN["idNumber"], "phone": CHEN["phone"]}
        work.session.add(sealed_applicant(work, vault, ticket.id, recording=True, **said))
        tickets.append(desk.release(work, ticket.id).id)
    return tickets


@contextmanager
def statements(hall: Hall, holding: str) -> Iterator[list[str]]:
    """The statements of looks that hold a text."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if holding in statement:
            said.append(statement)

    event.listen(hall.store.reader, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(hall.store.reader, "before_cursor_execute", hear)


class Heard:
    """What goes out, by room, in bytes."""

    def __init__(self) -> None:
        self.bytes: dict[str, int] = {}

    def hear(self, notice: Notice) -> None:
        said = json.dumps([notice.event, notice.message.wire()], ensure_ascii=False)
        self.bytes[notice.room] = self.bytes.get(notice.room, 0) + len(said.encode())

    def of(self, noun: str) -> dict[str, int]:
        return {room: size for room, size in self.bytes.items() if f"{noun}:" in room}


async def one_move(hall: Hall, people: int, monkeypatch: pytest.MonkeyPatch) -> Heard:
    """A line of so many, whose first is called; what that sends."""
    await hall.kiosk("lianshui-k2")
    clerk = await hall.clerk()
    await hall.store.change(crowd, hall.house.vault, people)
    await hall.house.waits.of_office(OFFICE)
    await asyncio.sleep(1.0)
    heard, hub = Heard(), hall.server.app[HUB]
    tell = hub._board.tell

    async def listen(notice: Notice, *by: Any) -> None:
        heard.hear(notice)
        await tell(notice, *by)

    monkeypatch.setattr(hub._board, "tell", listen)
    (await clerk.post("/api/window/next")).good()
    await asyncio.sleep(2.5)
    return heard


async def test_a_move_sends_as_much_as_it_changes(
    stocked_sqlite: Stocked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: dict[int, tuple[int, int, int]] = {}
    for people in (30, 300):
        home = tmp_path / str(people)
        home.mkdir()
        url, passwords = sqlite_copy(stocked_sqlite, home)
        async with open_hall(home / "home", url, passwords) as hall:
            heard = await one_move(hall, people, monkeypatch)
        boards = [size for room, size in heard.of("board").items() if "#" not in room]
        tickets = heard.of("ticket")
        sent[people] = (max(boards), len(tickets), sum(tickets.values()))
    with capsys.disabled():
        for people, (board, rooms, in_rooms) in sent.items():
            print(f"\n{people} wait, one is called: {board} B to a board, {in_rooms} B to {rooms} tickets", end="")

    (small, _, _), (large, rooms, in_rooms) = sent[30], sent[300]
    assert large <= small + 100
    assert 290 <= rooms <= 300
    assert in_rooms <= rooms * 200 + 2500


async def test_screens_share_one_look_at_the_line(hall: Hall) -> None:
    await hall.clerk()
    visit = await hall.waiting()
    kiosk, path = await hall.kiosk(), f"/api/tickets/{visit['ticket']['id']}"
    (await kiosk.get(path)).good()

    with statements(hall, "ticket.for_window_id") as said:
        found = [(await kiosk.get(path)).good()["wait"] for _ in range(20)]

    assert [one for one in said if "ORDER BY ticket.since" in one] == []
    assert found == [found[0]] * 20

    await hall.waiting(LI, at="lianshui-k2")
    with statements(hall, "ticket.for_window_id") as said:
        await asyncio.gather(*(kiosk.get(path) for _ in range(20)))

    assert len([one for one in said if "ORDER BY ticket.since" in one]) <= 1


async def test_a_few_calls_are_known_only_so_well_and_nobody_on_duty_is_said(hall: Hall) -> None:
    first = await hall.waiting()
    assert first["wait"] == {
        "ahead": 0,
        "fewerThan": None,
        "outlook": "nobody_on_duty",
        "lowMin": None,
        "highMin": None,
        "atLeast": False,
    }

    await hall.clerk()
    second = (await hall.waiting(LI, at="lianshui-k2"))["wait"]

    assert (second["ahead"], second["outlook"], second["atLeast"]) == (1, "today", True)
    assert second["lowMin"] >= 1


async def test_the_wait_is_worked_out_anew_as_time_passes(hall: Hall) -> None:
    await hall.clerk()
    visit = await hall.waiting()
    kiosk = await hall.kiosk()
    path = f"/api/tickets/{visit['ticket']['id']}"
    with statements(hall, "ticket.for_window_id") as said:
        (await kiosk.get(path)).good()
        hall.clock.move(seconds=21)
        (await kiosk.get(path)).good()

    assert len([one for one in said if "ORDER BY ticket.since" in one]) == 1


async def test_a_newcomer_is_told_the_wait_before_taking_a_ticket(hall: Hall) -> None:
    await hall.clerk()
    await hall.waiting()
    kiosk = await hall.kiosk("lianshui-k2")

    wait = (await kiosk.get("/api/matters/pinghu-mortgage/wait")).good()

    assert (wait["ahead"], wait["outlook"]) == (1, "today")
    (await kiosk.get("/api/matters/no-such-matter/wait")).refused("no_such_matter", 404)


async def test_why_counts_who_goes_before_and_says_the_rule(hall: Hall) -> None:
    await hall.clerk()
    visit = await hall.waiting(CHEN)
    second = await hall.waiting(LI, at="lianshui-k2")
    kiosk, assistant = await hall.kiosk("lianshui-k2"), await hall.staff("assistant")
    path = f"/api/tickets/{second['ticket']['id']}"

    why = (await kiosk.get(f"{path}/why")).good()

    assert (why["ahead"], why["byLane"]) == (1, {"resuming": 0, "due": 0, "priority": 0, "ordinary": 1})
    assert (why["guard"], why["clerks"], why["kioskFree"], why["rule"]) == ("none", 1, True, ["first_come"])
    (await assistant.post(f"{path}/priority", {"group": "elderly", "evidence": True})).good()
    first = (await (await hall.staff("supervisor")).get(f"/api/tickets/{visit['ticket']['id']}/why")).good()
    assert (first["ahead"], first["byLane"]["priority"], first["rule"]) == (1, 1, ["priority_before_ordinary"])
    (await (await hall.clerk()).post("/api/window/next")).good()
    (await kiosk.get(f"{path}/why")).refused("not_waiting", 409)


async def test_in_privacy_the_exact_place_is_not_told(stocked_sqlite: Stocked, tmp_path: Path) -> None:
    url, passwords = sqlite_copy(stocked_sqlite, tmp_path)
    async with open_hall(tmp_path / "home", url, passwords, place_privacy=True) as hall:
        visit = await hall.waiting()
        path = f"/api/tickets/{visit['ticket']['id']}/why"
        mine = (await (await hall.kiosk()).get(path)).good()
        theirs = (await (await hall.staff("assistant")).get(path)).good()

    assert (visit["wait"]["ahead"], visit["wait"]["fewerThan"]) == (None, 3)
    assert (mine["ahead"], mine["fewerThan"], mine["byLane"]) == (None, 3, None)
    assert (theirs["ahead"], theirs["fewerThan"]) == (0, None)


async def test_staffing_is_refused_in_words_and_hides_small_cells(hall: Hall) -> None:
    supervisor, days = await hall.staff("supervisor"), "/api/staffing/pinghu-estate?within={}&days={}"
    for within, back in (("x", "30"), ("5", "0"), ("999", "30"), ("-1", "30")):
        (await supervisor.get(days.format(within, back))).refused("staffing_question_unclear", 400)

    await hall.kiosk("lianshui-k2")
    hall.clock.move(days=-1)
    await hall.see("lianshui-k2")
    await hall.store.change(crowd, hall.house.vault, 4)
    await hall.store.change(lambda work: [desk.cancel(work, one) for one in _waiting(work)])
    hall.clock.move(days=1)
    answer = (await supervisor.get("/api/staffing/pinghu-estate")).good()

    assert (answer["days"], answer["withinMin"], answer["share"]) == (1, 5, 0.9)
    (hour,) = answer["hours"]
    assert (hour["hour"], hour["callsPerHour"], hour["byErlang"], hour["byPlay"]) == (10, None, None, None)
    assert "random_arrivals" in answer["assumptions"]["erlang"]


def _waiting(work: Work) -> list[str]:
    return list(work.session.scalars(select(Ticket.id).where(Ticket.state == TicketState.WAITING)))
