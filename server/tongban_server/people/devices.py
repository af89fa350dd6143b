"""Devices: a kiosk or hall screen is enrolled once, with a code that an operator reads out, and can be revoked."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, update
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue import journal
from tongban_queue.hall import Kiosk
from tongban_queue.refusals import NotAllowed, NotFound
from tongban_queue.store import Base, Work
from tongban_server.people.sessions import Face, Session, SessionKind, begin

CODE_LASTS = timedelta(hours=24)


class NoSuchKiosk(NotFound):
    """There is no such device."""


class EnrolmentRefused(NotAllowed):
    """This enrolment code is not valid, or it has been used."""


class Enrolment(Base):
    """A code that enrols one device once. Only its digest is kept."""

    __tablename__ = "enrolment"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def _digest(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()


def new_code(work: Work, kiosk_id: str) -> str:
    """A fresh code for a device, twelve letters and digits in groups of four. It lasts a day and works once."""
    if work.session.get(Kiosk, kiosk_id) is None:
        raise NoSuchKiosk()
    letters = work.chance.slip_code() + work.chance.slip_code()
    code = "-".join(letters[start : start + 4] for start in range(0, 12, 4))
    work.session.add(Enrolment(digest=_digest(code), kiosk_id=kiosk_id, expires_at=work.now + CODE_LASTS))
    journal.record(work, journal.HOUSE, "kiosk.code_made", {"kiosk": kiosk_id, "by": work.actor})
    return code


def enrol(work: Work, code: str, face: Face) -> tuple[Kiosk, Session]:
    """Use a code: the device behind it gets a session, an older device of the same name loses its own."""
    fresh = (Enrolment.digest == _digest(code), Enrolment.used_at.is_(None), Enrolment.expires_at > work.now)
    used = update(Enrolment).where(*fresh).values(used_at=work.now).returning(Enrolment.kiosk_id)
    kiosk_id = (work.session.execute(used)).scalar_one_or_none()
    kiosk = work.session.get(Kiosk, kiosk_id) if kiosk_id else None
    if kiosk is None or kiosk.kind != face.value:
        raise EnrolmentRefused()
    kiosk.revoked_at = None
    session = begin(work, SessionKind.DEVICE, face, kiosk_id=kiosk.id)
    journal.record(work, journal.HOUSE, "kiosk.enrolled", {"kiosk": kiosk.id})
    return kiosk, session


def revoke(work: Work, kiosk_id: str) -> Kiosk:
    """The device is trusted no more: its sessions end at once."""
    kiosk = work.session.get(Kiosk, kiosk_id)
    if kiosk is None:
        raise NoSuchKiosk()
    kiosk.revoked_at = work.now
    ended = update(Session).where(Session.kiosk_id == kiosk_id, Session.ended_at.is_(None)).values(ended_at=work.now)
    work.session.execute(ended)
    journal.record(work, journal.HOUSE, "kiosk.revoked", {"kiosk": kiosk_id, "by": work.actor})
    return kiosk
