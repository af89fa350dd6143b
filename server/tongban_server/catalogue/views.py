"""The catalogue as screens see it."""

from datetime import date

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


class MatterBrief(View):
    """A matter in a list. `records`: the visit is recorded, so consent is asked for."""

    id: str
    name: str
    office_name: str
    line_title: str
    records: bool
    keywords: list[str]

    @classmethod
    def of(cls, matter: Matter) -> "MatterBrief":
        """The view of a matter that comes with its office and line."""
        return cls(
            id=matter.id,
            name=matter.name,
            office_name=matter.office.name,
            line_title=matter.line.title,
            records=matter.records,
            keywords=matter.keywords,
        )


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
    hours: str
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
            hours=matter.office.hours,
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
