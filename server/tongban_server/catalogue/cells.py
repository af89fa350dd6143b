"""The kinds of cell that a catalogue file has: how each is read, and how each is written back."""

import re
from datetime import date, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, LiteralString

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError
from stdnum.cn import uscc as usccs

from tongban_queue.hours import Hours as OpeningHours
from tongban_queue.hours import HoursMisshapen

_USCC = "[0-9A-HJ-NPQRTUWXY]{18}"


def fault(code: LiteralString, **told: Any) -> PydanticCustomError:
    """An error of a cell that carries our own code and whatever its words may name."""
    return PydanticCustomError(code, "{code}", {"code": code, **told})


def _shaped(pattern: str, code: LiteralString) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise fault(code)
        return text

    return AfterValidator(check)


def _day(value: Any, info: ValidationInfo) -> Any:
    """A day, or `today`, `today-365`, `today+30`, counted from the day in the context."""
    if not isinstance(value, str):
        return value
    relative = re.fullmatch(r"today([+-]\d{1,5})?", value)
    try:
        if relative:
            today: date = (info.context or {})["today"]
            return today + timedelta(days=int(relative[1] or 0))
        return date.fromisoformat(value)
    except (ValueError, OverflowError):
        raise fault("bad_day") from None


def _parts(value: Any) -> Any:
    return tuple(part.strip() for part in value.split("|") if part.strip()) if isinstance(value, str) else value


def _hours(text: str) -> str:
    try:
        OpeningHours.parse(text)
    except HoursMisshapen as refusal:
        raise fault("bad_hours", **refusal.told) from None
    return text


def check_digit_fits(text: str) -> bool:
    """Whether a code that begins with a USCC has the right check digit. A real code may fail it (domain §2.7)."""
    return bool(usccs.calc_check_digit(text[:17]) == text[17])


def written(value: Any) -> str:
    """A value as its cell: `yes`/`no`, `2026-01-31`, parts joined with `|`, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return "|".join(map(written, value))
    return str(value.value) if isinstance(value, Enum) else str(value)


Id = Annotated[str, Field(max_length=40), _shaped("[a-z0-9][a-z0-9-]*", "bad_id")]
ShortId = Annotated[str, Field(max_length=32), _shaped("[a-z0-9][a-z0-9-]*", "bad_id")]
RegionCode = Annotated[str, _shaped(r"\d{6}|\d{4}[A-Z]{2}", "bad_region")]
Prefix = Annotated[str, _shaped("[A-Z]", "bad_prefix")]
Uscc = Annotated[str, _shaped(_USCC, "bad_uscc")]
TaskCode = Annotated[str, _shaped(_USCC + r"\d{13}", "bad_task_code")]
CatalogCode = Annotated[str, _shaped(r"\d{12}", "bad_catalog_code")]
Day = Annotated[date, BeforeValidator(_day)]
Hours = Annotated[str, Field(max_length=200), AfterValidator(_hours)]
Parts = Annotated[tuple[str, ...], BeforeValidator(_parts)]
Languages = Annotated[tuple[Literal["zh-CN", "en"], ...], BeforeValidator(_parts), Field(min_length=1)]
Short = Annotated[str, StringConstraints(max_length=40)]
Title = Annotated[str, StringConstraints(max_length=80)]
Name = Annotated[str, StringConstraints(max_length=120)]
Long = Annotated[str, StringConstraints(max_length=200)]
Days = Annotated[int, Field(ge=0, le=3650)]
Count = Annotated[int, Field(ge=0, le=99)]
Number = Annotated[int, Field(ge=1, le=9999)]
