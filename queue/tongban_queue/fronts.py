"""The front of a line: the first of each lane for whom a kiosk is there.

A front is read from the database once and then kept true in memory, as long as tickets are only taken and called: until
then nobody's kiosk becomes free and nobody comes into the middle of a lane, so whoever was left out cannot be next. All
else that is told of a ticket or a kiosk forgets it (`rows.tell_point`).
"""

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, bindparam, or_, select, union_all

from tongban_queue.hall import KIOSK_AWAY_AFTER, Kiosk, KioskKind, KioskState, Line, Point
from tongban_queue.held import By
from tongban_queue.order import Waiting
from tongban_queue.store import Work
from tongban_queue.ticket import Lane, Ticket, TicketState
from tongban_queue.window import Window

#: The kiosks of a point that nobody stands at.
FREE_AT = By(Kiosk, Kiosk.point_id, (Kiosk.ticket_id.is_(None), Kiosk.in_use.is_(False)))


@dataclass(frozen=True, slots=True)
class View:
    """Whose front it is: that of the windows with these languages, without those who wait at certain points."""

    line_id: str
    languages: tuple[str, ...]
    without_points: frozenset[str] = frozenset()


@dataclass(slots=True)
class Front:
    """The first `depth` waiting of each lane, in their order. A lane with fewer is known to its end."""

    depth: int
    lanes: dict[Lane, deque[Waiting]] = field(default_factory=lambda: {lane: deque() for lane in Lane})
    whole: set[Lane] = field(default_factory=set)


def head_of(work: Work, line_id: str, lane: Lane, window: Window, without: frozenset[str]) -> Waiting | None:
    """The first of a lane whom this window may call now: in a shared language, and with a kiosk at hand."""
    view = View(line_id, tuple(window.languages), without)
    front: Front = work.held.notes.get(view) or _read_foreseen(work, view)
    while True:
        known = front.lanes[lane]
        while known and work.hold(Ticket, known[0].id).state is not TicketState.WAITING:
            known.popleft()
        for waiting in known:
            if _may_call(work, window, work.hold(Ticket, waiting.id)):
                return waiting
        if lane in front.whole:
            return None
        front = _read(work, view, 2 * front.depth)


def _may_call(work: Work, window: Window, ticket: Ticket) -> bool:
    free = ticket.state is TicketState.WAITING and ticket.window_id is None
    return free and ticket.for_window_id in (None, window.id) and _has_kiosk(work, ticket)


def _has_kiosk(work: Work, ticket: Ticket) -> bool:
    kiosk = kiosk_for(work, ticket)
    return kiosk is not None and kiosk.seen_at is not None and kiosk.seen_at >= work.now - KIOSK_AWAY_AFTER


def kiosk_for(work: Work, ticket: Ticket) -> Kiosk | None:
    """The kiosk at which this ticket would be called: the one it holds, or the first free one of its point."""
    if ticket.kiosk_id is not None:
        return work.hold(Kiosk, ticket.kiosk_id)
    return min(free_kiosks(work, ticket.point_id), key=lambda kiosk: kiosk.name, default=None)


def free_kiosks(work: Work, point_id: str) -> list[Kiosk]:
    """The kiosks of a point to which somebody could be called now."""
    there = work.held.all(FREE_AT, point_id)
    return [kiosk for kiosk in there if kiosk.kind is KioskKind.KIOSK and kiosk.state(work.now) is KioskState.FREE]


def join(work: Work, ticket: Ticket) -> None:
    """Somebody new waits: at the end of a lane that is known to its end, else among those who are not known yet."""
    new = Waiting(ticket.since, ticket.arrival, ticket.id, ticket.lane, behind=ticket.behind)
    for view, front in [(view, front) for view, front in work.held.notes.items() if isinstance(view, View)]:
        if view.line_id != ticket.line_id or ticket.language not in view.languages:
            continue
        known = front.lanes[ticket.lane]
        if known and new.turn < known[-1].turn:
            del work.held.notes[view]  # a clock went back: read it anew
        elif ticket.lane in front.whole:
            known.append(new)


def _read_foreseen(work: Work, view: View) -> Front:
    """This front and, in the same breath, those of all lines that were foreseen: as deep as they will be called."""
    lines = work.held.foreseen(Line)
    for line_id in {view.line_id, *map(str, lines)}:
        other = replace(view, line_id=line_id)
        if other not in work.held.notes:
            _read(work, other, max(1, work.held.times(Line, line_id)))
    front: Front = work.held.notes[view]
    return front


def _read(work: Work, view: View, depth: int) -> Front:
    front = work.held.notes[view] = Front(depth)
    asked = {"line": view.line_id, "languages": view.languages, "without": list(view.without_points)}
    for row in work.session.execute(_FRONT, asked | {"depth": depth, "seen": work.now - KIOSK_AWAY_AFTER}):
        one = Waiting(row.since, row.arrival, row.id, row.lane, behind=row.behind)
        front.lanes[one.lane].append(one)
        kiosk = (Kiosk, row.kiosk_id) if row.kiosk_id else (FREE_AT, row.point_id)
        work.held.foresee([(Ticket, one.id), (Point, row.point_id), kiosk])
    front.whole = {lane for lane, waiting in front.lanes.items() if len(waiting) < depth}
    return front


def free_kiosk(work: Work) -> ColumnElement[bool]:
    """A kiosk at which somebody could be called now."""
    alone = and_(Kiosk.ticket_id.is_(None), Kiosk.in_use.is_(False), Kiosk.revoked_at.is_(None))
    return and_(Kiosk.kind == KioskKind.KIOSK, alone, Kiosk.seen_at >= work.now - KIOSK_AWAY_AFTER)


def _lane(lane: Lane) -> Select[*tuple[Any, ...]]:
    seen = Kiosk.seen_at >= bindparam("seen")
    free = select(Kiosk.point_id).where(*FREE_AT.among, Kiosk.kind == KioskKind.KIOSK, Kiosk.revoked_at.is_(None), seen)
    free = free.where(Kiosk.point_id.not_in(bindparam("without", expanding=True)))
    there = select(Kiosk.id).where(Kiosk.id == Ticket.kiosk_id, seen)
    # The state stands in the text: only then does PostgreSQL's plan for all parameters know the partial index.
    waits = Ticket.state == bindparam(None, TicketState.WAITING, type_=Ticket.state.type, literal_execute=True)
    return (
        select(*(Ticket.since, Ticket.arrival, Ticket.behind, Ticket.id, Ticket.lane), Ticket.point_id, Ticket.kiosk_id)
        .where(Ticket.line_id == bindparam("line"), Ticket.lane == lane, waits, Ticket.window_id.is_(None))
        .where(Ticket.language.in_(bindparam("languages", expanding=True)))
        .where(or_(there.exists(), and_(Ticket.kiosk_id.is_(None), Ticket.point_id.in_(free))))
        .order_by(Ticket.since, Ticket.arrival, Ticket.behind)
        .limit(bindparam("depth"))
    )


_FRONT: CompoundSelect[*tuple[Any, ...]] = union_all(*(select(_lane(lane).subquery()) for lane in Lane))
