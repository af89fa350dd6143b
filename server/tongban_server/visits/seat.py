"""The clerk's seat: which window is whose, and what it is busy with."""

from sqlalchemy import select

from tongban_queue.refusals import NotFound
from tongban_queue.rows import window_row
from tongban_queue.store import Work
from tongban_queue.window import Window, WindowState
from tongban_server.house import House
from tongban_server.people.sessions import Caller
from tongban_server.people.staff import Role, Staff
from tongban_server.visits.views import WindowRow, WindowSeat
from tongban_server.visits.visit import visit_snapshot


class NoWindow(NotFound):
    """This member of staff has no window at any office."""


def window_for(work: Work, caller: Caller) -> Window:
    """The window of the clerk who asks; refuses `NoWindow`."""
    window = work.session.scalar(select(Window).where(Window.staff_id == caller.staff_id))
    if window is None:
        raise NoWindow()
    return window


def seat_of(work: Work, house: House, caller: Caller) -> WindowSeat:
    """The clerk's window and the visit it is busy with."""
    window = window_for(work, caller)
    visit = None
    # While its bell only rings, the clerk is shown no more of the person than the board shows.
    if window.ticket_id is not None and window.state is not WindowState.OFFERED:
        visit = visit_snapshot(work, house.vault, window.ticket_id, Role.CLERK)
    row = WindowRow.model_validate(window_row(window))
    return WindowSeat(window=row, visit=visit, ice_servers=house.settings.ice_servers)


def furnish(work: Work, staff: Staff) -> None:
    """Give a clerk a window at the clerk's office, or bring the one there is up to date."""
    if staff.office_id is None:
        return
    window = work.session.scalar(select(Window).where(Window.staff_id == staff.id))
    if window is None:
        window = Window(id=work.chance.new_id(), staff_id=staff.id, state=WindowState.OFFLINE, since=work.now)
        work.session.add(window)
    window.office_id, window.staff_name = staff.office_id, staff.name
    window.name, window.lines = staff.window_name or staff.name, sorted(staff.lines)
    window.languages = list(staff.languages)
