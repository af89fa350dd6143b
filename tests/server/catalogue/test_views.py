"""The catalogue on the wire."""

from tongban_queue.store import Store
from tongban_server.catalogue import offer
from tongban_server.catalogue.things import Region
from tongban_server.catalogue.views import MatterBrief, MatterView, RegionView


async def test_a_region_shows_its_full_name(demo_store: Store) -> None:
    with demo_store.reading() as work:
        region = work.session.get_one(Region, "420107")

    assert RegionView.of(region).model_dump(mode="json", by_alias=True) == {
        "code": "420107",
        "name": "青山区",
        "fullName": "湖北省武汉市青山区",
        "parentName": "湖北省武汉市",
        "kind": "administrative",
    }


async def test_a_matter_in_a_list_says_whether_it_records(demo_store: Store) -> None:
    with demo_store.reading() as work:
        matter = offer.find_matter(work, "pinghu-mortgage")

    assert MatterBrief.of(matter).model_dump(mode="json", by_alias=True) == {
        "id": "pinghu-mortgage",
        "name": "不动产抵押权首次登记",
        "officeName": "平湖市不动产登记中心（演示）",
        "lineTitle": "抵押登记",
        "records": True,
        "keywords": ["抵押", "房贷", "按揭", "贷款", "不动产"],
    }


async def test_a_matter_shows_what_is_needed(demo_store: Store) -> None:
    with demo_store.reading() as work:
        matter = offer.find_matter(work, "xiangfu-bookshop")
    view = MatterView.of(matter).model_dump(mode="json", by_alias=True)

    assert set(view) == {
        *("id", "name", "regionCode", "regionName", "officeName", "promiseDays", "statutoryDays", "fee", "hours"),
        *("place", "phone", "projectType", "identityLevel", "records", "validFrom", "version", "materials"),
        *("conditions", "notice"),
    }
    assert (view["regionName"], view["projectType"], view["identityLevel"]) == ("河南省开封市祥符区", "promised", "L2")
    assert (view["promiseDays"], view["statutoryDays"], view["validFrom"]) == (1, 20, "2026-01-01")
    assert view["materials"] == [
        {
            "no": 1,
            "name": "电子营业执照",
            "necessity": "required",
            "source": "government",
            "form": "electronic",
            "originals": 0,
            "copies": 0,
            "waivable": True,
            "note": "只需在线核验电子营业执照",
        }
    ]
    assert "以属地公布为准" in view["notice"]
