"""Taking a ticket: who may, for what, with which numbers; taking it up again at the point."""

import pytest

from tests.server.hall import CHEN, LI, Hall, errand

AT = "lianshui-k1"


@pytest.mark.parametrize(
    ("matter", "code"),
    [
        ("jiashan-mortgage", "agreement_expired"),
        ("hanyang-biz-scope", "no_agreement"),
        ("pinghu-estate-query", "matter_not_covered"),
        ("no-such-matter", "no_such_matter"),
    ],
)
async def test_no_ticket_without_a_valid_agreement(hall: Hall, matter: str, code: str) -> None:
    kiosk = await hall.kiosk()

    refusal = (await kiosk.post("/api/tickets", errand(matter=matter))).refused(code)

    if code != "no_such_matter":
        assert "涟水县" in refusal["text"]
    assert (await (await hall.staff("assistant")).get("/api/points/lianshui")).good()["tickets"] == []


async def test_a_refusal_speaks_the_language_that_was_asked_for(hall: Hall) -> None:
    kiosk, said = await hall.kiosk(), errand(matter="hanyang-biz-scope")

    zh = await kiosk.post("/api/tickets", said, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})

    assert "没有通办协议" in zh.refused("no_agreement", 409)["text"]


async def test_regions_without_a_valid_agreement_are_not_offered(hall: Hall) -> None:
    kiosk = await hall.kiosk()

    assert {region["code"] for region in (await kiosk.get("/api/regions")).good()["regions"]} == {"330482", "410212"}
    (await kiosk.get("/api/regions/330421/matters")).refused("agreement_expired", 409)
    (await kiosk.get("/api/regions/420105/matters")).refused("no_agreement", 409)
    (await kiosk.get("/api/regions/999999/matters")).refused("no_such_region", 404)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("idNumber", "320899198805120016", "id_check_digit"),
        ("idNumber", "32089919880512001", "id_length"),
        ("idNumber", "32089919881332001X", "id_birth_date"),
        ("idNumber", "320899198805I20015", "id_characters"),
        ("idNumber", "320899180005120015", "id_birth_date"),
        ("phone", "12900000001", "phone_form"),
        ("phone", "1990000000", "phone_form"),
        ("phone", "1990000٠٠٠١", "phone_form"),
    ],
)
async def test_wrong_numbers_are_named_field_by_field(hall: Hall, field: str, value: str, fault: str) -> None:
    refusal = await (await hall.kiosk()).post("/api/tickets", errand({**CHEN, field: value}))

    assert refusal.refused("numbers_wrong", 400)["fields"] == {field: fault}


async def test_a_lower_case_x_is_the_same_number(hall: Hall) -> None:
    luo = {"name": "罗示例", "idNumber": "32019919691206121x", "phone": "19900000011"}

    visit = await hall.waiting(luo)

    assert visit["applicant"]["idNumber"].endswith("121X")


async def test_consent_is_needed_and_recording_is_asked_only_where_the_matter_records(hall: Hall) -> None:
    kiosk = await hall.kiosk()
    without = errand(CHEN)
    without["consent"] = {"privacy": False}

    assert "consent.privacy" in (await kiosk.post("/api/tickets", without)).refused("bad_fields", 400)["fields"]
    (await kiosk.post("/api/tickets", errand(CHEN, recording=None))).refused("recording_unanswered", 400)
    (await kiosk.post("/api/tickets", errand(CHEN, recording=False))).refused("recording_refused", 400)
    visit = (await kiosk.post("/api/tickets", errand(CHEN, matter="pinghu-other", recording=None))).good()
    assert visit["ticket"]["recorded"] is False


async def test_the_ticket_is_taken_up_at_the_second_kiosk(hall: Hall) -> None:
    visit = await hall.waiting()
    first, second = await hall.kiosk(AT), await hall.kiosk("lianshui-k2")
    ticket_id, slip = visit["ticket"]["id"], visit["slip"]
    released = await first.post(f"/api/tickets/{ticket_id}/release")
    assert (released.status, released.headers["Clear-Site-Data"]) == (204, '"cache", "storage"')
    assert (await first.get(f"/api/tickets/{ticket_id}")).status == 403

    taken_up = (await second.post("/api/tickets/resume", {"slip": slip.lower(), "lastFour": "0015"})).good()

    assert (taken_up["ticket"]["id"], taken_up["ticket"]["kioskId"]) == (ticket_id, "lianshui-k2")
    assert (await second.get("/api/device")).good()["holding"] == ticket_id
    assert (await first.get("/api/device")).good()["holding"] is None


