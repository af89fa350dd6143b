"""Missed and revived, parked, transferred, interrupted, rung: what happens to a place in line, over HTTP."""

from typing import Any

from tests.server.hall import CHEN, LI, Hall, errand
from tongban_queue.hall import Office, Working
from tongban_queue.store import Work
from tongban_server.gatekeeper import note_presence

WANG = {"name": "王示例", "idNumber": "320199196507080038", "phone": "19900000003"}


async def missed(hall: Hall, who: dict[str, str] = CHEN) -> str:
    ticket_id = await hall.called(who)
    (await (await hall.clerk()).post(f"/api/tickets/{ticket_id}/missed")).good()
    return ticket_id


async def tickets_at(hall: Hall, board: str = "boards/pinghu-estate") -> dict[str, Any]:
    seen_by = await hall.staff("supervisor" if board.startswith("boards") else "assistant")
    return {ticket["id"]: ticket for ticket in (await seen_by.get(f"/api/{board}")).good()["tickets"]}


async def leave(hall: Hall, at: str = "lianshui-k1") -> None:
    (await (await hall.kiosk(at)).post("/api/device/forget")).good()


async def resume(hall: Hall, slip: str, who: dict[str, str] = CHEN, at: str = "lianshui-k1") -> Any:
    said = {"slip": slip, "lastFour": who["idNumber"][-4:]}
    return await (await hall.kiosk(at)).post("/api/tickets/resume", said)


async def test_a_missed_ticket_is_revived_once_and_a_second_miss_ends_it(any_hall: Hall) -> None:
    hall = any_hall
    ticket_id = await missed(hall)
    kiosk, clerk = await hall.kiosk(), await hall.clerk()

    revived = (await kiosk.post(f"/api/tickets/{ticket_id}/revive")).good()["ticket"]
    assert (revived["state"], revived["revived"]) == ("waiting", True)
    assert (await clerk.post("/api/window/next")).good()["ticket"]["id"] == ticket_id
    (await clerk.post(f"/api/tickets/{ticket_id}/missed")).good()

    (await kiosk.post(f"/api/tickets/{ticket_id}/revive")).refused("visit_over", 409)
    assert (await kiosk.get(f"/api/tickets/{ticket_id}")).good()["ticket"]["state"] == "cancelled"


async def test_a_ticket_is_not_revived_after_thirty_minutes(hall: Hall) -> None:
    ticket_id = await missed(hall)
    kiosk = await hall.kiosk()

    hall.clock.move(minutes=30, seconds=1)

    (await kiosk.post(f"/api/tickets/{ticket_id}/revive")).refused("too_late_to_revive", 409)


async def test_the_slip_revives_a_missed_ticket_at_any_point_of_its_region(hall: Hall) -> None:
    visit = await hall.waiting()
    (await (await hall.clerk()).post("/api/window/next")).good()
    (await (await hall.clerk()).post(f"/api/tickets/{visit['ticket']['id']}/missed")).good()
    await leave(hall)

    (await resume(hall, visit["slip"], at="nanhu-k1")).refused("slip_unknown", 404)
    back = (await resume(hall, visit["slip"], at="lianshui-k2")).good()["ticket"]

    assert (back["state"], back["revived"], back["kioskId"]) == ("waiting", True, "lianshui-k2")


async def test_the_assistant_revives_for_somebody_who_has_left_the_kiosk(hall: Hall) -> None:
    ticket_id = await missed(hall)
    await leave(hall)
    await hall.waiting(LI)

    assert (await (await hall.staff("assistant")).post(f"/api/tickets/{ticket_id}/revive")).status == 204

    row = (await tickets_at(hall, "points/lianshui"))[ticket_id]
    assert (row["state"], row["kioskId"]) == ("waiting", None)
    (await (await hall.staff("assistant-elsewhere")).post(f"/api/tickets/{ticket_id}/revive")).refused("not_for_you")


async def test_who_fetches_a_paper_keeps_the_place(any_hall: Hall) -> None:
    hall = any_hall
    visit = await hall.waiting()
    ticket_id, since = visit["ticket"]["id"], visit["ticket"]["since"]
    clerk = await hall.clerk()
    (await clerk.post("/api/window/next")).good()
    (await (await hall.kiosk()).post(f"/api/tickets/{ticket_id}/arrive")).good()
    hall.clock.move(minutes=2)
    await hall.see("lianshui-k1")

    assert (await clerk.post(f"/api/tickets/{ticket_id}/park")).status == 204
    assert (await clerk.get("/api/window")).good()["window"]["state"] == "wrap_up"
    await leave(hall)
    await hall.kiosk("lianshui-k2")
    await hall.waiting(LI, at="lianshui-k2")
    assert (await tickets_at(hall))[ticket_id]["state"] == "parked"

    back = (await resume(hall, visit["slip"])).good()
    assert (back["ticket"]["state"], back["ticket"]["since"], back["wait"]["ahead"]) == ("waiting", since, 0)
    (await clerk.post("/api/window/ready")).good()
    assert (await clerk.post("/api/window/next")).good()["ticket"]["id"] == ticket_id


