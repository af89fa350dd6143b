"""A visit from end to end over HTTP, on both databases, and what may not happen on the way."""

from typing import Any

from tests.server.browser import Browser
from tests.server.hall import CHEN, LI, Hall, errand
from tongban_queue import journal
from tongban_server.demo.papers import sample_pdf, sample_photo

CHECKS = ("notice", "document", "spoken", "face", "will")
ACCEPTED = {"kind": "accepted", "homeNumber": "PH-2026-000123"}


async def hand_in(browser: Browser, ticket_id: str, content: bytes, *, material: int = 1, **named: Any) -> Any:
    path = f"/api/tickets/{ticket_id}/papers?material={material}"
    return await browser.post(path, raw=content, **named)


async def check_all(clerk: Browser, ticket_id: str) -> None:
    for check in CHECKS:
        (await clerk.put(f"/api/tickets/{ticket_id}/checks/{check}", {"result": "yes"})).good()
    (await clerk.put(f"/api/tickets/{ticket_id}/checks/agent", {"result": "not_applicable"})).good()


async def faults(hall: Hall) -> list[journal.Fault]:
    with hall.store.reading() as work:
        return [
            found
            for stream in journal.streams(work)
            for found in journal.verify(work, stream)
            if isinstance(found, journal.Fault)
        ]


async def test_a_whole_visit(any_hall: Hall) -> None:
    hall = any_hall
    kiosk, clerk = await hall.kiosk(), await hall.clerk()

    assert "330482" in [region["code"] for region in (await kiosk.get("/api/regions")).good()["regions"]]
    matters = (await kiosk.get("/api/regions/330482/matters")).good()["matters"]
    assert "pinghu-mortgage" in [row["id"] for row in matters]
    assert (await kiosk.get("/api/matters/pinghu-mortgage")).good()["materials"]

    visit = (await kiosk.post("/api/tickets", errand())).good()
    ticket_id, path = visit["ticket"]["id"], f"/api/tickets/{visit['ticket']['id']}"
    assert (visit["wait"]["ahead"], visit["ticket"]["state"], visit["you"]) == (0, "waiting", "citizen")
    assert visit["applicant"] == {"name": "陈*例", "idNumber": "**************0015", "phone": "199****0001"}
    assert (await kiosk.get("/api/device")).good()["holding"] == ticket_id

    called = (await clerk.post("/api/window/next")).good()
    assert (called["ticket"]["id"], called["ticket"]["state"], called["slip"]) == (ticket_id, "calling", None)
    assert (await kiosk.post(f"{path}/arrive")).good()["ticket"]["state"] == "connected"

    first = (await hand_in(kiosk, ticket_id, sample_pdf(pages=2))).good()
    second = (await hand_in(kiosk, ticket_id, sample_photo(width=400), material=2)).good()
    assert [(row["kind"], row["pages"], row["turn"], row["state"]) for row in (first, second)] == [
        ("pdf", 2, 1, "submitted"),
        ("jpeg", 1, 1, "submitted"),
    ]
    assert (await clerk.get(f"/api/papers/{first['id']}/pages/2")).good()[:2] == b"\xff\xd8"
    assert (await clerk.post(f"/api/papers/{second['id']}/accept")).good()["state"] == "accepted"
    back = (await clerk.post(f"/api/papers/{first['id']}/return", {"code": "unreadable", "words": "请重拍"})).good()
    assert (back["state"], back["reasonCode"], back["reasonWords"]) == ("returned", "unreadable", "请重拍")
    again = (await hand_in(kiosk, ticket_id, sample_pdf(pages=1, seed=2))).good()
    assert again["turn"] == 2
    (await clerk.post(f"/api/papers/{again['id']}/accept")).good()

    refused = (await clerk.post(f"{path}/outcome", ACCEPTED)).refused("checks_incomplete", 409)
    assert set(refused["fields"]) == {*CHECKS, "agent"}
    await check_all(clerk, ticket_id)
    outcome = (await clerk.post(f"{path}/outcome", ACCEPTED)).good()["outcome"]
    assert (outcome["kind"], outcome["homeNumber"], outcome["clerk"]) == ("accepted", "PH-2026-000123", "周示例")
    assert (await clerk.get("/api/window")).good()["window"]["state"] == "wrap_up"
    (await clerk.get(path)).refused("visit_over", 409)
    assert (await clerk.post("/api/window/ready")).good()["state"] == "idle"

    seen = (await kiosk.get(path)).good()
    assert (seen["outcome"]["receiptNo"], seen["rated"]) == (outcome["receiptNo"], False)
    assert (await kiosk.post(f"{path}/rating", {"level": 1, "codes": ["115"], "words": "等得太久"})).status == 204
    (await kiosk.post(f"{path}/rating", {"level": 5})).refused("already_rated", 409)
    assert (await kiosk.get(path)).good()["rated"] is True

    forgotten = await kiosk.post("/api/device/forget")
    assert (forgotten.status, forgotten.headers["Clear-Site-Data"]) == (204, '"cache", "storage"')
    assert kiosk.cookie("visit") is None
    assert (await kiosk.get(path)).status == 403
    assert (await kiosk.get(f"/api/papers/{again['id']}/pages/1")).status == 403
    device = (await kiosk.get("/api/device")).good()
    assert (device["holding"], device["called"]) == (None, None)

    board = (await (await hall.staff("supervisor")).get("/api/boards/pinghu-estate")).good()
    hour = board["hours"][-1]
    assert (hour["taken"], hour["connected"], hour["served"], hour["ratings"]) == (1, 1, 1, [1, 0, 0, 0, 0])
    assert board["tickets"] == []
    assert await faults(hall) == []


