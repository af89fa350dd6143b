"""The paper of HTTP, made from the table of routes: OpenAPI 3.1."""

import re
import types
from typing import Any, get_origin

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from tongban_server.door import Route, sentence
from tongban_server.view import Nothing, View

REF = "#/components/schemas/{model}"


class Refusal(View):
    """Why something was refused. `text` is for people, in the language that was asked for."""

    code: str
    kind: str
    text: str
    fields: dict[str, str] | None = None
    retry_after_s: int | None = None


def openapi(routes: list[Route], version: str) -> dict[str, Any]:
    """The whole document. Only routes under /api are in it."""
    listed = [route for route in routes if route.path.startswith("/api/") and route.path != "/api/openapi.json"]
    models: list[tuple[Any, JsonSchemaMode]] = [(Refusal, "serialization")]
    for route in listed:
        if route.body is not Nothing:
            models.append((route.body, "validation"))
        models.extend((model, "serialization") for model in _models(route.shows))
    unique = list(dict.fromkeys(models))
    _, schemas = models_json_schema(unique, ref_template=REF)
    paths: dict[str, Any] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tongban", "version": version},
        "paths": paths,
        "components": {"schemas": schemas.get("$defs", {})},
    }


def _models(shows: Any) -> list[Any]:
    if isinstance(shows, type) and issubclass(shows, View):
        return [shows]
    if get_origin(shows) in (list, types.UnionType):
        return [model for argument in shows.__args__ for model in _models(argument)]
    return []


def _operation(route: Route) -> dict[str, Any]:
    named = [(name, "path", "string") for name in re.findall(r"{(\w+)}", route.path)]
    named += [(name, "query", "integer") for name in route.query]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": sentence(route),
        "parameters": [
            {"name": name, "in": place, "required": place == "path", "schema": {"type": kind}}
            for name, place, kind in named
        ],
        "responses": {**_answered(route), "4XX": _content(TypeAdapter(Refusal), "Refused")},
    }
    if route.takes_file:
        operation["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": BYTES}}}
    elif route.body is not Nothing:
        operation["requestBody"] = {"required": True, **_content(TypeAdapter(route.body), None)}
    return operation


BYTES = {"type": "string", "format": "binary"}


def _answered(route: Route) -> dict[str, Any]:
    if route.gives_picture:
        return {"200": {"description": "A picture", "content": {"image/jpeg": {"schema": BYTES}}}}
    if route.shows is None or route.shows is types.NoneType:
        return {"204": {"description": "Done"}}
    if isinstance(shows := route.shows, types.UnionType):
        (some,) = (kind for kind in shows.__args__ if kind is not types.NoneType)
        return {"200": _content(TypeAdapter(some), "Answered"), "204": {"description": "Done"}}
    return {"200": _content(TypeAdapter(route.shows), "Answered")}


def _content(adapter: TypeAdapter[Any], description: str | None) -> dict[str, Any]:
    schema = adapter.json_schema(ref_template=REF)
    schema.pop("$defs", None)
    if "title" in schema:
        schema = {"$ref": REF.format(model=schema["title"])}
    content: dict[str, Any] = {"content": {"application/json": {"schema": schema}}}
    return {"description": description, **content} if description else content
