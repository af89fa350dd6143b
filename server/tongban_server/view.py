"""The base of everything that goes over the wire: frozen, camelCase outside, snake_case inside."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, field_validator
from pydantic.alias_generators import to_camel


class View(BaseModel):
    """Something that is shown."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, from_attributes=True, serialize_by_alias=True
    )


class Form(View):
    """Something that is sent to us: a key that we do not know is refused, text is stripped of outer spaces."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="after")
    @classmethod
    def _no_nul(cls, value: Any) -> Any:
        """PostgreSQL keeps no text with a NUL in it, and nobody means one."""
        said = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and "\0" in text for text in said):
            raise ValueError("characters")
        return value


class Nothing(Form):
    """A request without a body."""


def _with_z(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_with_z, return_type=str)]
