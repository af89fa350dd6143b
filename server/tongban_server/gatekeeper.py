"""The gate of the sockets: the same callers and the same policy as at the front door, asked anew for every event."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from tongban_queue.board import get_ticket
from tongban_queue.hall import Kiosk, Point
from tongban_queue.journal import Head
from tongban_queue.refusals import NotFound
from tongban_queue.rows import kiosk_row, tell_point
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket
from tongban_server.house import House
from tongban_server.http import admit
from tongban_server.people.sessions import Caller, Face, device_caller, staff_caller, visit_at
from tongban_server.people.staff import Role
from tongban_server.policy import Act, SignInFirst, Thing, require
from tongban_server.visits.things import find_office, find_point, thing_of
from tongban_server.watch.routes import lines_seen
from tongban_signaling import gate
from tongban_signaling.member import Member

#: What a page does by an event, in the words of the policy. An event that is not here is refused at import.
CALL_ACTS: Mapping[gate.Act, Act] = {
    gate.Act.JOIN_CALL: Act.CALL_JOIN,
    gate.Act.SIGNAL_IN_CALL: Act.CALL_JOIN,
    gate.Act.STATE_IN_CALL: Act.CALL_JOIN,
    gate.Act.LEAVE_CALL: Act.CALL_JOIN,
}
MEMBERS = {Role.CITIZEN: Member.CITIZEN, Role.CLERK: Member.CLERK, Role.ASSISTANT: Member.ASSISTANT}


class NoSuchSubject(NotFound):
    """There is nothing of this name to watch."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who opened a page: only the session is kept, everything else is looked up again for each question."""

    face: Face
    session_id: str
    role: str

    @property
    def identity(self) -> str:
        """The session behind the page."""
        return self.session_id


def clerk_room(subject: str, lines: Collection[str]) -> str:
    """The room in which clerks of exactly these lines hear of their office's board."""
    return f"{subject}#{'+'.join(sorted(lines))}"


class Gatekeeper:
    """Answers the sockets' questions (`tongban_signaling.gate.Gate`)."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.kiosks_here: dict[str, str] = {}

    async def admit(self, handshake: gate.Handshake, face: gate.Face) -> Guest:
        """Who this is, by the cookies of this face; refuses `SignInFirst`."""
        caller = await self._house.store.look(
            admit, self._house, face=face, cookies=dict(handshake.cookies), address=handshake.remote
        )
        if caller.session_id is None:
            raise SignInFirst()
        return Guest(Face(face), caller.session_id, caller.role.value)

    def _caller(self, work: Work, who: gate.Who) -> Caller:
        assert isinstance(who, Guest)
        if who.face not in (Face.KIOSK, Face.HALL):
            caller = staff_caller(work, who.face, who.session_id, "")
        else:
            visit_id = visit_at(work, who.session_id)
            caller = device_caller(work, who.face, who.session_id, visit_id, "")
        if caller is None:
            raise SignInFirst()
        return caller

    async def still(self, who: gate.Who) -> bool:
        """Whether this one is still signed in."""
        try:
            await self._house.store.look(self._caller, who)
        except SignInFirst:
            return False
        return True

    async def may_watch(self, who: gate.Who, subject: str, act: gate.Act) -> tuple[str, ...]:
        """The room in which this one hears of a subject; refuses what the policy refuses, and `NoSuchSubject`."""
        return (await self._house.store.look(self._room, who, subject),)

    def _room(self, work: Work, who: gate.Who, subject: str) -> str:
        noun, _, name = subject.partition(":")
        caller = self._caller(work, who)
        asked, thing = _subject(work, noun, name)
        require(caller, asked, thing)
        lines = lines_seen(caller) if noun == "board" else None
        return subject if lines is None else clerk_room(subject, lines)

    async def may_join(self, who: gate.Who, ticket: str, act: gate.Act) -> Member:
        """As which member this one sits in the ticket's call."""
        return await self._house.store.look(self._member, who, ticket, act)

    def _member(self, work: Work, who: gate.Who, ticket: str, act: gate.Act) -> Member:
        caller = self._caller(work, who)
        require(caller, CALL_ACTS[act], thing_of(get_ticket(work, ticket)))
        return MEMBERS[caller.role]

    async def versions(self, subjects: Collection[str]) -> Mapping[str, int]:
        """Where each subject stands, in three questions at most."""
        return await self._house.store.look(_versions, subjects)

    async def came(self, who: gate.Who) -> None:
        """A device's first page opened: it is there."""
        await self._presence(who, here=True)

    async def went(self, who: gate.Who) -> None:
        """A device's last page is gone: it is away."""
        await self._presence(who, here=False)

    async def _presence(self, who: gate.Who, *, here: bool) -> None:
        assert isinstance(who, Guest)
        if who.face is not Face.KIOSK:
            return

        def note(work: Work) -> str | None:
            caller = device_caller(work, who.face, who.session_id, None, "")
            if caller is None or caller.kiosk_id is None:
                return None
            note_presence(work, caller.kiosk_id, here=here)
            return caller.kiosk_id

        kiosk_id = await self._house.store.change(note)
        if kiosk_id is not None and here:
            self.kiosks_here[who.session_id] = kiosk_id
        else:
            self.kiosks_here.pop(who.session_id, None)


def _versions(work: Work, subjects: Collection[str]) -> dict[str, int]:
    # An office has no head before its first fact: its board stands at 0, and is vouched for all the same.
    versions = {subject: 0 for subject in subjects if subject.startswith("board:")}
    for noun, named, counted in _COUNTED:
        names = [subject.partition(":")[2] for subject in subjects if subject.startswith(f"{noun}:")]
        rows = work.session.execute(select(named, counted).where(named.in_(names))) if names else ()
        versions.update((f"{noun}:{row[0]}", row[1]) for row in rows)
    return versions


def note_presence(work: Work, kiosk_id: str, *, here: bool) -> None:
    """A kiosk is seen, or gone; its point is told when that changes what it shows."""
    kiosk = work.session.get(Kiosk, kiosk_id, with_for_update=True, populate_existing=True)
    if kiosk is None:
        return
    before = kiosk.state(work.now)
    kiosk.seen_at = work.now if here else None
    # The first moment counts: whoever is gone twice has been gone since.
    kiosk.gone_at = None if here else kiosk.gone_at or work.now
    if kiosk.state(work.now) is before:
        return
    ticket = work.session.get(Ticket, kiosk.ticket_id) if kiosk.ticket_id else None
    row = kiosk_row(kiosk, work.now, ticket.number if ticket else None)
    tell_point(work, "kiosk.seen" if here else "kiosk.gone", kiosk.point_id, kiosks=[row])


def _subject(work: Work, noun: str, name: str) -> tuple[Act, Thing]:
    if noun == "board":
        return Act.BOARD_READ, find_office(work, {"office": name})
    if noun == "point":
        return Act.POINT_READ, find_point(work, {"point": name})
    if noun == "ticket":
        return Act.VISIT_READ, thing_of(get_ticket(work, name))
    raise NoSuchSubject()


#: Where each kind of subject counts its version.
_COUNTED = (
    ("board", Head.stream, Head.number),
    ("point", Point.id, Point.version),
    ("ticket", Ticket.id, Ticket.version),
)
