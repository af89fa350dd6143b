"""The migrations lay exactly the tables that this version maps, on both databases; again is nothing; data stays."""

from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData, Table, inspect

from tongban_queue.desk import DayNumber, next_number
from tongban_queue.hall import Kiosk, Line, Office, Point, Working
from tongban_queue.hours import Hours
from tongban_queue.store import Store, Work
from tongban_queue.ticket import Ticket, TicketState
from tongban_queue.window import Window, WindowState
from tongban_server.migrations import _config, differences, migrate
from tongban_server.people.applicants import Applicant
from tongban_server.people.staff import Staff

MORNING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LIVE = {"checked_in", "waiting", "calling", "connected", "parked", "interrupted"}


async def test_migrations_lay_what_is_mapped(empty_database_url: str) -> None:
    store = Store(empty_database_url)
    try:
        await migrate(store)
        await migrate(store)

        assert await differences(store) == []
    finally:
        await store.close()


def ticket_row(name: str, **said: Any) -> dict[str, Any]:
    return {
        "id": name,
        "number": "A001",
        "slip": "ABCDEF",
        "person_key": "k" * 64,
        "version": 3,
        "office_id": "pinghu",
        "line_id": "pinghu-a",
        "line_title": "不动产",
        "matter_id": "mortgage",
        "matter_name": "抵押",
        "host_region": "330482",
        "host_region_name": "平湖市",
        "source_region": "320826",
        "source_region_name": "涟水县",
        "point_id": "lianshui",
        "point_name": "涟水点",
        "state": "waiting",
        "lane": "ordinary",
        "since": MORNING,
        "arrival": 1,
        "calls": 0,
        "language": "zh-CN",
        "elder": False,
        "recorded": True,
        "help": False,
        "taken_at": MORNING,
    } | said


#: A morning in the landed version: somebody is in the call, somebody waited and left with the same slip long ago.
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("office", {"id": "pinghu", "region_code": "330482", "region_name": "平湖市", "name": "平湖不动产"}
     | {"kind": "government", "hours": "09:00-12:00;13:30-17:00", "phone": "0573"}),
    ("line", {"id": "pinghu-a", "office_id": "pinghu", "prefix": "A", "title": "不动产", "recent": "O"}),
    ("day_number", {"line_id": "pinghu-a", "day": "2026-11-20", "last": 7}),
    ("point", {"id": "lianshui", "region_code": "320826", "region_name": "涟水县", "name": "涟水点"}
     | {"address": "示例路", "phone": "0517", "version": 4}),
    ("staff", {"id": "s1", "username": "clerk", "name": "周示例", "roles": ["clerk"], "office_id": "pinghu"}
     | {"regions": [], "lines": ["pinghu-a"], "failures": 0}),
    ("desk_window", {"id": "w1", "office_id": "pinghu", "staff_id": "s1", "staff_name": "周示例", "name": "1 号窗"}
     | {"lines": ["pinghu-a"], "state": "busy", "since": MORNING, "ticket_id": "now", "ticket_number": "A001"}),
    ("kiosk", {"id": "k1", "point_id": "lianshui", "kind": "kiosk", "name": "1 号", "in_use": True, "held": True}
     | {"ticket_id": "now"}),
    ("ticket", ticket_row("now", state="connected", kiosk_id="k1", window_id="w1", connected_at=MORNING)),
    ("ticket", ticket_row("then", state="abandoned", taken_at=datetime(2026, 11, 1, tzinfo=UTC))),
    ("applicant", {"ticket_id": "now", "name": b"n", "id_number": b"i", "phone": b"p", "notice_version": "2026-11"}
     | {"privacy_agreed_at": MORNING}),
]  # fmt: skip


def fill(store: Store) -> None:
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0001")
        for name, row in ROWS:
            connection.execute(Table(name, MetaData(), autoload_with=connection).insert(), row)


def _next_numbers(work: Work) -> list[str]:
    line = work.session.get_one(Line, "pinghu-a")
    return [next_number(work, line), next_number(work, line, booked_day="2026-11-23")]


@pytest.fixture
def landed_url(empty_database_url: str) -> str:
    """A database as the first version left it, with a visit going on."""
    store = Store(empty_database_url)
    fill(store)
    store.engine.dispose()
    return empty_database_url


async def test_a_database_of_the_first_version_upgrades_in_place_with_a_visit_going_on(landed_url: str) -> None:
    store = Store(landed_url, clock=lambda: MORNING)
    try:
        await migrate(store)

        assert await differences(store) == []
        with store.reading() as work:
            ticket = work.session.get_one(Ticket, "now")
            assert (ticket.state, ticket.since, ticket.slip) == (TicketState.CONNECTED, MORNING, "ABCDEF")
            assert (ticket.revived, ticket.behind, ticket.message_wanted, ticket.busy_s) == (False, 0, False, 0)
            assert (ticket.appointed_at, ticket.booked_day, ticket.for_window_id) == (None, None, None)
            assert work.session.get_one(Ticket, "then").slip != "ABCDEF"
            window = work.session.get_one(Window, "w1")
            assert (window.state, window.languages, window.unanswered) == (WindowState.BUSY, ["zh-CN"], 0)
            assert work.session.get_one(Staff, "s1").languages == ["zh-CN"]
            office, line = work.session.get_one(Office, "pinghu"), work.session.get_one(Line, "pinghu-a")
            assert (office.working, line.slot_places) == (Working.NEXT, 2)
            assert Hours.parse(office.hours) == Hours.parse("mon-fri 09:00-12:00,13:30-17:00")
            assert Hours.parse(work.session.get_one(Point, "lianshui").hours).always
            assert work.session.get_one(Kiosk, "k1").gone_at is None
            assert work.session.get_one(Applicant, "now").phone == b"p"
            assert work.session.get_one(DayNumber, ("pinghu-a", "2026-11-20")).last == 7
        numbers = await store.change(_next_numbers)
        assert numbers == ["A008", "AY001"]
    finally:
        await store.close()


async def test_live_means_the_same_to_the_indexes_of_an_upgraded_database(landed_url: str) -> None:
    store = Store(landed_url)
    try:
        await migrate(store)

        found = {index["name"]: index for index in inspect(store.engine).get_indexes("ticket")}
        for name in ("ix_ticket_live_office", "ix_ticket_live_point", "uq_ticket_person"):
            where = " ".join(str(clause) for clause in found[name].get("dialect_options", {}).values())
            assert {state for state in TicketState if f"'{state}'" in where} == LIVE, name
    finally:
        await store.close()
