"""The catalogue as rows: regions, matters with their materials, and the agreements that let one region offer another's.

Offices, lines, points and kiosks stand on the floor below (`tongban_queue.hall`): the line needs them, too.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tongban_queue.hall import Line, Office
from tongban_queue.store import Base, words_of


class RegionKind(StrEnum):
    """A functional zone (a high-tech zone, say) has offices of its own but no code in GB/T 2260 (domain §2.7)."""

    ADMINISTRATIVE = "administrative"
    FUNCTIONAL = "functional"


class Region(Base):
    """A county, district or functional zone. Names repeat over the country; a full name and a code do not."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    full_name: Mapped[str] = mapped_column(String(80), unique=True)
    parent_code: Mapped[str] = mapped_column(String(16))
    parent_name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[RegionKind] = mapped_column(words_of(RegionKind))


class ProjectType(StrEnum):
    """即办件 is settled on the spot; 承诺件 within its promised working days (domain §2.3)."""

    INSTANT = "instant"
    PROMISED = "promised"


class IdentityLevel(StrEnum):
    """How sure the clerk must be of who the citizen is, before accepting (domain §2.6)."""

    NUMBER = "L1"
    DOCUMENT_SEEN = "L2"
    LIVE_COMPARED = "L3"
    EXTERNALLY_VERIFIED = "L4"


class Matter(Base):
    """One matter as one office offers it, with the elements of the national item library (domain §2.3).

    `promise_days` and `statutory_days` are working days; 0 is the same day. An `other` matter stands for whatever the
    catalogue does not list: the catalogue helps, it is no gate. It has no task code.
    """

    __tablename__ = "matter"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"), index=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"), index=True)
    task_code: Mapped[str | None] = mapped_column(String(31))
    catalog_code: Mapped[str | None] = mapped_column(String(12), index=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    project_type: Mapped[ProjectType] = mapped_column(words_of(ProjectType))
    promise_days: Mapped[int]
    statutory_days: Mapped[int]
    fee: Mapped[str] = mapped_column(String(200))
    conditions: Mapped[list[str]] = mapped_column(JSON)
    identity_level: Mapped[IdentityLevel] = mapped_column(words_of(IdentityLevel))
    records: Mapped[bool] = mapped_column(default=False)
    other: Mapped[bool] = mapped_column(default=False)
    server_types: Mapped[list[str]] = mapped_column(JSON)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    place: Mapped[str] = mapped_column(String(200))
    notice: Mapped[str] = mapped_column(String(400))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    office: Mapped[Office] = relationship()
    line: Mapped[Line] = relationship()
    materials: Mapped[list[Material]] = relationship(order_by="Material.no", cascade="all, delete-orphan")

    def in_force(self, day: date) -> bool:
        """Whether the office offers this matter on that Asia/Shanghai day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Necessity(StrEnum):
    """必要, 非必要, 容缺后补 (domain §2.4)."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    LATER = "later"


class MaterialSource(StrEnum):
    """Who makes the paper: 申请人自备, 政府部门核发, 中介机构出具, 其他."""

    APPLICANT = "applicant"
    GOVERNMENT = "government"
    INTERMEDIARY = "intermediary"
    OTHER = "other"


class MaterialForm(StrEnum):
    """纸质, 电子化, 纸质/电子化."""

    PAPER = "paper"
    ELECTRONIC = "electronic"
    EITHER = "either"


class Material(Base):
    """One numbered line of a matter's material list. `waivable`: a licence or a connector may stand in for it."""

    __tablename__ = "material"

    matter_id: Mapped[str] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    necessity: Mapped[Necessity] = mapped_column(words_of(Necessity))
    source: Mapped[MaterialSource] = mapped_column(words_of(MaterialSource))
    form: Mapped[MaterialForm] = mapped_column(words_of(MaterialForm))
    originals: Mapped[int]
    copies: Mapped[int]
    waivable: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(200), default="")


class Mode(StrEnum):
    """全程网办, 异地代收代办, 多地联办, and the remote window on top of them (domain §2.2)."""

    FULL_ONLINE = "full_online"
    COLLECT_AND_FORWARD = "collect_and_forward"
    JOINT = "joint"
    REMOTE_WINDOW = "remote_window"


class Agreement(Base):
    """What the source region may offer of the host region's matters. It is directional: the way back is another row.

    Both days are Asia/Shanghai days and belong to it. `others`: it also covers what the catalogue does not list.
    """

    __tablename__ = "agreement"
    __table_args__ = (Index("ix_agreement_pair", "source_region", "host_region"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    source_region: Mapped[str] = mapped_column(ForeignKey("region.code"))
    host_region: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    mode: Mapped[Mode] = mapped_column(words_of(Mode))
    liaison: Mapped[list[str]] = mapped_column(JSON)
    others: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    valid_from: Mapped[date]
    valid_to: Mapped[date]

    listed: Mapped[list[AgreementMatter]] = relationship(cascade="all, delete-orphan")

    def in_force(self, day: date) -> bool:
        """Whether it holds on that Asia/Shanghai day; its last day is included."""
        return self.valid_from <= day <= self.valid_to

    def covers(self, matter: Matter) -> bool:
        """Whether it names the matter, or covers what is not listed and the matter is of that kind."""
        return (matter.other and self.others) or any(row.matter_id == matter.id for row in self.listed)


class AgreementMatter(Base):
    """A matter named in an agreement."""

    __tablename__ = "agreement_matter"

    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    matter_id: Mapped[str] = mapped_column(ForeignKey("matter.id"), primary_key=True, index=True)
