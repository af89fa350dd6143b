"""The front of a line: the first of each lane who could be called now, that is, for whom a kiosk is there.

A front is read from the database once and then kept true in memory, as long as tickets are only taken and called: until
then nobody's kiosk becomes free, so who cannot be called now cannot be called later either. Everything else that is
told of a ticket or a kiosk forgets it (`rows.tell_point`).
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, bindparam, or_, select, union_all

from tongban_queue.hall import KIOSK_AWAY_AFTER, Kiosk, KioskKind, KioskState, Line, Point
from tongban_queue.held import By
from tongban_queue.order import Waiting
from tongban_queue.store import Work
from tongban_queue.ticket import Lane, Ticket, TicketState


def _free() -> Any:
    """`KioskState.FREE` in the database's words."""
    here = and_(Kiosk.kind == KioskKind.KIOSK, Kiosk.revoked_at.is_(None), Kiosk.seen_at >= bindparam("seen"))
    return and_(here, Kiosk.ticket_id.is_(None), Kiosk.in_use.is_(False))


#: The kiosks of a point that nobody stands at.
FREE_AT = By(Kiosk, Kiosk.point_id, (Kiosk.ticket_id.is_(None), Kiosk.in_use.is_(False)))


@dataclass(slots=True)
class Front:
    """The first waiting of each lane, in their order. `whole`: the lanes of which nobody is left out."""

    lanes: dict[Lane, deque[Waiting]] = field(default_factory=lambda: {lane: deque() for lane in Lane})
    whole: set[Lane] = field(default_factory=set)


def front_of(work: Work, line_id: str) -> Front:
    """The front of a line. Its office's stream must be held."""
    front: Front | None = work.held.notes.get((Front, line_id))
    if front is None:
        front = _read(work, line_id)
    return front


def head_of(work: Work, line_id: str, lane: Lane) -> Waiting | None:
    """The first of a lane who could be called now."""
    front = front_of(work, line_id)
    while True:
        waiting = front.lanes[lane]
        while waiting and kiosk_for(work, work.hold(Ticket, waiting[0].id)) is None:
            waiting.popleft()
        if waiting or lane in front.whole:
            return waiting[0] if waiting else None
        front = _read(work, line_id)


def kiosk_for(work: Work, ticket: Ticket) -> Kiosk | None:
    """The kiosk at which this ticket would be called: the one it holds, or the first free one of its point."""
    if ticket.kiosk_id is not None:
        return work.hold(Kiosk, ticket.kiosk_id)
    there = work.held.all(FREE_AT, ticket.point_id)
    free = (kiosk for kiosk in there if kiosk.kind is KioskKind.KIOSK and kiosk.state(work.now) is KioskState.FREE)
    return min(free, key=lambda kiosk: kiosk.name, default=None)


def join(work: Work, ticket: Ticket) -> None:
    """Somebody new waits: at the end of a lane that is known to its end, else among those who are not known yet."""
    front: Front | None = work.held.notes.get((Front, ticket.line_id))
    if front is None:
        return
    known, one = front.lanes[ticket.lane], waiting_of(ticket)
    if known and one.turn < known[-1].turn:
        del work.held.notes[Front, ticket.line_id]  # a clock went back; read anew
    elif ticket.lane in front.whole:
        known.append(one)


def leave(work: Work, ticket: Ticket) -> None:
    """The head of a lane is called."""
    front = front_of(work, ticket.line_id)
    assert front.lanes[ticket.lane].popleft().id == ticket.id


def waiting_of(ticket: Ticket) -> Waiting:
    """A waiting ticket as the rule sees it."""
    return Waiting(ticket.since, ticket.arrival, ticket.id, ticket.lane)


def _read(work: Work, line_id: str) -> Front:
    """Reads this front, and in the same breath those of the lines that were foreseen and are not known yet."""
    known = work.held.notes
    for line in {line_id, *work.held.foreseen(Line)}:
        if line == line_id or (Front, line) not in known:
            known[Front, line] = _front(work, line)
    front: Front = known[Front, line_id]
    return front


def _front(work: Work, line_id: str) -> Front:
    """As many of each lane as were foreseen to be called from this line, at least one."""
    depth = max(1, work.held.times(Line, line_id))
    asked = {"line": line_id, "depth": depth, "seen": work.now - KIOSK_AWAY_AFTER}
    front = Front()
    for since, arrival, ticket_id, lane, point_id, kiosk_id in work.session.execute(_FRONT, asked):
        front.lanes[lane].append(Waiting(since, arrival, ticket_id, lane))
        where = (Kiosk, kiosk_id) if kiosk_id else (FREE_AT, point_id)
        work.held.foresee([(Ticket, ticket_id), (Point, point_id), where])
    front.whole = {lane for lane, waiting in front.lanes.items() if len(waiting) < depth}
    return front


def _lane(lane: Lane) -> Select[*tuple[Any, ...]]:
    # The state stands in the text: only then does PostgreSQL's plan for all parameters know the partial index.
    waits = Ticket.state == bindparam(None, TicketState.WAITING, type_=Ticket.state.type, literal_execute=True)
    return (
        select(Ticket.since, Ticket.arrival, Ticket.id, Ticket.lane, Ticket.point_id, Ticket.kiosk_id)
        .where(Ticket.line_id == bindparam("line"), Ticket.lane == lane, waits)
        .where(or_(Ticket.kiosk_id.is_not(None), Ticket.point_id.in_(select(Kiosk.point_id).where(_free()))))
        .order_by(Ticket.since, Ticket.arrival)
        .limit(bindparam("depth"))
    )


_FRONT: CompoundSelect[*tuple[Any, ...]] = union_all(*(select(_lane(lane).subquery()) for lane in Lane))
