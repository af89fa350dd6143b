"""A walk through the hall: at every step somebody does something, allowed or not, and every screen is held against it.

`Screens` are those of the whole house. Each began with one snapshot and has only folded facts since; after every step
it must show what a fresh snapshot shows.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.queue.builders import MORNING, Hall
from tongban_queue import booking, calling, desk, journal, returning, ringing
from tongban_queue.board import Snapshot, board_snapshot, fold, for_lines, point_snapshot
from tongban_queue.hall import Kiosk
from tongban_queue.journal import Entry, Fault
from tongban_queue.refusals import Refused
from tongban_queue.rows import ticket_row
from tongban_queue.store import Told, Work
from tongban_queue.tally import Tally, day_of
from tongban_queue.ticket import LIVE, PriorityGroup, Ticket, TicketState
from tongban_queue.window import PauseReason, Window, WindowState

OFFICES, POINTS = ("east", "west"), ("lake", "hill")
KIOSKS = ("lake-1", "lake-2", "hill-1")
WINDOWS = ("east-1", "east-2", "west-1")
LINES = ("deeds", "pensions", "trade")
CLERK_LINES = ["deeds"]
BUSY = {
    WindowState.OFFERED: TicketState.WAITING,
    WindowState.RINGING: TicketState.CALLING,
    WindowState.BUSY: TicketState.CONNECTED,
}
FINAL = {TicketState.RATED, TicketState.CANCELLED, TicketState.ABANDONED, TicketState.NO_SHOW}
MATTERS = ("matter-1", "matter-2")
LANGUAGES = ("zh-CN", "zh-CN", "zh-CN", "en")
CLERK = "clerk:east"


def as_shown(snapshot: Snapshot, day: str) -> Snapshot:
    """A snapshot without what may differ: its moment, the order in which rows came, what other days left."""
    rows = {
        name: sorted(value, key=lambda row: str(row["id"])) if isinstance(value, list) else value
        for name, value in snapshot.items()
    }
    if "hours" in rows:
        rows["hours"] = [hour for hour in rows["hours"] if hour["id"].startswith(day)]
    if "missed" in rows:
        rows["missed"] = [row for row in rows["missed"] if day_of(datetime.fromisoformat(row["endedAt"])) == day]
    return {name: value for name, value in rows.items() if name != "at"}


class Screens:
    """What the screens show: a first snapshot each, and every fact told since."""

    def __init__(self) -> None:
        self.shown: dict[str, Snapshot] = {}
        self.versions: dict[str, int] = {}

    def begin(self, work: Work) -> None:
        self.shown = fresh(work)
        self.versions = {subject: shown["version"] for subject, shown in self.shown.items() if ":" in subject}

    def hear(self, told: list[Told]) -> None:
        for fact in told:
            last = self.versions.get(fact.subject, 0)
            assert fact.version == last + 1, f"{fact.subject}: {last} then {fact.version}"
            self.versions[fact.subject] = fact.version
            before = self.shown.get(fact.subject, {"subject": fact.subject})
            self.shown[fact.subject] = fold(before, fact.version, fact.shows)
            if fact.subject == "board:east":
                seen = for_lines(fact.shows, fact.line_id, CLERK_LINES)
                self.shown[CLERK] = fold(self.shown[CLERK], fact.version, seen)


def fresh(work: Work) -> dict[str, Snapshot]:
    """All screens of the house as one would get them now."""
    seen = {f"board:{office}": board_snapshot(work, office) for office in OFFICES}
    seen |= {f"point:{point}": point_snapshot(work, point) for point in POINTS}
    seen[CLERK] = board_snapshot(work, "east", lines=CLERK_LINES)
    for ticket in work.session.scalars(select(Ticket)):
        subject = f"ticket:{ticket.id}"
        seen[subject] = {"subject": subject, "version": ticket.version, "ticket": ticket_row(ticket)}
    return seen


class Walk:
    """One walk of one seed through an empty hall."""

    def __init__(self, hall: Hall, seed: int) -> None:
        self.hall, self.chance = hall, random.Random(seed)
        self.screens = Screens()
        self.tickets: list[str] = []
        self.states: dict[str, TicketState] = {}
        self.path: list[str] = [f"seed {seed}"]

    async def go(self, steps: int) -> None:
        self.hall.clock.now = MORNING
        if self.chance.random() < 0.5:
            await self.hall.ring_clerks()
        await self.hall.at("east-1", lambda work, it: setattr(it, "languages", ["zh-CN", "en"]))
        with self.hall.store.reading() as work:
            self.screens.begin(work)
        self.hall.told.clear()
        await self.hall.open("east-1", "west-1")
        self.screens.hear(self.hall.told)
        for _ in range(steps):
            await self.step()
        with self.hall.store.reading() as work:
            look_at_numbers(work)
            for office in OFFICES:
                assert [row for row in journal.verify(work, office) if isinstance(row, Fault)] == []

    async def step(self) -> None:
        self.hall.clock.forward(seconds=self.chance.choice(PAUSES_S))
        name = self.chance.choices(list(VERBS), [weight for weight, _ in VERBS.values()])[0]
        self.hall.told.clear()
        try:
            await VERBS[name][1](self)
        except Refused as refusal:
            name += f" ({refusal.code})"
            assert self.hall.told == [], self.path
        self.path.append(name)
        self.screens.hear(self.hall.told)
        with self.hall.store.reading() as work:
            self.look(work)

    def look(self, work: Work) -> None:
        for subject, snapshot in (fresh(work)).items():
            shown = self.screens.shown[subject]
            assert as_shown(shown, day_of(work.now)) == as_shown(snapshot, day_of(work.now)), (subject, self.path)
        tickets = {ticket.id: ticket for ticket in work.session.scalars(select(Ticket))}
        windows = list(work.session.scalars(select(Window)))
        kiosks = list(work.session.scalars(select(Kiosk)))
        look_at_windows(tickets, windows)
        look_at_kiosks(tickets, kiosks)
        self.look_at_lives(tickets)
        look_at_counts(work)

    def look_at_lives(self, tickets: dict[str, Ticket]) -> None:
        for ticket_id, ticket in tickets.items():
            before = self.states.get(ticket_id)
            assert before not in FINAL or ticket.state is before, self.path
        self.states = {ticket_id: ticket.state for ticket_id, ticket in tickets.items()}
        live = [(ticket.person_key, ticket.matter_id) for ticket in tickets.values() if ticket.live]
        assert len(live) == len(set(live)), self.path

    async def take(self) -> None:
        ticket = await self.hall.take(self.kiosk(), self.line(), self.person(), **self.wishes())
        self.tickets.append(ticket.id)

    async def book(self) -> None:
        at = self.hall.clock.now - timedelta(minutes=self.hall.clock.now.minute, seconds=self.hall.clock.now.second)
        at += timedelta(days=self.chance.choice([0, 1, 1, 1, 2]), minutes=30 * self.chance.randrange(4))
        ticket = await self.hall.book(at, self.line(), self.person(), **self.wishes())
        self.tickets.append(ticket.id)

    async def transfer(self) -> None:
        ticket = self.chance.choice([self.some_ticket_in(CONNECTED), self.some_ticket_in(CONNECTED), self.live_one()])
        window = self.window() if self.chance.random() < 0.4 else None
        await self.hall.transfer(ticket, self.line(), window, self.chance.choice(MATTERS))

    def wishes(self) -> dict[str, str]:
        return {"matter": self.chance.choice(MATTERS), "language": self.chance.choice(LANGUAGES)}

    def person(self) -> str:
        return f"person-{self.chance.randrange(12)}"

    def line(self) -> str:
        return self.chance.choice(LINES)

    def live_one(self) -> str:
        return self.some_ticket_in(WAITING)

    def some_ticket(self) -> str:
        """Mostly one on its way, now and then one that is over, or none at all."""
        live = [ticket for ticket in self.tickets if self.states[ticket] in LIVE]
        return self.chance.choice((live if live and self.chance.random() < 0.9 else self.tickets) or ["none"])

    def some_ticket_in(self, state: TicketState) -> str:
        such = [ticket for ticket in self.tickets if self.states[ticket] is state]
        return self.chance.choice(such) if such and self.chance.random() < 0.9 else self.some_ticket()

    def away(self) -> list[str]:
        """The tickets of those who went away in the middle of a call, or one of another kind."""
        gone = (TicketState.PARKED, TicketState.INTERRUPTED)
        return [ticket for ticket in self.tickets if self.states[ticket] in gone] or [self.some_ticket()]

    def window(self) -> str:
        return self.chance.choice(WINDOWS)

    def kiosk(self) -> str:
        return self.chance.choice(KIOSKS)


def look_at_windows(tickets: dict[str, Ticket], windows: list[Window]) -> None:
    """A window is busy with exactly the ticket that it called or was offered; a called ticket has its window."""
    for window in windows:
        assert (window.ticket_id is not None) == (window.state in BUSY)
        if window.ticket_id is not None:
            ticket = tickets[window.ticket_id]
            assert (ticket.window_id, ticket.number) == (window.id, window.ticket_number)
            assert ticket.state is BUSY[window.state]
    called = [ticket.id for ticket in tickets.values() if ticket.state in (CALLING, CONNECTED)]
    offered = [ticket.id for ticket in tickets.values() if ticket.state is WAITING and ticket.window_id]
    assert sorted(called + offered) == sorted(window.ticket_id for window in windows if window.ticket_id)
    at_work = {window.id for window in windows if window.state not in (WindowState.OFFLINE, WindowState.PAUSED)}
    assert {ticket.for_window_id for ticket in tickets.values() if ticket.state is WAITING} <= {None, *at_work}


def look_at_kiosks(tickets: dict[str, Ticket], kiosks: list[Kiosk]) -> None:
    """A live ticket and its kiosk name each other, at the ticket's point; a called ticket always has one."""
    at = {kiosk.ticket_id: kiosk for kiosk in kiosks if kiosk.ticket_id}
    for ticket in tickets.values():
        if ticket.live:
            kiosk = at.get(ticket.id)
            assert (kiosk.id if kiosk else None) == ticket.kiosk_id
            assert kiosk is None or kiosk.point_id == ticket.point_id
            assert kiosk is not None or ticket.state not in (CALLING, CONNECTED)


