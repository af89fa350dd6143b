"""The rating of a visit (好差评): five levels, once, by the citizen alone; the clerk never sees who (domain §2.1)."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.desk import held_ticket
from tongban_queue.refusals import BadInput, NotNow
from tongban_queue.rows import tell_office
from tongban_queue.store import Base, Work
from tongban_queue.tally import count
from tongban_queue.ticket import TicketState
from tongban_server.people.vault import Vault
from tongban_server.view import View

LEVELS = range(1, 6)
#: Levels that need a reason code or words.
POOR = (1, 2)


class AlreadyRated(NotNow):
    """This visit has been rated."""


class NothingToRate(NotNow):
    """Only a visit that was served can be rated."""


class ReasonNeeded(BadInput):
    """A low rating needs a reason or a few words, so that something can be done about it."""


class NoSuchReason(BadInput):
    """This reason does not belong to this level."""


class Reason(View):
    """One reason code of the national set, or of our own range 9xx."""

    code: str
    zh: str
    en: str


class Level(View):
    """A level with its name and reasons."""

    level: int
    zh: str
    en: str
    codes: list[Reason]


class Reasons(View):
    """The dictionary of reasons. Nobody adds to it by hand; a new one has a new version."""

    version: str
    levels: list[Level]


@cache
def reasons() -> Reasons:
    """The dictionary that is in force."""
    return Reasons.model_validate(json.loads((Path(__file__).parent / "reasons.json").read_text(encoding="utf-8")))


class Rating(Base):
    """One rating. The citizen's words are sealed."""

    __tablename__ = "rating"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    level: Mapped[int]
    codes: Mapped[list[str]] = mapped_column(JSON)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    reasons_version: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


def require_reason(level: int, codes: list[str], words: str) -> None:
    """Refuses `NoSuchReason`, and at levels 1 and 2 `ReasonNeeded` when there is neither a code nor a word."""
    known = {reason.code for one in reasons().levels if one.level == level for reason in one.codes}
    if not set(codes) <= known:
        raise NoSuchReason()
    if level in POOR and not codes and not words:
        raise ReasonNeeded()


def rate(work: Work, vault: Vault, ticket_id: str, *, level: int, codes: list[str], words: str) -> Rating:
    """Rate a visit, once. Refuses `AlreadyRated`, `NothingToRate`, `ReasonNeeded`, `NoSuchReason`.

    Told to the boards as counts only; neither the visit's screens nor the point's learn of it.
    """
    require_reason(level, codes, words)
    ticket = held_ticket(work, ticket_id)
    if ticket.state is TicketState.RATED:
        raise AlreadyRated()
    if ticket.state is not TicketState.ENDED:
        raise NothingToRate()
    ticket.move("rate")
    ticket.rated_at = work.now
    sealed = vault.seal(words, bound_to=f"{ticket_id}/rating") if words else None
    rating = Rating(
        ticket_id=ticket_id,
        level=level,
        codes=codes,
        words=sealed,
        reasons_version=reasons().version,
        at=work.now,
    )
    work.session.add(rating)
    tally = count(work, ticket.office_id, work.now, **{f"rated_{level}": 1})
    tell_office(work, "visit.rated", ticket.office_id, tally=tally, also={"level": level, "codes": codes})
    return rating
