"""Staff: who they are, what they may be, and how they sign in (domain §2.9)."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue import journal
from tongban_queue.refusals import BadInput, NotAllowed, NotNow
from tongban_queue.store import Base, Work

#: Five failures lock an account for half an hour.
FAILURES = 5
LOCKED_FOR = timedelta(minutes=30)
HASHER = PasswordHasher()


class Role(StrEnum):
    """What a caller is. The first four are no members of staff."""

    ANONYMOUS = "anonymous"
    KIOSK = "kiosk"
    HALL = "hall"
    CITIZEN = "citizen"
    CLERK = "clerk"
    ASSISTANT = "assistant"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"


STAFF_ROLES = tuple(Role)[4:]
#: Nobody holds two of these (separation of duties, domain §2.9).
APART = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class SignInRefused(NotAllowed):
    """The name and the password do not belong together."""


class AccountLocked(NotNow):
    """Too many failures; the account is locked for a while."""


class RolesMustBeApart(BadInput):
    """One person cannot hold two of system admin, security admin and auditor."""


class PasswordTooWeak(BadInput):
    """A password needs at least ten characters of three kinds."""


class Staff(Base):
    """A member of staff. A clerk has an office and lines, an assistant a point, a supervisor regions.

    `languages` are those that a clerk speaks with citizens; the clerk's window has them, too.
    """

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    roles: Mapped[list[str]] = mapped_column(JSON)
    password_hash: Mapped[str | None] = mapped_column(String(160))
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"))
    point_id: Mapped[str | None] = mapped_column(ForeignKey("point.id"))
    regions: Mapped[list[str]] = mapped_column(JSON, default=list)
    lines: Mapped[list[str]] = mapped_column(JSON, default=list)
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["zh-CN"])
    window_name: Mapped[str | None] = mapped_column(String(40))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    def require_unlocked(self, now: datetime) -> None:
        """Refuses `AccountLocked`, with the seconds that are left."""
        if self.locked_until is not None and self.locked_until > now:
            refusal = AccountLocked(minutes=round((self.locked_until - now).total_seconds() / 60) or 1)
            refusal.retry_after_s = round((self.locked_until - now).total_seconds())
            raise refusal


def require_apart(roles: Collection[str]) -> None:
    """Refuses `RolesMustBeApart`."""
    if len(APART.intersection(roles)) > 1:
        raise RolesMustBeApart()


def require_strong(password: str) -> None:
    """Refuses `PasswordTooWeak`: ten characters, three of lower case, upper case, digits, others."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    if len(password) < 10 or sum(any(map(kind, password)) for kind in kinds) < 3:
        raise PasswordTooWeak()


async def hashed(password: str) -> str:
    """The argon2id hash of a password; in a thread, since it is slow on purpose."""
    return await asyncio.to_thread(HASHER.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right. Takes as long when there is no account."""
    try:
        return await asyncio.to_thread(HASHER.verify, password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


_NOBODY = HASHER.hash("nobody has this password")


def by_username(work: Work, username: str) -> Staff | None:
    """The account with this sign-in name."""
    return work.session.scalar(select(Staff).where(Staff.username == username, Staff.disabled_at.is_(None)))


def note_attempt(work: Work, staff: Staff, *, right: bool) -> None:
    """Count a failure or forget them; five failures lock the account, which the house's journal records."""
    work.session.refresh(staff, with_for_update=True)
    staff.failures = 0 if right else staff.failures + 1
    if staff.failures >= FAILURES:
        staff.failures, staff.locked_until = 0, work.now + LOCKED_FOR
        journal.record(work, journal.HOUSE, "staff.locked", {"staff": staff.id})
