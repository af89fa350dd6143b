"""The demo's files, judged without the importer: nothing here but CSV and the check digits of the standards."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from stdnum.cn import ric, uscc

FOLDER = Path(__file__).parents[3] / "server" / "tongban_server" / "demo" / "data"

CODES_OF_THE_DOMAIN = {
    "pinghu-mortgage": "12330499000DEM101R4000799001001",
    "hanyang-biz-scope": "11420199000DEM10234000199002001",
    "jingan-social-close": "12310199000DEM10384002099003001",
    "yaohai-medical-transfer": "12340199000DEM104P4002099004001",
    "nanhu-hukou-spouse": "11330499000DEM10594001099005001",
    "qingshan-transfer-power": "11150299000DEM106W4000799006001",
    "xiangfu-bookshop": "11410299000DEM107K4000199007001",
    "jiangyang-truck-check": "11510599000DEM108W4001099008001",
    "haishu-senior-allowance": "11330299000DEM109B4000599009001",
    "xiangfu-road-transport": "11410299000DEM107K4000199010001",
}
HOSTS_OF = {
    "150104": {"150204"},
    "150204": {"420105", "420102", "150104", "150403", "150822"},
    "150403": {"150204"},
    "150822": {"150204"},
    "310106": {"340603"},
    "310151": {"320681"},
    "320114": {"310106"},
    "320412": {"310113", "320402", "320614", "320281", "320826"},
    "320509": {"330402"},
    "320681": {"310151"},
    "320826": {"330482", "330421", "410212"},
    "321202": {"340102"},
    "330402": {"320509", "330203"},
    "330421": {"310105"},
    "330482": {"320826"},
    "340104": {"510502"},
    "340603": {"310106"},
    "410212": {"230603"},
    "5001GX": {"5101GX"},
    "5101GX": {"5001GX"},
}


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def column(name: str, key: str) -> list[str]:
    return [row[key] for row in rows(name)]


def many(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


HOST_OF_OFFICE = {row["id"]: row["region"] for row in rows("offices")}
OFFICE_OF_LINE = {row["id"]: row["office"] for row in rows("lines")}
HOST_OF_MATTER = {row["id"]: HOST_OF_OFFICE[OFFICE_OF_LINE[row["line"]]] for row in rows("matters")}
AGREED = {(row["source_region"], row["host_region"]): row for row in rows("agreements")}


@pytest.mark.parametrize(
    ("name", "key", "file", "target"),
    [
        ("offices", "region", "regions", "code"),
        ("lines", "office", "offices", "id"),
        ("matters", "line", "lines", "id"),
        ("materials", "matter", "matters", "id"),
        ("agreements", "source_region", "regions", "code"),
        ("agreements", "host_region", "regions", "code"),
        ("agreement_matters", "agreement", "agreements", "id"),
        ("agreement_matters", "matter", "matters", "id"),
        ("points", "region", "regions", "code"),
        ("kiosks", "point", "points", "id"),
        ("staff", "office", "offices", "id"),
        ("staff", "lines", "lines", "id"),
        ("staff", "point", "points", "id"),
        ("staff", "regions", "regions", "code"),
    ],
)
def test_every_reference_leads_somewhere(name: str, key: str, file: str, target: str) -> None:
    assert {part for cell in column(name, key) for part in many(cell)} <= set(column(file, target))


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("regions", ["code"]),
        ("regions", ["full_name"]),
        ("offices", ["id"]),
        ("lines", ["id"]),
        ("matters", ["id"]),
        ("materials", ["matter", "no"]),
        ("agreements", ["id"]),
        ("agreement_matters", ["agreement", "matter"]),
        ("kiosks", ["id"]),
        ("staff", ["username"]),
        ("staff", ["name"]),
        ("applicants", ["id_number"]),
        ("applicants", ["phone"]),
    ],
)
def test_no_key_stands_twice(name: str, keys: list[str]) -> None:
    counted = Counter(tuple(row[key] for key in keys) for row in rows(name))

    assert max(counted.values()) == 1


def test_uscc_check_digits_are_right() -> None:
    codes = column("offices", "uscc") + column("companies", "uscc")

    assert [code for code in codes if not uscc.is_valid(code)] == []


def test_id_numbers_have_right_check_digits_and_possible_days_of_birth() -> None:
    for number in column("applicants", "id_number"):
        # Not ric.validate: the area xx99 is on no list, which is what makes these numbers nobody's.
        assert number[4:6] == "99"
        assert ric.calc_check_digit(number) == number[-1]
        assert date(1940, 1, 1) < ric.get_birth_date(number) < date(2008, 1, 1)


def test_nobody_can_be_telephoned() -> None:
    landlines = column("offices", "phone")
    mobiles = column("points", "phone") + column("applicants", "phone")
    mobiles += [part.split()[-1] for cell in column("agreements", "liaison") for part in many(cell)]

    assert [phone for phone in landlines if not re.fullmatch(r"0\d{2,3}-0000\d{4}", phone)] == []
    assert [phone for phone in mobiles if not re.fullmatch(r"1990000\d{4}", phone)] == []


def test_everything_invented_says_so() -> None:
    for name, key in [("offices", "name"), ("points", "name"), ("points", "address"), ("kiosks", "name")]:
        assert all("（演示）" in cell for cell in column(name, key)), name
    assert all("演示" in cell for cell in column("matters", "notice") + column("companies", "name"))
    assert all(cell.endswith("示例") for cell in column("staff", "name") + column("applicants", "name"))


def test_no_promise_is_longer_than_the_statute() -> None:
    assert [row["id"] for row in rows("matters") if int(row["promise_days"]) > int(row["statutory_days"])] == []


def test_task_codes_are_body_level_and_catalogue_code() -> None:
    body = {row["id"]: row["uscc"] for row in rows("offices")}
    for row in rows("matters"):
        if row["other"] == "yes":
            assert row["task_code"] == row["catalog_code"] == ""
        else:
            assert row["task_code"] == body[OFFICE_OF_LINE[row["line"]]] + "4" + row["catalog_code"]
            assert re.fullmatch(r"\d{12}", row["catalog_code"])


def test_one_catalogue_code_is_one_matter_in_every_region() -> None:
    listed = {(row["catalog_code"], row["name"]) for row in rows("matters") if row["other"] == "no"}

    assert len(listed) == len({code for code, _ in listed}) == len({name for _, name in listed})


def test_the_matters_of_the_domain_are_there() -> None:
    codes = {row["id"]: row["task_code"] for row in rows("matters")}
    names = set(column("matters", "name"))

    assert codes | CODES_OF_THE_DOMAIN == codes
    assert {"居住证办理（稳定就业）", "出生一件事", "我要开书店一件事", "基本医疗保险个人账户清算"} <= names


def test_every_matter_has_materials_numbered_without_a_gap() -> None:
    numbers: dict[str, list[int]] = {}
    for row in rows("materials"):
        numbers.setdefault(row["matter"], []).append(int(row["no"]))

    assert set(numbers) == set(HOST_OF_MATTER)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_every_agreement_of_the_domain_offers_something() -> None:
    agreed = Counter(row["agreement"] for row in rows("agreement_matters"))

    assert set(AGREED) == {(source, host) for source, hosts in HOSTS_OF.items() for host in hosts}
    assert all(agreed[row["id"]] > 0 for row in AGREED.values())
    assert agreed["nanhu-wujiang"] == agreed["wujiang-nanhu"] == 10


def test_agreements_name_only_what_their_host_offers() -> None:
    host = {row["id"]: row["host_region"] for row in rows("agreements")}

    assert all(HOST_OF_MATTER[row["matter"]] == host[row["agreement"]] for row in rows("agreement_matters"))


def test_one_agreement_ended_yesterday_and_all_others_hold_for_a_year() -> None:
    last_days = {pair: row["valid_to"] for pair, row in AGREED.items()}

    assert last_days.pop(("320826", "330421")) == "today-1"
    assert set(last_days.values()) == {"today+365"}


def test_one_pair_has_no_agreement() -> None:
    assert ("150204", "330482") not in AGREED
    assert "150204" in column("points", "region")
    assert "330482" in HOST_OF_OFFICE.values()


def test_one_agreement_lacks_a_matter_that_its_host_offers() -> None:
    offered = {matter for matter, host in HOST_OF_MATTER.items() if host == "230603"}
    agreed = {row["matter"] for row in rows("agreement_matters") if row["agreement"] == "xiangfu-longfeng"}

    assert offered - agreed == {"longfeng-shop-change", "longfeng-other"}
    assert AGREED["410212", "230603"]["others"] == "no"


def test_regions_of_one_name_are_told_apart() -> None:
    full = {row["code"]: row["full_name"] for row in rows("regions")}
    named = Counter(row["name"] for row in rows("regions"))

    assert full["150204"] == "内蒙古自治区包头市青山区"
    assert full["420107"] == "湖北省武汉市青山区"
    assert (named["青山区"], named["鼓楼区"], named["高新区"]) == (2, 4, 2)


def test_functional_zones_have_no_code_of_the_standard() -> None:
    for row in rows("regions"):
        standard = re.fullmatch(r"\d{6}", row["code"]) is not None
        assert standard == (row["kind"] == "administrative")
        assert row["parent_code"][:2] == row["code"][:2]
        assert row["full_name"] == row["parent_name"] + row["name"]


def test_ticket_numbers_of_one_region_cannot_collide() -> None:
    taken = Counter((HOST_OF_OFFICE[row["office"]], row["prefix"]) for row in rows("lines"))

    assert max(taken.values()) == 1


def test_every_host_has_its_clerks_and_every_line_someone_who_serves_it() -> None:
    clerks = [row for row in rows("staff") if row["role"] == "clerk"]
    counted = Counter(row["office"] for row in clerks)

    assert set(counted) == set(HOST_OF_OFFICE)
    assert (counted["pinghu-estate"], counted["jingan-social"], counted["hanyang-market"]) == (3, 2, 2)
    assert {line for row in clerks for line in many(row["lines"])} == set(OFFICE_OF_LINE)
    assert all(OFFICE_OF_LINE[line] == row["office"] for row in clerks for line in many(row["lines"]))


def test_the_other_roles_are_all_cast() -> None:
    cast = Counter(column("staff", "role"))
    del cast["clerk"]

    assert cast == {"assistant": 6, "supervisor": 2, "auditor": 1, "security_admin": 1, "system_admin": 1}
    assert not any("password" in header for header in rows("staff")[0])


def test_every_point_has_kiosks_and_one_hall_screen() -> None:
    kinds: dict[str, list[str]] = {}
    for row in rows("kiosks"):
        if row["name"].startswith("演示访客终端"):
            continue
        kinds.setdefault(row["point"], []).append(row["kind"])

    assert len(kinds) == len(rows("points")) == 8
    for found in kinds.values():
        assert found.count("hall") == 1
        assert found.count("kiosk") in (1, 2)


def test_every_point_has_a_kiosk_for_synthetic_citizens() -> None:
    names = {row["id"]: row["name"] for row in rows("kiosks")}

    assert all(names[f"{point}-s1"] == "演示访客终端 1（演示）" for point in column("points", "id"))


def test_every_point_has_somewhere_to_call() -> None:
    sources = {source for source, _ in AGREED}

    assert set(column("points", "region")) <= sources
