"""The front door: the table of routes, and the one way a request takes through it.

A room lists its routes in a `Routes`; each names its act and how to find the thing it is about. The door finds out who
asks, asks the policy, parses the body, runs the handler in one change, keeps the answer under its idempotency key, and
answers after the commit. A handler gets an `Ask` and returns what is to be shown; it cannot forget any of this.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from tongban_queue.store import Work
from tongban_server.answers import Given
from tongban_server.people.sessions import Caller, Face
from tongban_server.policy import Act, Thing
from tongban_server.view import Form, Nothing

B = TypeVar("B", bound=Form)
S = TypeVar("S")


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


@dataclass(frozen=True)
class Answer(Generic[S]):
    """An answer with more than a body: a cookie that is granted or taken, or storage that is to be cleared."""

    body: S
    grant: Grant | None = None
    forget: bool = False


FindThing = Callable[[Work, Mapping[str, str]], Thing]
Handler = Callable[..., Any]
#: What is asked on the event loop before a change begins: limits, which may stand in another program.
Before = Callable[["Ask[Any]"], Awaitable[None]]
#: What is put into an answer on the event loop, after the change or the look: what no transaction should wait for.
After = Callable[[Any, Given], Awaitable[Given]]


def nothing(work: Work, path: Mapping[str, str]) -> Thing:
    """For acts that are about nothing in particular."""
    return Thing()


@dataclass(frozen=True, slots=True)
class Route:
    """One route. A `plain` one gets the raw request and does its own changes; all else is the same for it.

    `query` names the whole numbers that may stand behind the question mark.
    """

    method: str
    path: str
    act: Act
    find: FindThing
    handler: Handler
    plain: bool
    body: type[Form]
    shows: Any
    query: tuple[str, ...] = ()
    before: Before | None = None
    after: After | None = None
    takes_file: bool = False
    gives_picture: bool = False
    looks_first: bool = False

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

    def _add(self, method: str, path: str, act: Act, find: FindThing, **more: Any) -> Callable[[Handler], Handler]:
        def listed(handler: Handler) -> Handler:
            self.all.append(Route(method, path, act, find, handler, **{**_promised(handler), **more}))
            return handler

        return listed

    def get(
        self,
        path: str,
        act: Act,
        find: FindThing = nothing,
        *,
        query: tuple[str, ...] = (),
        after: After | None = None,
    ) -> Callable[[Handler], Handler]:
        """List a route that only reads."""
        return self._add("GET", path, act, find, query=query, after=after)

    def post(
        self,
        path: str,
        act: Act,
        find: FindThing = nothing,
        *,
        before: Before | None = None,
        after: After | None = None,
        looks_first: bool = False,
    ) -> Callable[[Handler], Handler]:
        """List a route that does something. `looks_first`: it refuses only before its first write (`held.py`)."""
        return self._add("POST", path, act, find, before=before, after=after, looks_first=looks_first)

    def put(self, path: str, act: Act, find: FindThing = nothing) -> Callable[[Handler], Handler]:
        """List a route that sets something."""
        return self._add("PUT", path, act, find)

    def plain(
        self,
        method: str,
        path: str,
        act: Act,
        find: FindThing = nothing,
        *,
        body: type[Form] = Nothing,
        shows: Any = None,
        query: tuple[str, ...] = (),
        takes_file: bool = False,
        gives_picture: bool = False,
    ) -> Callable[[Handler], Handler]:
        """List a route whose handler also gets the raw request, and makes its own changes and its own response."""
        more = {"body": body, "shows": shows, "query": query, "takes_file": takes_file, "gives_picture": gives_picture}
        return self._add(method, path, act, find, plain=True, **more)


def _promised(handler: Handler) -> dict[str, Any]:
    """What a handler's own types say: the body it takes, and what it shows."""
    hints = get_type_hints(handler)
    shows = hints["return"]
    if get_origin(shows) is Answer:
        (shows,) = get_args(shows)
    return {"plain": False, "body": get_args(hints["ask"])[0], "shows": shows}


def shown(route: Route, body: Any) -> bytes:
    """A handler's answer as JSON, by the type that the route promises."""
    adapter: TypeAdapter[Any] = TypeAdapter(route.shows)
    return adapter.dump_json(body, by_alias=True)


def sentence(route: Route) -> str:
    """The first sentence of a handler's docstring."""
    return (inspect.getdoc(route.handler) or "").partition("\n")[0]
