"""The doors of people: staff sign in and out, devices are enrolled and say what they are doing."""

from aiohttp import web
from limits import parse
from pydantic import Field

from tongban_queue import desk
from tongban_queue.board import office_row
from tongban_queue.hall import Kiosk, Line, Office, Point, Working
from tongban_queue.rows import ticket_row
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket
from tongban_server.door import Answer, Ask, Grant, Routes
from tongban_server.house import House
from tongban_server.http import address_of, drop_cookie, parsed, read_body, set_cookie
from tongban_server.people import devices, sessions
from tongban_server.people.sessions import FACE_ROLES, IDLE, Caller, Face, SessionKind
from tongban_server.people.staff import SignInRefused, Staff, by_username, matches, note_attempt
from tongban_server.policy import Act
from tongban_server.view import Form, Nothing, View
from tongban_server.visits.views import TicketRow

routes = Routes("people")

#: Per address, so that nobody tries many accounts; per account there is the lock of `staff.py`.
SIGN_INS = parse("30 per 10 minutes")
#: A code has 59 random bits and works once, so this only keeps noise away; a hall behind one address enrols at once.
ENROLMENTS = parse("120 per 10 minutes")


class SignIn(Form):
    """A member of staff wants in."""

    username: str = Field(min_length=1, max_length=40)
    password: str = Field(min_length=1, max_length=200)


class OfficeView(View):
    """An office as screens name it. `working`: its clerks ask for the next person, or idle ones are rung."""

    id: str
    name: str
    region_code: str
    region_name: str
    working: Working


class PointView(View):
    """A service point as screens name it."""

    id: str
    name: str
    region_code: str
    region_name: str
    address: str
    phone: str


class LineView(View):
    """A line as screens name it."""

    id: str
    title: str


class Me(View):
    """The member of staff who is signed in at this face."""

    staff_id: str
    username: str
    name: str
    face: Face
    roles: list[str]
    office: OfficeView | None
    point: PointView | None
    regions: list[str]
    lines: list[LineView]
    idle_minutes: int


class Device(View):
    """The device that asks: where it stands, which ticket it holds, and which was called to it.

    `messages`: this place sends messages to phones, so they may be offered.
    """

    kind: Face
    id: str
    name: str
    point: PointView
    ice_servers: list[dict[str, object]]
    holding: str | None
    called: TicketRow | None
    messages: bool
    idle_ask_s: int = 60
    idle_wipe_s: int = 30


class EnrolmentCode(Form):
    """The code that an operator read out."""

    code: str = Field(min_length=12, max_length=20)


class DeviceUse(Form):
    """Whether somebody stands at the kiosk."""

    in_use: bool


