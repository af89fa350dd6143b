"""The rows of a catalogue folder: one class per file, its fields being the file's columns."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tongban_queue.hall import Kiosk, KioskKind, Line, Office, OfficeKind, Point, Working
from tongban_queue.store import Base
from tongban_server.catalogue.cells import (
    CatalogCode,
    Count,
    Day,
    Days,
    Hours,
    Id,
    Long,
    Name,
    Number,
    Parts,
    Prefix,
    RegionCode,
    Short,
    ShortId,
    TaskCode,
    Title,
    Uscc,
    fault,
)
from tongban_server.catalogue.things import (
    Agreement,
    AgreementMatter,
    IdentityLevel,
    Material,
    MaterialForm,
    MaterialSource,
    Matter,
    Mode,
    Necessity,
    ProjectType,
    Region,
    RegionKind,
)


class Row(BaseModel):
    """One row of a file. `key` tells rows apart; `refers` says in which file the value of a column must stand."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    file: ClassVar[str]
    key: ClassVar[tuple[str, ...]] = ("id",)
    refers: ClassVar[dict[str, str]] = {}

    def key_of(self) -> tuple[Any, ...]:
        """What tells this row from the others of its file."""
        return tuple(getattr(self, name) for name in self.key)


class CatalogueRow(Row):
    """A row that becomes a `thing`. `renamed`: column -> attribute, where the two have different names."""

    thing: ClassVar[type[Base]]
    renamed: ClassVar[dict[str, str]] = {}

    def values(self) -> dict[str, Any]:
        """The attributes of the thing that this row says."""
        listed = {name: getattr(self, name) for name in type(self).model_fields}
        return {
            self.renamed.get(name, name): list(value) if isinstance(value, tuple) else value
            for name, value in listed.items()
        }

    @classmethod
    def of(cls, thing: Base) -> Self:
        """The row that would make this thing."""
        return cls.model_validate({name: getattr(thing, cls.renamed.get(name, name)) for name in cls.model_fields})


class RegionRow(CatalogueRow):
    """A region, with the province and city that it belongs to."""

    file, key, thing = "regions.csv", ("code",), Region

    code: RegionCode
    name: Short
    full_name: Title
    parent_code: RegionCode
    parent_name: Title
    kind: RegionKind


class OfficeRow(CatalogueRow):
    """A host office. `hours`: a text as `tongban_queue.hours` reads it; `working`: how its clerks get their people."""

    file, thing = "offices.csv", Office
    refers, renamed = {"region": "regions.csv"}, {"region": "region_code"}

    id: ShortId
    region: RegionCode
    name: Name
    kind: OfficeKind
    hours: Hours
    phone: Short
    uscc: Uscc | None = None
    working: Working = Working.NEXT


class LineRow(CatalogueRow):
    """A group of matters served by the same people. The prefix begins its ticket numbers.

    `slot_places`: so many appointments may be booked for each half hour; 0 is none.
    """

    file, thing = "lines.csv", Line
    refers, renamed = {"office": "offices.csv"}, {"office": "office_id"}

    id: Id
    office: ShortId
    prefix: Prefix
    title: Title
    slot_places: Count = 2


class MatterRow(CatalogueRow):
    """A matter. Several conditions, server types or keywords are joined with `|`."""

    file, thing = "matters.csv", Matter
    refers, renamed = {"line": "lines.csv"}, {"line": "line_id"}

    id: Id
    line: Id
    task_code: TaskCode | None = None
    catalog_code: CatalogCode | None = None
    version: Number
    name: Name
    project_type: ProjectType
    promise_days: Days
    statutory_days: Days
    fee: Long
    conditions: Parts = ()
    identity_level: IdentityLevel
    records: bool
    other: bool = False
    server_types: Parts = Field(min_length=1)
    keywords: Parts = ()
    place: Long
    notice: str = Field(max_length=400)
    valid_from: Day
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _times_fit(self) -> Self:
        if self.promise_days > self.statutory_days:
            raise fault("promise_over_statutory", column="promise_days", statutory=self.statutory_days)
        if self.valid_to and self.valid_to < self.valid_from:
            raise fault("days_reversed", column="valid_to")
        return self

    @model_validator(mode="after")
    def _codes_fit(self) -> Self:
        """A task code ends with the catalogue code (domain §2.3); only an `other` matter has neither."""
        if not self.other and not (self.task_code and self.catalog_code):
            raise fault("code_wanted", column="catalog_code" if self.task_code else "task_code")
        if self.task_code and self.catalog_code != self.task_code[-12:]:
            raise fault("codes_differ", column="task_code")
        return self


class MaterialRow(CatalogueRow):
    """A line of a matter's material list; numbers run 1, 2, 3 … within the matter."""

    file, key, thing = "materials.csv", ("matter", "no"), Material
    refers, renamed = {"matter": "matters.csv"}, {"matter": "matter_id"}

    matter: Id
    no: Number
    name: Name
    necessity: Necessity
    source: MaterialSource
    form: MaterialForm
    originals: Count
    copies: Count
    waivable: bool
    note: Long = ""


class AgreementRow(CatalogueRow):
    """What the source region may offer of the host region, from `valid_from` to `valid_to`, both days included."""

    file, thing = "agreements.csv", Agreement
    refers = {"source_region": "regions.csv", "host_region": "regions.csv"}

    id: Id
    source_region: RegionCode
    host_region: RegionCode
    mode: Mode
    liaison: Parts = ()
    others: bool = True
    version: Number
    valid_from: Day
    valid_to: Day

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.source_region == self.host_region:
            raise fault("same_region", column="host_region")
        if self.valid_to < self.valid_from:
            raise fault("days_reversed", column="valid_to")
        return self


class AgreementMatterRow(CatalogueRow):
    """A matter that an agreement names."""

    file, key, thing = "agreement_matters.csv", ("agreement", "matter"), AgreementMatter
    refers = {"agreement": "agreements.csv", "matter": "matters.csv"}
    renamed = {"agreement": "agreement_id", "matter": "matter_id"}

    agreement: Id
    matter: Id


class PointRow(CatalogueRow):
    """A service point."""

    file, thing = "points.csv", Point
    refers, renamed = {"region": "regions.csv"}, {"region": "region_code"}

    id: Id
    region: RegionCode
    name: Name
    address: Long
    hours: Hours
    phone: Short


class KioskRow(CatalogueRow):
    """A device of a point: a kiosk, or the screen of its hall. Enrolment is not a matter of files."""

    file, thing = "kiosks.csv", Kiosk
    refers, renamed = {"point": "points.csv"}, {"point": "point_id"}

    id: Id
    point: Id
    kind: KioskKind
    name: Short


#: Every file of a catalogue folder, in the order in which they can be imported.
FILES: tuple[type[CatalogueRow], ...] = (
    RegionRow,
    OfficeRow,
    LineRow,
    MatterRow,
    MaterialRow,
    AgreementRow,
    AgreementMatterRow,
    PointRow,
    KioskRow,
)
