"""What a screen shows after a snapshot and the facts since is what a fresh snapshot shows."""

import random

import pytest

from tests.queue.builders import Hall
from tests.queue.walk import Walk
from tongban_queue import desk, returning
from tongban_queue.board import NoSuchOffice, NoSuchPoint, fold, for_lines

STEPS = 40


async def walks(hall: Hall, seeds: range, steps: int) -> None:
    for seed in seeds:
        await hall.clear()
        await hall.lay()
        await Walk(hall, seed).go(steps)


async def test_a_stale_snapshot_and_the_facts_make_a_fresh_one(hall: Hall) -> None:
    await walks(hall, range(6 if hall.store.engine.dialect.name == "sqlite" else 3), STEPS)


@pytest.mark.soak
async def test_a_thousand_walks_hold(hall: Hall) -> None:
    await walks(hall, range(1000), STEPS)


async def test_the_hour_is_counted_where_it_happened(hall: Hall) -> None:
    await hall.wait()
    hall.clock.forward(minutes=31)
    await hall.wait()
    hours = (await hall.board())["hours"]

    assert [(hour["id"], hour["taken"]) for hour in hours] == [("2026-11-23T10", 1), ("2026-11-23T11", 1)]


async def test_a_finished_ticket_keeps_its_number_on_its_kiosk(hall: Hall) -> None:
    await hall.do(desk.end, (await hall.connected()).id)
    kiosks = (await hall.point())["kiosks"]

    assert [(kiosk["state"], kiosk["ticketNumber"]) for kiosk in kiosks] == [
        ("holding", "D001"),
        ("free", None),
        ("away", None),
    ]


async def test_a_missed_ticket_stays_on_its_points_list_until_it_is_revived(hall: Hall) -> None:
    before = await hall.point()
    await hall.open("east-1")
    await hall.take()
    ticket = await hall.call()
    await hall.do(desk.miss, ticket.id)
    missed = await hall.point()
    await hall.do(returning.revive, ticket.id)
    after = await hall.point()

    assert [[row["id"] for row in shown["missed"]] for shown in (before, missed, after)] == [[], [ticket.id], []]
    assert [row["id"] for row in missed["tickets"]] == []
    assert [row["id"] for row in after["tickets"]] == [ticket.id]


async def test_a_clerk_sees_only_tickets_of_its_lines(hall: Hall) -> None:
    mine = await hall.wait("deeds")
    await hall.wait("pensions")
    board = await hall.board(lines=["deeds"])

    assert [ticket["id"] for ticket in board["tickets"]] == [mine.id]
    assert board["hours"] == []


async def test_facts_of_other_lines_come_without_their_tickets_and_keep_the_version(hall: Hall) -> None:
    await hall.wait("pensions")
    facts = [fact for fact in hall.told if fact.subject == "board:east"]

    assert [for_lines(fact.shows, fact.line_id, ["deeds"]) for fact in facts] == [{}, {}]
    assert [fact.version for fact in facts] == [1, 2]


async def test_nothing_personal_is_told(hall: Hall) -> None:
    ticket = await hall.take(person="secret-digest")

    assert "secret-digest" not in str(hall.told)
    assert ticket.slip not in str(hall.told)


async def test_an_unknown_board_is_refused(hall: Hall) -> None:
    with pytest.raises(NoSuchOffice):
        await hall.board("nowhere")
    with pytest.raises(NoSuchPoint):
        await hall.point("nowhere")


def test_fold_puts_rows_in_by_id_takes_gone_ones_out_and_replaces_the_rest() -> None:
    before = {"version": 1, "rows": [{"id": "a", "n": 1}, {"id": "b", "n": 1}], "one": 1}
    after = fold(before, 2, {"rows": [{"id": "b", "gone": True}, {"id": "a", "n": 2}, {"id": "c", "n": 1}], "one": 2})

    assert after == {"version": 2, "rows": [{"id": "a", "n": 2}, {"id": "c", "n": 1}], "one": 2}
    assert before["one"] == 1


def test_facts_told_twice_change_nothing() -> None:
    chance = random.Random(7)
    facts = [{"rows": [{"id": chance.choice("abc"), "n": n, "gone": chance.random() < 0.3}]} for n in range(50)]
    state = {"version": 0, "rows": []}
    for version, shows in enumerate(facts, 1):
        state = fold(state, version, shows)

        assert fold(state, version, shows) == state
