"""May this one do that to this? Every door, every role, every relation, held against a table written by hand.

Relations: `own` the citizen's own ticket, called by the clerk, taken at the assistant's point, in the supervisor's
region; `other` another ticket of the same point and line (a board: another office of the same region); `elsewhere`
another region, office and point; `ended` the own ticket once its outcome is recorded; `any` nothing in particular.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import socketio
from socketio.exceptions import ConnectionError as SocketRefused

from tests.server.browser import Browser
from tests.server.hall import CHEN, LI, Hall, errand
from tongban_queue.refusals import Refused
from tongban_server.app import all_routes
from tongban_server.demo.papers import sample_photo
from tongban_server.door import Route
from tongban_server.gatekeeper import CALL_ACTS, Gatekeeper
from tongban_server.people.staff import Role
from tongban_server.policy import TABLE, Act
from tongban_signaling import gate
from tongban_signaling.events import EVENTS

Expected = dict[tuple[str, str, str], str]
CODES = {"sign_in": "sign_in_first", "no": "not_for_you", "over": "visit_over"}
SUBJECTS = {"board": Act.BOARD_READ, "point": Act.POINT_READ, "ticket": Act.VISIT_READ}
#: What each socket event is in the policy; a watched subject has the act of what it shows.
EVENT_ACTS = {
    "watch": "by subject",
    "unwatch": "own page",
    "call.join": Act.CALL_JOIN,
    "call.signal": Act.CALL_JOIN,
    "call.state": Act.CALL_JOIN,
    "call.leave": Act.CALL_JOIN,
}


def expected() -> Expected:
    with (Path(__file__).parent / "policy_expected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["act"], role.value, row["relation"]): row[role.value] for row in rows for role in Role}


EXPECTED = expected()
RELATIONS = ("own", "other", "elsewhere")


def relations_of(act: Act) -> list[str]:
    return [relation for known, role, relation in EXPECTED if known == act.value and role == "anonymous"]


def test_every_act_is_in_the_policy_and_in_the_expectation() -> None:
    assert {act.value for act in TABLE} == {act.value for act in Act} == {act for act, _, _ in EXPECTED}


def test_every_door_names_an_act_and_every_act_has_a_door() -> None:
    events = {act for act in EVENT_ACTS.values() if isinstance(act, Act)} | set(SUBJECTS.values())

    assert {route.act for route in all_routes()} | events == set(Act)
    assert set(EVENTS) == set(EVENT_ACTS)
    assert {event.act for event in EVENTS.values()} - {gate.Act.WATCH_SUBJECT, gate.Act.UNWATCH_SUBJECT} == set(
        CALL_ACTS
    )


def test_an_assistant_never_judges_and_those_who_guard_the_system_see_no_visit() -> None:
    judging = {Act.PAPER_JUDGE, Act.CHECK_ANSWER, Act.OUTCOME_RECORD}
    seeing = judging | {Act.VISIT_READ, Act.PAPER_LOOK, Act.CALL_JOIN, Act.PAPER_HAND_IN}

    assert not [act for act in judging if Role.ASSISTANT in TABLE[act]]
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.SUPERVISOR, Role.HALL, Role.KIOSK):
        assert not [act for act in seeing if role in TABLE[act]]


@dataclass
class Scene:
    """One hall with a browser for each role and the things of each relation."""

    browsers: dict[Role, Browser]
    tickets: dict[str, str]
    papers: dict[str, str]

    def place(self, route: Route, relation: str) -> str:
        """The address of a route for the thing of a relation."""
        ticket = self.tickets.get(relation, "")
        names: dict[str, str] = {
            "id": self.papers.get(relation, "") if "/papers/{id}" in route.path else ticket,
            "office": {"own": "pinghu-estate", "other": "pinghu-police"}.get(relation, "wujiang-hall"),
            "point": "lianshui" if relation == "own" else "nanhu",
            "check": "face",
            "code": "330482",
            "stream": "house",
            "n": "1",
            "file": "x.js",
        }
        if route.path.startswith("/api/matters"):
            names["id"] = "pinghu-mortgage"
        return re.sub(r"{(\w+)}", lambda found: names[found[1]], route.path)


async def with_paper(hall: Hall, browser: Browser, ticket_id: str) -> str:
    reply = await browser.post(f"/api/tickets/{ticket_id}/papers?material=1", raw=sample_photo(width=200))
    paper_id: str = reply.good()["id"]
    return paper_id


async def browsers_of(hall: Hall) -> dict[Role, Browser]:
    usernames = {Role.SYSTEM_ADMIN: "system", Role.SECURITY_ADMIN: "security"}
    found = {role: await hall.staff(usernames.get(role, role.value)) for role in list(Role)[4:]}
    return found | {
        Role.ANONYMOUS: await hall.browser("clerk"),
        Role.KIOSK: await hall.kiosk("lianshui-k2"),
        Role.HALL: await hall.kiosk("lianshui-hall"),
        Role.CITIZEN: await hall.kiosk("lianshui-k1"),
    }


async def scene_of(hall: Hall) -> Scene:
    """The own ticket is in the call; one waits in the same line, its kiosk freed; one waits elsewhere."""
    own = await hall.connected(CHEN)
    papers = {"own": await with_paper(hall, await hall.kiosk(), own)}
    second, far = await hall.kiosk("lianshui-k2"), await hall.kiosk("nanhu-k1")
    other = (await second.post("/api/tickets", errand(LI))).good()["ticket"]["id"]
    papers["other"] = await with_paper(hall, second, other)
    (await second.post(f"/api/tickets/{other}/release")).good()
    zhao = {"name": "赵示例", "idNumber": "150299199103200029", "phone": "19900000002"}
    elsewhere = (await far.post("/api/tickets", errand(zhao, matter="wujiang-hukou-proof"))).good()["ticket"]["id"]
    papers["elsewhere"] = await with_paper(hall, far, elsewhere)
    return Scene(await browsers_of(hall), {"own": own, "other": other, "elsewhere": elsewhere}, papers)


def body_for(route: Route) -> Any:
    """What is sent: right in form, so that the policy is asked, and such that the hall stays as it is."""
    path, wrong = route.path, {**CHEN, "idNumber": "320899198805120016"}
    if (route.method, path) == ("PUT", "/api/session"):
        return None
    said: dict[str, Any] = {
        "/api/session": {"username": "nobody", "password": "wrong"},
        "/api/devices/enrol": {"code": "AAAA-AAAA-AAAA"},
        "/api/device/use": {"inUse": False},
        "/api/tickets": errand(wrong),
        "/api/appointments": errand(wrong) | {"at": "2026-11-24T02:00:00Z"},
        "/message": {"wanted": False},
        "/transfer": {"matterId": "no-such-matter"},
        "/api/tickets/resume": {"slip": "AAAAAA", "lastFour": "0000"},
        "/help": {"wanted": False},
        "/priority": {"group": "elderly", "evidence": True},
        "/checks/{check}": {"result": "yes"},
        "/outcome": {"kind": "accepted", "homeNumber": "PH-1"},
        "/return": {"code": "unreadable"},
        "/rating": {"level": 5},
        "/api/window/pause": {"reason": "break"},
    }
    fits = (body for end, body in said.items() if path == end or (path.endswith(end) and not end.startswith("/api")))
    return next(fits, None)


async def answered(scene: Scene, route: Route, role: Role, relation: str) -> str:
    """`yes`, or what the policy said."""
    reply = await scene.browsers[role].ask(route.method, scene.place(route, relation), body_for(route))
    assert reply.status < 500, (route, role, relation, reply.raw)
    code = reply.json.get("code") if reply.status >= 400 else None
    return next((word for word, refused in CODES.items() if refused == code), "yes")


#: These change who is signed in, or end the visit: they are asked last.
LAST = ("/left", "/api/session", "/api/window/open")


def in_order(routes: list[Route]) -> list[Route]:
    return sorted(routes, key=lambda route: (route.path.endswith(LAST), route.method == "DELETE"))


async def compare(scene: Scene, keep: Callable[[str], bool]) -> list[str]:
    wrong = []
    for route in in_order(all_routes()):
        for relation in filter(keep, relations_of(route.act)):
            for role in Role:
                wanted = EXPECTED[route.act.value, role.value, relation]
                if (got := await answered(scene, route, role, relation)) != wanted:
                    wrong.append(f"{route.method} {route.path} {role.value} {relation}: {got}, not {wanted}")
    return wrong


async def test_every_door_answers_every_role_as_it_should(hall: Hall) -> None:
    scene = await scene_of(hall)

    assert await compare(scene, lambda relation: relation != "ended") == []


async def test_every_door_answers_as_it_should_once_the_visit_is_over(hall: Hall) -> None:
    own = await hall.connected()
    papers = {"ended": await with_paper(hall, await hall.kiosk(), own)}
    (await (await hall.clerk()).post(f"/api/tickets/{own}/outcome", {"kind": "consultation_only"})).good()
    scene = Scene(await browsers_of(hall), {"ended": own}, papers)

    assert await compare(scene, lambda relation: relation == "ended") == []


async def guest_of(hall: Hall, door: Gatekeeper, browser: Browser) -> gate.Who:
    cookies = {kept.key: kept.value for kept in browser.session.cookie_jar}
    face: Any = browser.face
    return await door.admit(gate.Handshake({}, cookies, "127.0.0.1"), face)


async def said_by(asked: Any) -> str:
    try:
        await asked
    except Refused as refusal:
        return next(word for word, code in CODES.items() if code == refusal.code)
    return "yes"


async def compare_events(hall: Hall, scene: Scene) -> list[str]:
    wrong, door = [], Gatekeeper(hall.house)
    for role, browser in scene.browsers.items():
        if role is Role.ANONYMOUS:
            assert await said_by(guest_of(hall, door, browser)) == "sign_in"
            continue
        who = await guest_of(hall, door, browser)
        for relation, ticket_id in scene.tickets.items():
            for event in CALL_ACTS:
                got = await said_by(door.may_join(who, ticket_id, event))
                if got != (wanted := EXPECTED["call.join", role.value, relation]):
                    wrong.append(f"{event} {role.value} {relation}: {got}, not {wanted}")
        for subject, act in subjects(scene):
            relation = subject[0]
            got = await said_by(door.may_watch(who, subject[1], gate.Act.WATCH_SUBJECT))
            if got != (wanted := EXPECTED[act.value, role.value, relation]):
                wrong.append(f"watch {subject} {role.value}: {got}, not {wanted}")
    return wrong


def subjects(scene: Scene) -> list[tuple[tuple[str, str], Act]]:
    tickets = [((relation, f"ticket:{ticket_id}"), Act.VISIT_READ) for relation, ticket_id in scene.tickets.items()]
    boards = {"own": "pinghu-estate", "other": "pinghu-police", "elsewhere": "wujiang-hall"}
    points = {"own": "lianshui", "elsewhere": "nanhu"}
    return [
        *tickets,
        *(((relation, f"board:{office}"), Act.BOARD_READ) for relation, office in boards.items()),
        *(((relation, f"point:{point}"), Act.POINT_READ) for relation, point in points.items()),
    ]


async def test_the_gate_of_the_sockets_answers_like_the_doors(hall: Hall) -> None:
    scene = await scene_of(hall)

    assert await compare_events(hall, scene) == []


async def test_the_gate_of_the_sockets_answers_like_the_doors_once_the_visit_is_over(hall: Hall) -> None:
    scene = Scene(await browsers_of(hall), {"ended": await hall.ended()}, {})

    assert await compare_events(hall, scene) == []


async def open_socket(hall: Hall, browser: Browser) -> socketio.AsyncClient:
    client = socketio.AsyncClient(reconnection=False, http_session=browser.session)
    await client.connect(str(hall.server.make_url("/")), transports=["websocket"], auth={"face": browser.face})
    return client


async def test_real_sockets_are_refused_in_the_same_words(hall: Hall) -> None:
    scene = await scene_of(hall)
    own, far = scene.tickets["own"], scene.tickets["elsewhere"]
    wanted = {Role.CITIZEN: (True, False), Role.CLERK: (True, False), Role.SUPERVISOR: (False, False)}
    for role, joins in wanted.items():
        client = await open_socket(hall, scene.browsers[role])
        try:
            asks = [{"ticket": ticket, "peer": "a" * 16} for ticket in (own, far)]
            got: list[Any] = [await client.call("call.join", ask) for ask in asks]
        finally:
            await client.disconnect()
        assert tuple(answer["ok"] for answer in got) == joins, role
        assert {answer["code"] for answer in got if not answer["ok"]} == {"not_for_you"}

    with pytest.raises(SocketRefused):
        await open_socket(hall, scene.browsers[Role.ANONYMOUS])