def look_at_counts(work: Work) -> None:
    """The counts kept as things happened are those that the journal's rows give, and agree with how tickets stand."""
    kinds = Counter(work.session.scalars(select(Entry.kind).where(Entry.ticket_id.is_not(None))))
    told = {name: sum(kinds[kind] for kind in made) for name, made in COUNTED.items()}
    came = select(Entry.ticket_id).where(Entry.kind.in_(("ticket.checked_in", "ticket.lined_up"))).distinct()
    told["taken"] += len(list(work.session.scalars(came)))
    tallies = list(work.session.scalars(select(Tally)))
    assert {name: sum(getattr(tally, name) for tally in tallies) for name in COUNTED} == told
    states = Counter(work.session.scalars(select(Ticket.state)))
    assert told["served"] == states[TicketState.ENDED]
    assert told["abandoned"] == states[TicketState.ABANDONED]
    assert told["no_shows"] == states[TicketState.NO_SHOW]
    assert sum(tally.connected for tally in tallies) == len(
        list(work.session.scalars(select(Ticket.id).where(Ticket.connected_at.is_not(None))))
    )


#: Which facts each count counts.
COUNTED = {
    "taken": ("ticket.taken",),
    "served": ("ticket.ended",),
    "missed": ("ticket.missed",),
    "abandoned": ("ticket.left", "ticket.expired"),
    "cancelled": ("ticket.cancelled",),
    "no_shows": ("ticket.stayed_away",),
}


