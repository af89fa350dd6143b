"""What operators do with accounts and devices: hire, change, list, lock out."""

import secrets
import string
from dataclasses import dataclass

from sqlalchemy import select, update

from tongban_queue import journal
from tongban_queue.hall import Kiosk
from tongban_queue.refusals import BadInput, NotFound
from tongban_queue.store import Work
from tongban_server.people.sessions import Session
from tongban_server.people.staff import HASHER, STAFF_ROLES, Staff, by_username, require_apart
from tongban_server.visits.seat import furnish
from tongban_server.words import LANGUAGES


class NoSuchStaff(NotFound):
    """There is no such account."""


class NoSuchRole(BadInput):
    """There is no such role."""


class NoSuchLanguage(BadInput):
    """The product does not know this language."""


@dataclass(frozen=True, slots=True)
class Hire:
    """An account as it should be."""

    username: str
    name: str
    roles: tuple[str, ...]
    office: str | None = None
    lines: tuple[str, ...] = ()
    point: str | None = None
    regions: tuple[str, ...] = ()
    window: str | None = None
    languages: tuple[str, ...] = ("zh-CN",)


def first_password() -> str:
    """A random password that can be typed: four groups of four, letters and digits."""
    letters = string.ascii_lowercase.replace("l", "").replace("o", "")
    groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(3)]
    return "-".join(groups).capitalize() + "-" + "".join(secrets.choice("23456789") for _ in range(4))


def hire(work: Work, wanted: Hire) -> str | None:
    """Add an account or change it; gives the first password of a new one.

    Refuses `RolesMustBeApart`, `NoSuchRole`, `NoSuchLanguage`.
    """
    require_apart(wanted.roles)
    if not set(wanted.languages) <= set(LANGUAGES):
        raise NoSuchLanguage()
    if not set(wanted.roles) <= {role.value for role in STAFF_ROLES}:
        raise NoSuchRole()
    staff = by_username(work, wanted.username)
    password = None
    if staff is None:
        password = first_password()
        staff = Staff(
            id=work.chance.new_id(), username=wanted.username, password_hash=HASHER.hash(password), failures=0
        )
        work.session.add(staff)
    staff.name, staff.roles, staff.window_name = wanted.name, list(wanted.roles), wanted.window
    staff.office_id, staff.point_id = wanted.office, wanted.point
    staff.lines, staff.regions = list(wanted.lines), list(wanted.regions)
    staff.languages = list(wanted.languages)
    work.session.flush()
    furnish(work, staff)
    journal.record(work, journal.HOUSE, "staff.hired", {"staff": staff.id, "roles": staff.roles})
    return password


def _account(work: Work, username: str) -> Staff:
    staff = by_username(work, username)
    if staff is None:
        raise NoSuchStaff()
    return staff


def _end_sessions(work: Work, staff: Staff) -> None:
    mine = update(Session).where(Session.staff_id == staff.id, Session.ended_at.is_(None))
    work.session.execute(mine.values(ended_at=work.now))


def new_password(work: Work, username: str) -> str:
    """A new random password; unlocks the account and ends its sessions."""
    staff = _account(work, username)
    password = first_password()
    staff.password_hash, staff.failures, staff.locked_until = HASHER.hash(password), 0, None
    _end_sessions(work, staff)
    journal.record(work, journal.HOUSE, "staff.password_set", {"staff": staff.id})
    return password


def disable(work: Work, username: str) -> None:
    """Close an account; its sessions end at once."""
    staff = _account(work, username)
    staff.disabled_at = work.now
    _end_sessions(work, staff)
    journal.record(work, journal.HOUSE, "staff.disabled", {"staff": staff.id})


def listed(work: Work) -> list[str]:
    """One line for each open account."""
    rows = work.session.scalars(select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.username))
    return [
        f"{staff.username}  {staff.name}  {','.join(staff.roles)}  {staff.office_id or staff.point_id or ''}"
        f"{'  locked' if staff.locked_until and staff.locked_until > work.now else ''}"
        for staff in rows
    ]


def devices_listed(work: Work) -> list[str]:
    """One line for each device."""
    rows = work.session.scalars(select(Kiosk).order_by(Kiosk.point_id, Kiosk.id))
    return [
        f"{kiosk.id}  {kiosk.kind}  {kiosk.name}  {kiosk.point_id}  "
        f"{'revoked' if kiosk.revoked_at else kiosk.state(work.now).value}"
        for kiosk in rows
    ]
