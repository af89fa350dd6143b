"""Answers that were given, so that a request whose answer was lost on the way is answered again and not done twice."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, Text, delete
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.refusals import BadInput
from tongban_queue.store import Base, Work

KEPT = timedelta(hours=24)


class KeyUsedForAnother(BadInput):
    """This idempotency key was used for another request."""


class Answered(Base):
    """One answer to one unsafe request. `grant` names the session whose cookie goes with it."""

    __tablename__ = "answered"

    identity: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    grant: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Repeat:
    """What makes a request the same one again: who sent it, under which key, and what it said."""

    identity: str
    key: str
    digest: str


def digest_of(method: str, path: str, body: bytes) -> str:
    """The digest of a request's words."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


async def earlier(work: Work, repeat: Repeat) -> Answered | None:
    """The answer that was given to this very request; refuses `KeyUsedForAnother`."""
    answered = await work.session.get(Answered, (repeat.identity, repeat.key))
    if answered is not None and answered.digest != repeat.digest:
        raise KeyUsedForAnother()
    return answered


def keep(work: Work, repeat: Repeat, status: int, body: str, grant: str | None) -> None:
    """Keep an answer for a day, in the same change as what it answers."""
    work.session.add(
        Answered(
            identity=repeat.identity,
            key=repeat.key,
            digest=repeat.digest,
            status=status,
            body=body,
            grant=grant,
            at=work.now,
        )
    )


async def forget_old(work: Work) -> None:
    """Drop the answers that are older than a day."""
    await work.session.execute(delete(Answered).where(Answered.at < work.now - KEPT))