async def test_the_next_person_at_the_kiosk_gets_a_ticket_of_their_own(hall: Hall) -> None:
    first = await hall.ended()
    kiosk = await hall.kiosk()
    (await kiosk.post("/api/device/forget")).good()

    second = await hall.waiting(LI)

    assert second["ticket"]["id"] != first
    assert second["applicant"]["name"] == "李*例"
    assert (await kiosk.get(f"/api/tickets/{first}")).refused("not_for_you", 403)


async def test_no_rating_before_the_end(hall: Hall) -> None:
    ticket_id = await hall.connected()

    (await (await hall.kiosk()).post(f"/api/tickets/{ticket_id}/rating", {"level": 5})).refused("nothing_to_rate", 409)


async def test_low_ratings_need_a_code_or_words(hall: Hall) -> None:
    path = f"/api/tickets/{await hall.ended()}/rating"
    kiosk = await hall.kiosk()

    for level in (1, 2):
        (await kiosk.post(path, {"level": level})).refused("reason_needed", 400)
        (await kiosk.post(path, {"level": level, "words": "  "})).refused("reason_needed", 400)
    (await kiosk.post(path, {"level": 2, "codes": ["115"]})).refused("no_such_reason", 400)
    for level in (0, 6):
        (await kiosk.post(path, {"level": level})).refused("bad_fields", 400)
    assert (await kiosk.post(path, {"level": 2, "words": "排队太久"})).status == 204


async def test_the_other_levels_need_no_reason(hall: Hall) -> None:
    path = f"/api/tickets/{await hall.ended()}/rating"

    assert (await (await hall.kiosk()).post(path, {"level": 3})).status == 204


async def test_the_clerk_never_learns_of_the_rating(hall: Hall) -> None:
    ticket_id = await hall.ended()
    clerk, kiosk = await hall.clerk(), await hall.kiosk()
    before = (await clerk.get("/api/boards/pinghu-estate")).good()
    (await kiosk.post(f"/api/tickets/{ticket_id}/rating", {"level": 1, "words": "慢"})).good()

    after = (await clerk.get("/api/boards/pinghu-estate")).good()

    assert before["hours"] == after["hours"] == []
    assert {**before, "version": 0} == {**after, "version": 0}


async def test_outcomes_need_their_fields(hall: Hall) -> None:
    path = f"/api/tickets/{await hall.connected()}/outcome"
    clerk = await hall.clerk()
    lacking = {
        "accepted": {"homeNumber"},
        "not_accepted": {"reason", "basis"},
        "correction_needed": {"reason"},
    }

    for kind, fields in lacking.items():
        assert set((await clerk.post(path, {"kind": kind})).refused("outcome_incomplete", 400)["fields"]) == fields
    (await clerk.post(path, {"kind": "granted"})).refused("bad_fields", 400)
    said = {"kind": "not_accepted", "reason": "材料不符合规定", "basis": "不动产登记暂行条例第二十二条"}
    assert (await clerk.post(path, said)).good()["outcome"]["basis"] == said["basis"]


