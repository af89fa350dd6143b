"""The read side of the line: snapshots for screens, and the arithmetic of facts (snapshot + facts = next snapshot)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from tongban_queue.desk import NoSuchTicket
from tongban_queue.hall import Kiosk, KioskKind, Line, Office, Point
from tongban_queue.journal import Head
from tongban_queue.order import Waiting, sequence
from tongban_queue.refusals import NotFound
from tongban_queue.rows import kiosk_row, missed_row, ticket_row, when, window_row
from tongban_queue.store import Work
from tongban_queue.tally import day_of, day_start, hours_of_day
from tongban_queue.ticket import LIVE, Ticket, TicketState
from tongban_queue.window import Window

Snapshot = dict[str, Any]


class NoSuchOffice(NotFound):
    """There is no such office."""


class NoSuchPoint(NotFound):
    """There is no such service point."""


def board_snapshot(work: Work, office_id: str, *, lines: Collection[str] | None = None) -> Snapshot:
    """The board of an office now. With `lines`, as a clerk of those lines sees it: only their tickets, no counts."""
    office = work.session.get(Office, office_id)
    if office is None:
        raise NoSuchOffice()
    head = work.session.get(Head, office_id)
    live = select(Ticket).where(Ticket.office_id == office_id, Ticket.state.in_(LIVE)).order_by(Ticket.arrival)
    if lines is not None:
        live = live.where(Ticket.line_id.in_(lines))
    tickets = work.session.scalars(live)
    windows = work.session.scalars(select(Window).where(Window.office_id == office_id).order_by(Window.name))
    return {
        "subject": f"board:{office_id}",
        "version": head.number if head else 0,
        "at": when(work.now),
        "office": office_row(office),
        "tickets": [ticket_row(ticket) for ticket in tickets],
        "windows": [window_row(window) for window in windows],
        "hours": hours_of_day(work, office_id, day_of(work.now)) if lines is None else [],
    }


def office_row(office: Office) -> dict[str, str]:
    """An office as screens name it."""
    return {
        "id": office.id,
        "name": office.name,
        "regionCode": office.region_code,
        "regionName": office.region_name,
        "working": office.working.value,
    }


def for_lines(shows: Mapping[str, Any], line_id: str | None, lines: Collection[str]) -> dict[str, Any]:
    """What of a board's fact a clerk of `lines` is shown: windows always, tickets of these lines, no counts."""
    hidden = {"hours"} if line_id in lines else {"hours", "tickets"}
    return {name: rows for name, rows in shows.items() if name not in hidden}


def point_snapshot(work: Work, point_id: str) -> Snapshot:
    """The tickets and kiosks of a point now; `missed` are today's that nobody has put back into the line yet."""
    point = work.session.get(Point, point_id)
    if point is None:
        raise NoSuchPoint()
    live = select(Ticket).where(Ticket.point_id == point_id, Ticket.state.in_(LIVE)).order_by(Ticket.taken_at)
    tickets = list(work.session.scalars(live))
    devices = select(Kiosk).where(Kiosk.point_id == point_id, Kiosk.kind == KioskKind.KIOSK, Kiosk.revoked_at.is_(None))
    kiosks = work.session.scalars(devices.order_by(Kiosk.name))
    numbers = _numbers_at(work, point_id)
    return {
        "subject": f"point:{point_id}",
        "version": point.version,
        "at": when(work.now),
        "point": {"id": point.id, "name": point.name, "regionName": point.region_name, "phone": point.phone},
        "tickets": [ticket_row(ticket) for ticket in tickets],
        "missed": [missed_row(ticket) for ticket in _missed_at(work, point_id)],
        "kiosks": [kiosk_row(kiosk, work.now, numbers.get(kiosk.ticket_id or "")) for kiosk in kiosks],
    }


def _missed_at(work: Work, point_id: str) -> Iterable[Ticket]:
    # Named office by office, so that the index of what was handled finds today's.
    today = (Ticket.office_id.in_(select(Office.id)), Ticket.ended_at >= day_start(work.now))
    missed = (Ticket.state == TicketState.MISSED, Ticket.revived.is_(False), Ticket.point_id == point_id)
    return work.session.scalars(select(Ticket).where(*today, *missed).order_by(Ticket.ended_at))


def _numbers_at(work: Work, point_id: str) -> dict[str, str]:
    """The numbers of the tickets that kiosks of a point are held for, by ticket; also of one that is over."""
    there = select(Ticket.id, Ticket.number).join(Kiosk, Kiosk.ticket_id == Ticket.id)
    rows = work.session.execute(there.where(Kiosk.point_id == point_id))
    return {ticket_id: number for ticket_id, number in rows}


def ahead_of(work: Work, ticket: Ticket) -> int | None:
    """How many of its line would be called before this ticket by the published rule; None once it no longer waits."""
    columns = (Ticket.since, Ticket.arrival, Ticket.id, Ticket.lane, Ticket.behind)
    same = (Ticket.line_id == ticket.line_id, Ticket.state == TicketState.WAITING)
    rows = work.session.execute(select(*columns).where(*same))
    waiting = (Waiting(since, at, one, lane, behind=behind) for since, at, one, lane, behind in rows)
    order = sequence(waiting, work.now, work.session.get_one(Line, ticket.line_id).recent)
    return order.index(ticket.id) if ticket.id in order else None


def get_ticket(work: Work, ticket_id: str) -> Ticket:
    """The ticket; refuses `NoSuchTicket`."""
    ticket = work.session.get(Ticket, ticket_id)
    if ticket is None:
        raise NoSuchTicket()
    return ticket


def fold(snapshot: Mapping[str, Any], version: int, shows: Mapping[str, Any]) -> Snapshot:
    """A snapshot after one more fact: rows are put in by `id` (a row that is `gone` is taken out), the rest replaced.

    The screens do the same (`client_web/src/wire/reduce.ts`); both are held against fresh snapshots by the tests.
    """
    after = {**snapshot, "version": version}
    for name, value in shows.items():
        after[name] = _put_rows(after.get(name, []), value) if _are_rows(value) else value
    return after


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) and "id" in row for row in value)


def _put_rows(rows: list[dict[str, Any]], changed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_id = {row["id"]: row for row in rows}
    by_id.update((row["id"], row) for row in changed)
    return [row for row in by_id.values() if not row.get("gone")]
