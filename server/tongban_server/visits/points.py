"""Other points of a region, for somebody who would wait long at this one (domain §2.11)."""

from sqlalchemy import func, select

from tongban_queue.fronts import free_kiosk
from tongban_queue.hall import Kiosk, Point
from tongban_queue.store import Work
from tongban_queue.ticket import Ticket
from tongban_server.house import House
from tongban_server.visits.views import OtherPoint


def other_points(work: Work, house: House, ticket: Ticket) -> list[OtherPoint]:
    """The other points of the ticket's region: those with a free kiosk first, then by name."""
    there = (Point.region_code == ticket.source_region, Point.id != ticket.point_id)
    free = select(func.count()).where(Kiosk.point_id == Point.id, free_kiosk(work)).scalar_subquery()
    rows = work.session.execute(select(Point, free).where(*there).order_by(Point.name))
    shown = [_shown(work, house, point, count) for point, count in rows]
    return sorted(shown, key=lambda point: not (point.open and point.free_kiosks))


def _shown(work: Work, house: House, point: Point, free_kiosks: int) -> OtherPoint:
    return OtherPoint(
        id=point.id,
        name=point.name,
        address=point.address,
        phone=point.phone,
        free_kiosks=free_kiosks,
        open=point.opening(house.calendar).is_open(work.now),
    )
