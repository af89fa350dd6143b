"""The doors of papers: handing in, looking, judging."""

import asyncio
import hashlib
import uuid
from typing import Any

from aiohttp import web

from tongban_queue.board import get_ticket
from tongban_queue.refusals import BadInput
from tongban_queue.store import Work
from tongban_server import answers
from tongban_server.catalogue.offer import find_matter
from tongban_server.door import Ask, Routes
from tongban_server.house import House
from tongban_server.papers.paper import NoSuchMaterial, Paper, get_paper, hand_in, judge, paper_row, require_room
from tongban_server.people.staff import Role
from tongban_server.policy import Act, require
from tongban_server.view import Nothing
from tongban_server.visits.things import find_paper, find_ticket
from tongban_server.visits.views import PaperJudgement, PaperRow

routes = Routes("papers")

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


async def _material(house: House, ticket_id: str, asked: str | None) -> int:
    """The number of a material that the ticket's matter asks for; refuses `NoSuchMaterial`, `TooManyPapers`."""
    async with house.store.reading() as work:
        await require_room(work, ticket_id)
        matter = await find_matter(work, (await get_ticket(work, ticket_id)).matter_id)
    if asked is None or asked not in {str(material.no) for material in matter.materials}:
        raise NoSuchMaterial(fields={"material": "unknown"})
    return int(asked)


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
    material_no = await _material(house, ask.path["id"], ask.query.get("material"))
    content = await _read_file(request)
    seen = await house.sandbox.inspect(content)
    paper_id, preview_id = uuid.uuid4().hex, uuid.uuid4().hex
    digest = hashlib.sha256(content).hexdigest()
    repeat = answers.Repeat(str(ask.caller.session_id), request.headers.get("Idempotency-Key", "")[:80], digest)

    async def step(work: Work) -> bytes:
        if repeat.key and (before := await answers.earlier(work, repeat)):
            return before.body.encode()
        require(ask.caller, Act.PAPER_HAND_IN, await find_ticket(work, ask.path))
        work.actor = ask.caller.identity
        paper = await hand_in(
            work,
            house.vault,
            ask.path["id"],
            paper_id=paper_id,
            preview_id=preview_id,
            material_no=material_no,
            sha256=digest,
            size=len(content),
            seen=seen,
            by="assistant" if ask.caller.role is Role.ASSISTANT else "citizen",
        )
        body = PaperRow.model_validate(paper_row(paper, house.vault)).model_dump_json()
        if repeat.key:
            answers.keep(work, repeat, 200, body, None)
        return body.encode()

    await asyncio.to_thread(house.cellar.put, paper_id, content)
    await asyncio.to_thread(house.cellar.put, preview_id, seen.preview)
    body = await house.store.change(step)
    return web.Response(body=body, content_type="application/json", headers={"Cache-Control": "no-store"})


@routes.plain("GET", "/api/papers/{id}/pages/{n}", Act.PAPER_LOOK, find_paper, gives_picture=True)
async def look(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """One page of a paper as a JPEG, made from the safe reading of it; pages count from 1."""
    house: House = ask.house
    async with house.store.reading() as work:
        paper = await get_paper(work, ask.path["id"])
    picture = await _picture(house, paper, int(ask.path["n"]) if ask.path["n"].isdecimal() else 0)
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return web.Response(body=picture, content_type="image/jpeg", headers=headers)


async def _picture(house: House, paper: Paper, number: int) -> bytes:
    if number == 1:
        return await asyncio.to_thread(house.cellar.get, paper.preview_id)
    content = await asyncio.to_thread(house.cellar.get, paper.id)
    return await house.sandbox.page(content, number)


async def _judged(ask: Ask[Any], step: str, **why: Any) -> PaperRow:
    paper = await judge(ask.work, ask.house.vault, await get_paper(ask.work, ask.path["id"]), step, **why)
    return PaperRow.model_validate(paper_row(paper, ask.house.vault))


@routes.post("/api/papers/{id}/accept", Act.PAPER_JUDGE, find_paper)
async def accept_paper(ask: Ask[Nothing]) -> PaperRow:
    """The clerk takes this paper."""
    return await _judged(ask, "accept")


@routes.post("/api/papers/{id}/return", Act.PAPER_JUDGE, find_paper)
async def return_paper(ask: Ask[PaperJudgement]) -> PaperRow:
    """The clerk gives this paper back, with a reason that the citizen sees at once."""
    return await _judged(ask, "return", reason=ask.body.code, words=ask.body.words)


@routes.post("/api/papers/{id}/withdraw", Act.PAPER_WITHDRAW, find_paper)
async def withdraw_paper(ask: Ask[Nothing]) -> None:
    """Take back a paper that nobody has looked at yet."""
    await _judged(ask, "withdraw")
