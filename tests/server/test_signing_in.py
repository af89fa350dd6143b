"""Who comes in: staff by password, devices by a one-time code; and who is put out again."""

from datetime import timedelta

import pytest

from tests.server.browser import Browser
from tests.server.hall import Hall
from tests.server.reply import Reply
from tongban_server.people import devices
from tongban_server.people.hiring import Hire, disable, hire, new_password
from tongban_server.people.routes import ENROLMENTS
from tongban_server.people.staff import RolesMustBeApart


async def sign_in(browser: Browser, username: str, password: str) -> Reply:
    return await browser.post("/api/session", {"username": username, "password": password})


async def test_a_member_of_staff_signs_in_and_out(any_hall: Hall) -> None:
    clerk = await any_hall.staff("clerk")

    me = (await clerk.get("/api/me")).good()
    assert (me["name"], me["face"], me["roles"], me["office"]["id"]) == ("周示例", "clerk", ["clerk"], "pinghu-estate")
    assert (me["lines"], me["idleMinutes"]) == ([{"id": "pinghu-estate-a", "title": "抵押登记"}], 15)
    out = await clerk.ask("DELETE", "/api/session")
    assert (out.status, out.headers["Clear-Site-Data"]) == (204, '"cache", "storage"')
    (await clerk.get("/api/me")).refused("sign_in_first", 401)


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(hall: Hall) -> None:
    browser = await hall.browser("clerk")

    set_cookie = (await sign_in(browser, "clerk", hall.passwords["clerk"])).headers["Set-Cookie"]

    assert all(part in set_cookie for part in ("tongban_clerk=", "HttpOnly", "Path=/", "SameSite=Strict"))
    assert "Secure" not in set_cookie  # plain HTTP on a loopback address; TLS is tested beside the doors


async def test_an_unknown_name_is_answered_like_a_wrong_password(hall: Hall) -> None:
    browser = await hall.browser("clerk")

    unknown, wrong = await sign_in(browser, "nobody", "x" * 12), await sign_in(browser, "clerk", "x" * 12)

    assert (unknown.status, unknown.raw) == (wrong.status, wrong.raw)
    unknown.refused("sign_in_refused", 403)


async def test_the_right_password_at_another_face_is_refused_alike(hall: Hall) -> None:
    for face in ("supervisor", "admin", "kiosk", None):
        browser = await hall.browser(face)
        reply = await sign_in(browser, "clerk", hall.passwords["clerk"])
        reply.refused("sign_in_refused" if face else "wrong_origin", 403)


async def test_five_failures_lock_for_half_an_hour(any_hall: Hall) -> None:
    hall, browser = any_hall, await any_hall.browser("clerk")
    password = hall.passwords["colleague"]
    for _ in range(5):
        (await sign_in(browser, "colleague", "wrong")).refused("sign_in_refused")

    locked = (await sign_in(browser, "colleague", password)).refused("account_locked", 409)
    assert (locked["retryAfterS"], "30 minutes" in locked["text"]) == (1800, True)
    hall.clock.move(minutes=29, seconds=59)
    (await sign_in(browser, "colleague", password)).refused("account_locked")
    hall.clock.move(seconds=1)
    (await sign_in(browser, "colleague", password)).good()


async def test_a_success_forgets_earlier_failures(hall: Hall) -> None:
    browser = await hall.browser("clerk")
    for _ in range(2):
        for _ in range(4):
            (await sign_in(browser, "colleague", "wrong")).refused("sign_in_refused")
        (await sign_in(browser, "colleague", hall.passwords["colleague"])).good()


async def test_many_tries_from_one_address_are_stopped(hall: Hall) -> None:
    browser = await hall.browser("clerk")
    for number in range(30):
        (await sign_in(browser, f"nobody{number}", "wrong")).refused("sign_in_refused")

    (await sign_in(browser, "clerk", hall.passwords["clerk"])).refused("too_often", 429)


async def test_an_idle_clerk_is_signed_out_after_fifteen_minutes(hall: Hall) -> None:
    clerk = await hall.staff("clerk")
    hall.clock.move(minutes=14, seconds=59)
    (await clerk.get("/api/me")).good()

    hall.clock.move(seconds=1)

    (await clerk.get("/api/me")).refused("sign_in_first", 401)


async def test_staying_counts_from_the_last_touch(hall: Hall) -> None:
    clerk = await hall.staff("clerk")
    for _ in range(3):
        hall.clock.move(minutes=14)
        (await clerk.put("/api/session")).good()

    (await clerk.get("/api/me")).good()


async def test_no_session_lasts_longer_than_twelve_hours(hall: Hall) -> None:
    supervisor = await hall.staff("supervisor")
    for _ in range(2):
        hall.clock.move(hours=5, minutes=59)
        (await supervisor.put("/api/session")).good()

    hall.clock.move(minutes=3)

    (await supervisor.get("/api/me")).refused("sign_in_first", 401)


