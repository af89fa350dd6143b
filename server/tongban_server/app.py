"""Everything put together. Read this first: which rooms the house has, and how a server comes up and goes down."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from aiohttp import web

import tongban_server.catalogue.routes
import tongban_server.messages.routes
import tongban_server.papers.routes
import tongban_server.people.routes
import tongban_server.ratings.routes
import tongban_server.visits.routes
import tongban_server.visits.window_routes
import tongban_server.watch.health
import tongban_server.watch.routes
from tongban_server import pages
from tongban_server.door import Ask, Route, Routes
from tongban_server.gatekeeper import Gatekeeper
from tongban_server.house import House, build_house
from tongban_server.http import HOUSE, HUB, endpoint, refusals_become_http
from tongban_server.journey import Journey
from tongban_server.messages.post import deliver_until_cancelled
from tongban_server.openapi import openapi
from tongban_server.policy import Act
from tongban_server.rounds import Rounds
from tongban_server.settings import Settings
from tongban_server.view import Nothing
from tongban_server.watch.health import FIGURES, Figures, requests_are_counted
from tongban_signaling.hub import Hub

VERSION = "0.1.0"

paper = Routes("paper")


@paper.plain("GET", "/api/openapi.json", Act.PAGE_OPEN)
async def openapi_document(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """This interface, described."""
    return web.json_response(openapi(all_routes(), VERSION))


def openapi_text() -> str:
    """The same description as text with a stable order, for the client's generated types."""
    return json.dumps(openapi(all_routes(), VERSION), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def all_routes() -> list[Route]:
    """Every route of the house."""
    rooms = (
        tongban_server.people.routes.routes,
        tongban_server.catalogue.routes.routes,
        tongban_server.visits.routes.routes,
        tongban_server.visits.window_routes.routes,
        tongban_server.papers.routes.routes,
        tongban_server.ratings.routes.routes,
        tongban_server.messages.routes.routes,
        tongban_server.watch.routes.routes,
        tongban_server.watch.health.routes,
        paper,
        pages.routes,
    )
    return [route for room in rooms for route in room.all]


def build_app(settings: Settings) -> web.Application:
    """The server as an aiohttp application; nothing is opened before it starts."""
    house = build_house(settings)
    app = web.Application(middlewares=[requests_are_counted, refusals_become_http], client_max_size=21 * 1024 * 1024)
    gatekeeper = Gatekeeper(house)
    hub = Hub(
        gatekeeper, house.words.refusal, allowed_origins=sorted(settings.origins), redis_url=settings.redis_url or None
    )
    app[HOUSE], app[HUB], app[FIGURES] = house, hub, Figures()
    hub.attach(app)
    for route in all_routes():
        app.router.add_route(route.method, route.path, endpoint(route))
    app.cleanup_ctx.append(_living(house, hub, gatekeeper))
    return app


def _living(house: House, hub: Hub, gatekeeper: Gatekeeper) -> Callable[[web.Application], AsyncIterator[None]]:
    """What runs while the server runs: telling facts, telling places, ringing clerks, making the rounds, the post."""

    async def live(_app: web.Application) -> AsyncIterator[None]:
        await house.store.require_durable()
        await asyncio.to_thread(house.cellar.sweep)
        journey = Journey(house.store, hub, house.waits)
        house.store.listeners.append(journey.listen)
        rounds = Rounds(house.store, gatekeeper, hub)
        running = (journey.tell_places(), journey.offer(), rounds.run(), deliver_until_cancelled(house))
        tasks = [asyncio.create_task(run) for run in running]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await house.store.close()

    return live
