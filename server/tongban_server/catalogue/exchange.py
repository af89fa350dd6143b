"""A catalogue into the database and out of it again.

Importing is an upsert by key: a row that is already there is changed, and nothing that tickets may stand on is ever
deleted. What a folder no longer mentions stays; end a matter or an agreement by its last day. Only the lists *inside* a
matter (its materials) and an agreement (its matters) become exactly what the folder says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tongban_queue.hall import Kiosk, Office, Point
from tongban_queue.store import Base, Work
from tongban_server.catalogue.folder import Catalogue
from tongban_server.catalogue.rows import (
    FILES,
    AgreementMatterRow,
    AgreementRow,
    CatalogueRow,
    LineRow,
    MaterialRow,
    MatterRow,
    RegionRow,
)
from tongban_server.catalogue.sheets import Placed
from tongban_server.catalogue.things import Matter

#: Told after every row: the file, how many of its rows are done, how many it has.
Progress = Callable[[str, int, int], None]

#: Rows that are parts of another row: what the folder does not list of them is removed.
_PARTS: Mapping[type[CatalogueRow], tuple[type[CatalogueRow], str]] = {
    MaterialRow: (MatterRow, "matter_id"),
    AgreementMatterRow: (AgreementRow, "agreement_id"),
}


def put_catalogue(work: Work, catalogue: Catalogue, *, progress: Progress | None = None) -> dict[str, int]:
    """Make the database say what the folder says, within one transaction. Answers the number of rows of each file.

    Doing it twice changes nothing the second time. `progress` is told after every row.
    """
    counts = {}
    for kind in FILES:
        _drop_unlisted(work, kind, catalogue)
        _put_file(work, kind, catalogue, progress)
        # Not all of these tables know each other, so the database learns of them in the order of the files.
        work.session.flush()
        counts[kind.file] = len(catalogue.sheets[kind])
    return counts


def gather_catalogue(work: Work) -> Catalogue:
    """The whole catalogue as it stands in the database; days are absolute, whatever the folder once said."""
    sheets: dict[type[CatalogueRow], Sequence[Placed[Any]]] = {}
    for kind in FILES:
        rows = sorted((kind.of(thing) for thing in _things(work, kind)), key=lambda row: row.key_of())
        sheets[kind] = [Placed(row, line) for line, row in enumerate(rows, start=2)]
    return Catalogue(sheets)


def _things(work: Work, kind: type[CatalogueRow]) -> Sequence[Base]:
    query = select(kind.thing)
    if kind.thing is Kiosk:
        query = query.where(Kiosk.revoked_at.is_(None))
    return (work.session.scalars(query)).all()


def _put_file(work: Work, kind: type[CatalogueRow], catalogue: Catalogue, progress: Progress | None) -> None:
    present = {_key(kind, thing): thing for thing in (work.session.scalars(select(kind.thing))).all()}
    derive = _derived(kind, catalogue)
    rows = catalogue.rows(kind)
    for done, row in enumerate(rows, start=1):
        values = row.values()
        values |= derive(values)
        thing = present.get(row.key_of())
        if thing is None:
            work.session.add(kind.thing(**values))
        else:
            _change(thing, values)
        if progress:
            progress(kind.file, done, len(rows))


def _change(thing: Base, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(thing, name) != value:
            setattr(thing, name, value)


def _key(kind: type[CatalogueRow], thing: Base) -> tuple[Any, ...]:
    return tuple(getattr(thing, kind.renamed.get(name, name)) for name in kind.key)


def _derived(kind: type[CatalogueRow], catalogue: Catalogue) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """What a thing keeps beside its row, because screens read it often: the region's full name, the line's office."""
    if kind.thing in (Office, Point):
        names = {region.code: region.full_name for region in catalogue.rows(RegionRow)}
        return lambda values: {"region_name": names[values["region_code"]]}
    if kind.thing is Matter:
        offices = {line.id: line.office for line in catalogue.rows(LineRow)}
        return lambda values: {"office_id": offices[values["line_id"]]}
    return lambda values: {}


def _drop_unlisted(work: Work, kind: type[CatalogueRow], catalogue: Catalogue) -> None:
    if kind not in _PARTS:
        return
    whole, belongs = _PARTS[kind]
    owners = {row.key_of()[0] for row in catalogue.rows(whole)}
    listed = {row.key_of() for row in catalogue.rows(kind)}
    for thing in (work.session.scalars(select(kind.thing))).all():
        if getattr(thing, belongs) in owners and _key(kind, thing) not in listed:
            work.session.delete(thing)
