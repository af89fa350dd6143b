"""What every message on the wire has in common: frozen, camelCase outside, nothing unknown, every string bounded."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from tongban_signaling.refusals import BadMessage

SDP_BYTES = 32 * 1024
CANDIDATE_BYTES = 2 * 1024

ASCII = r"^[\x09-\x7e]*$"

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Subject = Annotated[str, StringConstraints(max_length=80, pattern=r"^(board|point|ticket):[A-Za-z0-9_-]{1,64}$")]
Version = Annotated[int, Field(ge=0)]
Sdp = Annotated[str, StringConstraints(min_length=1, max_length=SDP_BYTES, pattern=ASCII)]
CandidateLine = Annotated[str, StringConstraints(max_length=CANDIDATE_BYTES, pattern=ASCII)]


def _with_z(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, Field(strict=False), PlainSerializer(_with_z, return_type=str)]


class Message(BaseModel):
    """One thing said on the wire."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )

    @classmethod
    def parse(cls, said: object) -> Self:
        """The message in `said`, a JSON value from outside. Refuses `BadMessage`, naming the fields that are wrong."""
        try:
            return cls.model_validate(said, by_alias=True, by_name=False)
        except ValidationError as error:
            raise BadMessage(fields=_wrong_fields(error)) from None

    def wire(self) -> dict[str, Any]:
        """The JSON object that goes out; fields that say nothing stay out, nulls inside of a fact stay in."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def _wrong_fields(error: ValidationError) -> dict[str, str]:
    """Wire path -> what is wrong. A name that the sender made up is not sent back to it."""
    wrong = error.errors(include_url=False, include_input=False, include_context=False)
    return {_place(flaw["loc"], flaw["type"]): flaw["type"] for flaw in wrong[:8]}


def _place(path: tuple[int | str, ...], flaw: str) -> str:
    known = path[:-1] if flaw == "extra_forbidden" else path
    return ".".join(str(step) for step in known) or "message"
