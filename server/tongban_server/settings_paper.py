"""The paper of the settings, `server/SETTINGS.md`: every field with its meaning and default, taken from the class."""

import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from tongban_server.settings import Settings

HEAD = """# Settings

Every setting is an environment variable that begins with `TONGBAN_`; it is read once, at start. This paper is made from
the one module that reads the environment (`tongban_server/settings.py`); `make check` refuses a stale one. A value that
cannot be meant stops the start and is named. Lists are written as JSON: `TONGBAN_TRUSTED_PROXIES='["10.0.0.0/8"]'`.

| variable | what it takes | default | what it is for |
|---|---|---|---|
"""
WORDS = {bool: "`true`, `false`", int: "number", str: "text", Path: "path"}


def paper() -> str:
    """The whole paper."""
    return HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    default = "—" if field.default in ("", None, []) or field.default is False else f"`{field.default}`"
    return f"| `TONGBAN_{name.upper()}` | {_kind(field.annotation)} | {default} | {field.description} |\n"


def _kind(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    if get_origin(kind) is list:
        return "JSON list"
    if get_origin(kind) in (Union, types.UnionType):
        return _kind(next(part for part in get_args(kind) if part is not types.NoneType))
    return WORDS[kind]