async def test_who_is_parked_comes_back_at_the_same_kiosk_or_gives_up(hall: Hall) -> None:
    ticket_id = await hall.connected()
    kiosk, path = await hall.kiosk(), f"/api/tickets/{ticket_id}"
    (await (await hall.clerk()).post(f"{path}/park")).good()

    assert (await kiosk.post(f"{path}/come-back")).good()["ticket"]["state"] == "waiting"
    (await kiosk.post(f"{path}/come-back")).refused("step_not_allowed", 409)
    (await kiosk.post(f"{path}/cancel")).good()
    assert ticket_id not in await tickets_at(hall)


async def test_a_transfer_to_another_window_waits_for_that_window_alone(hall: Hall) -> None:
    ticket_id = await hall.connected()
    clerk, colleague = await hall.clerk(), await hall.staff("colleague")
    (await colleague.post("/api/window/open")).good()
    targets = (await clerk.get(f"/api/tickets/{ticket_id}/transfer-targets")).good()

    (window,) = targets["windows"]
    assert (window["staffName"], window["state"]) == ("吴示例", "idle")
    (await clerk.post(f"/api/tickets/{ticket_id}/transfer", {"windowId": window["id"]})).good()
    (await clerk.post("/api/window/ready")).good()

    (await clerk.post("/api/window/next")).refused("nobody_waiting", 409)
    assert (await colleague.post("/api/window/next")).good()["ticket"]["id"] == ticket_id


async def test_a_transfer_to_another_matter_keeps_since_and_gets_that_lines_number(any_hall: Hall) -> None:
    hall = any_hall
    ticket_id = await hall.connected()
    before = (await tickets_at(hall))[ticket_id]
    hall.clock.move(minutes=5)
    await hall.see("lianshui-k1")

    sent = await (await hall.clerk()).post(f"/api/tickets/{ticket_id}/transfer", {"matterId": "pinghu-transfer"})

    assert sent.status == 204
    after = (await tickets_at(hall))[ticket_id]
    assert (after["since"], after["state"], after["lineId"]) == (before["since"], "waiting", "pinghu-estate-b")
    assert after["number"].startswith("B")
    other = await hall.staff("other-line")
    (await other.post("/api/window/open")).good()
    assert (await other.post("/api/window/next")).good()["ticket"]["id"] == ticket_id


async def test_a_transfer_to_another_office_leaves_the_old_board(any_hall: Hall) -> None:
    hall = any_hall
    ticket_id = await hall.connected()
    targets = (await (await hall.clerk()).get(f"/api/tickets/{ticket_id}/transfer-targets")).good()["matters"]
    offered = {matter["id"] for matter in targets}
    assert "pinghu-hukou-spouse" in offered
    assert "wujiang-hukou-proof" not in offered
    at = await at_opening(hall)

    (await (await hall.clerk()).post(f"/api/tickets/{ticket_id}/transfer", {"matterId": "pinghu-hukou-spouse"})).good()

    assert ticket_id not in await tickets_at(hall)
    row = (await tickets_at(hall, "boards/pinghu-police"))[ticket_id]
    assert (row["officeId"], row["state"], row["since"] < at) == ("pinghu-police", "waiting", True)


async def at_opening(hall: Hall) -> str:
    """From now on the police office is open round the clock; gives the moment a minute from now."""

    def change(work: Work) -> None:
        work.session.get_one(Office, "pinghu-police").hours = "always"

    await hall.store.change(change)
    hall.clock.move(minutes=1)
    await hall.see("lianshui-k1")
    return hall.clock.now.isoformat()


async def test_a_transfer_goes_only_where_the_agreement_and_the_line_allow(hall: Hall) -> None:
    ticket_id = await hall.connected()
    clerk, path = await hall.clerk(), f"/api/tickets/{ticket_id}/transfer"
    stranger = (await (await hall.staff("stranger")).get("/api/window")).good()["window"]["id"]
    colleague = (await (await hall.staff("colleague")).get("/api/window")).good()["window"]["id"]

    (await clerk.post(path, {"matterId": "wujiang-hukou-proof"})).refused("no_agreement", 409)
    (await clerk.post(path, {"matterId": "pinghu-estate-query"})).refused("matter_not_covered", 409)
    (await clerk.post(path, {"windowId": stranger})).refused("no_such_window", 404)
    (await clerk.post(path, {"windowId": colleague})).refused("window_away", 409)
    (await clerk.post(path, {})).refused("bad_fields", 400)


async def test_a_call_whose_kiosk_is_gone_for_a_minute_is_interrupted_and_called_first(any_hall: Hall) -> None:
    hall = any_hall
    ticket_id = await hall.connected()
    clerk, kiosk = await hall.clerk(), await hall.kiosk()
    await hall.waiting(LI, at="lianshui-k2")
    hall.clock.move(seconds=1)
    await hall.store.change(note_presence, "lianshui-k1", here=False)

    hall.clock.move(seconds=59)
    await hall.rounds()
    assert (await tickets_at(hall))[ticket_id]["state"] == "connected"
    hall.clock.move(seconds=1)
    await hall.rounds()
    row = (await tickets_at(hall))[ticket_id]
    assert (row["state"], row["lane"]) == ("interrupted", "resuming")
    assert (await clerk.get("/api/window")).good()["window"]["state"] == "idle"

    await hall.see("lianshui-k1")
    await hall.see("lianshui-k2")
    back = (await kiosk.post(f"/api/tickets/{ticket_id}/come-back")).good()
    assert (back["ticket"]["state"], back["wait"]["ahead"]) == ("waiting", 0)
    assert (await clerk.post("/api/window/next")).good()["ticket"]["id"] == ticket_id


