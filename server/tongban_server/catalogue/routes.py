"""The doors of the catalogue: what this kiosk's point may offer today."""

from functools import partial

from tongban_queue.hall import Point
from tongban_server.catalogue.offer import (
    find_matter,
    matters_offered,
    offices_offered,
    regions_offered,
    shanghai_day,
)
from tongban_server.catalogue.opening import OpeningView
from tongban_server.catalogue.views import Doors, MatterBrief, MatterOffer, MattersOffered, RegionsOffered
from tongban_server.door import Ask, Routes
from tongban_server.policy import Act
from tongban_server.view import Nothing

routes = Routes("catalogue")


def _point(ask: Ask[Nothing]) -> Point:
    return ask.work.session.get_one(Point, ask.caller.point_id)


def _doors(ask: Ask[Nothing]) -> Doors:
    return partial(OpeningView.of, calendar=ask.house.calendar, now=ask.work.now)


@routes.get("/api/regions", Act.OFFER_READ)
def regions(ask: Ask[Nothing]) -> RegionsOffered:
    """The regions that this point may reach today by a valid agreement."""
    point, day = _point(ask), shanghai_day(ask.work.now)
    found = regions_offered(ask.work, source_region=point.region_code, day=day)
    offices = offices_offered(ask.work, source_region=point.region_code, day=day)
    return RegionsOffered.of(point, found, offices, _doors(ask))


@routes.get("/api/regions/{code}/matters", Act.OFFER_READ)
def matters(ask: Ask[Nothing]) -> MattersOffered:
    """The matters of a region that this point may offer today."""
    point, day, doors = _point(ask), shanghai_day(ask.work.now), _doors(ask)
    found = matters_offered(ask.work, source_region=point.region_code, host_region=ask.path["code"], day=day)
    return MattersOffered(point=doors(point), matters=[MatterBrief.of(matter, doors) for matter in found])


@routes.get("/api/matters/{id}", Act.MATTER_READ)
def matter(ask: Ask[Nothing]) -> MatterOffer:
    """What is needed for a matter."""
    point = _point(ask) if ask.caller.point_id else None
    return MatterOffer.at(find_matter(ask.work, ask.path["id"]), point, _doors(ask))
