"""The built pages: one HTML file for each face, and their assets. Everything on them comes from this server."""

import re
from pathlib import Path

from aiohttp import web

from tongban_queue.refusals import NotFound
from tongban_server.door import Ask, Routes
from tongban_server.policy import Act
from tongban_server.view import Nothing

routes = Routes("pages")

NAME = re.compile(r"(assets/)?[\w.-]{1,120}", re.ASCII)
FACES = {"": "index", "kiosk": "kiosk", "hall": "hall", "clerk": "clerk", "assistant": "assistant"} | {
    "supervisor": "supervisor"
}


class NoSuchPageHere(NotFound):
    """There is no such page."""


class ClientNotBuilt(NotFound):
    """The pages have not been built; `make run` builds them."""


def web_folder(configured: Path | None) -> Path:
    """Where the built client lies: as set, in the package (a wheel), or beside the sources."""
    packaged = Path(__file__).parent / "web"
    beside = Path(__file__).parents[2] / "client_web" / "dist"
    return configured or (packaged if packaged.is_dir() else beside)


def _file(ask: Ask[Nothing], name: str) -> Path:
    folder = web_folder(ask.house.settings.web)
    if not folder.is_dir():
        raise ClientNotBuilt()
    if not NAME.fullmatch(name):
        raise NoSuchPageHere()
    found = (folder / name).resolve()
    if not found.is_relative_to(folder.resolve()) or not found.is_file():
        raise NoSuchPageHere()
    return found


async def _page(ask: Ask[Nothing], request: web.Request) -> web.FileResponse:
    name = request.path.strip("/")
    return web.FileResponse(_file(ask, f"{FACES[name]}.html"), headers={"Cache-Control": "no-cache"})


for _name in FACES:
    routes.plain("GET", f"/{_name}", Act.PAGE_OPEN)(_page)


@routes.plain("GET", "/mark.svg", Act.PAGE_OPEN)
async def mark(ask: Ask[Nothing], request: web.Request) -> web.FileResponse:
    """The mark that stands in a browser's tab."""
    return web.FileResponse(_file(ask, "mark.svg"), headers={"Cache-Control": "public, max-age=86400"})


@routes.plain("GET", "/assets/{file}", Act.PAGE_OPEN)
async def asset(ask: Ask[Nothing], request: web.Request) -> web.FileResponse:
    """A script, style or picture of the pages; its name changes with its content, so it may be kept for ever."""
    found = _file(ask, f"assets/{ask.path['file']}")
    return web.FileResponse(found, headers={"Cache-Control": "public, max-age=31536000, immutable"})
