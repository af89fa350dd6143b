"""The front door: the table of routes, and the one way a request takes through it.

A room lists its routes in a `Routes`; each names its act and how to find the thing it is about. The door finds out who
asks, asks the policy, parses the body, runs the handler in one change, keeps the answer under its idempotency key, and
answers after the commit. A handler gets an `Ask` and returns what is to be shown; it cannot forget any of this.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter

from tongban_queue.store import Work
from tongban_server.people.sessions import Caller, Face
from tongban_server.policy import Act, Thing
from tongban_server.view import Form, Nothing

B = TypeVar("B", bound=Form)


@dataclass(frozen=True, slots=True)
class Ask(Generic[B]):
    """One request, understood: the transaction, who asks, what was sent, and about what."""

    work: Work
    caller: Caller
    body: B
    path: Mapping[str, str]
    query: Mapping[str, str]
    thing: Thing
    house: Any


@dataclass(frozen=True, slots=True)
class Grant:
    """A session whose cookie the browser gets: its face and id, and whether it stands for a visit."""

    face: Face
    session_id: str
    visit: bool = False

    def __str__(self) -> str:
        return f"{self.face.value}:{self.session_id}:{'visit' if self.visit else ''}"

    @classmethod
    def parse(cls, text: str) -> Grant:
        """The grant that `str` wrote."""
        face, session_id, visit = text.split(":")
        return cls(Face(face), session_id, bool(visit))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with more than a body: a cookie that is granted or taken, or storage that is to be cleared."""

    body: Any = None
    grant: Grant | None = None
    forget: bool = False


FindThing = Callable[[Work, Mapping[str, str]], Awaitable[Thing]]
Handler = Callable[..., Awaitable[Any]]


async def nothing(work: Work, path: Mapping[str, str]) -> Thing:
    """For acts that are about nothing in particular."""
    return Thing()


@dataclass(frozen=True, slots=True)
class Route:
    """One route. A `plain` one gets the raw request and does its own changes; all else is the same for it."""

    method: str
    path: str
    act: Act
    find: FindThing
    handler: Handler
    plain: bool
    body: type[Form]
    shows: Any

    @property
    def name(self) -> str:
        """The handler's name in camelCase: the operation id in OpenAPI."""
        head, *rest = self.handler.__name__.split("_")
        return head + "".join(word.title() for word in rest)

    @property
    def changes(self) -> bool:
        """Whether this is an unsafe method."""
        return self.method != "GET"


@dataclass(slots=True)
class Routes:
    """The routes of one room, in the order in which they stand in the file."""

    tag: str
    all: list[Route] = field(default_factory=list)

    def _add(self, method: str, path: str, act: Act, find: FindThing, plain: bool) -> Callable[[Handler], Handler]:
        def listed(handler: Handler) -> Handler:
            hints = get_type_hints(handler)
            sent = next((get_args(hint) for name, hint in hints.items() if name == "ask"), ())
            body = sent[0] if sent else Nothing
            self.all.append(Route(method, path, act, find, handler, plain, body, hints.get("return")))
            return handler

        return listed

    def get(
        self, path: str, act: Act, find: FindThing = nothing, *, plain: bool = False
    ) -> Callable[[Handler], Handler]:
        """List a route that only reads."""
        return self._add("GET", path, act, find, plain)

    def post(
        self, path: str, act: Act, find: FindThing = nothing, *, plain: bool = False
    ) -> Callable[[Handler], Handler]:
        """List a route that does something."""
        return self._add("POST", path, act, find, plain)

    def put(
        self, path: str, act: Act, find: FindThing = nothing, *, plain: bool = False
    ) -> Callable[[Handler], Handler]:
        """List a route that sets something."""
        return self._add("PUT", path, act, find, plain)

    def delete(
        self, path: str, act: Act, find: FindThing = nothing, *, plain: bool = False
    ) -> Callable[[Handler], Handler]:
        """List a route that ends something."""
        return self._add("DELETE", path, act, find, plain)


def shown(route: Route, body: Any) -> bytes:
    """A handler's answer as JSON, by the type that the route promises."""
    promised = route.shows if route.shows is not Answer else type(body)
    adapter: TypeAdapter[Any] = TypeAdapter(promised)
    return adapter.dump_json(body, by_alias=True)


def sentence(route: Route) -> str:
    """The first sentence of a handler's docstring."""
    return (inspect.getdoc(route.handler) or "").partition("\n")[0]
