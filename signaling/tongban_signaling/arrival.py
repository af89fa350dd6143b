"""How a page comes and goes."""

import time
from collections.abc import Mapping
from typing import Any

from tongban_signaling import room
from tongban_signaling.gate import FACES, Face, Handshake
from tongban_signaling.page import Page, open_page
from tongban_signaling.refusals import TooManyPages, UnknownFace
from tongban_signaling.switchboard import Switchboard, identity_room

LANGUAGES = ("zh-CN", "en")


def handshake_of(environ: Mapping[str, Any]) -> Handshake:
    """The handshake in the socket library's environ."""
    request = environ["aiohttp.request"]
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Handshake(headers, dict(request.cookies), request.remote or "")


def face_of(auth: object) -> Face:
    """The face that the page says it is. Refuses `UnknownFace`."""
    face = auth.get("face") if isinstance(auth, dict) else None
    if not isinstance(face, str) or face not in FACES:
        raise UnknownFace
    return face


def language_of(auth: object, headers: Mapping[str, str]) -> str:
    """The language of the page, else of the browser; zh-CN unless it is English."""
    wished = auth.get("language") if isinstance(auth, dict) else None
    first = wished if isinstance(wished, str) else headers.get("accept-language", "")
    return LANGUAGES[1] if first.lower().startswith("en") else LANGUAGES[0]


async def come(board: Switchboard, sid: str, environ: Mapping[str, Any], auth: object) -> None:
    """Let a page in. Refuses `UnknownFace`, `TooManyPages` and whatever the gate refuses."""
    face = face_of(auth)
    handshake = handshake_of(environ)
    who = await board.gate.admit(handshake, face)
    already = len(board.pages_of(who.identity))
    if already >= board.limits.pages_per_identity:
        raise TooManyPages
    page = open_page(sid, who, face, language_of(auth, handshake.headers), board.limits, time.monotonic())
    board.pages[sid] = page
    await board.enter(page, identity_room(who.identity))
    if not already:
        await board.gate.came(who)


async def go(board: Switchboard, sid: str) -> None:
    """Forget a page whose line is gone, and tell those who sat with it."""
    page: Page | None = board.pages.pop(sid, None)
    if page is None:
        return
    for seat in list(page.seats.values()):
        await board.tell(room.departure(seat, lost=True), page)
    if not board.pages_of(page.who.identity):
        await board.gate.went(page.who)
