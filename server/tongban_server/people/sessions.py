"""Sessions: rows that say who is behind a browser. The cookie carries only the row's id and our signature over it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tongban_queue.hall import Kiosk
from tongban_queue.store import Base, Work, words_of
from tongban_queue.window import Window
from tongban_server.people.staff import Role, Staff


class Face(StrEnum):
    """A page of the product. Each has a cookie of its own, so one browser may show several."""

    KIOSK = "kiosk"
    HALL = "hall"
    CLERK = "clerk"
    ASSISTANT = "assistant"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"


#: Which roles may sign in at which face.
FACE_ROLES: dict[Face, tuple[Role, ...]] = {
    Face.CLERK: (Role.CLERK,),
    Face.ASSISTANT: (Role.ASSISTANT,),
    Face.SUPERVISOR: (Role.SUPERVISOR,),
    Face.AUDITOR: (Role.AUDITOR,),
    Face.ADMIN: (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
}
#: How long a face may lie idle (domain §2.9). A wall that nobody touches is a supervisor's normal day.
IDLE = {
    Face.CLERK: timedelta(minutes=15),
    Face.ASSISTANT: timedelta(minutes=60),
    Face.SUPERVISOR: timedelta(hours=8),
    Face.AUDITOR: timedelta(minutes=10),
    Face.ADMIN: timedelta(minutes=10),
}
LONGEST = timedelta(hours=12)


class SessionKind(StrEnum):
    """What a session stands for."""

    STAFF = "staff"
    DEVICE = "device"
    VISIT = "visit"


class Session(Base):
    """A session: of staff (`staff_id`), of a device (`kiosk_id`) or of a visit at a device (`ticket_id` too)."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_staff", "staff_id", "ended_at"), Index("ix_session_kiosk", "kiosk_id", "kind"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[SessionKind] = mapped_column(words_of(SessionKind))
    face: Mapped[Face] = mapped_column(words_of(Face))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    kiosk_id: Mapped[str | None] = mapped_column(ForeignKey("kiosk.id"))
    ticket_id: Mapped[str | None] = mapped_column(String(32))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as the policy sees it."""

    role: Role
    face: Face | None = None
    session_id: str | None = None
    staff_id: str | None = None
    name: str = ""
    kiosk_id: str | None = None
    point_id: str | None = None
    office_id: str | None = None
    ticket_id: str | None = None
    lines: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    address: str = ""

    @property
    def identity(self) -> str:
        """One word for this caller, for the journal, for answers and for limits: `clerk:…`, `kiosk:…`."""
        if self.role is Role.CITIZEN:
            return f"citizen:{self.ticket_id}"
        return f"{self.role.value}:{self.staff_id or self.kiosk_id or self.address}"


def begin(work: Work, kind: SessionKind, face: Face, **whose: str | None) -> Session:
    """A new session. Staff have one at a time: a new one ends the old ones of the same face; devices likewise."""
    _end_others(work, kind, face, whose)
    session = Session(id=work.chance.new_id(), kind=kind, face=face, began_at=work.now, seen_at=work.now, **whose)
    work.session.add(session)
    return session


def _end_others(work: Work, kind: SessionKind, face: Face, whose: dict[str, str | None]) -> None:
    mine = (
        Session.staff_id == whose.get("staff_id")
        if kind is SessionKind.STAFF
        else Session.kiosk_id == whose.get("kiosk_id")
    )
    others = update(Session).where(mine, Session.kind == kind, Session.face == face, Session.ended_at.is_(None))
    work.session.execute(others.values(ended_at=work.now))


def end(work: Work, session_id: str) -> None:
    """End one session; nothing happens if it has ended."""
    ended = update(Session).where(Session.id == session_id, Session.ended_at.is_(None)).values(ended_at=work.now)
    work.session.execute(ended)


def end_visits_at(work: Work, kiosk_id: str) -> None:
    """Nobody at this kiosk speaks for a ticket any more."""
    mine = (Session.kiosk_id == kiosk_id, Session.kind == SessionKind.VISIT, Session.ended_at.is_(None))
    work.session.execute(update(Session).where(*mine).values(ended_at=work.now))


def alive(work: Work, session_id: str | None, kind: SessionKind, face: Face) -> Session | None:
    """The session, if it has neither ended nor been idle too long. Staff in a live call are never idle."""
    session = work.session.get(Session, session_id) if session_id else None
    if session is None or session.kind is not kind or session.face is not face or session.ended_at is not None:
        return None
    if kind is SessionKind.STAFF and is_idle(work, session):
        return None
    return session


def is_idle(work: Work, session: Session) -> bool:
    """Whether a staff session has lain idle for too long or is too old, and its owner serves nobody."""
    fresh = work.now - session.seen_at < IDLE[session.face] and work.now - session.began_at < LONGEST
    if fresh:
        return False
    serving = select(Window.id).where(Window.staff_id == session.staff_id, Window.ticket_id.is_not(None))
    return work.session.scalar(serving) is None


def staff_caller(work: Work, face: Face, session_id: str | None, address: str) -> Caller | None:
    """The member of staff behind a session of this face."""
    session = alive(work, session_id, SessionKind.STAFF, face)
    staff = work.session.get(Staff, session.staff_id) if session else None
    if session is None or staff is None or staff.disabled_at is not None:
        return None
    role = next((role for role in FACE_ROLES[face] if role in staff.roles), None)
    if role is None:
        return None
    return Caller(
        role=role,
        face=face,
        session_id=session.id,
        staff_id=staff.id,
        name=staff.name,
        office_id=staff.office_id if role is Role.CLERK else None,
        point_id=staff.point_id if role is Role.ASSISTANT else None,
        lines=frozenset(staff.lines) if role is Role.CLERK else frozenset(),
        regions=frozenset(staff.regions) if role is Role.SUPERVISOR else frozenset(),
        address=address,
    )


def visit_at(work: Work, device_id: str) -> str | None:
    """The session of the visit that goes on at a device, for its socket, which brought its cookies before it began."""
    here = select(Session.kiosk_id).where(Session.id == device_id).scalar_subquery()
    mine = (Session.kiosk_id == here, Session.kind == SessionKind.VISIT, Session.ended_at.is_(None))
    return work.session.scalar(select(Session.id).where(*mine))


def device_caller(work: Work, face: Face, device_id: str | None, visit_id: str | None, address: str) -> Caller | None:
    """The kiosk or hall screen behind a session; a citizen, if the kiosk holds the ticket of the visit's session."""
    session = alive(work, device_id, SessionKind.DEVICE, face)
    kiosk = work.session.get(Kiosk, session.kiosk_id, populate_existing=True) if session else None
    if session is None or kiosk is None or kiosk.revoked_at is not None:
        return None
    visit = alive(work, visit_id, SessionKind.VISIT, face)
    speaks = visit is not None and visit.kiosk_id == kiosk.id and visit.ticket_id == kiosk.ticket_id and kiosk.held
    role = Role.HALL if face is Face.HALL else Role.CITIZEN if speaks else Role.KIOSK
    return Caller(
        role=role,
        face=face,
        session_id=session.id,
        kiosk_id=kiosk.id,
        point_id=kiosk.point_id,
        ticket_id=visit.ticket_id if visit is not None and speaks else None,
        address=address,
    )
