"""What a point may offer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.server.catalogue.conftest import TODAY
from tongban_queue.store import Store, Work
from tongban_server.catalogue import offer
from tongban_server.catalogue.offer import AgreementExpired, MatterNotCovered, MatterNotInForce, NoAgreement
from tongban_server.catalogue.things import Agreement, AgreementMatter, Matter, Region

LIANSHUI, PINGHU, JIASHAN, QINGSHAN, XIANGFU, LONGFENG = "320826", "330482", "330421", "150204", "410212", "230603"


def an_agreement(*matters: str, others: bool = False, last: date = TODAY) -> Agreement:
    return Agreement(
        id="a",
        source_region=LIANSHUI,
        host_region=PINGHU,
        others=others,
        valid_from=date(2026, 1, 1),
        valid_to=last,
        listed=[AgreementMatter(agreement_id="a", matter_id=matter) for matter in matters],
    )


def a_matter(matter_id: str = "m", *, other: bool = False, last: date | None = None) -> Matter:
    return Matter(id=matter_id, name="示例", other=other, valid_from=date(2026, 1, 1), valid_to=last)


def test_an_agreement_holds_on_its_last_day() -> None:
    agreement = an_agreement("m", last=TODAY)

    assert offer.agreement_for([agreement], a_matter(), TODAY) is agreement


def test_an_agreement_ends_the_day_after_its_last_day() -> None:
    agreement = an_agreement("m", last=TODAY)

    with pytest.raises(AgreementExpired) as refusal:
        offer.agreement_for([agreement], a_matter(), TODAY + timedelta(days=1))
    assert refusal.value.told == {"ended": "2026-11-22"}


def test_an_agreement_that_has_not_begun_is_none() -> None:
    with pytest.raises(NoAgreement):
        offer.agreement_for([an_agreement("m")], a_matter(), date(2025, 12, 31))


def test_a_matter_that_the_agreement_leaves_out_is_refused() -> None:
    with pytest.raises(MatterNotCovered):
        offer.agreement_for([an_agreement("another")], a_matter(), TODAY)


def test_another_matter_needs_an_agreement_but_no_listing() -> None:
    agreement = an_agreement(others=True)

    assert offer.agreement_for([agreement], a_matter(other=True), TODAY) is agreement
    with pytest.raises(NoAgreement):
        offer.agreement_for([], a_matter(other=True), TODAY)


def test_an_agreement_can_exclude_other_matters() -> None:
    with pytest.raises(MatterNotCovered):
        offer.agreement_for([an_agreement("m", others=False)], a_matter("x", other=True), TODAY)


def test_a_new_agreement_takes_the_place_of_an_expired_one() -> None:
    old, new = an_agreement("m", last=TODAY - timedelta(days=1)), an_agreement("m")

    assert offer.agreement_for([old, new], a_matter(), TODAY) is new


def test_the_day_turns_at_midnight_in_shanghai() -> None:
    assert offer.shanghai_day(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert offer.shanghai_day(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)


async def test_the_reported_case_is_offered(demo_store: Store) -> None:
    with demo_store.reading() as work:
        matter = offer.find_matter(work, "pinghu-mortgage")
        agreement = offer.require_offer(work, source_region=LIANSHUI, matter=matter, day=TODAY)

    assert agreement.id == "lianshui-pinghu"


async def test_an_agreement_that_ended_yesterday_offers_nothing(demo_store: Store) -> None:
    with demo_store.reading() as work:
        matter = offer.find_matter(work, "jiashan-mortgage")
        with pytest.raises(AgreementExpired) as refusal:
            offer.require_offer(work, source_region=LIANSHUI, matter=matter, day=TODAY)
        with pytest.raises(AgreementExpired):
            offer.matters_offered(work, source_region=LIANSHUI, host_region=JIASHAN, day=TODAY)
        hosts = offer.regions_offered(work, source_region=LIANSHUI, day=TODAY)

    assert refusal.value.told == {
        "ended": "2026-11-21",
        "source": "江苏省淮安市涟水县",
        "host": "浙江省嘉兴市嘉善县",
        "matter": "不动产抵押权首次登记",
    }
    assert JIASHAN not in {region.code for region in hosts}


async def test_without_an_agreement_nothing_is_offered(demo_store: Store) -> None:
    with demo_store.reading() as work:
        matter = offer.find_matter(work, "pinghu-mortgage")
        with pytest.raises(NoAgreement) as refusal:
            offer.require_offer(work, source_region=QINGSHAN, matter=matter, day=TODAY)
        with pytest.raises(NoAgreement):
            offer.matters_offered(work, source_region=QINGSHAN, host_region=PINGHU, day=TODAY)

    assert refusal.value.told["host"] == "浙江省嘉兴市平湖市"


async def test_what_an_agreement_leaves_out_is_neither_offered_nor_taken(demo_store: Store) -> None:
    with demo_store.reading() as work:
        left_out = offer.find_matter(work, "longfeng-shop-change")
        with pytest.raises(MatterNotCovered):
            offer.require_offer(work, source_region=XIANGFU, matter=left_out, day=TODAY)
        offered = offer.matters_offered(work, source_region=XIANGFU, host_region=LONGFENG, day=TODAY)

    assert [matter.id for matter in offered] == ["longfeng-biz-address", "longfeng-biz-scope"]


async def test_a_matter_that_is_no_longer_in_force_is_refused(demo_store: Store) -> None:
    with demo_store.reading() as work:
        matter = offer.find_matter(work, "pinghu-mortgage")
        with pytest.raises(MatterNotInForce):
            offer.require_offer(work, source_region=LIANSHUI, matter=matter, day=date(2025, 12, 31))


async def test_an_unknown_matter_or_region_is_not_found(demo_store: Store) -> None:
    with demo_store.reading() as work:
        with pytest.raises(offer.NoSuchMatter):
            offer.find_matter(work, "no-such-matter")
        with pytest.raises(offer.NoSuchRegion):
            offer.matters_offered(work, source_region=LIANSHUI, host_region="999999", day=TODAY)


async def test_agreements_are_directional(demo_store: Store) -> None:
    with demo_store.reading() as work:
        hosts = offer.regions_offered(work, source_region=QINGSHAN, day=TODAY)
        back = offer.regions_offered(work, source_region="420105", day=TODAY)

    assert "420105" in {region.code for region in hosts}
    assert back == []


@pytest.mark.parametrize("day", [TODAY, TODAY + timedelta(days=365), TODAY + timedelta(days=366)])
async def test_whatever_is_shown_can_be_taken_and_nothing_else(demo_store: Store, day: date) -> None:
    with demo_store.reading() as work:
        for source in (LIANSHUI, QINGSHAN, XIANGFU):
            shown = set()
            for host in offer.regions_offered(work, source_region=source, day=day):
                offered = offer.matters_offered(work, source_region=source, host_region=host.code, day=day)
                shown |= {matter.id for matter in offered}
            assert shown == _taken(work, source, day)


def _taken(work: Work, source: str, day: date) -> set[str]:
    taken = set()
    for matter in work.session.scalars(select(Matter).options(joinedload(Matter.office))):
        try:
            offer.require_offer(work, source_region=source, matter=matter, day=day)
        except (NoAgreement, AgreementExpired, MatterNotCovered):
            continue
        taken.add(matter.id)
    return taken


def test_two_regions_of_one_name_are_told_apart_by_full_name() -> None:
    baotou = Region(code="150204", name="青山区", full_name="内蒙古自治区包头市青山区")
    wuhan = Region(code="420107", name="青山区", full_name="湖北省武汉市青山区")

    assert offer.search_regions([wuhan, baotou], "青山区") == [baotou, wuhan]
    assert offer.search_regions([wuhan, baotou], "武汉 青山") == [wuhan]
    assert offer.search_regions([wuhan, baotou], "150204") == [baotou]