async def test_nobody_is_idle_during_a_call(hall: Hall) -> None:
    ticket_id = await hall.connected()
    clerk = await hall.clerk()

    hall.clock.move(minutes=40)

    (await clerk.get(f"/api/tickets/{ticket_id}")).good()
    (await clerk.post(f"/api/tickets/{ticket_id}/outcome", {"kind": "consultation_only"})).good()
    (await clerk.get("/api/me")).refused("sign_in_first", 401)


async def test_a_new_sign_in_ends_the_old_one_of_the_same_face_only(hall: Hall) -> None:
    both = Hire("both", "两岗示例", ("clerk", "assistant"), office="pinghu-estate", point="lianshui")
    password = await hall.store.change(hire, both) or ""
    old, new, assistant = await hall.browser("clerk"), await hall.browser("clerk"), await hall.browser("assistant")
    (await sign_in(old, "both", password)).good()
    (await sign_in(assistant, "both", password)).good()

    (await sign_in(new, "both", password)).good()

    (await old.get("/api/me")).refused("sign_in_first", 401)
    (await new.get("/api/me")).good()
    (await assistant.get("/api/me")).good()


@pytest.mark.parametrize(
    "pair", [("system_admin", "auditor"), ("security_admin", "auditor"), ("system_admin", "security_admin")]
)
async def test_roles_that_watch_each_other_are_held_apart(hall: Hall, pair: tuple[str, str]) -> None:
    with pytest.raises(RolesMustBeApart):
        await hall.store.change(hire, Hire("two", "两岗示例", pair))


async def test_a_closed_account_and_a_new_password_end_the_sessions(hall: Hall) -> None:
    clerk, colleague = await hall.staff("clerk"), await hall.staff("colleague")

    await hall.store.change(disable, "clerk")
    changed = await hall.store.change(new_password, "colleague")

    (await clerk.get("/api/me")).refused("sign_in_first", 401)
    (await sign_in(clerk, "clerk", hall.passwords["clerk"])).refused("sign_in_refused")
    (await colleague.get("/api/me")).refused("sign_in_first", 401)
    (await sign_in(colleague, "colleague", changed)).good()


async def test_a_cookie_that_we_did_not_sign_is_nobody(hall: Hall) -> None:
    clerk = await hall.staff("clerk")
    value = clerk.cookie("clerk") or ""
    stranger = await hall.browser("clerk")

    for forged in (value[:-1] + "x", value.partition(".")[0], f"{'0' * 32}.{value.partition('.')[2]}", "", "."):
        (await stranger.get("/api/me", headers={"Cookie": f"tongban_clerk={forged}"})).refused("sign_in_first", 401)
    (await stranger.get("/api/me", headers={"Cookie": f"tongban_clerk={value}"})).good()
    (
        await stranger.get("/api/me", headers={"Cookie": f"tongban_supervisor={value}", "X-Tongban-Face": "supervisor"})
    ).refused("sign_in_first", 401)


async def test_an_enrolment_code_works_once_for_its_kind_and_for_a_day(hall: Hall) -> None:
    code = await hall.store.change(devices.new_code, "lianshui-k1")
    screen, kiosk = await hall.browser("hall"), await hall.browser("kiosk")

    (await screen.post("/api/devices/enrol", {"code": code})).refused("enrolment_refused", 403)
    device = (await kiosk.post("/api/devices/enrol", {"code": code.lower()})).good()
    assert (device["id"], device["kind"], device["point"]["id"]) == ("lianshui-k1", "kiosk", "lianshui")
    (await (await hall.browser("kiosk")).post("/api/devices/enrol", {"code": code})).refused("enrolment_refused")
    late = await hall.store.change(devices.new_code, "lianshui-k2")
    hall.clock.now += timedelta(hours=24)
    (await (await hall.browser("kiosk")).post("/api/devices/enrol", {"code": late})).refused("enrolment_refused")


async def test_guessing_enrolment_codes_is_stopped(hall: Hall) -> None:
    browser = await hall.browser("kiosk")
    for number in range(ENROLMENTS.amount):
        said = {"code": f"AAAA-AAAA-A{number:03d}"}
        (await browser.post("/api/devices/enrol", said)).refused("enrolment_refused")

    (await browser.post("/api/devices/enrol", {"code": "BBBB-BBBB-BBBB"})).refused("too_often", 429)


async def test_a_kiosk_enrolled_anew_puts_the_old_device_out(hall: Hall) -> None:
    old, new = await hall.kiosk(), await hall.browser("kiosk")
    code = await hall.store.change(devices.new_code, "lianshui-k1")

    (await new.post("/api/devices/enrol", {"code": code})).good()

    (await old.get("/api/device")).refused("sign_in_first", 401)


async def test_a_revoked_kiosk_is_out_at_once_with_its_citizen(any_hall: Hall) -> None:
    visit = await any_hall.waiting()
    kiosk, path = await any_hall.kiosk(), f"/api/tickets/{visit['ticket']['id']}"

    await any_hall.store.change(devices.revoke, "lianshui-k1")

    for asked in ("/api/device", "/api/regions", path):
        (await kiosk.get(asked)).refused("sign_in_first", 401)
    (await kiosk.post(f"{path}/cancel")).refused("sign_in_first", 401)
