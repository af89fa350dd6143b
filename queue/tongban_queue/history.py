"""What an office's own tickets say of each hour of its day: how many came, with which lanes, and how long they took."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from tongban_queue.staffing import Hour
from tongban_queue.store import Work
from tongban_queue.tally import SHANGHAI, day_of, day_start
from tongban_queue.ticket import Ticket, TicketState


@dataclass(frozen=True, slots=True)
class History:
    """The hours of an office's days. `days`: those on which anybody came."""

    days: int
    hours: Sequence[Hour]


def history_of(work: Work, office_id: str, *, days: int) -> History:
    """The last so many days before today in Asia/Shanghai. Somebody with an appointment came at its time, if at all."""
    until = day_start(work.now)
    came = func.coalesce(Ticket.appointed_at, Ticket.taken_at)
    mine = (Ticket.office_id == office_id, Ticket.ended_at >= until - timedelta(days=days), came < until)
    columns = (came, Ticket.priority, Ticket.busy_s)
    rows = work.session.execute(select(*columns).where(*mine, Ticket.state != TicketState.NO_SHOW))
    by_hour: dict[int, list[tuple[bool, int]]] = defaultdict(list)
    seen: set[str] = set()
    for at, priority, busy_s in rows:
        seen.add(day_of(at))
        by_hour[at.astimezone(SHANGHAI).hour].append((priority is not None, busy_s))
    return History(len(seen), [_hour(hour, len(seen), by_hour[hour]) for hour in sorted(by_hour)])


def _hour(hour: int, days: int, came: Sequence[tuple[bool, int]]) -> Hour:
    handling_s = tuple(float(busy_s) for _, busy_s in came if busy_s)
    return Hour(hour, days, len(came), handling_s, sum(first for first, _ in came) / len(came))
