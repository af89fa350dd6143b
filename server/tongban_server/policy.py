"""The one policy: may this caller do this to that?

Every route and every socket event names an `Act`. The table says, for each act, which roles may do it and how far they
reach. What is not in the table is refused. The matrix in `server/POLICY.md` is made from it; a test asks every door.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tongban_queue.refusals import NotAllowed, NotNow
from tongban_server.people.sessions import Caller
from tongban_server.people.staff import Role


class SignInFirst(NotAllowed):
    """This needs a sign-in."""


class NotForYou(NotAllowed):
    """This is not for you to see or to do."""


class VisitOver(NotNow):
    """This visit is over."""


class Act(StrEnum):
    """Everything that can be asked for."""

    PAGE_OPEN = "page.open"
    HEALTH_READ = "health.read"
    FIGURES_READ = "figures.read"
    SIGN_IN = "session.begin"
    SIGN_OUT = "session.end"
    STAY = "session.stay"
    ME_READ = "me.read"
    DEVICE_ENROL = "device.enrol"
    DEVICE_READ = "device.read"
    DEVICE_USE = "device.use"
    DEVICE_FORGET = "device.forget"
    OFFER_READ = "offer.read"
    MATTER_READ = "matter.read"
    TICKET_TAKE = "ticket.take"
    TICKET_TAKE_UP = "ticket.take_up"
    TICKET_RELEASE = "ticket.release"
    TICKET_CANCEL = "ticket.cancel"
    TICKET_ARRIVE = "ticket.arrive"
    TICKET_REVIVE = "ticket.revive"
    TICKET_COME_BACK = "ticket.come_back"
    TICKET_BOOK = "ticket.book"
    MESSAGE_WANT = "message.want"
    MESSAGES_READ = "messages.read"
    POINTS_FIND = "points.find"
    HELP_ASK = "help.ask"
    HELP_ANSWER = "help.answer"
    PRIORITY_MARK = "priority.mark"
    VISIT_READ = "visit.read"
    PLACE_EXPLAIN = "place.explain"
    WAIT_READ = "wait.read"
    PAPER_HAND_IN = "paper.hand_in"
    PAPER_LOOK = "paper.look"
    PAPER_WITHDRAW = "paper.withdraw"
    PAPER_JUDGE = "paper.judge"
    CHECK_ANSWER = "check.answer"
    OUTCOME_RECORD = "outcome.record"
    TICKET_RECALL = "ticket.recall"
    TICKET_MISS = "ticket.miss"
    TICKET_LEFT = "ticket.left"
    TICKET_PARK = "ticket.park"
    TICKET_TRANSFER = "ticket.transfer"
    RATING_GIVE = "rating.give"
    REASONS_READ = "reasons.read"
    WINDOW_READ = "window.read"
    WINDOW_WORK = "window.work"
    BOARD_READ = "board.read"
    BOARDS_LIST = "boards.list"
    POINT_READ = "point.read"
    STAFFING_READ = "staffing.read"
    JOURNAL_READ = "journal.read"
    CALL_JOIN = "call.join"


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked about, as far as the policy looks. `live` is False for a visit that is over."""

    office_id: str | None = None
    line_id: str | None = None
    host_region: str | None = None
    source_region: str | None = None
    point_id: str | None = None
    ticket_id: str | None = None
    clerk_id: str | None = None
    live: bool = True


class Reach(StrEnum):
    """How far a role reaches with an act."""

    ANY = "any"
    OWN = "own"
    POINT = "point"
    OFFICE = "office"
    REGION = "region"


def _own(caller: Caller, thing: Thing) -> bool:
    if caller.role is Role.CITIZEN:
        return thing.ticket_id is not None and thing.ticket_id == caller.ticket_id
    return thing.clerk_id is not None and thing.clerk_id == caller.staff_id


def _office(caller: Caller, thing: Thing) -> bool:
    same = thing.office_id is not None and thing.office_id == caller.office_id
    return same and (thing.line_id is None or thing.line_id in caller.lines)


REACHES: Mapping[Reach, Callable[[Caller, Thing], bool]] = {
    Reach.ANY: lambda caller, thing: True,
    Reach.OWN: _own,
    Reach.POINT: lambda caller, thing: thing.point_id is not None and thing.point_id == caller.point_id,
    Reach.OFFICE: _office,
    Reach.REGION: lambda caller, thing: bool({thing.host_region, thing.source_region} & caller.regions),
}

_EVERYBODY = dict.fromkeys(Role, Reach.ANY)
_SIGNED_IN = dict.fromkeys(tuple(Role)[4:], Reach.ANY)
_AT_KIOSK = {Role.KIOSK: Reach.ANY, Role.CITIZEN: Reach.ANY}
_CITIZEN = {Role.CITIZEN: Reach.OWN}
_CLERK = {Role.CLERK: Reach.OWN}
_ASSISTANT = {Role.ASSISTANT: Reach.POINT}
_WATCHERS = {Role.SUPERVISOR: Reach.REGION}

