"""Answers that were given, so that a request whose answer was lost on the way is answered again and not done twice.

An answer may show a masked name or what a clerk wrote, so it is sealed; the request itself is kept as a keyed digest.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, Text, delete
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.refusals import BadInput
from tongban_queue.store import Base, Work
from tongban_server.people.vault import Vault

KEPT = timedelta(hours=24)
KEY = re.compile(r"[\x21-\x7e]{1,80}")
#: Stands in the place of a grant for an answer that told the browser to forget.
FORGET = "forget"


class KeyUsedForAnother(BadInput):
    """This idempotency key was used for another request."""


class KeyMisshapen(BadInput):
    """An idempotency key has 1 to 80 printable ASCII characters."""


class Answered(Base):
    """One answer to one unsafe request; its body is sealed. `grant` names the session whose cookie goes with it."""

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
    """What makes a request the same one again: who sent it, under which key, and what it said. An empty key: never."""

    vault: Vault
    identity: str
    key: str
    digest: str

    @property
    def bound_to(self) -> str:
        """What the sealed answer belongs to."""
        return f"answer/{self.identity}/{self.key}"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: status, body, and the grant that goes with it (or `FORGET`)."""

    status: int
    body: str
    grant: str | None = None


def repeat_of(vault: Vault, identity: str, key: str, *, method: str, path: str, body: bytes) -> Repeat:
    """The repeat that a request may be; refuses `KeyMisshapen`."""
    if key and not KEY.fullmatch(key):
        raise KeyMisshapen()
    return Repeat(vault, identity, key, vault.request_key(b"\n".join((method.encode(), path.encode(), body))))


def earlier(work: Work, repeat: Repeat) -> Given | None:
    """The answer that was given to this very request; refuses `KeyUsedForAnother`."""
    answered = work.session.get(Answered, (repeat.identity, repeat.key)) if repeat.key else None
    if answered is None:
        return None
    if answered.digest != repeat.digest:
        raise KeyUsedForAnother()
    body = repeat.vault.open(b64decode(answered.body), bound_to=repeat.bound_to)
    return Given(answered.status, body, answered.grant)


def keep(work: Work, repeat: Repeat, given: Given) -> None:
    """Keep an answer for a day, in the same change as what it answers. Does nothing without a key."""
    if not repeat.key:
        return
    sealed = b64encode(repeat.vault.seal(given.body, bound_to=repeat.bound_to)).decode()
    work.session.add(
        Answered(
            identity=repeat.identity,
            key=repeat.key,
            digest=repeat.digest,
            status=given.status,
            body=sealed,
            grant=given.grant,
            at=work.now,
        )
    )


def forget_old(work: Work) -> None:
    """Drop the answers that are older than a day."""
    work.session.execute(delete(Answered).where(Answered.at < work.now - KEPT))
