"""What the product says when it will not do something.

Four kinds, so that every door (HTTP, socket, command line) can translate a refusal without knowing it:

    Refused
    ├── NotFound     there is no such thing, or it is not for your eyes
    ├── NotAllowed   there is such a thing, but not for you
    ├── NotNow       you may, but the moment or the state forbids it
    └── BadInput     what you sent cannot be meant

A refusal is a class; its docstring is its one sentence; its code comes from its name. The words for people stand in the
server's catalogues under that code.
"""

import re
from typing import ClassVar


class Refused(Exception):
    """The request was refused."""

    kind: ClassVar[str] = "refused"
    retry_after_s: int | None = None

    def __init__(self, *, fields: dict[str, str] | None = None, **told: object) -> None:
        """`fields`: wire name of a field -> code of what is wrong with it; `told`: values the words may name."""
        super().__init__(self.code)
        self.fields = fields or {}
        self.told = told

    @property
    def code(self) -> str:
        """The class name in snake_case: `NobodyWaiting` -> `nobody_waiting`."""
        return code_of(type(self))


def code_of(refusal: type[Refused]) -> str:
    """The code of a refusal class, as it stands on the wire and in the catalogues of words."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", refusal.__name__).lower()


class NotFound(Refused):
    """There is no such thing here."""

    kind = "not_found"


class NotAllowed(Refused):
    """This is not for you to do."""

    kind = "not_allowed"


class NotNow(Refused):
    """This cannot be done now."""

    kind = "not_now"


class BadInput(Refused):
    """What was sent cannot be understood."""

    kind = "bad_input"


def all_refusals() -> list[type[Refused]]:
    """Every refusal class that has been imported, the four kinds included, sorted by code."""
    found: set[type[Refused]] = set()
    ahead = list(Refused.__subclasses__())
    while ahead:
        refusal = ahead.pop()
        found.add(refusal)
        ahead.extend(refusal.__subclasses__())
    return sorted(found, key=code_of)