TABLE: Mapping[Act, Mapping[Role, Reach]] = {
    Act.PAGE_OPEN: _EVERYBODY,
    Act.HEALTH_READ: _EVERYBODY,
    Act.FIGURES_READ: _EVERYBODY,  # guarded by address or token instead, see watch/health.py
    Act.SIGN_IN: _EVERYBODY,
    Act.SIGN_OUT: _SIGNED_IN,
    Act.STAY: _SIGNED_IN,
    Act.ME_READ: _SIGNED_IN,
    Act.DEVICE_ENROL: _EVERYBODY,
    Act.DEVICE_READ: _AT_KIOSK | {Role.HALL: Reach.ANY},
    Act.DEVICE_USE: _AT_KIOSK,
    Act.DEVICE_FORGET: _AT_KIOSK,
    Act.OFFER_READ: _AT_KIOSK,
    Act.MATTER_READ: _AT_KIOSK | _SIGNED_IN,
    Act.TICKET_TAKE: {Role.KIOSK: Reach.ANY},
    Act.TICKET_TAKE_UP: _AT_KIOSK,
    Act.TICKET_RELEASE: _CITIZEN,
    Act.TICKET_CANCEL: _CITIZEN,
    Act.TICKET_ARRIVE: _CITIZEN,
    Act.TICKET_REVIVE: _CITIZEN | _ASSISTANT,
    Act.TICKET_COME_BACK: _CITIZEN,
    Act.TICKET_BOOK: {Role.KIOSK: Reach.ANY},
    Act.MESSAGE_WANT: _CITIZEN,
    Act.MESSAGES_READ: _EVERYBODY,  # empty but in the demo, whose numbers are invented and masked all the same
    Act.POINTS_FIND: _CITIZEN,
    Act.HELP_ASK: _CITIZEN,
    Act.HELP_ANSWER: _ASSISTANT,
    Act.PRIORITY_MARK: _ASSISTANT,
    Act.VISIT_READ: _CITIZEN | _CLERK | _ASSISTANT,
    Act.PLACE_EXPLAIN: _CITIZEN | _ASSISTANT | _WATCHERS,
    Act.WAIT_READ: _AT_KIOSK,
    Act.PAPER_HAND_IN: _CITIZEN | _ASSISTANT,
    Act.PAPER_LOOK: _CITIZEN | _CLERK | _ASSISTANT,
    Act.PAPER_WITHDRAW: _CITIZEN | _ASSISTANT,
    Act.PAPER_JUDGE: _CLERK,
    Act.CHECK_ANSWER: _CLERK,
    Act.OUTCOME_RECORD: _CLERK,
    Act.TICKET_RECALL: _CLERK,
    Act.TICKET_MISS: _CLERK,
    Act.TICKET_LEFT: _CLERK,
    Act.TICKET_PARK: _CLERK,
    Act.TICKET_TRANSFER: _CLERK,
    Act.RATING_GIVE: _CITIZEN,
    Act.REASONS_READ: _AT_KIOSK | _SIGNED_IN,
    Act.WINDOW_READ: {Role.CLERK: Reach.ANY},
    Act.WINDOW_WORK: {Role.CLERK: Reach.ANY},
    Act.BOARD_READ: {Role.CLERK: Reach.OFFICE} | _WATCHERS,
    Act.BOARDS_LIST: {Role.SUPERVISOR: Reach.ANY},
    Act.POINT_READ: _ASSISTANT | {Role.KIOSK: Reach.POINT, Role.CITIZEN: Reach.POINT, Role.HALL: Reach.POINT},
    Act.STAFFING_READ: _WATCHERS,
    Act.JOURNAL_READ: {Role.AUDITOR: Reach.ANY},
    Act.CALL_JOIN: _CITIZEN | _CLERK | _ASSISTANT,
}

#: Acts on a visit that is over are refused, but for these, and these are the citizen's alone: staff learn of an ended
#: visit only through the journal, and so nobody at the window sees whether or when it was rated (domain §2.1).
AFTER_THE_END = frozenset({Act.VISIT_READ, Act.RATING_GIVE, Act.PAPER_LOOK})


def require(caller: Caller, act: Act, thing: Thing = Thing()) -> None:
    """Refuse what this caller may not do: `SignInFirst`, `NotForYou`, `VisitOver`."""
    reach = TABLE[act].get(caller.role)
    if reach is None or not REACHES[reach](caller, thing):
        raise SignInFirst() if caller.role is Role.ANONYMOUS else NotForYou()
    if not thing.live and not (act in AFTER_THE_END and caller.role is Role.CITIZEN):
        raise VisitOver()
