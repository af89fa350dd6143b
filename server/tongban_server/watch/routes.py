"""The doors of those who watch: boards, points, and the auditor's journal."""

import re

from aiohttp import web
from sqlalchemy import select

from tongban_queue.board import board_snapshot, point_snapshot
from tongban_queue.hall import Office
from tongban_queue.journal import Entry, moment
from tongban_server.door import Ask, Routes
from tongban_server.people.sessions import Caller
from tongban_server.people.staff import Role
from tongban_server.policy import Act
from tongban_server.view import Nothing
from tongban_server.visits.things import find_office, find_point
from tongban_server.watch.staffing import DAYS, MINUTES, Staffing, asked, staffing_of
from tongban_server.watch.views import BoardSnapshot, JournalRow, PointSnapshot

routes = Routes("watch")
PAGE = 200


def lines_seen(caller: Caller) -> frozenset[str] | None:
    """The lines whose tickets this caller sees on a board; None means all, with the counts."""
    return caller.lines if caller.role is Role.CLERK else None


@routes.get("/api/boards", Act.BOARDS_LIST)
def boards(ask: Ask[Nothing]) -> list[BoardSnapshot]:
    """The boards of all offices in the supervisor's regions."""
    offices = (
        select(Office.id).where(Office.region_code.in_(ask.caller.regions)).order_by(Office.region_code, Office.id)
    )
    found = list(ask.work.session.scalars(offices))
    return [BoardSnapshot.model_validate(board_snapshot(ask.work, office_id)) for office_id in found]


@routes.get("/api/boards/{office}", Act.BOARD_READ, find_office)
def board(ask: Ask[Nothing]) -> BoardSnapshot:
    """The board of an office, as far as the asker sees it."""
    shown = board_snapshot(ask.work, ask.path["office"], lines=lines_seen(ask.caller))
    return BoardSnapshot.model_validate(shown)


@routes.plain("GET", "/api/staffing/{office}", Act.STAFFING_READ, find_office, shows=Staffing, query=("within", "days"))
async def staffing(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """How many clerks each hour would need, so that 90 % are called in `?within=` minutes, by `?days=` of history."""
    within_min = asked(ask.query.get("within"), MINUTES, "within")
    days = asked(ask.query.get("days"), DAYS, "days")
    answer = await staffing_of(ask.house.store, ask.path["office"], within_min=within_min, days=days)
    headers = {"Cache-Control": "no-store"}
    return web.Response(text=answer.model_dump_json(), content_type="application/json", headers=headers)


@routes.get("/api/points/{point}", Act.POINT_READ, find_point)
def point(ask: Ask[Nothing]) -> PointSnapshot:
    """The tickets and kiosks of a point."""
    return PointSnapshot.model_validate(point_snapshot(ask.work, ask.path["point"]))


@routes.get("/api/journal/{stream}", Act.JOURNAL_READ, query=("after",))
def journal_rows(ask: Ask[Nothing]) -> list[JournalRow]:
    """At most 200 rows of a stream after `?after=N`."""
    said = ask.query.get("after", "")
    after = int(said) if re.fullmatch(r"[0-9]{1,9}", said) else 0
    rows = select(Entry).where(Entry.stream == ask.path["stream"], Entry.number > after).order_by(Entry.number)
    found = ask.work.session.scalars(rows.limit(PAGE))
    return [
        JournalRow(number=row.number, at=moment(row.at), kind=row.kind, text=row.text, hash=row.hash) for row in found
    ]
