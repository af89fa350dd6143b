"""A paper: one file that was handed in for one material of one visit, and what the clerk said of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.desk import held_ticket
from tongban_queue.life import Life
from tongban_queue.refusals import BadInput, NotNow
from tongban_queue.rows import Row, tell_office, tell_visit, when
from tongban_queue.store import Base, Work, words_of
from tongban_queue.ticket import Ticket
from tongban_server.papers.refused import NoSuchPaper
from tongban_server.papers.sandbox import Inspection
from tongban_server.people.vault import Vault

#: More files than any counter would take in one visit.
MOST_PAPERS = 60


class TooManyPapers(NotNow):
    """This visit holds as many papers as it may."""


class NoSuchMaterial(BadInput):
    """The matter asks for no such material."""


class ReasonMissing(BadInput):
    """A paper is returned with a reason, so that the citizen knows what to mend."""


class PaperState(StrEnum):
    """What became of a paper."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


P = PaperState

PAPER_LIFE: Life[PaperState] = Life(
    noun="paper",
    moves={
        (P.SUBMITTED, "accept"): P.ACCEPTED,
        (P.SUBMITTED, "return"): P.RETURNED,
        (P.SUBMITTED, "withdraw"): P.WITHDRAWN,
        (P.RETURNED, "accept"): P.ACCEPTED,
        (P.ACCEPTED, "return"): P.RETURNED,
    },
)


class ReturnReason(StrEnum):
    """Why a paper goes back. `other` needs words."""

    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    WRONG_PAPER = "wrong_paper"
    EXPIRED = "expired"
    UNSIGNED = "unsigned"
    MISMATCH = "mismatch"
    OTHER = "other"


class Paper(Base):
    """One file. Its bytes lie sealed in the cellar under `id`; its first page's picture under `preview_id`.

    `turn` counts the submissions for a material: it goes up by one each time a paper of the last turn was returned.
    """

    __tablename__ = "paper"
    __table_args__ = (Index("ix_paper_ticket", "ticket_id", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id"))
    preview_id: Mapped[str] = mapped_column(String(32))
    material_no: Mapped[int]
    turn: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    state: Mapped[PaperState] = mapped_column(words_of(PaperState))
    reason: Mapped[ReturnReason | None] = mapped_column(words_of(ReturnReason))
    reason_words: Mapped[bytes | None] = mapped_column(LargeBinary)
    handed_in_by: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    judged_at: Mapped[datetime | None]


def paper_row(paper: Paper, vault: Vault) -> Row:
    """A paper as the screens of its visit show it."""
    words = vault.open(paper.reason_words, bound_to=f"{paper.id}/words") if paper.reason_words else None
    return {
        "id": paper.id,
        "materialNo": paper.material_no,
        "turn": paper.turn,
        "kind": paper.kind,
        "bytes": paper.size,
        "sha256": paper.sha256,
        "pages": paper.pages,
        "state": paper.state.value,
        "reasonCode": paper.reason.value if paper.reason else None,
        "reasonWords": words,
        "by": paper.handed_in_by,
        "at": when(paper.at),
        "gone": paper.state is PaperState.WITHDRAWN,
    }


def papers_of(work: Work, ticket_id: str) -> list[Paper]:
    """The papers of a visit that were not withdrawn, in the order in which they came."""
    mine = select(Paper).where(Paper.ticket_id == ticket_id, Paper.state != PaperState.WITHDRAWN)
    return list(work.session.scalars(mine.order_by(Paper.at, Paper.id)))


def get_paper(work: Work, paper_id: str) -> Paper:
    """The paper; refuses `NoSuchPaper`."""
    paper = work.session.get(Paper, paper_id)
    if paper is None:
        raise NoSuchPaper()
    return paper


def require_room(work: Work, ticket_id: str) -> None:
    """Refuses `TooManyPapers`."""
    counted = select(func.count()).select_from(Paper).where(Paper.ticket_id == ticket_id)
    if (work.session.scalar(counted) or 0) >= MOST_PAPERS:
        raise TooManyPapers(most=MOST_PAPERS)


def hand_in(
    work: Work,
    vault: Vault,
    ticket_id: str,
    *,
    paper_id: str,
    preview_id: str,
    material_no: int,
    sha256: str,
    size: int,
    seen: Inspection,
    by: str,
) -> Paper:
    """List a paper whose bytes are safe in the cellar."""
    ticket = held_ticket(work, ticket_id)
    require_room(work, ticket_id)
    paper = Paper(
        id=paper_id,
        ticket_id=ticket_id,
        preview_id=preview_id,
        material_no=material_no,
        turn=_turn(work, ticket_id, material_no),
        kind=seen.kind,
        size=size,
        sha256=sha256,
        pages=seen.pages,
        state=PaperState.SUBMITTED,
        handed_in_by=by,
        at=work.now,
    )
    work.session.add(paper)
    _tell(work, vault, "paper.handed_in", ticket, paper)
    return paper


def _turn(work: Work, ticket_id: str, material_no: int) -> int:
    returned = select(func.max(Paper.turn)).where(
        Paper.ticket_id == ticket_id, Paper.material_no == material_no, Paper.state == PaperState.RETURNED
    )
    return (work.session.scalar(returned) or 0) + 1


def judge(
    work: Work, vault: Vault, paper: Paper, step: str, *, reason: ReturnReason | None = None, words: str = ""
) -> Paper:
    """Accept, return (with a reason) or withdraw a paper. Refuses `ReasonMissing`, `StepNotAllowed`."""
    if step == "return" and (reason is None or (reason is ReturnReason.OTHER and not words)):
        raise ReasonMissing(fields={"words" if reason else "code": "missing"})
    ticket = held_ticket(work, paper.ticket_id)
    work.session.refresh(paper)
    paper.state = PAPER_LIFE.after(paper.state, step)
    paper.reason, paper.judged_at = reason, work.now
    paper.reason_words = vault.seal(words, bound_to=f"{paper.id}/words") if words else None
    _tell(work, vault, f"paper.{_PAST[step]}", ticket, paper)
    return paper


_PAST = {"accept": "accepted", "return": "returned", "withdraw": "withdrawn"}


def _tell(work: Work, vault: Vault, kind: str, ticket: Ticket, paper: Paper) -> None:
    row = paper_row(paper, vault)
    recorded = {name: row[name] for name in ("id", "materialNo", "turn", "sha256", "state", "reasonCode", "by")}
    tell_office(work, kind, ticket.office_id, ticket=ticket, also={"paper": recorded})
    tell_visit(work, kind, ticket, papers=[row])
