"""How an office's lines stand now, read from its rows: what the waits are worked out from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select

from tongban_queue.hall import KIOSK_AWAY_AFTER, Kiosk, KioskKind, Line, Office
from tongban_queue.journal import Head
from tongban_queue.order import sequence
from tongban_queue.pace import Held, Pace
from tongban_queue.rehearsal import Queued
from tongban_queue.standing import Coming, Seat, Serving, Standing
from tongban_queue.store import Work
from tongban_queue.tally import SHANGHAI
from tongban_queue.ticket import LIVE, Lane, Ticket, TicketState
from tongban_queue.window import Window, WindowState
from tongban_queue.working_days import WorkCalendar

#: So many tickets that are over are looked at, the newest; and who came so lately says how fast priorities come.
LOOKED_AT = 300
LATELY = timedelta(hours=2)


class InLine(NamedTuple):
    """A waiting ticket as the survey reads it."""

    since: datetime
    arrival: int
    behind: int
    id: str
    lane: Lane
    line_id: str
    matter_id: str
    language: str
    for_window_id: str | None


@dataclass(frozen=True, slots=True)
class Survey:
    """An office at one moment. `version` is that of its board; `ahead`, by ticket, is the place of domain §2.14."""

    version: int
    standing: Standing
    ahead: Mapping[str, int]


def version_of(work: Work, office_id: str) -> int:
    """The number of the last thing that happened at an office; 0 before the first."""
    return work.session.scalar(select(Head.number).where(Head.stream == office_id)) or 0


def survey(work: Work, office_id: str, calendar: WorkCalendar) -> Survey:
    """How the lines of an office stand at the work's moment."""
    office = work.session.get_one(Office, office_id)
    windows = windows_on_duty(work, office_id)
    waiting = [InLine(*row) for row in work.session.execute(_waiting(office_id))]
    recent = {line.id: line.recent for line in work.session.scalars(select(Line).where(Line.office_id == office_id))}
    over = work.session.execute(_over(office_id)).all()
    ways = ways_of(waiting, windows)
    standing = Standing(
        now=work.now,
        queue=[_queued(one, ways[_needs(one)]) for one in waiting],
        seats=list(_seats(work, windows, ways)),
        spans=office.opening(calendar).spans(work.now.astimezone(SHANGHAI).date()),
        pace=Pace(Held(row.line_id, row.matter_id, row.busy_s) for row in reversed(over) if row.busy_s),
        recent=recent | {way: recent[needs[0]] for needs, way in ways.items()},
        coming=list(_coming(work, office_id)),
        gone_share=sum(row.called_at is None for row in over) / len(over) if over else 0.0,
    )
    return Survey(version_of(work, office_id), standing, _places(waiting, work.now, recent))


def windows_on_duty(work: Work, office_id: str) -> list[Window]:
    """The windows whose clerks are there: not those that are closed, or paused without a return to come."""
    open_ = (Window.office_id == office_id, Window.state != WindowState.OFFLINE)
    found = work.session.scalars(select(Window).where(*open_).order_by(Window.id))
    return [window for window in found if on_duty(window, work.now)]


def on_duty(window: Window, now: datetime) -> bool:
    """Whether this window's clerk is there, or will be back from a pause at a known moment."""
    if window.state is WindowState.PAUSED:
        return window.due_at is not None and window.due_at > now
    return window.state is not WindowState.OFFLINE


def kiosk_at_hand(work: Work, ticket: Ticket) -> bool:
    """Whether this ticket could be called now as far as kiosks go: its own is here, or one of its point is free."""
    mine = Kiosk.id == ticket.kiosk_id if ticket.kiosk_id else Kiosk.point_id == ticket.point_id
    here = (Kiosk.kind == KioskKind.KIOSK, Kiosk.revoked_at.is_(None), Kiosk.seen_at >= work.now - KIOSK_AWAY_AFTER)
    free = () if ticket.kiosk_id else (Kiosk.ticket_id.is_(None), Kiosk.in_use.is_(False))
    return work.session.scalar(select(Kiosk.id).where(mine, *here, *free).limit(1)) is not None


#: What a ticket needs of a window: its line, its language, and the window to which it was transferred, if any.
Needs = tuple[str, str, str | None]


