"""Which languages are spoken at a line's windows; nobody waits for somebody who cannot understand them."""

from collections.abc import Collection

from sqlalchemy import select

from tongban_queue.hall import Line
from tongban_queue.refusals import NotNow
from tongban_queue.store import Work
from tongban_queue.window import Window
from tongban_server.people.staff import Staff
from tongban_server.words import Phrase

#: What a window speaks unless its clerk's account says otherwise; also what a line counts on that has no window yet.
USUAL = ("zh-CN",)


class NobodySpeaks(NotNow):
    """No window for this matter speaks that language; it says which languages are spoken there."""


def spoken_at(work: Work, line: Line) -> list[str]:
    """The languages of the windows of a line, on duty or not, in the order of the alphabet."""
    windows = select(Window.lines, Window.languages).join(Staff, Staff.id == Window.staff_id)
    mine = windows.where(Window.office_id == line.office_id, Staff.disabled_at.is_(None))
    found = [languages for lines, languages in work.session.execute(mine) if line.id in lines]
    return sorted({language for languages in found for language in languages} or USUAL)


def require_spoken(languages: Collection[str], wanted: str) -> None:
    """Refuses `NobodySpeaks`, naming the languages that are spoken."""
    if wanted not in languages:
        raise NobodySpeaks(languages=tuple(Phrase(f"language.{language}") for language in languages))
