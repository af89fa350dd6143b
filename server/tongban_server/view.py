"""The base of everything that goes over the wire: frozen, camelCase outside, snake_case inside."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel


class View(BaseModel):
    """Something that is shown."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, from_attributes=True, serialize_by_alias=True
    )


class Form(View):
    """Something that is sent to us: a key that we do not know is refused, text is stripped of outer spaces."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Nothing(Form):
    """A request without a body."""


def _with_z(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_with_z, return_type=str)]
