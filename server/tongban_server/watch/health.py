"""Whether the server is alive, whether it is ready, and its figures for Prometheus."""

import hmac
import shutil
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from tongban_queue.refusals import NotAllowed
from tongban_queue.store import Work
from tongban_queue.ticket import LIVE, Ticket
from tongban_queue.window import Window
from tongban_server.door import Ask, Routes
from tongban_server.house import House
from tongban_server.http import HUB
from tongban_server.policy import Act
from tongban_server.view import Nothing

routes = Routes("health")

#: Below so much free disk a server still answers, but says so.
LEAST_FREE = 512 * 1024 * 1024


class FiguresNotForYou(NotAllowed):
    """The figures are read from this machine, or with the operator's token."""


class Figures:
    """The figures of one process. Nothing in them is personal: counts, times and states only."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "tongban_request_seconds",
            "Time to answer a request, by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.tickets = Gauge("tongban_tickets", "Live tickets by state.", ["state"], registry=self.registry)
        self.windows = Gauge("tongban_windows", "Windows by state.", ["state"], registry=self.registry)
        self.pages = Gauge("tongban_pages", "Open pages with a live socket.", registry=self.registry)


FIGURES: web.AppKey[Figures] = web.AppKey("figures", Figures)


@web.middleware
async def requests_are_counted(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Every answer goes into the figures, by its route's pattern."""
    began = time.perf_counter()
    response = await handler(request)
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "none"
    counted = request.app[FIGURES].requests.labels(request.method, route, str(response.status))
    counted.observe(time.perf_counter() - began)
    return response


@routes.plain("GET", "/healthz", Act.HEALTH_READ)
async def healthz(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"ok": True})


@routes.plain("GET", "/readyz", Act.HEALTH_READ)
async def readyz(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """Whether visits can be served, and what is degraded, in words. 503 when they cannot."""
    house: House = ask.house
    degraded: dict[str, str] = {}
    ready = await _database_answers(house)
    if not ready:
        degraded["database"] = "the database does not answer"
    if not request.app[HUB].up:
        degraded["redis"] = "Redis does not answer; screens of other nodes learn of changes by their own asking"
    if shutil.disk_usage(house.settings.home).free < LEAST_FREE:
        degraded["disk"] = "less than 512 MiB are free"
    grade = await house.sandbox.grade()
    if grade.lacking:
        degraded["sandbox"] = grade.words
    body: dict[str, Any] = {"ready": ready, "degraded": degraded}
    return web.json_response(body, status=200 if ready else 503)


async def _database_answers(house: House) -> bool:
    try:
        await house.store.look(lambda work: work.session.execute(text("SELECT 1")).scalar())
    except (SQLAlchemyError, OSError):
        return False
    return True


@routes.plain("GET", "/metrics", Act.FIGURES_READ)
async def metrics(ask: Ask[Nothing], request: web.Request) -> web.Response:
    """Figures for Prometheus: from this machine itself, or with the operator's bearer token."""
    _require_operator(ask, request)
    figures = request.app[FIGURES]
    await ask.house.store.look(_count_things, figures)
    figures.pages.set(request.app[HUB].pages_open)
    headers = {"Content-Type": CONTENT_TYPE_LATEST}
    return web.Response(body=generate_latest(figures.registry), headers=headers)


def _require_operator(ask: Ask[Nothing], request: web.Request) -> None:
    token = ask.house.settings.metrics_token
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(token.encode(), said.encode(errors="replace")):
        return
    try:
        if ip_address(ask.caller.address).is_loopback:
            return
    except ValueError:
        pass
    raise FiguresNotForYou()


def _count_things(work: Work, figures: Figures) -> None:
    live = select(Ticket.state, func.count()).where(Ticket.state.in_(LIVE)).group_by(Ticket.state)
    tickets = {state: count for state, count in work.session.execute(live)}
    by_state = select(Window.state, func.count()).group_by(Window.state)
    windows = {state: count for state, count in work.session.execute(by_state)}
    for state in LIVE:
        figures.tickets.labels(state.value).set(tickets.get(state, 0))
    figures.windows.clear()
    for window_state, count in windows.items():
        figures.windows.labels(window_state.value).set(count)
