"""The doors of the catalogue: what this kiosk's point may offer today."""

from tongban_queue.hall import Point
from tongban_server.catalogue.offer import find_matter, matters_offered, regions_offered, shanghai_day
from tongban_server.catalogue.views import MatterBrief, MatterView, RegionView
from tongban_server.door import Ask, Routes
from tongban_server.policy import Act
from tongban_server.view import Nothing

routes = Routes("catalogue")


def _source(ask: Ask[Nothing]) -> str:
    point = ask.work.session.get_one(Point, ask.caller.point_id)
    return point.region_code


@routes.get("/api/regions", Act.OFFER_READ)
def regions(ask: Ask[Nothing]) -> list[RegionView]:
    """The regions that this point may reach today by a valid agreement."""
    day = shanghai_day(ask.work.now)
    found = regions_offered(ask.work, source_region=_source(ask), day=day)
    return [RegionView.of(region) for region in found]


@routes.get("/api/regions/{code}/matters", Act.OFFER_READ)
def matters(ask: Ask[Nothing]) -> list[MatterBrief]:
    """The matters of a region that this point may offer today."""
    day = shanghai_day(ask.work.now)
    found = matters_offered(ask.work, source_region=_source(ask), host_region=ask.path["code"], day=day)
    return [MatterBrief.of(matter) for matter in found]


@routes.get("/api/matters/{id}", Act.MATTER_READ)
def matter(ask: Ask[Nothing]) -> MatterView:
    """What is needed for a matter."""
    return MatterView.of(find_matter(ask.work, ask.path["id"]))
