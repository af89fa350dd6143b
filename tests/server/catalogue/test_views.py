"""The catalogue on the wire."""

from datetime import UTC, datetime
from functools import partial

from tongban_queue.hall import Office, Point
from tongban_queue.store import Store
from tongban_queue.working_days import WorkCalendar
from tongban_server.catalogue import offer
from tongban_server.catalogue.opening import HoursView, OpeningView
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

    doors = partial(OpeningView.of, calendar=WorkCalendar.shipped(), now=datetime(2026, 11, 22, 2, tzinfo=UTC))

    assert MatterBrief.of(matter, doors).model_dump(mode="json", by_alias=True) == {
        "id": "pinghu-mortgage",
        "name": "不动产抵押权首次登记",
        "officeName": "平湖市不动产登记中心（演示）",
        "lineTitle": "抵押登记",
        "records": True,
        "keywords": ["抵押", "房贷", "按揭", "贷款", "不动产"],
        "opening": {
            "name": "平湖市不动产登记中心（演示）",
            "phone": "0573-00001001",
            "hours": [
                {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"], "spans": ["00:00-24:00"]},
            ],
            "open": True,
            "why": None,
            "until": None,
            "opens": None,
            "calendarMissing": False,
        },
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


async def test_hours_are_shown_from_what_the_office_keeps(demo_store: Store) -> None:
    with demo_store.reading() as work:
        police = work.session.get_one(Office, "pinghu-police")
        point = work.session.get_one(Point, "lianshui")
    sunday = datetime(2026, 11, 22, 2, tzinfo=UTC)
    shown = OpeningView.of(police, WorkCalendar.shipped(), sunday).model_dump(mode="json", by_alias=True)

    assert shown["hours"] == [{"days": ["mon", "tue", "wed", "thu", "fri"], "spans": ["09:00-12:00", "13:30-17:00"]}]
    assert (shown["open"], shown["why"], shown["until"]) == (False, "weekend", None)
    assert (shown["opens"], shown["calendarMissing"]) == ("2026-11-23T01:00:00.000000Z", False)
    assert HoursView.of(point.hours)[0].spans == ["00:00-24:00"]