def _needs(one: InLine) -> Needs:
    return one.line_id, one.language, one.for_window_id


def serves(window: Window, needs: Needs) -> bool:
    """Whether this window may call somebody with these needs."""
    line_id, language, for_window_id = needs
    return line_id in window.lines and language in window.languages and for_window_id in (None, window.id)


def ways_of(waiting: Iterable[InLine], windows: Sequence[Window]) -> dict[Needs, str]:
    """For each need the line in which the play lets it wait: its own, or one beside it where not every window serves.

    So whoever speaks a language that one window shares is played as waiting for that window alone.
    """
    ways: dict[Needs, str] = {}
    for needs in {_needs(one) for one in waiting}:
        of_line = [window for window in windows if needs[0] in window.lines]
        all_serve = all(serves(window, needs) for window in of_line)
        ways[needs] = needs[0] if all_serve else f"{needs[0]}/{needs[1]}/{needs[2] or ''}"
    return ways


def _waiting(office_id: str) -> Any:
    columns = [getattr(Ticket, name) for name in InLine._fields]
    mine = (Ticket.office_id == office_id, Ticket.state == TicketState.WAITING)
    return select(*columns).where(*mine).order_by(Ticket.since, Ticket.arrival, Ticket.behind)


def _queued(one: InLine, way: str) -> Queued:
    return Queued(one.since, one.arrival, one.id, one.lane, way, one.matter_id, behind=one.behind)


def _over(office_id: str) -> Any:
    """The newest tickets that are over. One that was never called has gone by itself."""
    columns = (Ticket.line_id, Ticket.matter_id, Ticket.busy_s, Ticket.called_at)
    ended = (Ticket.office_id == office_id, Ticket.ended_at.is_not(None), Ticket.state.not_in([TicketState.NO_SHOW]))
    return select(*columns).where(*ended).order_by(Ticket.ended_at.desc()).limit(LOOKED_AT)


def _seats(work: Work, windows: Sequence[Window], ways: Mapping[Needs, str]) -> Iterator[Seat]:
    served = {window.served_id for window in windows if window.served_id}
    of_whom = select(Ticket.id, Ticket.line_id, Ticket.matter_id).where(Ticket.id.in_(served))
    whose = {row.id: row for row in work.session.execute(of_whom)} if served else {}
    for window in windows:
        lines = frozenset(window.lines) | {way for needs, way in ways.items() if serves(window, needs)}
        called = whose.get(window.served_id or "")
        if window.state in (WindowState.RINGING, WindowState.BUSY) and called is not None and window.rang_at:
            yield Seat(lines, serving=Serving(called.line_id, called.matter_id, window.rang_at))
        elif window.state in (WindowState.WRAP_UP, WindowState.PAUSED):
            yield Seat(lines, free_at=window.due_at)
        else:
            yield Seat(lines)


def _coming(work: Work, office_id: str) -> Iterator[Coming]:
    """How fast those came lately who go before others."""
    since, first = work.now - LATELY, (Lane.PRIORITY, Lane.DUE)
    lately = or_(Ticket.state.in_(LIVE), Ticket.ended_at >= since)
    came = and_(Ticket.office_id == office_id, Ticket.lane.in_(first), Ticket.since >= since, lately)
    counted: dict[tuple[str, str, Lane], int] = {}
    for line_id, matter_id, lane in work.session.execute(
        select(Ticket.line_id, Ticket.matter_id, Ticket.lane).where(came)
    ):
        counted[line_id, matter_id, lane] = counted.get((line_id, matter_id, lane), 0) + 1
    for (line_id, matter_id, lane), count in sorted(counted.items()):
        yield Coming(line_id, matter_id, lane, count / (LATELY / timedelta(hours=1)))


def _places(waiting: Iterable[InLine], now: datetime, recent: Mapping[str, str]) -> dict[str, int]:
    lines: dict[str, list[Queued]] = {}
    for one in waiting:
        lines.setdefault(one.line_id, []).append(_queued(one, one.line_id))
    orders = (sequence(queue, now, recent[line_id]) for line_id, queue in lines.items())
    return {ticket_id: ahead for order in orders for ahead, ticket_id in enumerate(order)}