async def test_a_no_in_a_check_stands_in_the_way(hall: Hall) -> None:
    ticket_id = await hall.connected()
    clerk = await hall.clerk()
    await check_all(clerk, ticket_id)
    (await clerk.put(f"/api/tickets/{ticket_id}/checks/face", {"result": "no"})).good()

    refused = (await clerk.post(f"/api/tickets/{ticket_id}/outcome", ACCEPTED)).refused("checks_incomplete", 409)

    assert set(refused["fields"]) == {"face"}


async def test_checks_are_answered_in_the_call_and_with_yes_or_no(hall: Hall) -> None:
    ticket_id = await hall.called()
    clerk, checks = await hall.clerk(), f"/api/tickets/{ticket_id}/checks"

    (await clerk.put(f"{checks}/face", {"result": "yes"})).refused("not_in_call", 409)
    (await (await hall.kiosk()).post(f"/api/tickets/{ticket_id}/arrive")).good()
    (await clerk.put(f"{checks}/face", {"result": "not_applicable"})).refused("check_needs_answer", 400)
    (await clerk.put(f"{checks}/horoscope", {"result": "yes"})).refused("no_such_check", 404)


async def test_one_live_ticket_per_person_and_matter(any_hall: Hall) -> None:
    hall = any_hall
    await hall.waiting(CHEN)

    second = await hall.kiosk("lianshui-k2")
    (await second.post("/api/tickets", errand(CHEN))).refused("person_already_waits", 409)
    lower = {**CHEN, "phone": "19900000009"}
    (await second.post("/api/tickets", errand(lower))).refused("person_already_waits", 409)
    (await second.post("/api/tickets", errand(CHEN, matter="pinghu-transfer"))).good()
    (await (await hall.kiosk("lianshui-s1")).post("/api/tickets", errand(LI))).good()


async def test_a_person_may_come_back_after_the_visit(hall: Hall) -> None:
    ticket_id = await hall.ended()
    (await (await hall.kiosk()).post("/api/device/forget")).good()

    assert (await hall.waiting(CHEN))["ticket"]["id"] != ticket_id


async def test_giving_up_frees_the_window(hall: Hall) -> None:
    ticket_id = await hall.called()

    (await (await hall.kiosk()).post(f"/api/tickets/{ticket_id}/cancel")).good()

    seat = (await (await hall.clerk()).get("/api/window")).good()
    assert (seat["window"]["state"], seat["visit"]) == ("idle", None)


async def test_missed_and_left_end_the_ticket(hall: Hall) -> None:
    clerk = await hall.clerk()
    missed = await hall.called()
    (await clerk.post(f"/api/tickets/{missed}/recall")).good()
    (await clerk.post(f"/api/tickets/{missed}/missed")).good()
    (await (await hall.kiosk()).post("/api/device/forget")).good()
    gone = await hall.connected(LI)
    (await clerk.post(f"/api/tickets/{gone}/left")).good()

    hour = (await (await hall.staff("supervisor")).get("/api/boards/pinghu-estate")).good()["hours"][-1]
    assert (hour["missed"], hour["abandoned"], hour["served"]) == (1, 1, 0)


async def test_what_is_over_stays_over(hall: Hall) -> None:
    ticket_id = await hall.ended()
    clerk, kiosk, path = await hall.clerk(), await hall.kiosk(), f"/api/tickets/{ticket_id}"

    for step in ("arrive", "cancel", "release"):
        (await kiosk.post(f"{path}/{step}")).refused("visit_over", 409)
    (await kiosk.post(f"{path}/help", {"wanted": True})).refused("visit_over", 409)
    (await hand_in(kiosk, ticket_id, b"%PDF-1.7")).refused("visit_over", 409)
    for step in ("left", "recall", "missed"):
        (await clerk.post(f"{path}/{step}")).refused("visit_over", 409)
    (await clerk.post(f"{path}/outcome", {"kind": "consultation_only"})).refused("visit_over", 409)
