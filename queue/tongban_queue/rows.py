"""The rows that screens show, and how a change is told to them.

A row is a small dictionary in wire form (camelCase, moments as text), with an `id`, and with nothing personal in it.
What the board of an office is shown is at the same time the body of the journal's row, so a journal can be replayed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tongban_queue import journal
from tongban_queue.hall import Kiosk, Point
from tongban_queue.store import Told, Work
from tongban_queue.tally import Tally
from tongban_queue.ticket import Ticket, TicketState
from tongban_queue.window import Window

Row = dict[str, Any]
#: After these facts the fronts of the lines are still what they were, or kept so (`fronts.py`).
KEEPS_FRONTS = frozenset({"ticket.taken", "ticket.called"})


def when(at: datetime | None) -> str | None:
    """A moment as text, or None."""
    return journal.moment(at) if at else None


def ticket_row(ticket: Ticket) -> Row:
    """A ticket as every screen of the hall may show it."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "state": ticket.state.value,
        "lane": ticket.lane.value,
        "since": when(ticket.since),
        "takenAt": when(ticket.taken_at),
        "calledAt": when(ticket.called_at),
        "connectedAt": when(ticket.connected_at),
        "endedAt": when(ticket.ended_at),
        "calls": ticket.calls,
        "revived": ticket.revived,
        "appointedAt": when(ticket.appointed_at),
        "officeId": ticket.office_id,
        "lineId": ticket.line_id,
        "lineTitle": ticket.line_title,
        "matterId": ticket.matter_id,
        "matterName": ticket.matter_name,
        "hostRegionName": ticket.host_region_name,
        "sourceRegionName": ticket.source_region_name,
        "pointId": ticket.point_id,
        "pointName": ticket.point_name,
        "kioskId": ticket.kiosk_id,
        "kioskName": ticket.kiosk_name,
        "windowId": ticket.window_id,
        "windowName": ticket.window_name,
        "language": ticket.language,
        "elder": ticket.elder,
        "help": ticket.help,
        "priority": ticket.priority.value if ticket.priority else None,
        "recorded": ticket.recorded,
        "messageWanted": ticket.message_wanted,
        "gone": not ticket.live,
    }


def window_row(window: Window) -> Row:
    """A window as the boards of its office show it."""
    return {
        "id": window.id,
        "name": window.name,
        "staffName": window.staff_name,
        "state": window.state.value,
        "since": when(window.since),
        "dueAt": when(window.due_at),
        "pauseReason": window.pause_reason.value if window.pause_reason else None,
        "ticketId": window.ticket_id,
        "ticketNumber": window.ticket_number,
        "lines": list(window.lines),
        "languages": list(window.languages),
        "unanswered": window.unanswered,
    }


def kiosk_row(kiosk: Kiosk, now: datetime, number: str | None) -> Row:
    """A kiosk as its point's screens show it; `number` is that of the ticket it holds or is reserved for."""
    return {"id": kiosk.id, "name": kiosk.name, "state": kiosk.state(now).value, "ticketNumber": number}


def _rows(ticket: Row | None, window: Window | None, tally: Tally | None) -> Row:
    shown: Row = {}
    if ticket is not None:
        shown["tickets"] = [ticket]
    if window is not None:
        shown["windows"] = [window_row(window)]
    if tally is not None:
        shown["hours"] = [tally.row]
    return shown


def tell_office(
    work: Work,
    kind: str,
    office_id: str,
    *,
    ticket: Ticket | None = None,
    window: Window | None = None,
    tally: Tally | None = None,
    also: Mapping[str, Any] | None = None,
    gone: Ticket | None = None,
    row: Row | None = None,
) -> None:
    """Record a fact in the office's stream and tell the office's boards. `also` is recorded but shown to no board.

    `gone`: a ticket that leaves this office for another one; `row`: the ticket's row, where it is made already.
    """
    shown = _rows(row or (ticket_row(ticket) if ticket else None), window, tally)
    if gone is not None:
        shown["tickets"] = [{**ticket_row(gone), "gone": True}]
        ticket = gone
    body = {**shown, **(also or {}), "by": work.actor}
    number = journal.record(work, office_id, kind, body, ticket_id=ticket.id if ticket else None)
    line_id = ticket.line_id if ticket else None
    work.told.append(Told(f"board:{office_id}", number, kind, work.now, shown, line_id))


def tell_point(
    work: Work,
    kind: str,
    point_id: str,
    *,
    tickets: Iterable[Row] = (),
    kiosks: Iterable[Row] = (),
    missed: Iterable[Row] = (),
) -> None:
    """Tell the screens of a point (assistant, hall screen); counts the point's version up.

    `missed` are those who were called in vain and may still be put back into the line.
    """
    if kind not in KEEPS_FRONTS:
        work.held.forget_findings()
    point = work.hold(Point, point_id)
    point.version += 1
    parts = {"tickets": tickets, "kiosks": kiosks, "missed": missed}
    shown = {name: list(rows) for name, rows in parts.items() if rows}
    work.told.append(Told(f"point:{point_id}", point.version, kind, work.now, shown))


def tell_visit(work: Work, kind: str, ticket: Ticket, *, row: Row | None = None, **parts: Any) -> None:
    """Tell the screens of one visit; counts the ticket's version up. `parts` are the changed parts of its snapshot."""
    ticket.version += 1
    shown = {"ticket": row or ticket_row(ticket), **parts}
    work.told.append(Told(f"ticket:{ticket.id}", ticket.version, kind, work.now, shown))


def missed_row(ticket: Ticket) -> Row:
    """A ticket on its point's list of missed ones; `gone` once it may not be revived any more."""
    return {**ticket_row(ticket), "gone": ticket.state is not TicketState.MISSED or ticket.revived}


def _missed(ticket: Ticket, kind: str) -> list[Row]:
    """The list of missed ones changes when somebody is missed, and when somebody is back in the line."""
    return [missed_row(ticket)] if ticket.state is TicketState.MISSED or kind == "ticket.revived" else []


def tell_all(
    work: Work,
    kind: str,
    ticket: Ticket,
    *,
    window: Window | None = None,
    kiosk: Kiosk | None = None,
    tally: Tally | None = None,
    also: Mapping[str, Any] | None = None,
    **parts: Any,
) -> None:
    """A step of a ticket: recorded in its office's stream; told to the office, to the point and to the visit."""
    row = ticket_row(ticket)
    tell_office(work, kind, ticket.office_id, ticket=ticket, window=window, tally=tally, also=also, row=row)
    kiosks = [kiosk_row(kiosk, work.now, ticket.number if kiosk.ticket_id else None)] if kiosk else []
    tell_point(work, kind, ticket.point_id, tickets=[row], kiosks=kiosks, missed=_missed(ticket, kind))
    tell_visit(work, kind, ticket, row=row, **parts)
