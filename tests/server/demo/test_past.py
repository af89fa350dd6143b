"""The demo's past: true to the rules, over, laid once, and never in the way of people."""

from collections import Counter

from sqlalchemy import select

from tests.server.hall import Hall
from tongban_queue import journal
from tongban_queue.hall import Kiosk
from tongban_queue.journal import Entry, Fault
from tongban_queue.store import Work
from tongban_queue.tally import Tally, day_of
from tongban_queue.ticket import Ticket
from tongban_queue.window import Window, WindowState
from tongban_server.catalogue.offer import shanghai_day
from tongban_server.demo.past import FACT, LABEL, lay_past, working_days_before
from tongban_server.ratings.rating import Rating

FEW = (8, 12)


def seen(work: Work) -> tuple[list[Ticket], list[Tally], list[Rating]]:
    return tuple(list(work.session.scalars(select(kind))) for kind in (Ticket, Tally, Rating))  # type: ignore[return-value]


async def test_the_past_is_true_over_and_laid_once(hall: Hall) -> None:
    assert await lay_past(hall.house, days=2, tickets=FEW, within_s=600) == (2, 0)

    with hall.store.reading() as work:
        tickets, tallies, ratings = seen(work)
        faults = [one for name in journal.streams(work) for one in journal.verify(work, name) if isinstance(one, Fault)]
        laid = [row.body for row in work.session.scalars(select(Entry).where(Entry.kind == FACT))]
        windows, kiosks = list(work.session.scalars(select(Window))), list(work.session.scalars(select(Kiosk)))
    days = {day.isoformat() for day in working_days_before(shanghai_day(hall.clock.now), 2, hall.house.calendar)}
    assert faults == []
    assert {day_of(ticket.taken_at) for ticket in tickets} == {body["day"] for body in laid} == days
    assert {body["label"] for body in laid} == {LABEL}
    assert not [ticket for ticket in tickets if ticket.live]
    assert all(ticket.busy_s for ticket in tickets if ticket.connected_at)
    assert sum(tally.taken for tally in tallies) == len(tickets) == sum(body["tickets"] for body in laid)
    assert sum(tally.served for tally in tallies) == sum(ticket.state in ("ended", "rated") for ticket in tickets)
    assert len(ratings) == Counter(ticket.state.value for ticket in tickets)["rated"]
    assert {window.state for window in windows} == {WindowState.OFFLINE}
    assert not [kiosk for kiosk in kiosks if kiosk.ticket_id or kiosk.in_use or kiosk.seen_at]

    hall.clock.move(days=1)
    assert await lay_past(hall.house, days=2, tickets=FEW) == (0, 0)


async def test_a_past_that_was_cut_short_goes_on_at_the_next_start(hall: Hall) -> None:
    assert await lay_past(hall.house, days=2, tickets=FEW, within_s=0.001) == (1, 1)
    hall.clock.move(days=1)
    assert await lay_past(hall.house, days=2, tickets=FEW) == (1, 0)


async def test_no_past_is_laid_while_somebody_is_on_the_way(hall: Hall) -> None:
    await hall.waiting()

    assert await lay_past(hall.house, days=2, tickets=FEW) == (0, 0)
