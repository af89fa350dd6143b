"""What a service point may offer today: only what a valid agreement between the two regions covers (domain §1.2 C-11).

An agreement is directional, holds up to and including its last day in Asia/Shanghai, and is refused on the day after.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tongban_queue.hall import Office
from tongban_queue.refusals import NotFound, NotNow
from tongban_queue.store import Work
from tongban_queue.tally import SHANGHAI
from tongban_server.catalogue.things import Agreement, AgreementMatter, Matter, Region


class NoSuchMatter(NotFound):
    """There is no such matter in the catalogue."""


class NoSuchRegion(NotFound):
    """There is no such region in the catalogue."""


class NoAgreement(NotNow):
    """The two regions have no agreement, so the matter can be started only at the host region's own window."""


class AgreementExpired(NotNow):
    """The agreement between the two regions has ended; until it is renewed, the host region's own window serves."""


class MatterNotCovered(NotNow):
    """The agreement between the two regions leaves this matter out; another may be chosen."""


class MatterNotInForce(NotNow):
    """The host office does not offer this matter on this day; the local assistant can say what replaces it."""


def shanghai_day(moment: datetime) -> date:
    """The Asia/Shanghai day of a moment (which must carry its zone)."""
    return moment.astimezone(SHANGHAI).date()


def in_force_of(agreements: Sequence[Agreement], day: date) -> list[Agreement]:
    """Those of one pair's agreements in force on `day`, by id. Refuses NoAgreement (none begun), AgreementExpired."""
    begun = [agreement for agreement in agreements if agreement.valid_from <= day]
    if not begun:
        raise NoAgreement
    holding = [agreement for agreement in begun if agreement.in_force(day)]
    if not holding:
        raise AgreementExpired(ended=max(agreement.valid_to for agreement in begun).isoformat())
    return sorted(holding, key=lambda agreement: agreement.id)


def agreement_for(agreements: Sequence[Agreement], matter: Matter, day: date) -> Agreement:
    """Which of one pair's agreements lets `matter` be taken on `day`; the first one, by id.

    Refuses what `in_force_of` refuses, and MatterNotCovered (none names it).
    """
    for agreement in in_force_of(agreements, day):
        if agreement.covers(matter):
            return agreement
    raise MatterNotCovered


def require_offer(work: Work, *, source_region: str, matter: Matter, day: date) -> Agreement:
    """The agreement under which a point of `source_region` may take a ticket for `matter` on that Asia/Shanghai day.

    `matter` comes with its office (as `find_matter` gives it). Refuses MatterNotInForce and what `agreement_for`
    refuses; each says the full names of the `source` and the `host` region.
    """
    told: dict[str, object] = {"host": matter.office.region_name, "matter": matter.name}
    told["source"] = _full_name(work, source_region)
    if not matter.in_force(day):
        raise MatterNotInForce(fields=None, **told)
    agreements = _agreements(work, source_region, matter.office.region_code)
    with _telling(told):
        return agreement_for(agreements, matter, day)


def covered(work: Work, *, source_region: str, matter: Matter, day: date) -> bool:
    """Whether `require_offer` would let a point of `source_region` take a ticket for `matter` on that day."""
    try:
        require_offer(work, source_region=source_region, matter=matter, day=day)
    except NotNow:
        return False
    return True


def find_matter(work: Work, matter_id: str) -> Matter:
    """The matter with its office, line and materials. Refuses NoSuchMatter."""
    parts = joinedload(Matter.office), joinedload(Matter.line), selectinload(Matter.materials)
    query = select(Matter).where(Matter.id == matter_id).options(*parts)
    found = work.held.known((Matter, matter_id), lambda: work.session.scalars(query).one_or_none())
    if found is None:
        raise NoSuchMatter
    return found


def regions_offered(work: Work, *, source_region: str, day: date) -> list[Region]:
    """The host regions of which a point of `source_region` may offer at least one matter on `day`; by code."""
    hosts = _offered(source_region, day).with_only_columns(Office.region_code)
    found = work.session.scalars(select(Region).where(Region.code.in_(hosts)).order_by(Region.code))
    return list(found)


def offices_offered(work: Work, *, source_region: str, day: date) -> list[Office]:
    """The host offices of which a point of `source_region` may offer at least one matter on `day`; by id."""
    offered = _offered(source_region, day).with_only_columns(Office.id)
    return list(work.session.scalars(select(Office).where(Office.id.in_(offered)).order_by(Office.id)))


def matters_offered(work: Work, *, source_region: str, host_region: str, day: date) -> list[Matter]:
    """What a point of `source_region` may offer of `host_region` on `day`, with office and line; listed ones first.

    Refuses NoSuchRegion, and NoAgreement or AgreementExpired if the pair has nothing in force.
    """
    region = work.session.get(Region, host_region)
    if region is None:
        raise NoSuchRegion
    told = {"source": _full_name(work, source_region), "host": region.full_name}
    agreements = _agreements(work, source_region, host_region)
    with _telling(told):
        in_force_of(agreements, day)
    query = _offered(source_region, day).where(Office.region_code == host_region)
    found = work.session.scalars(query.options(joinedload(Matter.office), joinedload(Matter.line)))
    return sorted(found.all(), key=lambda matter: (matter.other, matter.line_id, matter.id))


def all_matters_offered(work: Work, *, source_region: str, day: date) -> list[Matter]:
    """What a point of `source_region` may offer of any region on `day`, with office and line; by region."""
    offered = _offered(source_region, day).options(joinedload(Matter.office), joinedload(Matter.line))
    found = work.session.scalars(offered).all()
    return sorted(found, key=lambda matter: (matter.office.region_code, matter.other, matter.line_id, matter.id))


def search_regions(regions: Iterable[Region], words: str) -> list[Region]:
    """The regions whose full name or code contains every word. Namesakes all come, told apart by their full names."""
    wanted = words.split()
    found = [region for region in regions if all(word in region.full_name or word in region.code for word in wanted)]
    return sorted(found, key=lambda region: region.code)


@contextmanager
def _telling(told: Mapping[str, object]) -> Iterator[None]:
    """Let a refusal of a pure rule name the regions, which the rule does not know."""
    try:
        yield
    except NotNow as refusal:
        refusal.told.update(told)
        raise


def _offered(source_region: str, day: date) -> Select[Matter]:
    """The rule of `agreement_for` for a whole source region at once."""
    # Both correlations are said: left to itself, the inner one would bring in every matter anew.
    listed = exists().where(AgreementMatter.agreement_id == Agreement.id, AgreementMatter.matter_id == Matter.id)
    covered = exists().where(
        Agreement.source_region == source_region,
        Agreement.host_region == Office.region_code,
        Agreement.valid_from <= day,
        Agreement.valid_to >= day,
        or_(listed.correlate(Agreement, Matter), and_(Matter.other, Agreement.others)),
    )
    holds = Matter.valid_from <= day, or_(Matter.valid_to.is_(None), Matter.valid_to >= day)
    return select(Matter).join(Office, Matter.office_id == Office.id).where(covered.correlate(Office, Matter), *holds)


def _agreements(work: Work, source_region: str, host_region: str) -> Sequence[Agreement]:
    query = select(Agreement).where(Agreement.source_region == source_region, Agreement.host_region == host_region)
    query = query.options(selectinload(Agreement.listed))
    return work.held.known((Agreement, source_region, host_region), lambda: work.session.scalars(query).all())


def _full_name(work: Work, region_code: str) -> str:
    region = work.held.known((Region, region_code), lambda: work.session.get(Region, region_code))
    return region.full_name if region else region_code
