"""The applicant of a ticket: sealed at rest, masked when shown."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.store import Base, Work
from tongban_server.people.identity import mask_id_number, mask_name, mask_phone
from tongban_server.people.vault import Vault
from tongban_server.view import View


class Applicant(Base):
    """Who holds a ticket. The consents are moments: when the citizen said yes, and to which text."""

    __tablename__ = "applicant"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    id_number: Mapped[bytes] = mapped_column(LargeBinary)
    phone: Mapped[bytes] = mapped_column(LargeBinary)
    notice_version: Mapped[str] = mapped_column(String(16))
    privacy_agreed_at: Mapped[datetime]
    recording_agreed_at: Mapped[datetime | None]


class ApplicantView(View):
    """An applicant as screens show one: masked."""

    name: str
    id_number: str
    phone: str


#: The version of the purpose and privacy notice that the kiosk shows.
NOTICE_VERSION = "2026-11"


def sealed_applicant(
    work: Work, vault: Vault, ticket_id: str, *, name: str, id_number: str, phone: str, recording: bool
) -> Applicant:
    """The applicant's row, each field sealed to this ticket."""
    sealed = {
        field: vault.seal(text, bound_to=f"{ticket_id}/{field}")
        for field, text in (("name", name), ("id_number", id_number.upper()), ("phone", phone))
    }
    return Applicant(
        ticket_id=ticket_id,
        notice_version=NOTICE_VERSION,
        privacy_agreed_at=work.now,
        recording_agreed_at=work.now if recording else None,
        **sealed,
    )


def masked(work: Work, vault: Vault, ticket_id: str) -> ApplicantView:
    """The applicant of a ticket, masked."""
    row = work.session.get_one(Applicant, ticket_id)
    return ApplicantView(
        name=mask_name(vault.open(row.name, bound_to=f"{ticket_id}/name")),
        id_number=mask_id_number(vault.open(row.id_number, bound_to=f"{ticket_id}/id_number")),
        phone=mask_phone(vault.open(row.phone, bound_to=f"{ticket_id}/phone")),
    )


def phone_of(work: Work, vault: Vault, ticket_id: str) -> str:
    """The whole phone number, to send a message to; it is shown to nobody."""
    row = work.session.get_one(Applicant, ticket_id)
    return vault.open(row.phone, bound_to=f"{ticket_id}/phone")


def last_four(work: Work, vault: Vault, ticket_id: str) -> str:
    """The last four characters of the ID number, to be compared with what is typed at a kiosk."""
    row = work.session.get_one(Applicant, ticket_id)
    return vault.open(row.id_number, bound_to=f"{ticket_id}/id_number")[-4:]
