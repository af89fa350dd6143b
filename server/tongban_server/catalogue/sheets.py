"""CSV files to typed rows and back, for operators who edit them in a spreadsheet.

Read: UTF-8, with or without a byte order mark, columns in any order. Written: the columns in the order of the row's
fields, rows by their keys, so that two exports can be compared line by line.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from tongban_server.catalogue.cells import written
from tongban_server.catalogue.faults import Fault, faults_of
from tongban_server.catalogue.rows import Row

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Placed(Generic[R]):
    """A row and the line of its file at which it begins (the header is line 1)."""

    row: R
    line: int


def read_sheet(kind: type[R], folder: Path, *, today: date) -> tuple[list[Placed[R]], list[Fault]]:
    """Every row of one file that can be understood, and a fault for everything else. `today`: what `today-1` means."""
    try:
        content = (folder / kind.file).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return [], [Fault(kind.file, 0, "", "no_file")]
    except UnicodeDecodeError:
        return [], [Fault(kind.file, 0, "", "not_utf8")]
    return parse_sheet(kind, content, today=today)


def parse_sheet(kind: type[R], content: str, *, today: date) -> tuple[list[Placed[R]], list[Fault]]:
    """As `read_sheet`, of a text at hand."""
    lines = _lines(content)
    rows: list[Placed[R]] = []
    faults: list[Fault] = []
    try:
        _, header = next(lines, (1, []))
        faults += _header_faults(kind, header)
        for line, cells in [] if faults else lines:
            try:
                rows.append(Placed(_row(kind, header, cells, today), line))
            except ValidationError as error:
                faults += faults_of(error, kind.file, line)
            except _OddRow:
                faults.append(Fault(kind.file, line, "", "cells", {"found": len(cells), "wanted": len(header)}))
    except csv.Error:
        faults.append(Fault(kind.file, 0, "", "broken_csv"))
    return rows, faults + _twice(rows)


def sheet_text(kind: type[R], rows: Sequence[R]) -> str:
    """The file that says these rows."""
    columns = list(kind.model_fields)
    paper = io.StringIO()
    pen = csv.writer(paper, lineterminator="\n")
    pen.writerow(columns)
    for row in sorted(rows, key=lambda row: row.key_of()):
        pen.writerow([written(getattr(row, column)) for column in columns])
    return paper.getvalue()


class _OddRow(Exception):
    """A row has more or fewer cells than the header."""


def _lines(content: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line at which it begins (a quoted cell may span several)."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _header_faults(kind: type[Row], header: Sequence[str]) -> list[Fault]:
    known = kind.model_fields
    missing = [column for column, field in known.items() if field.is_required() and column not in header]
    odd = [column for column in header if column not in known or header.count(column) > 1]
    return [Fault(kind.file, 1, column, "no_column") for column in missing] + [
        Fault(kind.file, 1, column, "unknown_column") for column in dict.fromkeys(odd)
    ]


def _row(kind: type[R], header: Sequence[str], cells: Sequence[str], today: date) -> R:
    """One row; an empty cell says nothing, so that the column's default holds or the cell is missed."""
    if len(cells) != len(header):
        raise _OddRow
    said = {column: cell for column, cell in zip(header, cells, strict=True) if cell.strip()}
    return kind.model_validate(said, context={"today": today})


def _twice(rows: Sequence[Placed[R]]) -> list[Fault]:
    first: dict[tuple[object, ...], int] = {}
    faults = []
    for placed in rows:
        key = placed.row.key_of()
        if key in first:
            faults.append(Fault(placed.row.file, placed.line, placed.row.key[0], "twice", {"first": first[key]}))
        first.setdefault(key, placed.line)
    return faults
