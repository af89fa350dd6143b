"""A person's name, ID number and phone lie nowhere in clear: not in the database, logs, addresses, figures or files.

The canaries are one person whose data appears nowhere else in the demo, led through a whole visit and its refusals.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from tests.server.browser import Browser
from tests.server.hall import CHEN, LI, Hall, errand
from tongban_queue import journal
from tongban_server.demo.papers import sample_photo
from tongban_server.gatekeeper import Gatekeeper, clerk_room
from tongban_server.tables import METADATA
from tongban_signaling import gate

CANARY = {"name": "鸂鶒金丝", "idNumber": "32019919691206121X", "phone": "13987654321"}
#: The clerk's and the citizen's own words are as private as the person.
SAID = {"paper": "鸂鶒甲字样", "reason": "鸂鶒乙理由", "basis": "鸂鶒丙依据", "rating": "鸂鶒丁评价"}
SECRETS = [*CANARY.values(), CANARY["idNumber"][:-4], *SAID.values()]
#: What masks leave standing may be shown, but is not kept in clear either.
MASKED = ["鸂**丝", "139****4321", "**************121X"]


async def whole_visit(hall: Hall) -> str:
    """The canary through every door that takes or shows something of a person."""
    kiosk, clerk = await hall.kiosk(), await hall.clerk()
    await kiosk.post("/api/tickets", errand({**CANARY, "phone": "139876543210"}))
    await kiosk.post("/api/tickets", errand({**CANARY, "idNumber": "320199196912061210"}))
    await kiosk.post("/api/tickets", errand(CANARY) | {"extra": CANARY["name"]})
    ticket_id = await hall.connected(CANARY)
    await (await hall.kiosk("lianshui-k2")).post("/api/tickets", errand(CANARY))
    path = f"/api/tickets/{ticket_id}"
    photo = sample_photo(width=200)
    paper = (await kiosk.post(f"{path}/papers?material=1", raw=photo)).good()
    returned = {"code": "other", "words": SAID["paper"]}
    (await clerk.post(f"/api/papers/{paper['id']}/return", returned)).good()
    (await (await hall.staff("assistant")).get(path)).good()
    outcome = {"kind": "not_accepted", "reason": SAID["reason"], "basis": SAID["basis"]}
    (await clerk.post(f"{path}/outcome", outcome)).good()
    (await kiosk.post(f"{path}/rating", {"level": 1, "words": SAID["rating"]})).good()
    (await kiosk.post("/api/device/forget")).good()
    return ticket_id


def clear(value: Any) -> str:
    """A cell as text, bytes also as what they might spell."""
    return value.decode("utf-8", "replace") + value.hex() if isinstance(value, bytes) else str(value)


async def dump(hall: Hall) -> str:
    with hall.store.reading() as work:
        cells = []
        for table in METADATA.sorted_tables:
            for row in work.session.execute(text(f'SELECT * FROM "{table.name}"')):
                cells += [clear(bytes(cell) if isinstance(cell, memoryview) else cell) for cell in row]
    return "\n".join(cells)


async def test_nothing_personal_lies_in_clear_in_the_database(any_hall: Hall) -> None:
    await whole_visit(any_hall)

    dumped = await dump(any_hall)

    assert "pinghu-mortgage" in dumped  # the dump does see what is there
    assert not [secret for secret in [*SECRETS, *MASKED] if secret in dumped or secret.encode().hex() in dumped]


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


async def test_nothing_personal_lies_in_clear_in_files(hall: Hall, tmp_path: Path) -> None:
    await whole_visit(hall)

    content = everything_in(tmp_path)

    assert b"pinghu-mortgage" in content
    assert not [secret for secret in [*SECRETS, *MASKED] if secret.encode() in content]


async def test_nothing_personal_is_logged(hall: Hall, capfd: pytest.CaptureFixture[str], caplog: Any) -> None:
    caplog.set_level("DEBUG")
    with structlog.testing.capture_logs() as lines:
        ticket_id = await whole_visit(hall)
    printed = "".join(capfd.readouterr()) + caplog.text + str(lines)

    assert "request.answered" in printed
    assert not [secret for secret in SECRETS if secret in printed]
    assert ticket_id not in str(lines)  # patterns of addresses, never addresses


async def test_every_log_line_has_an_action_name(hall: Hall) -> None:
    with structlog.testing.capture_logs() as lines:
        await whole_visit(hall)

    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", line["event"]) for line in lines)


async def test_the_journal_names_no_one_and_holds(any_hall: Hall) -> None:
    await whole_visit(any_hall)
    auditor = await any_hall.staff("auditor")

    rows = [
        row for stream in ("pinghu-estate", "house") for row in (await auditor.get(f"/api/journal/{stream}")).good()
    ]

    kinds = {row["kind"] for row in rows}
    assert {
        "ticket.taken",
        "ticket.called",
        "ticket.connected",
        "paper.returned",
        "ticket.ended",
        "visit.rated",
    } <= kinds
    assert not [secret for secret in [*SECRETS, *MASKED] for row in rows if secret in row["text"]]
    with any_hall.store.reading() as work:
        for stream in journal.streams(work):
            assert not [found for found in journal.verify(work, stream) if isinstance(found, journal.Fault)]


async def everything_shown(hall: Hall, who: Browser, ticket_id: str) -> str:
    paths = (
        f"/api/tickets/{ticket_id}",
        "/api/window",
        "/api/boards/pinghu-estate",
        "/api/points/lianshui",
        "/api/device",
    )
    return "".join([(await who.get(path)).raw.decode() for path in paths])


async def test_screens_show_masks_only(hall: Hall) -> None:
    ticket_id = await hall.connected(CANARY)

    for name in ("lianshui-k1", "lianshui-k2", "lianshui-hall"):
        shown = await everything_shown(hall, await hall.kiosk(name), ticket_id)
        assert not [secret for secret in CANARY.values() if secret in shown], name
    for name in ("clerk", "assistant", "supervisor", "auditor", "system"):
        shown = await everything_shown(hall, await hall.staff(name), ticket_id)
        assert not [secret for secret in CANARY.values() if secret in shown], name
    clerk = (await (await hall.clerk()).get(f"/api/tickets/{ticket_id}")).good()
    assert list(clerk["applicant"].values()) == ["鸂**丝", "**************121X", "139****4321"]


async def test_the_slip_is_not_for_the_clerk_nor_the_boards(hall: Hall) -> None:
    visit = await hall.waiting(CHEN)
    clerk = await hall.clerk()
    (await clerk.post("/api/window/next")).good()

    for name in ("clerk", "supervisor"):
        assert visit["slip"] not in await everything_shown(hall, await hall.staff(name), visit["ticket"]["id"])
    for name in ("lianshui-hall", "lianshui-k2"):
        assert visit["slip"] not in await everything_shown(hall, await hall.kiosk(name), visit["ticket"]["id"])


async def test_clerks_see_only_their_own_lines_on_the_board(hall: Hall) -> None:
    mortgage = (await hall.waiting(CHEN))["ticket"]["id"]
    second = await hall.kiosk("lianshui-k2")
    transfer = (await second.post("/api/tickets", errand(LI, matter="pinghu-transfer"))).good()["ticket"]["id"]
    seen = {"clerk": {mortgage}, "other-line": {transfer}, "colleague": {mortgage, transfer}}

    for name, tickets in seen.items():
        board = (await (await hall.staff(name)).get("/api/boards/pinghu-estate")).good()
        assert {row["id"] for row in board["tickets"]} == tickets, name
        assert board["hours"] == [], name
    boards = (await (await hall.staff("supervisor")).get("/api/boards")).good()
    assert {board["office"]["regionCode"] for board in boards} == {"330482"}
    assert {row["id"] for board in boards for row in board["tickets"]} == {mortgage, transfer}


async def test_clerks_of_different_lines_listen_in_different_rooms(hall: Hall) -> None:
    door, rooms = Gatekeeper(hall.house), {}
    for name in ("clerk", "other-line", "supervisor"):
        browser = await hall.staff(name)
        cookies = {kept.key: kept.value for kept in browser.session.cookie_jar}
        face: Any = browser.face
        who = await door.admit(gate.Handshake({}, cookies, "127.0.0.1"), face)
        rooms[name] = await door.may_watch(who, "board:pinghu-estate", gate.Act.WATCH_SUBJECT)

    assert rooms == {
        "clerk": (clerk_room("board:pinghu-estate", ["pinghu-estate-a"]),),
        "other-line": (clerk_room("board:pinghu-estate", ["pinghu-estate-b"]),),
        "supervisor": ("board:pinghu-estate",),
    }
