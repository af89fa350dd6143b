"""Nonsense at every door: whatever is sent, the server answers, and never with a fault of its own (reliability row 12).

Bodies are made from the description of the interface and then spoilt; addresses and queries are anything at all. It is
seeded: a failing run is the same run again. With `TONGBAN_SOAK=1` every door is asked a thousand times.
"""

import os
import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.server.hall import Hall
from tests.server.test_policy import Scene, scene_of
from tongban_server.app import VERSION, all_routes
from tongban_server.door import Route
from tongban_server.openapi import openapi
from tongban_server.people.staff import Role

SOAK = os.environ.get("TONGBAN_SOAK") == "1"
DOCUMENT = openapi(all_routes(), VERSION)
#: Reading a hundred made-up files in their own processes takes minutes; tests/server/papers spoils files instead.
ROUTES = [route for route in all_routes() if route.path != "/readyz"]

HEALTHY: list[Any] = list(HealthCheck)
ODD_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", " ", "\0", "\x1b[2J", "\u202e", "\ufeff", "😀" * 50, "x" * 5000, "'; DROP TABLE ticket;--"]),
    st.sampled_from(["../../etc/passwd", "%00", "${7*7}", "<script>", "١٢٣", "NaN", "1e999", "-0"]),
)
ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.integers(10**18, 10**40), st.floats(), ODD_TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(ODD_TEXT, inner, max_size=4)),
    max_leaves=8,
)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def meant(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of about the right shape."""
    schema = resolved(schema)
    if "const" in schema or "enum" in schema:
        return st.sampled_from([schema["const"]] if "const" in schema else schema["enum"])
    if "anyOf" in schema:
        return st.one_of(*map(meant, schema["anyOf"]))
    if schema.get("type") == "object":
        return st.fixed_dictionaries({name: spoilt(part) for name, part in schema.get("properties", {}).items()})
    if schema.get("type") == "array":
        return st.lists(spoilt(schema["items"]), max_size=12)
    kinds: dict[str, st.SearchStrategy[Any]] = {"string": ODD_TEXT, "integer": st.integers(), "boolean": st.booleans()}
    return kinds.get(schema.get("type", ""), ODD)


def spoilt(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly meant, sometimes anything."""
    return st.one_of(meant(schema), meant(schema), meant(schema), ODD)


def body_of(route: Route) -> st.SearchStrategy[Any]:
    operation = DOCUMENT["paths"].get(route.path, {}).get(route.method.lower(), {})
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return st.one_of(spoilt(schema) if schema else ODD, st.none(), st.binary(max_size=60))


def address(route: Route, parts: list[str], real: str, keep: bool) -> str:
    """The route's address with real names, or with anything that can stand there."""
    odd = iter(parts)
    return re.sub(r"{\w+}", lambda _: real if keep else quote(next(odd, "x") or "-", safe=""), route.path)


async def send(scene: Scene, route: Route, role: Role, path: str, said: Any, query: str) -> int:
    sent: Any = {"raw": said} if isinstance(said, bytes) else {"said": said}
    try:
        reply = await scene.browsers[role].ask(route.method, f"{path}?{query}", **sent)
    except ValueError:  # a float that JSON cannot say, or text that UTF-8 cannot: never leaves the browser
        return 0
    assert reply.status < 500, (route.method, path, role, said, reply.raw[:300])
    return reply.status


async def fuzz(hall: Hall, *, each: int = 12) -> None:
    scene = await scene_of(hall)
    odd_parts = st.lists(ODD_TEXT.filter(lambda part: part not in (".", "..")), min_size=3, max_size=3)
    queries = st.dictionaries(st.sampled_from(["after", "material", "face", "x"]), ODD_TEXT, max_size=2)
    asks: list[tuple[Any, ...]] = []

    def gather(route: Route) -> None:
        @seed(20261122)
        @settings(max_examples=each, database=None, deadline=None, suppress_health_check=HEALTHY)
        @given(st.sampled_from(list(Role)), body_of(route), odd_parts, st.booleans(), queries)
        def draw(role: Role, said: Any, parts: list[str], keep: bool, query: dict[str, str]) -> None:
            asks.append((route, role, said, parts, keep, query))

        draw()

    for route in ROUTES:
        gather(route)
    seen = set()
    for route, role, said, parts, keep, query in asks:
        real = scene.papers["own"] if "papers" in route.path else scene.tickets["own"]
        spelled = "&".join(f"{name}={quote(value, safe='', errors='replace')}" for name, value in query.items())
        seen.add(await send(scene, route, role, address(route, parts, real, keep), said, spelled))
    assert {200, 400, 401, 403, 404} <= seen  # it got past the policy, the forms and into the rules


async def test_no_nonsense_is_a_fault_of_ours(hall: Hall) -> None:
    await fuzz(hall)


async def test_no_nonsense_is_a_fault_of_ours_over_postgresql(postgres_hall: Hall) -> None:
    await fuzz(postgres_hall)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="the long fuzz runs with TONGBAN_SOAK=1")
async def test_a_thousand_times_each(postgres_hall: Hall) -> None:
    await fuzz(postgres_hall, each=1000)
