"""Going on to another window, matter or region: where a ticket in its call may go, and sending it there (domain §2.14).

The other matter must be one that the ticket's own region may reach today, under an agreement; it is served by people
who share a language with the citizen, at an office that is open.
"""

from collections.abc import Iterator

from sqlalchemy import select

from tongban_queue import desk, returning
from tongban_queue.board import get_ticket
from tongban_queue.hall import Point
from tongban_queue.refusals import NotFound, NotNow
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket
from tongban_queue.window import Window, WindowState
from tongban_server.catalogue.offer import (
    all_matters_offered,
    find_matter,
    require_offer,
    shanghai_day,
)
from tongban_server.catalogue.opening import require_office_open
from tongban_server.catalogue.things import Matter
from tongban_server.house import House
from tongban_server.people.applicants import Applicant
from tongban_server.visits.spoken import require_spoken, spoken_at
from tongban_server.visits.views import TransferForm, TransferMatter, TransferTargets, TransferWindow

ON_DUTY = tuple(state for state in WindowState if state not in (WindowState.OFFLINE, WindowState.PAUSED))


class NoSuchWindow(NotFound):
    """There is no such window at the office of this matter."""


class RecordingNotAgreed(NotNow):
    """That matter is handled only with a recording, and this citizen was not asked about one."""


def targets_of(work: Work, house: House, ticket_id: str) -> TransferTargets:
    """The other matters that this ticket's region may reach today, and the windows on duty of its own line."""
    ticket = get_ticket(work, ticket_id)
    offered = all_matters_offered(work, source_region=ticket.source_region, day=shanghai_day(work.now))
    matters = [_shown(work, house, matter) for matter in offered if matter.id != ticket.matter_id]
    windows = [TransferWindow.model_validate(window) for window in _windows(work, ticket)]
    return TransferTargets(matters=matters, windows=windows)


def _shown(work: Work, house: House, matter: Matter) -> TransferMatter:
    return TransferMatter(
        id=matter.id,
        name=matter.name,
        office_name=matter.office.name,
        region_name=matter.office.region_name,
        line_title=matter.line.title,
        open=matter.office.opening(house.calendar).is_open(work.now),
    )


def _windows(work: Work, ticket: Ticket) -> Iterator[Window]:
    mine = select(Window).where(Window.office_id == ticket.office_id, Window.state.in_(ON_DUTY))
    for window in work.session.scalars(mine.order_by(Window.name, Window.id)):
        serves = ticket.line_id in window.lines and ticket.language in window.languages
        if serves and window.id != ticket.window_id:
            yield window


def transfer(work: Work, house: House, ticket_id: str, form: TransferForm) -> Ticket:
    """Send a ticket on from its call, with its place kept.

    Refuses what `require_offer`, `require_office_open` and `require_spoken` refuse, `NoSuchWindow`,
    `RecordingNotAgreed`, and what `returning.transfer` refuses.
    """
    ticket = get_ticket(work, ticket_id)
    matter = find_matter(work, form.matter_id or ticket.matter_id)
    if matter.id != ticket.matter_id:
        require_offer(work, source_region=ticket.source_region, matter=matter, day=shanghai_day(work.now))
    if matter.office_id != ticket.office_id:
        require_office_open(house.calendar, office=matter.office, now=work.now)
    if matter.records and work.session.get_one(Applicant, ticket.id).recording_agreed_at is None:
        raise RecordingNotAgreed()
    window = _window(work, matter, form.window_id)
    require_spoken(window.languages if window else spoken_at(work, matter.line), ticket.language)
    return returning.transfer(work, ticket_id, errand=_errand(work, ticket, matter), window=window)


def _window(work: Work, matter: Matter, window_id: str | None) -> Window | None:
    if window_id is None:
        return None
    window = work.session.get(Window, window_id, populate_existing=True)
    if window is None or window.office_id != matter.office_id:
        raise NoSuchWindow()
    return window


def _errand(work: Work, ticket: Ticket, matter: Matter) -> desk.Errand:
    return desk.Errand(
        line=matter.line,
        office=matter.office,
        point=work.session.get_one(Point, ticket.point_id),
        matter_id=matter.id,
        matter_name=matter.name,
        person_key=ticket.person_key,
        language=ticket.language,
        elder=ticket.elder,
        recorded=matter.records,
    )