async def test_taking_up_elsewhere_while_waiting_moves_the_citizen(hall: Hall) -> None:
    visit = await hall.waiting()
    second = await hall.kiosk("lianshui-k2")

    (await second.post("/api/tickets/resume", {"slip": visit["slip"], "lastFour": "0015"})).good()

    first = await hall.kiosk(AT)
    (await first.get(f"/api/tickets/{visit['ticket']['id']}")).refused("not_for_you", 403)


async def test_wrong_slips_are_refused_alike_and_then_stopped(hall: Hall) -> None:
    visit = await hall.waiting()
    kiosk = await hall.kiosk("lianshui-k2")
    slip = visit["slip"]

    unknown = (await kiosk.post("/api/tickets/resume", {"slip": "AAAAAA", "lastFour": "0015"})).refused("slip_unknown")
    wrong = None
    for _ in range(5):
        wrong = (await kiosk.post("/api/tickets/resume", {"slip": slip, "lastFour": "0016"})).refused("slip_unknown")
    assert wrong == unknown
    stopped = await kiosk.post("/api/tickets/resume", {"slip": slip, "lastFour": "0015"})
    assert stopped.refused("too_often", 429)["retryAfterS"] == int(stopped.headers["Retry-After"])


async def test_a_kiosk_that_guesses_is_stopped(hall: Hall) -> None:
    kiosk = await hall.kiosk("lianshui-k2")
    for number in range(10):
        (await kiosk.post("/api/tickets/resume", {"slip": f"AAAA{number}A", "lastFour": "0015"})).refused(
            "slip_unknown"
        )

    (await kiosk.post("/api/tickets/resume", {"slip": "BBBBBB", "lastFour": "0015"})).refused("too_often", 429)


async def test_a_ticket_is_not_taken_up_at_another_point(hall: Hall) -> None:
    visit = await hall.waiting()
    elsewhere = await hall.kiosk("nanhu-k1")

    said = {"slip": visit["slip"], "lastFour": "0015"}
    (await elsewhere.post("/api/tickets/resume", said)).refused("slip_unknown", 404)


async def test_a_released_ticket_is_called_to_a_free_kiosk_and_taken_up_there(hall: Hall) -> None:
    visit = await hall.waiting()
    first, second = await hall.kiosk(AT), await hall.kiosk("lianshui-k2")
    (await first.post(f"/api/tickets/{visit['ticket']['id']}/release")).good()
    clerk, said = await hall.clerk(), {"slip": visit["slip"], "lastFour": "0015"}

    called = (await clerk.post("/api/window/next")).good()

    assert called["ticket"]["kioskId"] == AT
    device = (await first.get("/api/device")).good()
    assert (device["holding"], device["called"]["id"]) == (None, visit["ticket"]["id"])
    assert "1 号终端" in (await second.post("/api/tickets/resume", said)).refused("ticket_elsewhere", 409)["text"]
    (await second.post("/api/tickets", errand(LI))).good()
    (await first.post("/api/tickets", errand({**LI, "idNumber": "320899198805120015"}))).refused("person_already_waits")
    (await first.post("/api/tickets/resume", said)).good()
    (await first.post(f"/api/tickets/{visit['ticket']['id']}/arrive")).good()


async def test_nobody_is_called_while_no_kiosk_is_free_and_the_place_is_kept(hall: Hall) -> None:
    visit = await hall.waiting()
    first, second = await hall.kiosk(AT), await hall.kiosk("lianshui-k2")
    (await first.post(f"/api/tickets/{visit['ticket']['id']}/release")).good()
    for kiosk in (first, second):
        (await kiosk.put("/api/device/use", {"inUse": True})).good()
    clerk = await hall.clerk()

    (await clerk.post("/api/window/next")).refused("nobody_waiting", 409)

    (await second.put("/api/device/use", {"inUse": False})).good()
    assert (await clerk.post("/api/window/next")).good()["ticket"]["kioskId"] == "lianshui-k2"


async def test_the_waiting_citizen_sees_the_place_and_asks_for_help(hall: Hall) -> None:
    await hall.waiting(CHEN)
    second, assistant = await hall.kiosk("lianshui-k2"), await hall.staff("assistant")

    visit = (await second.post("/api/tickets", errand(LI))).good()
    path = f"/api/tickets/{visit['ticket']['id']}"
    assert visit["wait"]["ahead"] == 1
    (await second.post(f"{path}/help", {"wanted": True})).good()
    assert (await assistant.get(path)).good()["ticket"]["help"] is True
    (await assistant.post(f"{path}/priority", {"group": "elderly", "evidence": True})).good()
    (await assistant.post(f"{path}/help/answered")).good()
    seen = (await second.get(path)).good()
    assert (seen["wait"]["ahead"], seen["ticket"]["lane"], seen["ticket"]["help"]) == (0, "priority", False)
    (await assistant.post(f"{path}/priority", {"group": "elderly", "evidence": False})).refused("bad_fields", 400)