async def test_a_kiosk_that_is_back_within_the_minute_keeps_its_call(hall: Hall) -> None:
    ticket_id = await hall.connected()
    await hall.store.change(note_presence, "lianshui-k1", here=False)
    hall.clock.move(seconds=40)
    await hall.see("lianshui-k1")
    hall.clock.move(seconds=40)

    await hall.rounds()

    assert (await tickets_at(hall))[ticket_id]["state"] == "connected"


async def test_a_kiosk_that_no_node_hears_of_counts_as_gone(hall: Hall) -> None:
    ticket_id = await hall.connected()
    hall.clock.move(seconds=61)
    await hall.rounds()
    assert (await tickets_at(hall))[ticket_id]["state"] == "connected"
    hall.clock.move(seconds=61)

    await hall.rounds()

    assert (await tickets_at(hall))[ticket_id]["state"] == "interrupted"


async def test_what_was_parked_or_interrupted_yesterday_is_over_today(hall: Hall) -> None:
    ticket_id = await hall.connected()
    (await (await hall.clerk()).post(f"/api/tickets/{ticket_id}/park")).good()
    hall.clock.move(hours=14)

    await hall.rounds()

    assert ticket_id not in await tickets_at(hall)


async def ringing(hall: Hall) -> None:
    """From now on the office rings its clerks."""

    def change(work: Work) -> None:
        work.session.get_one(Office, "pinghu-estate").working = Working.RING

    await hall.store.change(change)


async def window_of(hall: Hall, username: str) -> Any:
    return (await (await hall.staff(username)).get("/api/window")).good()["window"]


async def test_an_idle_clerk_is_rung_and_the_person_is_called_when_the_clerk_answers(any_hall: Hall) -> None:
    hall = any_hall
    await ringing(hall)
    clerk = await hall.clerk()
    ticket_id = (await hall.waiting())["ticket"]["id"]
    await hall.rounds()

    window = await window_of(hall, "clerk")
    assert (window["state"], window["ticketId"]) == ("offered", ticket_id)
    assert (await tickets_at(hall))[ticket_id]["state"] == "waiting"
    assert (await clerk.post("/api/window/accept")).good()["ticket"]["state"] == "calling"
    (await clerk.post("/api/window/accept")).refused("window_not_idle", 409)


async def test_fifteen_seconds_without_an_answer_ring_the_next_clerk(any_hall: Hall) -> None:
    hall = any_hall
    await ringing(hall)
    await hall.clerk()
    hall.clock.move(seconds=5)
    (await (await hall.staff("colleague")).post("/api/window/open")).good()
    ticket_id = (await hall.waiting())["ticket"]["id"]
    await hall.rounds()
    assert (await window_of(hall, "clerk"))["state"] == "offered"

    hall.clock.move(seconds=15)
    await hall.rounds()

    first, second = await window_of(hall, "clerk"), await window_of(hall, "colleague")
    assert (first["state"], first["unanswered"]) == ("idle", 1)
    assert (second["state"], second["ticketId"]) == ("offered", ticket_id)


async def test_three_bells_without_an_answer_pause_the_window_for_no_answer(hall: Hall) -> None:
    await ringing(hall)
    await hall.clerk()
    await hall.waiting()
    for _ in range(3):
        await hall.rounds()
        assert (await window_of(hall, "clerk"))["state"] == "offered"
        hall.clock.move(seconds=15)
        await hall.see("lianshui-k1")
    await hall.rounds()

    window = await window_of(hall, "clerk")

    assert (window["state"], window["pauseReason"]) == ("paused", "no_answer")


async def test_nobody_waits_in_a_language_that_is_not_spoken(any_hall: Hall) -> None:
    hall = any_hall
    kiosk, said = await hall.kiosk(), errand(WANG) | {"language": "en"}

    refusal = (await kiosk.post("/api/tickets", said, headers={"Accept-Language": "en"})).refused("nobody_speaks", 409)

    assert "Chinese" in refusal["text"]
    assert await tickets_at(hall, "points/lianshui") == {}


async def test_the_other_points_of_a_region_come_with_a_free_kiosk_first(hall: Hall) -> None:
    ticket_id = (await hall.waiting())["ticket"]["id"]

    points = (await (await hall.kiosk()).get(f"/api/tickets/{ticket_id}/other-points")).good()

    assert "lianshui" not in {point["id"] for point in points}
    ready = [bool(point["open"] and point["freeKiosks"]) for point in points]
    assert ready == sorted(ready, reverse=True)
