"""The paper of the policy, `server/POLICY.md`: made from the table and from the doors, so that it cannot lie."""

from collections import defaultdict

from tongban_server.app import all_routes
from tongban_server.door import sentence
from tongban_server.gatekeeper import CALL_ACTS
from tongban_server.people.staff import Role
from tongban_server.policy import AFTER_THE_END, TABLE, Act, Reach
from tongban_signaling.events import EVENTS

HEAD = """# Who may do what

This paper is made from the policy itself (`tongban_server/policy.py`) and from the lists of doors; `make check` refuses
a stale one. Every HTTP route and every socket event names one act, and nothing is done before the policy was asked.
What is not in the table is refused: 401 `sign_in_first` to a caller whom we do not know, 403 `not_for_you` to all
others. The tests ask the running server for every door, every role and every relation, and hold the answers against
`tests/server/policy_expected.csv`, which is written by hand.

## Callers

| role | who that is |
|---|---|
| anonymous | a browser without a session that we know |
| kiosk | an enrolled device of a service point, nobody's ticket in hand |
| hall | an enrolled hall screen of a service point |
| citizen | the person at a kiosk, bound to one ticket; ends when the kiosk forgets |
| clerk | serves one office's lines; sees a visit only while it is the clerk's own |
| assistant | helps at one service point; never accepts or refuses anything |
| supervisor | watches the offices of some regions; sees no visit, but why a ticket stands at its place |
| system_admin, security_admin, auditor | nobody holds two of these; none of them sees a visit |

## How far a right reaches

| reach | means |
|---|---|
| any | it is about nothing in particular, or about what is everybody's |
| own | the citizen's own ticket; the ticket that this clerk called |
| point | tickets and screens of the caller's service point |
| office | the board of the clerk's office, narrowed to the lines that the clerk is qualified for |
| region | offices in the supervisor's regions |

A visit that is over answers 409 `visit_over` to everything, but for the acts marked *after the end*, which stay open to
its citizen until the kiosk forgets.

## The table
"""


def paper() -> str:
    """The whole paper."""
    doors = _doors()
    rows = ["| act | who, how far | doors |", "|---|---|---|", *(_row(act, doors[act]) for act in Act)]
    return f"{HEAD}\n" + "\n".join(rows) + "\n"


def _row(act: Act, doors: list[str]) -> str:
    after = "; *after the end* for the citizen" if act in AFTER_THE_END else ""
    return f"| `{act.value}` | {_who(act)}{after} | {'<br>'.join(doors)} |"


def _who(act: Act) -> str:
    reaches = TABLE[act]
    if set(reaches) == set(Role):
        return "everybody"
    by_reach: dict[Reach, list[str]] = defaultdict(list)
    for role in Role:
        if role in reaches:
            by_reach[reaches[role]].append(role.value)
    return "; ".join(f"{', '.join(roles)}: {reach.value}" for reach, roles in by_reach.items())


def _doors() -> dict[Act, list[str]]:
    doors: dict[Act, list[str]] = defaultdict(list)
    for route in all_routes():
        doors[route.act].append(f"`{route.method} {route.path}` {sentence(route)}".strip())
    for event in EVENTS.values():
        if event.act in CALL_ACTS:
            doors[CALL_ACTS[event.act]].append(f"socket `{event.name}`")
    for subject, act in (("board", Act.BOARD_READ), ("point", Act.POINT_READ), ("ticket", Act.VISIT_READ)):
        doors[act].append(f"socket `watch {subject}:…`")
    return doors
