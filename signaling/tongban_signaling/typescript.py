"""The vocabulary as TypeScript: `python -m tongban_signaling.typescript > client_web/src/wire/events.ts`.

The same vocabulary always gives the same text, so that `make check` can compare it with the file that is kept.
"""

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from tongban_signaling import message, tells
from tongban_signaling.message import Message
from tongban_signaling.vocabulary import ANSWERS, ASKS, TELLS

HEAD = """// Made by `python -m tongban_signaling.typescript` from the vocabulary there; do not edit.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
"""

PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
LIMITS = {"SDP_BYTES": message.SDP_BYTES, "CANDIDATE_BYTES": message.CANDIDATE_BYTES}


def typescript() -> str:
    """The whole file."""
    names = {kind: _name(kind) for kind in _kinds()}
    references, schema = models_json_schema([(kind, "serialization") for kind in names])
    shapes: dict[str, Any] = {key: shape for key, shape in schema["$defs"].items() if key != "JsonValue"}
    renamed: dict[str, str] = {_last(references[kind, "serialization"]["$ref"]): name for kind, name in names.items()}
    named: dict[str, Any] = {renamed.get(key, key): shape for key, shape in shapes.items()}
    interfaces = [_interface(name, named[name], renamed) for name in sorted(named)]
    limits = [f"export const {name} = {value}" for name, value in LIMITS.items()]
    tables = (_server_events(names), _client_events(names))
    return "\n".join((HEAD, *limits, "", *interfaces, *tables))


def _kinds() -> list[type[Message]]:
    return [*ASKS.values(), *ANSWERS.values(), tells.Refusal, *TELLS.values()]


def _name(kind: type[Message]) -> str:
    """`Ask…` for what a page says and `Told…` for what it hears; answers are named as they are."""
    if kind in ASKS.values():
        return f"Ask{kind.__name__}"
    return f"Told{kind.__name__}" if kind in TELLS.values() else kind.__name__


def _interface(name: str, shape: Mapping[str, Any], renamed: Mapping[str, str]) -> str:
    said = _sentence(shape.get("description", ""))
    if "enum" in shape:
        return f"{said}export type {name} = {_type(shape, renamed)}\n"
    must = set(shape.get("required", ())) | {key for key, of in shape["properties"].items() if "const" in of}
    lines = (f"  {key}{'' if key in must else '?'}: {_type(of, renamed)}" for key, of in shape["properties"].items())
    return "\n".join((f"{said}export interface {name} {{", *lines, "}\n"))


def _sentence(description: str) -> str:
    first = description.split("\n\n", 1)[0].replace("\n", " ").strip()
    return f"/** {first} */\n" if first else ""


def _type(of: Mapping[str, Any], renamed: Mapping[str, str]) -> str:
    if "$ref" in of:
        key = _last(of["$ref"])
        return "Json" if key == "JsonValue" else renamed.get(key, key)
    if "const" in of:
        return _literal(of["const"])
    if "enum" in of:
        return " | ".join(map(_literal, of["enum"]))
    if "anyOf" in of:
        return " | ".join(_type(each, renamed) for each in of["anyOf"])
    if of.get("type") == "object":
        return f"Record<string, {_type(of.get('additionalProperties', {}), renamed)}>"
    return PLAIN.get(of.get("type", ""), "Json")


def _last(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"


def _server_events(names: Mapping[type[Message], str]) -> str:
    told = (f"  {_key(name)}: (message: {names[kind]}) => void" for name, kind in TELLS.items())
    return _table("ServerEvents", "What a page hears.", told)


def _client_events(names: Mapping[type[Message], str]) -> str:
    asked = (
        f"  {_key(name)}: (message: {names[kind]}, answer: (ack: {names[ANSWERS[name]]} | Refusal) => void) => void"
        for name, kind in ASKS.items()
    )
    return _table("ClientEvents", "What a page says, and how it is answered.", asked)


def _key(name: str) -> str:
    return f"'{name}'" if "." in name else name


def _table(name: str, said: str, lines: Iterable[str]) -> str:
    return "\n".join((f"/** {said} */", f"export interface {name} {{", *lines, "}\n"))


if __name__ == "__main__":
    sys.stdout.write(typescript())
