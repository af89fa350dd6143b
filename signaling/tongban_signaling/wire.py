"""JSON as the socket library wants it: `dumps` to text, `loads` that answers every bad text with a ValueError.

orjson is not only faster: it refuses deep nesting, lone surrogates and NaN, where the standard library would raise a
RecursionError out of the reader of the socket.
"""

from typing import Any

import orjson


def dumps(value: Any, **_style: Any) -> str:
    """The compact JSON text of `value`; the library's wishes about separators are met by default."""
    return orjson.dumps(value).decode()


def loads(text: str | bytes) -> Any:
    """The value of a JSON text. Raises ValueError when there is none."""
    return orjson.loads(text)