def look_at_numbers(work: Work) -> None:
    """In each line and on each day the numbers given out run from 001 on without a gap, each to one ticket."""
    given: defaultdict[tuple[str, str, str], set[tuple[int, str]]] = defaultdict(set)
    for entry in work.session.scalars(select(Entry).where(Entry.kind.in_(GIVES_NUMBER)).order_by(Entry.number)):
        [row] = entry.body["tickets"]
        digits = row["number"].lstrip("DPTY")
        booked = row["number"].removesuffix(digits).endswith("Y")
        day = day_of(datetime.fromisoformat(row["appointedAt"])) if booked else day_of(entry.at)
        given[row["lineId"], row["number"].removesuffix(digits), day].add((int(digits), row["id"]))
    for numbers in given.values():
        assert sorted(number for number, _ in numbers) == list(range(1, len(numbers) + 1))


GIVES_NUMBER = ("ticket.taken", "ticket.booked", "ticket.transferred")


Step = Callable[[Walk], Awaitable[Any]]
WAITING, CALLING, CONNECTED = TicketState.WAITING, TicketState.CALLING, TicketState.CONNECTED
BREAK = PauseReason.BREAK
#: Mostly a moment, now and then some minutes, and sometimes until tomorrow at about this time.
PAUSES_S = [0, 0, 1, 1, 5, 20, 20, 20, 130, 130, 1000, 86_400 - 1800]

