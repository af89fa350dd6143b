"""A catalogue as a folder of files, checked as a whole before anything of it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

from tongban_server.catalogue.cells import check_digit_fits
from tongban_server.catalogue.faults import CatalogueRejected, Fault
from tongban_server.catalogue.rows import (
    FILES,
    AgreementMatterRow,
    AgreementRow,
    CatalogueRow,
    LineRow,
    MaterialRow,
    MatterRow,
    OfficeRow,
    RegionRow,
    Row,
)
from tongban_server.catalogue.sheets import Placed, read_sheet, sheet_text

R = TypeVar("R", bound=CatalogueRow)
Sheets = Mapping[type[CatalogueRow], Sequence[Placed[Any]]]


@dataclass(frozen=True)
class Catalogue:
    """The rows of a whole folder. `warnings` are faults that do not keep it from being imported."""

    sheets: Sheets
    warnings: Sequence[Fault] = field(default=())

    def rows(self, kind: type[R]) -> list[R]:
        """The rows of one file."""
        return [cast(R, placed.row) for placed in self.sheets[kind]]


def read_folder(folder: Path, *, today: date) -> Catalogue:
    """The catalogue in a folder. `today` is the Asia/Shanghai day that relative days are counted from.

    Refuses CatalogueRejected with every fault of every file: those of single rows; if none, those between rows.
    """
    if not folder.is_dir():
        raise CatalogueRejected([Fault(str(folder), 0, "", "no_folder")])
    sheets: dict[type[CatalogueRow], Sequence[Placed[Any]]] = {}
    faults: list[Fault] = []
    for kind in FILES:
        sheets[kind], found = read_sheet(kind, folder, today=today)
        faults += found
    # A row that could not be read would make every row that refers to it look wrong, so the rows come first.
    faults = faults or [fault for rule in _RULES for fault in rule(sheets)]
    if faults:
        raise CatalogueRejected(faults)
    return Catalogue(sheets, list(_doubtful_codes(sheets)))


def write_folder(catalogue: Catalogue, folder: Path, *, marked: bool = False) -> None:
    """Write every file. `marked` puts a byte order mark first, which some spreadsheets need to see that it is UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in FILES:
        text = sheet_text(kind, catalogue.rows(kind))
        (folder / kind.file).write_bytes(text.encode("utf-8-sig" if marked else "utf-8"))


def unknown_references(placed: Sequence[Placed[Any]], known: Mapping[str, set[Any]]) -> Iterator[Fault]:
    """A fault for every value that does not stand in the file it must stand in. `known`: file -> its keys."""
    for each in placed:
        row: Row = each.row
        for column, file in row.refers.items():
            values = getattr(row, column)
            for value in values if isinstance(values, tuple) else (values,):
                if value is not None and value not in known[file]:
                    yield Fault(row.file, each.line, column, "unknown", {"value": value, "file": file})


def keys_of(sheets: Sheets) -> dict[str, set[Any]]:
    """File -> the keys of its rows, for files whose rows have one key."""
    return {
        kind.file: {placed.row.key_of()[0] for placed in placed_rows}
        for kind, placed_rows in sheets.items()
        if len(kind.key) == 1
    }


def _references(sheets: Sheets) -> Iterator[Fault]:
    known = keys_of(sheets)
    for placed in sheets.values():
        yield from unknown_references(placed, known)


def _full_names(sheets: Sheets) -> Iterator[Fault]:
    """Namesakes are told apart by their full names (domain §4.1)."""
    first: dict[str, int] = {}
    for placed in sheets[RegionRow]:
        line = first.setdefault(placed.row.full_name, placed.line)
        if line != placed.line:
            yield Fault(RegionRow.file, placed.line, "full_name", "same_full_name", {"first": line})


def _prefixes(sheets: Sheets) -> Iterator[Fault]:
    """Ticket numbers are unique in a host region on a day (domain §2.11), so its offices share one set of prefixes."""
    region_of = {placed.row.id: placed.row.region for placed in sheets[OfficeRow]}
    first: dict[tuple[str, str], int] = {}
    for placed in sheets[LineRow]:
        line = first.setdefault((region_of.get(placed.row.office, ""), placed.row.prefix), placed.line)
        if line != placed.line:
            yield Fault(LineRow.file, placed.line, "prefix", "prefix_taken", {"first": line})


def _numbering(sheets: Sheets) -> Iterator[Fault]:
    numbers: dict[str, list[int]] = {}
    for placed in sheets[MaterialRow]:
        numbers.setdefault(placed.row.matter, []).append(placed.row.no)
    for placed in sheets[MaterialRow]:
        if placed.row.no > len(numbers[placed.row.matter]):
            yield Fault(MaterialRow.file, placed.line, "no", "not_in_order")


def _agreed_matters(sheets: Sheets) -> Iterator[Fault]:
    """An agreement can name only what its host region offers."""
    region_of = {placed.row.id: placed.row.region for placed in sheets[OfficeRow]}
    office_of = {placed.row.id: placed.row.office for placed in sheets[LineRow]}
    host_of = {placed.row.id: placed.row.host_region for placed in sheets[AgreementRow]}
    line_of = {placed.row.id: placed.row.line for placed in sheets[MatterRow]}
    for placed in sheets[AgreementMatterRow]:
        place = region_of.get(office_of.get(line_of.get(placed.row.matter, ""), ""))
        if place and place != host_of.get(placed.row.agreement, place):
            yield Fault(AgreementMatterRow.file, placed.line, "matter", "matter_elsewhere")


def _doubtful_codes(sheets: Sheets) -> Iterator[Fault]:
    """Real codes exist whose check digit is wrong, so that is a warning and no refusal (domain §2.7)."""
    for kind, column in ((OfficeRow, "uscc"), (MatterRow, "task_code")):
        for placed in sheets[kind]:
            code = getattr(placed.row, column)
            if code and not check_digit_fits(code):
                yield Fault(kind.file, placed.line, column, "check_digit")


_RULES: tuple[Callable[[Sheets], Iterator[Fault]], ...] = (
    _references,
    _full_names,
    _prefixes,
    _numbering,
    _agreed_matters,
)
