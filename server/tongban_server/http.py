"""How a request becomes an answer: limits, origin, who asks, policy, one change, answer; and refusals as HTTP."""

import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

import orjson
import structlog
from aiohttp import web
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from tongban_queue.held import unforeseen
from tongban_queue.refusals import BadInput, NotAllowed, NotFound, NotNow, Refused
from tongban_queue.store import Work
from tongban_server import answers
from tongban_server.answers import FORGET, Given
from tongban_server.door import Answer, Ask, Grant, Route, shown
from tongban_server.house import House
from tongban_server.people.sessions import Caller, Face, device_caller, staff_caller
from tongban_server.people.staff import Role
from tongban_server.policy import SignInFirst, require
from tongban_server.view import Form, Nothing
from tongban_server.words import language_of
from tongban_signaling.hub import Hub

log = structlog.get_logger("tongban.http")

STATUS = {"bad_input": 400, "not_allowed": 403, "not_found": 404, "not_now": 409}
LARGEST_BODY = 64 * 1024
HOUSE: web.AppKey[House] = web.AppKey("house", House)
HUB: web.AppKey[Hub] = web.AppKey("hub", Hub)


class BadFields(BadInput):
    """Some fields are missing or not as they should be."""


class BodyTooLarge(BadInput):
    """What was sent is too large."""


class WrongOrigin(NotAllowed):
    """This request does not come from one of our pages."""


class NoSuchAddress(NotFound):
    """There is nothing at this address."""


class SomebodyWasFaster(NotNow):
    """Somebody else changed the same thing at the same moment; look again."""


HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
}


def cookie_name(house: House, name: str) -> str:
    """Over TLS cookies are bound to the host; a browser takes such names only then."""
    return f"__Host-tongban_{name}" if house.settings.secure else f"tongban_{name}"


def address_of(request: web.BaseRequest, house: House) -> str:
    """The caller's address: the last one in X-Forwarded-For that no trusted proxy of ours wrote."""
    address = request.remote or "unknown"
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while hops and _trusted(address, house):
        address = hops.pop()
    return address


def _trusted(address: str, house: House) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in house.settings.trusted_proxies if network.version == parsed.version)


def admit(work: Work, house: House, *, face: str | None, cookies: dict[str, str], address: str) -> Caller:
    """Who is behind a request or a socket: staff, a device, the citizen at a device, or nobody we know."""

    def session_id(name: str) -> str | None:
        value = cookies.get(cookie_name(house, name))
        return house.vault.signed(value) if value else None

    known = Face(face) if face in tuple(Face) else None
    caller = None
    if known is Face.KIOSK or known is Face.HALL:
        caller = device_caller(work, known, session_id(known), session_id("visit"), address)
    elif known is not None:
        caller = staff_caller(work, known, session_id(known), address)
    return caller or Caller(Role.ANONYMOUS, face=known, address=address)


async def read_body(request: web.Request) -> bytes:
    """A small body; refuses `BodyTooLarge`."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise BodyTooLarge()
    body = await request.content.read(LARGEST_BODY + 1)
    while not request.content.at_eof() and len(body) <= LARGEST_BODY:
        body += await request.content.read(LARGEST_BODY + 1 - len(body))
    if len(body) > LARGEST_BODY:
        raise BodyTooLarge()
    return body


def parsed(kind: type[Form], body: bytes) -> Form:
    """The form that a body holds; refuses `BadFields`, naming each field by its wire name."""
    if kind is Nothing and not body:
        return Nothing()
    try:
        return kind.model_validate_json(body or b"{}")
    except ValidationError as error:
        faults = {
            ".".join(map(str, fault["loc"])) or "body": _code(fault["type"], fault["msg"]) for fault in error.errors()
        }
        raise BadFields(fields=faults) from None


def _field(path: tuple[int | str, ...]) -> str:
    return ".".join(map(str, path)) or "body"


def _code(kind: str, message: str) -> str:
    return message.removeprefix("Value error, ") if kind == "value_error" else kind


def require_our_page(request: web.Request, house: House) -> None:
    """Unsafe requests come from our own pages: with our header, and from an origin that we know. Else `WrongOrigin`."""
    origin = request.headers.get("Origin")
    if request.headers.get("X-Tongban-Face") is None or (origin is not None and origin not in house.settings.origins):
        raise WrongOrigin()


def endpoint(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The aiohttp handler of a route."""

    async def serve(request: web.Request) -> web.StreamResponse:
        house = request.app[HOUSE]
        if route.changes:
            require_our_page(request, house)
        if route.plain:
            return await _serve_plain(route, request, house)
        body = await read_body(request) if route.changes else b""
        form = parsed(route.body, body)
        if route.before is not None:
            await route.before(await house.store.look(_understood, route, request, house, form))
        if route.changes:
            given = await _change(route, request, house, form, body)
        else:
            given = await house.store.look(_read, route, request, house, form)
        return _response(house, request, await route.after(house, given) if route.after else given)

    return serve


async def _serve_plain(route: Route, request: web.Request, house: House) -> web.StreamResponse:
    """Ask the policy, let go of the database, then let the handler do its own reading and changing."""
    ask = await house.store.look(_understood, route, request, house, Nothing())
    response: web.StreamResponse = await route.handler(ask, request)
    return response


def _read(work: Work, route: Route, request: web.Request, house: House, form: Form) -> Given:
    return shown_answer(route, route.handler(_understood(work, route, request, house, form)))


def _understood(work: Work, route: Route, request: web.Request, house: House, form: Form) -> Ask[Form]:
    return _asked(route, request, house, work, form, caller_of(request, house, work))


