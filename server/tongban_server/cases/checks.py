"""The identity checks: what the clerk must have answered before a case may be recorded as accepted (domain §2.6)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.desk import held_ticket
from tongban_queue.refusals import BadInput, NotFound, NotNow
from tongban_queue.rows import Row, tell_office, tell_visit, when
from tongban_queue.store import Base, Work, words_of
from tongban_queue.ticket import TicketState


class NoSuchCheck(NotFound):
    """There is no such identity check."""


class CheckNeedsAnswer(BadInput):
    """This check is answered with yes or no."""


class NotInCall(NotNow):
    """This is done while the citizen is in the call."""


class ChecksIncomplete(NotNow):
    """Not every identity check has been answered with yes."""


class CheckKey(StrEnum):
    """The checks, in the order of the script."""

    NOTICE = "notice"
    DOCUMENT = "document"
    SPOKEN = "spoken"
    FACE = "face"
    WILL = "will"
    AGENT = "agent"


class CheckResult(StrEnum):
    """The clerk's answer. Only the agent's check may be not applicable."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class Check(Base):
    """One answered check of one visit."""

    __tablename__ = "identity_check"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    key: Mapped[CheckKey] = mapped_column(words_of(CheckKey), primary_key=True)
    result: Mapped[CheckResult] = mapped_column(words_of(CheckResult))
    clerk_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


def check_rows(answered: dict[CheckKey, Check]) -> list[Row]:
    """All checks in the order of the script, answered or not."""
    return [_row(key, answered.get(key)) for key in CheckKey]


def _row(key: CheckKey, check: Check | None) -> Row:
    return {
        "id": key.value,
        "result": check.result.value if check else None,
        "at": when(check.at) if check else None,
    }


def checks_of(work: Work, ticket_id: str) -> dict[CheckKey, Check]:
    """The checks that were answered."""
    rows = work.session.scalars(select(Check).where(Check.ticket_id == ticket_id))
    return {check.key: check for check in rows}


def answer_check(work: Work, ticket_id: str, *, key: str, result: CheckResult, clerk_id: str) -> Row:
    """Answer one check, or answer it anew. Refuses `NoSuchCheck`, `CheckNeedsAnswer`, `NotInCall`."""
    if key not in tuple(CheckKey):
        raise NoSuchCheck()
    if result is CheckResult.NOT_APPLICABLE and key != CheckKey.AGENT:
        raise CheckNeedsAnswer()
    ticket = held_ticket(work, ticket_id)
    if ticket.state is not TicketState.CONNECTED:
        raise NotInCall()
    check = Check(ticket_id=ticket_id, key=CheckKey(key), result=result, clerk_id=clerk_id, at=work.now)
    check = work.session.merge(check)
    row = _row(check.key, check)
    tell_office(work, "check.answered", ticket.office_id, ticket=ticket, also={"check": row})
    tell_visit(work, "check.answered", ticket, checks=[row])
    return row


def require_complete(work: Work, ticket_id: str) -> None:
    """Refuses `ChecksIncomplete`, naming the checks that stand in the way."""
    answered = checks_of(work, ticket_id)
    good = {CheckResult.YES, CheckResult.NOT_APPLICABLE}
    lacking = [key.value for key in CheckKey if key not in answered or answered[key].result not in good]
    if lacking:
        raise ChecksIncomplete(fields=dict.fromkeys(lacking, "missing"))
