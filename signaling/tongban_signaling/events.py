"""What each event does. The table `EVENTS` is the whole of it: an event without an act cannot be written down."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tongban_signaling import asks, room, tells
from tongban_signaling.gate import Act
from tongban_signaling.limits import Door
from tongban_signaling.message import Message
from tongban_signaling.page import Page
from tongban_signaling.refusals import NotWatching
from tongban_signaling.room import RIGHTS, Seat
from tongban_signaling.switchboard import Switchboard, subject_room
from tongban_signaling.vocabulary import ANSWERS, ASKS

Handler = Callable[[Switchboard, Page, Any], Awaitable[Message]]


@dataclass(frozen=True)
class Event:
    """One event: what carries it, which purse pays for it, what it is in the policy, what it does."""

    name: str
    message: type[Message]
    answer: type[Message]
    door: Door
    act: Act
    run: Handler


async def watch(board: Switchboard, page: Page, ask: asks.Watch) -> tells.Watched:
    """Begin to listen first and read the version then, so that no fact can fall between the two."""
    page.make_room_for_subject(ask.subject)
    rooms = tuple(map(subject_room, await board.gate.may_watch(page.who, ask.subject, Act.WATCH_SUBJECT)))
    for name in set(page.watching.get(ask.subject, ())).difference(rooms):
        await board.leave(page, name)
    for name in rooms:
        await board.enter(page, name)
    page.watching[ask.subject] = rooms
    versions = await board.gate.versions({ask.subject})
    return tells.Watched(version=versions.get(ask.subject, 0))


async def unwatch(board: Switchboard, page: Page, ask: asks.Unwatch) -> tells.Done:
    """Rooms that another subject of the page also uses stay open."""
    if ask.subject not in page.watching:
        raise NotWatching
    rooms = set(page.watching.pop(ask.subject))
    for name in rooms.difference(*page.watching.values()):
        await board.leave(page, name)
    return tells.Done()


async def join(board: Switchboard, page: Page, ask: asks.Join) -> tells.Seated:
    """Sit down, newest page first: the older one gives way before the others hear of the newcomer."""
    page.make_room_for_seat(ask.ticket)
    member = await board.gate.may_join(page.who, ask.ticket, Act.JOIN_CALL)
    seat = Seat(ask.ticket, member, ask.peer, time.time_ns() // 1_000_000)
    await _leave_old_rooms(board, page, seat)
    page.seats[seat.ticket] = seat
    for name in seat.rooms:
        await board.enter(page, name)
    for notice in room.arrival(seat):
        await board.tell(notice, page)
    return tells.Seated(member=member, polite=RIGHTS[member].polite)


async def _leave_old_rooms(board: Switchboard, page: Page, seat: Seat) -> None:
    old = page.seats.get(seat.ticket)
    if old is not None and old.member is not seat.member:
        await board.leave(page, room.member_room(old.ticket, old.member))


async def signal(board: Switchboard, page: Page, ask: asks.Signal) -> tells.Done:
    """Pass a piece of the negotiation on."""
    seat = page.seat(ask.ticket)
    await board.gate.may_join(page.who, ask.ticket, Act.SIGNAL_IN_CALL)
    await board.tell(room.relay(seat, ask), page)
    return tells.Done()


async def state(board: Switchboard, page: Page, ask: asks.State) -> tells.Done:
    """Tell the others how this page's devices and connection stand."""
    seat = page.seat(ask.ticket)
    await board.gate.may_join(page.who, ask.ticket, Act.STATE_IN_CALL)
    await board.tell(room.statement(seat, ask), page)
    return tells.Done()


async def leave(board: Switchboard, page: Page, ask: asks.Leave) -> tells.Done:
    """Stand up. Always allowed to one who sits."""
    await board.stand_up(page, page.seat(ask.ticket))
    return tells.Done()


def _event(name: str, door: Door, act: Act, run: Handler) -> tuple[str, Event]:
    return name, Event(name, ASKS[name], ANSWERS[name], door, act, run)


EVENTS: Mapping[str, Event] = MappingProxyType(
    dict(
        (
            _event("watch", Door.WATCH, Act.WATCH_SUBJECT, watch),
            _event("unwatch", Door.WATCH, Act.UNWATCH_SUBJECT, unwatch),
            _event("call.join", Door.WATCH, Act.JOIN_CALL, join),
            _event("call.signal", Door.SIGNAL, Act.SIGNAL_IN_CALL, signal),
            _event("call.state", Door.STATE, Act.STATE_IN_CALL, state),
            _event("call.leave", Door.STATE, Act.LEAVE_CALL, leave),
        )
    )
)