def _asked(route: Route, request: web.Request, house: House, work: Work, form: Form, caller: Caller) -> Ask[Form]:
    if any("\0" in part for part in request.match_info.values()):
        raise NoSuchAddress()
    thing = route.find(work, request.match_info)
    require(caller, route.act, thing)
    work.actor = caller.identity
    return Ask(work, caller, form, request.match_info, request.query, thing, house)


def caller_of(request: web.Request, house: House, work: Work) -> Caller:
    """Who sent this request."""
    face = request.headers.get("X-Tongban-Face") or request.query.get("face")
    address = address_of(request, house)
    return admit(work, house, face=face, cookies=dict(request.cookies), address=address)


def shown_answer(route: Route, returned: object) -> Given:
    """The answer that a handler returned, as it is kept and sent."""
    answer: Answer[object] = returned if isinstance(returned, Answer) else Answer(returned)
    grant = FORGET if answer.forget else str(answer.grant) if answer.grant else None
    if answer.body is None:
        return Given(204, "", grant)
    return Given(200, shown(route, answer.body).decode(), grant)


async def _change(route: Route, request: web.Request, house: House, form: Form, body: bytes) -> Given:
    repeats: list[answers.Repeat] = []

    def step(work: Work) -> Given:
        caller = caller_of(request, house, work)
        repeats.append(repeat_of(request, house, caller, body))
        if before := answers.earlier(work, repeats[-1]):
            return before
        given = shown_answer(route, route.handler(_asked(route, request, house, work, form, caller)))
        answers.keep(work, repeats[-1], given)
        return given

    try:
        return await house.store.change(unforeseen(step) if route.looks_first else step)
    except (Refused, IntegrityError) as error:
        # A twin of this request, sent at the same moment, may have been done: then its answer is this one's, too.
        if repeats and (twin := await answered_before(house, repeats[-1])):
            return twin
        if isinstance(error, Refused):
            raise
        log.info("change.collided", path=route.path)
        raise SomebodyWasFaster() from error


def repeat_of(request: web.Request, house: House, caller: Caller, body: bytes) -> answers.Repeat:
    """What makes this request the same one again; refuses `KeyMisshapen`."""
    key, identity = request.headers.get("Idempotency-Key", ""), caller.session_id or caller.identity
    return answers.repeat_of(house.vault, identity, key, method=request.method, path=request.path_qs, body=body)


async def answered_before(house: House, repeat: answers.Repeat) -> Given | None:
    """The answer that this very request got by now; refuses `KeyUsedForAnother`."""
    return await house.store.look(answers.earlier, repeat)


def _response(house: House, request: web.Request, given: Given) -> web.Response:
    content_type = "application/json" if given.body else None
    response = web.Response(status=given.status, text=given.body or None, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    if given.grant == FORGET:
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        drop_cookie(response, house, "visit")
    elif given.grant is not None:
        set_cookie(response, house, Grant.parse(given.grant))
    return response


def set_cookie(response: web.StreamResponse, house: House, grant: Grant) -> None:
    """Give the browser the cookie of a session. A device keeps its own for a year; all others end with the browser."""
    device = grant.face in (Face.KIOSK, Face.HALL) and not grant.visit
    name = cookie_name(house, "visit" if grant.visit else grant.face.value)
    response.set_cookie(
        name,
        house.vault.sign(grant.session_id),
        max_age=365 * 86400 if device else None,
        httponly=True,
        secure=house.settings.secure,
        samesite="Strict",
        path="/",
    )


def drop_cookie(response: web.StreamResponse, house: House, name: str) -> None:
    """Take a cookie back."""
    response.del_cookie(
        cookie_name(house, name), path="/", secure=house.settings.secure, httponly=True, samesite="Strict"
    )


def refusal_response(house: House, refusal: Refused, language: str) -> web.Response:
    """A refusal as HTTP: status by its kind, a code for programs, words for people."""
    status = 401 if isinstance(refusal, SignInFirst) else 429 if refusal.code == "too_often" else STATUS[refusal.kind]
    if isinstance(refusal, BodyTooLarge) or refusal.code == "paper_too_large":
        status = 413
    body: dict[str, object] = {
        "code": refusal.code,
        "kind": refusal.kind,
        "text": house.words.refusal(refusal, language),
    }
    if refusal.fields:
        body["fields"] = refusal.fields
    headers = {"Cache-Control": "no-store"}
    if refusal.retry_after_s is not None:
        body["retryAfterS"] = refusal.retry_after_s
        headers["Retry-After"] = str(refusal.retry_after_s)
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json", headers=headers)


@web.middleware
async def refusals_become_http(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """The one place where a refusal turns into an answer, and where every answer gets its headers and its log line."""
    house, began = request.app[HOUSE], time.perf_counter()
    language = language_of(request.headers.get("Accept-Language", ""))
    try:
        response = await handler(request)
    except Refused as refusal:
        response = refusal_response(house, refusal, language)
    except web.HTTPException as error:
        unknown = NoSuchAddress() if error.status in (404, 405) else BadInput()
        response = refusal_response(house, unknown, language)
        response.set_status(error.status)
    except ConnectionError:
        raise
    except Exception:
        log.exception("request.failed", method=request.method, route=_pattern(request))
        response = refusal_response(house, ServerFault(), language)
        response.set_status(500)
    if not response.prepared:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if house.settings.secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
    took_ms = round((time.perf_counter() - began) * 1000, 1)
    log.info("request.answered", method=request.method, route=_pattern(request), status=response.status, ms=took_ms)
    return response


class ServerFault(NotNow):
    """Something went wrong on our side; nothing that was confirmed is lost."""


def _pattern(request: web.Request) -> str:
    """The route's pattern, never the path itself: a log holds no ids of visits."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"
