"""The catalogue as screens see it."""

from collections.abc import Callable, Sequence
from datetime import date

from tongban_queue.hall import Office, Point
from tongban_server.catalogue.opening import HoursView, OpeningView
from tongban_server.catalogue.things import (
    IdentityLevel,
    MaterialForm,
    MaterialSource,
    Matter,
    Necessity,
    ProjectType,
    Region,
    RegionKind,
)
from tongban_server.view import View

#: Whether a place is open at the moment that is asked about.
Doors = Callable[[Office | Point], OpeningView]


class RegionView(View):
    """A region to choose from. Namesakes are told apart by `full_name`, which begins with the province."""

    code: str
    name: str
    full_name: str
    parent_name: str
    kind: RegionKind

    @classmethod
    def of(cls, region: Region) -> "RegionView":
        """The view of a region."""
        return cls.model_validate(region)


class RegionOffer(RegionView):
    """A region that a point may reach, with the offices there of which it may offer something."""

    offices: list[OpeningView]


class RegionsOffered(View):
    """The regions that a point may reach today, and whether the point itself is open."""

    point: OpeningView
    regions: list[RegionOffer]

    @classmethod
    def of(cls, point: Point, regions: Sequence[Region], offices: Sequence[Office], doors: Doors) -> "RegionsOffered":
        """The view of what a point may reach."""
        shown = [
            RegionOffer(
                **RegionView.of(region).model_dump(),
                offices=[doors(office) for office in offices if office.region_code == region.code],
            )
            for region in regions
        ]
        return cls(point=doors(point), regions=shown)


class MatterBrief(View):
    """A matter in a list. `records`: the visit is recorded, so consent is asked for."""

    id: str
    name: str
    office_name: str
    line_title: str
    records: bool
    keywords: list[str]
    opening: OpeningView

    @classmethod
    def of(cls, matter: Matter, doors: Doors) -> "MatterBrief":
        """The view of a matter that comes with its office and line."""
        return cls(
            id=matter.id,
            name=matter.name,
            office_name=matter.office.name,
            line_title=matter.line.title,
            records=matter.records,
            keywords=matter.keywords,
            opening=doors(matter.office),
        )


class MattersOffered(View):
    """The matters of a region that a point may offer today, and whether the point itself is open."""

    point: OpeningView
    matters: list[MatterBrief]


class MaterialView(View):
    """One numbered line of the material list. `originals` and `copies` are numbers of papers."""

    no: int
    name: str
    necessity: Necessity
    source: MaterialSource
    form: MaterialForm
    originals: int
    copies: int
    waivable: bool
    note: str


class MatterView(View):
    """What is needed for a matter. `promise_days` and `statutory_days` are working days; 0 is the same day."""

    id: str
    name: str
    region_code: str
    region_name: str
    office_name: str
    promise_days: int
    statutory_days: int
    fee: str
    hours: list[HoursView]
    place: str
    phone: str
    project_type: ProjectType
    identity_level: IdentityLevel
    records: bool
    valid_from: date
    version: int
    materials: list[MaterialView]
    conditions: list[str]
    notice: str

    @classmethod
    def of(cls, matter: Matter) -> "MatterView":
        """The view of a matter that comes with its office and materials."""
        return cls(
            id=matter.id,
            name=matter.name,
            region_code=matter.office.region_code,
            region_name=matter.office.region_name,
            office_name=matter.office.name,
            promise_days=matter.promise_days,
            statutory_days=matter.statutory_days,
            fee=matter.fee,
            hours=HoursView.of(matter.office.hours),
            place=matter.place,
            phone=matter.office.phone,
            project_type=matter.project_type,
            identity_level=matter.identity_level,
            records=matter.records,
            valid_from=matter.valid_from,
            version=matter.version,
            materials=[MaterialView.model_validate(material) for material in matter.materials],
            conditions=matter.conditions,
            notice=matter.notice,
        )


class MatterOffer(MatterView):
    """What is needed for a matter, and whether its office is open; for who asks at a point, whether that is, too."""

    opening: OpeningView
    point: OpeningView | None

    @classmethod
    def at(cls, matter: Matter, point: Point | None, doors: Doors) -> "MatterOffer":
        """The view of a matter that comes with its office and materials."""
        shown = MatterView.of(matter).model_dump()
        return cls(**shown, opening=doors(matter.office), point=doors(point) if point else None)