VERBS: dict[str, tuple[int, Step]] = {
    "take": (12, Walk.take),
    "book": (4, Walk.book),
    "check in": (5, lambda walk: walk.hall.take_up(walk.some_ticket_in(TicketState.BOOKED), walk.kiosk())),
    "fall due": (4, lambda walk: walk.hall.do(booking.fall_due, walk.some_ticket_in(TicketState.CHECKED_IN))),
    "stay away": (1, lambda walk: walk.hall.do(desk.stay_away, walk.some_ticket_in(TicketState.BOOKED))),
    "revive": (4, lambda walk: walk.hall.do(returning.revive, walk.some_ticket_in(TicketState.MISSED))),
    "missed, take up": (3, lambda walk: walk.hall.take_up(walk.some_ticket_in(TicketState.MISSED), walk.kiosk())),
    "park": (3, lambda walk: walk.hall.do(returning.park, walk.some_ticket_in(CONNECTED))),
    "interrupt": (3, lambda walk: walk.hall.do(returning.interrupt, walk.some_ticket_in(CONNECTED))),
    "come back": (4, lambda walk: walk.hall.do(returning.come_back, walk.chance.choice(walk.away()))),
    "come back there": (3, lambda walk: walk.hall.take_up(walk.chance.choice(walk.away()), walk.kiosk())),
    "transfer": (6, Walk.transfer),
    "message": (2, lambda walk: walk.hall.do(desk.want_message, walk.some_ticket(), wanted=walk.chance.random() < 0.7)),
    "ring clerks": (8, lambda walk: walk.hall.do(ringing.offer_all, walk.chance.choice(OFFICES))),
    "accept": (8, lambda walk: walk.hall.at(walk.window(), ringing.accept)),
    "lapse": (5, lambda walk: walk.hall.at(walk.window(), ringing.lapse)),
    "release": (6, lambda walk: walk.hall.do(desk.release, walk.some_ticket())),
    "take up": (4, lambda walk: walk.hall.take_up(walk.some_ticket(), walk.kiosk())),
    "call": (10, lambda walk: walk.hall.call(walk.window())),
    "ring on": (6, lambda walk: walk.hall.do(calling.ring_on, walk.some_ticket_in(CALLING))),
    "recall": (2, lambda walk: walk.hall.do(calling.recall, walk.some_ticket_in(CALLING))),
    "arrive": (7, lambda walk: walk.hall.do(desk.arrive, walk.some_ticket_in(CALLING))),
    "miss": (1, lambda walk: walk.hall.do(desk.miss, walk.some_ticket_in(CALLING))),
    "end": (5, lambda walk: walk.hall.do(desk.end, walk.some_ticket_in(CONNECTED))),
    "leave": (2, lambda walk: walk.hall.do(desk.leave, walk.some_ticket_in(CONNECTED))),
    "cancel": (3, lambda walk: walk.hall.do(desk.cancel, walk.some_ticket())),
    "expire": (1, lambda walk: walk.hall.do(desk.expire, walk.some_ticket_in(WAITING))),
    "priority": (3, lambda walk: walk.hall.do(desk.mark_priority, walk.some_ticket(), group=PriorityGroup.ILL)),
    "help": (3, lambda walk: walk.hall.do(desk.ask_help, walk.some_ticket(), wanted=walk.chance.random() < 0.5)),
    "forget": (6, lambda walk: walk.hall.forget(walk.kiosk())),
    "use": (4, lambda walk: walk.hall.use(walk.kiosk(), walk.chance.random() < 0.5)),
    "open": (6, lambda walk: walk.hall.at(walk.window(), calling.open_window)),
    "close": (1, lambda walk: walk.hall.at(walk.window(), calling.close_window)),
    "ready": (4, lambda walk: walk.hall.at(walk.window(), calling.be_ready)),
    "pause": (2, lambda walk: walk.hall.at(walk.window(), lambda work, it: calling.pause(work, it, reason=BREAK))),
    "wrap-up over": (3, lambda walk: walk.hall.at(walk.window(), calling.wrap_up_over)),
}
