"""Who plays in the demo: the staff of `staff.csv`. It says no passwords; the demo makes random ones per data folder."""

from datetime import date
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from tongban_server.catalogue.cells import Id, Languages, Parts, Short, ShortId, fault
from tongban_server.catalogue.faults import CatalogueRejected, Fault
from tongban_server.catalogue.folder import Catalogue, keys_of, unknown_references
from tongban_server.catalogue.rows import LineRow, Row
from tongban_server.catalogue.sheets import read_sheet

Role = Literal["clerk", "assistant", "supervisor", "auditor", "security_admin", "system_admin"]


class StaffRow(Row):
    """One member of staff. A clerk has an office and lines of it, an assistant a point, a supervisor regions."""

    file, key = "staff.csv", ("username",)
    refers: ClassVar[dict[str, str]] = {
        "office": "offices.csv",
        "lines": "lines.csv",
        "point": "points.csv",
        "regions": "regions.csv",
    }

    username: Id
    name: Short
    role: Role
    office: ShortId | None = None
    lines: Parts = ()
    languages: Languages = ("zh-CN",)
    point: Id | None = None
    regions: Parts = ()

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        wanted = {"clerk": ("office", "lines"), "assistant": ("point",), "supervisor": ("regions",)}
        for column in wanted.get(self.role, ()):
            if not getattr(self, column):
                raise fault("missing", column=column)
        return self


def read_cast(folder: Path, catalogue: Catalogue, *, today: date) -> list[StaffRow]:
    """The staff of a folder, checked against its catalogue. Refuses CatalogueRejected with every fault."""
    placed, faults = read_sheet(StaffRow, folder, today=today)
    faults += unknown_references(placed, keys_of(catalogue.sheets))
    office_of = {line.id: line.office for line in catalogue.rows(LineRow)}
    for each in placed:
        for line in each.row.lines:
            if office_of.get(line, each.row.office) != each.row.office:
                told = {"value": line, "office": each.row.office}
                faults.append(Fault(StaffRow.file, each.line, "lines", "lines_elsewhere", told))
    if faults:
        raise CatalogueRejected(faults)
    return [each.row for each in placed]
