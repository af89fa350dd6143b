"""The outcome of a visit: what the home authority's clerk decided, recorded here and never decided here (domain §6)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic.alias_generators import to_camel
from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue import desk
from tongban_queue.refusals import BadInput
from tongban_queue.rows import Row, when
from tongban_queue.store import Base, Work, words_of
from tongban_queue.tally import day_of
from tongban_queue.ticket import Ticket
from tongban_server.cases.checks import require_complete
from tongban_server.people.vault import Vault


class OutcomeIncomplete(BadInput):
    """The outcome lacks what its kind requires."""


class OutcomeKind(StrEnum):
    """What came of the visit."""

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    CORRECTION_NEEDED = "correction_needed"
    CONSULTATION_ONLY = "consultation_only"


#: What each kind cannot do without.
REQUIRED: dict[OutcomeKind, tuple[str, ...]] = {
    OutcomeKind.ACCEPTED: ("home_number",),
    OutcomeKind.NOT_ACCEPTED: ("reason", "basis"),
    OutcomeKind.CORRECTION_NEEDED: ("reason",),
    OutcomeKind.CONSULTATION_ONLY: (),
}
WORDED = ("reason", "basis", "words")


@dataclass(frozen=True, slots=True)
class Said:
    """What the clerk wrote; empty where nothing was."""

    home_number: str = ""
    reason: str = ""
    basis: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """The clerk who signs."""

    id: str
    name: str


class Outcome(Base):
    """The outcome of one visit. What the clerk wrote in words is sealed."""

    __tablename__ = "outcome"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    kind: Mapped[OutcomeKind] = mapped_column(words_of(OutcomeKind))
    receipt_no: Mapped[str] = mapped_column(String(60), unique=True)
    home_number: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    basis: Mapped[bytes | None] = mapped_column(LargeBinary)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    clerk_id: Mapped[str] = mapped_column(String(40))
    clerk_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


def outcome_row(outcome: Outcome, vault: Vault) -> Row:
    """An outcome as the screens of its visit show it."""
    worded = {name: _opened(outcome, name, vault) for name in WORDED}
    return {
        "kind": outcome.kind.value,
        "receiptNo": outcome.receipt_no,
        "homeNumber": outcome.home_number,
        **worded,
        "at": when(outcome.at),
        "clerk": outcome.clerk_name,
    }


def _opened(outcome: Outcome, name: str, vault: Vault) -> str | None:
    sealed: bytes | None = getattr(outcome, name)
    return vault.open(sealed, bound_to=f"{outcome.ticket_id}/{name}") if sealed else None


def record_outcome(
    work: Work,
    vault: Vault,
    ticket_id: str,
    *,
    kind: OutcomeKind,
    said: Said,
    clerk: Signed,
) -> Ticket:
    """Record the outcome and end the call. Refuses `OutcomeIncomplete`, `ChecksIncomplete`, `StepNotAllowed`."""
    lacking = [name for name in REQUIRED[kind] if not getattr(said, name)]
    if lacking:
        raise OutcomeIncomplete(fields=dict.fromkeys(map(to_camel, lacking), "missing"))
    ticket = desk.held_ticket(work, ticket_id)
    if kind is OutcomeKind.ACCEPTED:
        require_complete(work, ticket_id)
    worded = {name: getattr(said, name) for name in WORDED if getattr(said, name)}
    sealed = {name: vault.seal(text, bound_to=f"{ticket_id}/{name}") for name, text in worded.items()}
    outcome = Outcome(
        ticket_id=ticket_id,
        kind=kind,
        receipt_no=f"{ticket.office_id}-{day_of(work.now).replace('-', '')}-{ticket.number}",
        home_number=said.home_number or None,
        clerk_id=clerk.id,
        clerk_name=clerk.name,
        at=work.now,
        **sealed,
    )
    row = outcome_row(outcome, vault)
    recorded = {"kind": kind.value, "receiptNo": outcome.receipt_no, "homeNumber": outcome.home_number}
    ticket = desk.end(work, ticket_id, also={"outcome": recorded}, outcome=row)
    work.session.add(outcome)
    return ticket