def _me(work: Work, caller: Caller) -> Me:
    staff = work.session.get_one(Staff, caller.staff_id)
    office = work.session.get(Office, staff.office_id) if staff.office_id else None
    point = work.session.get(Point, staff.point_id) if staff.point_id else None
    lines = [work.session.get_one(Line, line_id) for line_id in staff.lines]
    assert caller.face is not None
    return Me(
        staff_id=staff.id,
        username=staff.username,
        name=staff.name,
        face=caller.face,
        roles=list(staff.roles),
        office=OfficeView.model_validate(office_row(office)) if office else None,
        point=PointView.model_validate(point) if point else None,
        regions=list(staff.regions),
        lines=[LineView(id=line.id, title=line.title) for line in lines],
        idle_minutes=int(IDLE[caller.face].total_seconds() // 60),
    )


@routes.plain("POST", "/api/session", Act.SIGN_IN, body=SignIn, shows=Me)
async def sign_in(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """Sign in at the face named by X-Tongban-Face. Five failures lock the account for half an hour."""
    house: House = ask.house
    form = parsed(SignIn, await read_body(request))
    assert isinstance(form, SignIn)
    await house.limit(SIGN_INS, "sign_in", address_of(request, house))
    staff = await house.store.look(_who_may_try, form.username)
    right = await matches(form.password, staff.password_hash if staff else None)
    face = ask.caller.face
    fits = staff is not None and face is not None and any(role in staff.roles for role in FACE_ROLES.get(face, ()))
    if staff is not None:
        staff_id = staff.id

        def note(work: Work) -> None:
            note_attempt(work, work.session.get_one(Staff, staff_id), right=right)

        await house.store.change(note)
    if staff is None or face is None or not (right and fits):
        raise SignInRefused()
    return await _let_in(house, staff.id, face)


def _who_may_try(work: Work, username: str) -> Staff | None:
    staff = by_username(work, username)
    if staff is not None:
        staff.require_unlocked(work.now)
    return staff


async def _let_in(house: House, staff_id: str, face: Face) -> web.Response:
    def begin(work: Work) -> tuple[Me, Grant]:
        session = sessions.begin(work, SessionKind.STAFF, face, staff_id=staff_id)
        work.session.flush()
        caller = sessions.staff_caller(work, face, session.id, "")
        assert caller is not None
        return _me(work, caller), Grant(face, session.id)

    me, grant = await house.store.change(begin)
    response = web.json_response(text=me.model_dump_json(), headers={"Cache-Control": "no-store"})
    set_cookie(response, house, grant)
    return response


@routes.plain("DELETE", "/api/session", Act.SIGN_OUT)
async def sign_out(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """Sign out of this face."""
    house: House = ask.house

    def end(work: Work) -> None:
        sessions.end(work, str(ask.caller.session_id))

    await house.store.change(end)
    response = web.Response(status=204, headers={"Clear-Site-Data": '"cache", "storage"'})
    drop_cookie(response, house, str(ask.caller.face))
    return response


@routes.put("/api/session", Act.STAY)
def stay(ask: Ask[Nothing]) -> None:
    """The person at this screen is still there."""
    session = ask.work.session.get_one(sessions.Session, ask.caller.session_id)
    session.seen_at = ask.work.now


@routes.get("/api/me", Act.ME_READ)
def me(ask: Ask[Nothing]) -> Me:
    """Who is signed in at this face."""
    return _me(ask.work, ask.caller)


def _device(work: Work, house: House, kiosk: Kiosk, holding: str | None) -> Device:
    point = work.session.get_one(Point, kiosk.point_id)
    called = work.session.get(Ticket, kiosk.ticket_id) if kiosk.ticket_id and holding is None else None
    return Device(
        kind=Face(kiosk.kind),
        id=kiosk.id,
        name=kiosk.name,
        point=PointView.model_validate(point),
        ice_servers=house.settings.ice_servers,
        holding=holding,
        messages=house.messenger is not None,
        called=TicketRow.model_validate(ticket_row(called)) if called is not None else None,
    )


async def _limit_enrolments(ask: Ask[EnrolmentCode]) -> None:
    await ask.house.limit(ENROLMENTS, "enrol", ask.caller.address)


@routes.post("/api/devices/enrol", Act.DEVICE_ENROL, before=_limit_enrolments)
def enrol(ask: Ask[EnrolmentCode]) -> Answer[Device]:
    """Make this browser the device of a one-time code."""
    face = Face.HALL if ask.caller.face is Face.HALL else Face.KIOSK
    kiosk, session = devices.enrol(ask.work, ask.body.code, face)
    return Answer(_device(ask.work, ask.house, kiosk, None), grant=Grant(face, session.id))


@routes.get("/api/device", Act.DEVICE_READ)
def device(ask: Ask[Nothing]) -> Device:
    """This device, and the ticket it holds or is waited for with."""
    kiosk = ask.work.session.get_one(Kiosk, ask.caller.kiosk_id)
    return _device(ask.work, ask.house, kiosk, ask.caller.ticket_id)


@routes.put("/api/device/use", Act.DEVICE_USE)
def use_device(ask: Ask[DeviceUse]) -> None:
    """Somebody began at this kiosk, or it was wiped before a ticket was taken."""
    kiosk = ask.work.session.get_one(Kiosk, ask.caller.kiosk_id)
    desk.use_kiosk(ask.work, kiosk, in_use=ask.body.in_use)


@routes.post("/api/device/forget", Act.DEVICE_FORGET)
def forget(ask: Ask[Nothing]) -> Answer[None]:
    """This kiosk forgets its citizen: session, storage and cache. A waiting ticket waits on."""
    kiosk = ask.work.session.get_one(Kiosk, ask.caller.kiosk_id)
    desk.forget(ask.work, kiosk)
    sessions.end_visits_at(ask.work, kiosk.id)
    return Answer(None, forget=True)
