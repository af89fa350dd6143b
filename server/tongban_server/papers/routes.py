"""The doors of papers: handing in, looking, judging."""

import asyncio
import hashlib
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from limits import parse
from sqlalchemy.exc import IntegrityError

from tongban_queue.board import get_ticket
from tongban_queue.refusals import BadInput, Refused
from tongban_queue.store import Work
from tongban_server import answers
from tongban_server.answers import Given, Repeat
from tongban_server.catalogue.offer import find_matter
from tongban_server.door import Ask, Routes
from tongban_server.house import House
from tongban_server.http import SomebodyWasFaster, answered_before, repeat_of
from tongban_server.papers.cellar import Cellar
from tongban_server.papers.paper import NoSuchMaterial, Paper, get_paper, hand_in, judge, paper_row, require_room
from tongban_server.papers.sandbox import Inspection
from tongban_server.people.staff import Role
from tongban_server.policy import Act, require
from tongban_server.view import Nothing
from tongban_server.visits.things import find_paper, find_ticket
from tongban_server.visits.views import PaperJudgement, PaperRow

routes = Routes("papers")

#: Every file costs a process; nobody at a counter hands in more.
HAND_INS = parse("120 per 10 minutes")
#: 20 MiB, inclusive (domain §2.14).
LARGEST = 20 * 1024 * 1024


class PaperTooLarge(BadInput):
    """The file is larger than 20 MiB."""


class PaperEmpty(BadInput):
    """The file is empty."""


async def _read_file(request: web.Request) -> bytes:
    """The bytes of a file, at most `LARGEST`; refuses `PaperTooLarge` as early as it can tell, and `PaperEmpty`."""
    if (request.content_length or 0) > LARGEST:
        raise PaperTooLarge()
    content = bytearray()
    async for chunk in request.content.iter_chunked(256 * 1024):
        content += chunk
        if len(content) > LARGEST:
            raise PaperTooLarge()
    if not content:
        raise PaperEmpty()
    return bytes(content)


def _material(work: Work, ticket_id: str, asked: str | None) -> int:
    """The number of a material that the ticket's matter asks for; refuses `NoSuchMaterial`, `TooManyPapers`."""
    require_room(work, ticket_id)
    matter = find_matter(work, get_ticket(work, ticket_id).matter_id)
    if asked is None or asked not in {str(material.no) for material in matter.materials}:
        raise NoSuchMaterial(fields={"material": "unknown"})
    return int(asked)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was received: what was asked for, what is in it, and where its bytes and its picture lie."""

    material_no: int
    content: bytes
    seen: Inspection
    paper_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    preview_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def sha256(self) -> str:
        """The digest of the bytes as they came."""
        return hashlib.sha256(self.content).hexdigest()

    async def store(self, cellar: Cellar) -> None:
        """Make the bytes and the picture durable; refuses `StoreFull`."""
        await asyncio.to_thread(cellar.put, self.paper_id, self.content)
        await asyncio.to_thread(cellar.put, self.preview_id, self.seen.preview)

    async def drop(self, cellar: Cellar) -> None:
        """No row names these files."""
        await asyncio.to_thread(cellar.drop, self.paper_id)
        await asyncio.to_thread(cellar.drop, self.preview_id)


@routes.plain(
    "POST",
    "/api/tickets/{id}/papers",
    Act.PAPER_HAND_IN,
    find_ticket,
    shows=PaperRow,
    query=("material",),
    takes_file=True,
)
async def hand_in_paper(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """Hand in one file for `?material=N`, as the raw body. Answers the paper's row once it is safe on disk."""
    house: House = ask.house
    await house.limit(HAND_INS, "hand_in", str(ask.caller.session_id))
    content = await _read_file(request)
    repeat = repeat_of(request, house, ask.caller, content)
    before = await answered_before(house, repeat)
    if before is None:
        material_no = await house.store.look(_material, ask.path["id"], ask.query.get("material"))
        received = Received(material_no, content, await house.sandbox.inspect(content))
        before = await _list_received(ask, received, repeat)
    return web.Response(text=before.body, content_type="application/json", headers={"Cache-Control": "no-store"})


async def _list_received(ask: Ask[Nothing], received: Received, repeat: Repeat) -> Given:
    """Bytes first, then the row; what ends without a row is dropped again."""
    house: House = ask.house
    await received.store(house.cellar)
    try:
        given = await house.store.change(_list_paper, ask, received, repeat)
    except (Refused, IntegrityError) as error:
        await received.drop(house.cellar)
        if twin := await answered_before(house, repeat):
            return twin
        if isinstance(error, Refused):
            raise
        raise SomebodyWasFaster() from error
    if received.paper_id not in given.body:  # a twin of this request was faster
        await received.drop(house.cellar)
    return given


def _list_paper(work: Work, ask: Ask[Nothing], received: Received, repeat: Repeat) -> Given:
    if before := answers.earlier(work, repeat):
        return before
    require(ask.caller, Act.PAPER_HAND_IN, find_ticket(work, ask.path))
    work.actor = ask.caller.identity
    paper = hand_in(
        work,
        ask.house.vault,
        ask.path["id"],
        paper_id=received.paper_id,
        preview_id=received.preview_id,
        material_no=received.material_no,
        sha256=received.sha256,
        size=len(received.content),
        seen=received.seen,
        by="assistant" if ask.caller.role is Role.ASSISTANT else "citizen",
    )
    given = Given(200, PaperRow.model_validate(paper_row(paper, ask.house.vault)).model_dump_json())
    answers.keep(work, repeat, given)
    return given


@routes.plain("GET", "/api/papers/{id}/pages/{n}", Act.PAPER_LOOK, find_paper, gives_picture=True)
async def look(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """One page of a paper as a JPEG, made from the safe reading of it; pages count from 1."""
    house: House = ask.house
    paper = await house.store.look(get_paper, ask.path["id"])
    picture = await _picture(house, paper, _number(ask.path["n"]))
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return web.Response(body=picture, content_type="image/jpeg", headers=headers)


def _number(said: str) -> int:
    """A page number; 0, which no paper has, for anything else."""
    return int(said) if re.fullmatch(r"[0-9]{1,6}", said) else 0


async def _picture(house: House, paper: Paper, number: int) -> bytes:
    if number == 1:
        return await asyncio.to_thread(house.cellar.get, paper.preview_id)
    content = await asyncio.to_thread(house.cellar.get, paper.id)
    return await house.sandbox.page(content, number)


def _judged(ask: Ask[Any], step: str, **why: Any) -> PaperRow:
    paper = judge(ask.work, ask.house.vault, get_paper(ask.work, ask.path["id"]), step, **why)
    return PaperRow.model_validate(paper_row(paper, ask.house.vault))


@routes.post("/api/papers/{id}/accept", Act.PAPER_JUDGE, find_paper)
def accept_paper(ask: Ask[Nothing]) -> PaperRow:
    """The clerk takes this paper."""
    return _judged(ask, "accept")


@routes.post("/api/papers/{id}/return", Act.PAPER_JUDGE, find_paper)
def return_paper(ask: Ask[PaperJudgement]) -> PaperRow:
    """The clerk gives this paper back, with a reason that the citizen sees at once."""
    return _judged(ask, "return", reason=ask.body.code, words=ask.body.words)


@routes.post("/api/papers/{id}/withdraw", Act.PAPER_WITHDRAW, find_paper)
def withdraw_paper(ask: Ask[Nothing]) -> None:
    """Take back a paper that nobody has looked at yet."""
    _judged(ask, "withdraw")
