"""What holds for every door: where requests come from, how large they are, headers, health, and the paper of it all."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.server.browser import Browser
from tests.server.conftest import Stocked
from tests.server.hall import Hall, errand, open_hall, sqlite_copy
from tongban_server.app import all_routes, openapi_text
from tongban_server.watch import health

EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def test_a_page_of_another_origin_is_refused(hall: Hall) -> None:
    kiosk = await hall.kiosk()

    for origin in ("https://evil.example", "null", "http://127.0.0.1:8081", "http://127.0.0.1.evil.example:8080", ""):
        (await kiosk.post("/api/tickets", errand(), headers={"Origin": origin})).refused("wrong_origin", 403)
        (await kiosk.ask("DELETE", "/api/session", headers={"Origin": origin})).refused("wrong_origin", 403)
    for origin in ("http://127.0.0.1:8080", "http://localhost:8080"):
        (await kiosk.put("/api/device/use", {"inUse": True}, headers={"Origin": origin})).good()


async def test_what_changes_something_must_carry_our_header(hall: Hall) -> None:
    kiosk = await hall.kiosk()

    for route in all_routes():
        if route.changes:
            path = re.sub(r"{\w+}", "x", route.path)
            reply = await kiosk.ask(route.method, path, headers={"X-Tongban-Face": None})
            reply.refused("wrong_origin", 403)


async def test_an_unknown_key_and_a_wrong_type_are_named(hall: Hall) -> None:
    kiosk = await hall.kiosk()

    said = {**errand(), "isAdmin": True, "elder": "certainly"}
    fields = (await kiosk.post("/api/tickets", said)).refused("bad_fields", 400)["fields"]

    assert set(fields) == {"isAdmin", "elder"}
    (await kiosk.post("/api/device/forget", {"all": True})).refused("bad_fields", 400)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 30_000, b'{"name": "\\ud800"}'])
async def test_what_is_no_json_object_is_refused(hall: Hall, raw: bytes) -> None:
    (await (await hall.kiosk()).post("/api/tickets", raw=raw)).refused("bad_fields", 400)


async def test_text_with_a_nul_never_reaches_the_database(postgres_hall: Hall) -> None:
    kiosk, auditor = await postgres_hall.kiosk(), await postgres_hall.staff("auditor")
    stranger = await postgres_hall.browser("clerk")

    (await kiosk.post("/api/tickets", errand() | {"matterId": "a\0b"})).refused("bad_fields", 400)
    (await stranger.post("/api/session", {"username": "a\0b", "password": "x"})).refused("bad_fields", 400)
    (await kiosk.get("/api/matters/a%00b")).refused("no_such_address", 404)
    (await auditor.get("/api/journal/a%00b")).refused("no_such_address", 404)


async def test_odd_numbers_in_addresses_are_no_fault_of_ours(postgres_hall: Hall) -> None:
    auditor = await postgres_hall.staff("auditor")

    for after in ("99999999999999999999", "-1", "1e3", "x", "9" * 5000, ""):
        assert len((await auditor.get(f"/api/journal/house?after={after}")).good()) > 0


async def test_a_body_too_large_is_refused_whether_it_says_so_or_not(hall: Hall) -> None:
    kiosk = await hall.kiosk()
    large = b'{"name": "' + b"x" * 70_000 + b'"}'

    async def in_pieces() -> Any:
        for start in range(0, len(large), 1000):
            yield large[start : start + 1000]

    (await kiosk.post("/api/tickets", raw=large)).refused("body_too_large", 413)
    pieces: Any = in_pieces()
    (await kiosk.post("/api/tickets", raw=pieces)).refused("body_too_large", 413)


async def test_the_same_request_again_is_answered_again_and_done_once(any_hall: Hall) -> None:
    kiosk, said = await any_hall.kiosk(), errand()

    first = await kiosk.post("/api/tickets", said, key="k-1")
    again = await kiosk.post("/api/tickets", said, key="k-1")

    assert (first.good(), first.raw) == (again.good(), again.raw)
    assert first.headers["Set-Cookie"] == again.headers["Set-Cookie"]
    assert len((await (await any_hall.staff("assistant")).get("/api/points/lianshui")).good()["tickets"]) == 1


async def test_a_key_belongs_to_one_request(hall: Hall) -> None:
    kiosk = await hall.kiosk()
    (await kiosk.put("/api/device/use", {"inUse": True}, key="k-1")).good()

    (await kiosk.put("/api/device/use", {"inUse": False}, key="k-1")).refused("key_used_for_another", 400)
    (await kiosk.post("/api/device/forget", key="k-1")).refused("key_used_for_another", 400)
    (await (await hall.kiosk("lianshui-k2")).put("/api/device/use", {"inUse": False}, key="k-1")).good()


@pytest.mark.parametrize("key", ["x" * 81, "a b", "schlüssel"])
async def test_a_key_has_a_form(hall: Hall, key: str) -> None:
    (await (await hall.kiosk()).post("/api/device/forget", key=key)).refused("key_misshapen", 400)


async def test_a_refused_request_may_be_sent_again_under_its_key(hall: Hall) -> None:
    path = f"/api/tickets/{await hall.ended()}/rating"
    kiosk = await hall.kiosk()
    (await kiosk.post(path, {"level": 1}, key="k-1")).refused("reason_needed")

    assert (await kiosk.post(path, {"level": 1, "words": "慢"}, key="k-1")).status == 204
    assert (await kiosk.post(path, {"level": 1, "words": "慢"}, key="k-1")).status == 204


async def test_forgetting_again_clears_again(hall: Hall) -> None:
    kiosk = await hall.kiosk()

    for _ in range(2):
        assert "Clear-Site-Data" in (await kiosk.post("/api/device/forget", key="k-1")).headers


async def test_twins_at_the_same_moment_get_one_answer(any_hall: Hall) -> None:
    kiosk = await any_hall.kiosk()

    twins = await asyncio.gather(*(kiosk.post("/api/tickets", errand(), key="k-1") for _ in range(5)))

    assert len({twin.raw for twin in twins}) == 1
    assert {twin.status for twin in twins} == {200}


async def test_two_different_requests_for_one_person_at_the_same_moment(any_hall: Hall) -> None:
    kiosks = [await any_hall.kiosk("lianshui-k1"), await any_hall.kiosk("lianshui-k2")]

    replies = await asyncio.gather(*(kiosk.post("/api/tickets", errand()) for kiosk in kiosks))

    assert sorted(reply.status for reply in replies) == [200, 409]


async def test_every_kind_of_answer_has_its_headers(hall: Hall) -> None:
    kiosk, stranger = await hall.kiosk(), await hall.browser("clerk")
    answers = {
        "an answer": await kiosk.get("/api/regions"),
        "a refusal": await stranger.get("/api/me"),
        "an answer without a body": await kiosk.put("/api/device/use", {"inUse": True}),
        "a bad request": await kiosk.post("/api/tickets", {}),
        "no such address": await stranger.get("/api/nowhere"),
        "no such page": await stranger.get("/nowhere"),
        "no such method": await stranger.ask("PATCH", "/api/me"),
        "no such file": await stranger.get("/assets/" + "x" * 3000),
        "health": await stranger.get("/healthz"),
        "figures": await stranger.get("/metrics"),
    }

    for name, reply in answers.items():
        assert {key: reply.headers.get(key) for key in EVERY_ANSWER} == EVERY_ANSWER, name
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"], name
        assert reply.status < 500, name
    for name in ("an answer", "a refusal", "an answer without a body", "a bad request"):
        assert answers[name].headers["Cache-Control"] == "no-store", name
    assert "Strict-Transport-Security" not in answers["an answer"].headers


def test_the_content_policy_lets_nothing_in_from_outside() -> None:
    from tongban_server.http import HEADERS

    policy = HEADERS["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http:" not in policy
    for directive in ("default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy


async def test_over_tls_cookies_are_secure_and_bound_to_the_host(stocked_sqlite: Stocked, tmp_path: Path) -> None:
    url, passwords = sqlite_copy(stocked_sqlite, tmp_path)
    async with open_hall(tmp_path / "home", url, passwords, public_url="https://window.example") as hall:
        reply = await (await hall.browser("clerk")).post(
            "/api/session", {"username": "clerk", "password": passwords["clerk"]}
        )

    assert reply.headers["Set-Cookie"].startswith("__Host-tongban_clerk=")
    assert "Secure" in reply.headers["Set-Cookie"]
    assert reply.headers["Strict-Transport-Security"]


async def test_ready_says_what_is_degraded(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = await hall.browser(None)
    healthy = (await stranger.get("/readyz")).good()
    assert healthy["ready"] is True
    assert not {"database", "disk", "redis"} & set(healthy["degraded"])

    monkeypatch.setattr(health, "LEAST_FREE", 1 << 62)

    degraded = (await stranger.get("/readyz")).good()
    assert (degraded["ready"], "disk" in degraded["degraded"]) == (True, True)


async def test_without_its_database_the_server_is_alive_but_not_ready(postgres_hall: Hall) -> None:
    from sqlalchemy import create_engine

    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    house = postgres_hall.house
    was, house.store.reader = house.store.reader, engine
    stranger = await postgres_hall.browser(None)

    try:
        assert (await stranger.get("/healthz")).status == 200
        reply = await stranger.get("/readyz")
    finally:
        house.store.reader = was
        engine.dispose()

    assert (reply.status, reply.json["ready"], "database" in reply.json["degraded"]) == (503, False, True)


async def test_without_its_redis_the_server_is_ready_and_says_so(stocked_sqlite: Stocked, tmp_path: Path) -> None:
    url, passwords = sqlite_copy(stocked_sqlite, tmp_path)
    async with open_hall(tmp_path / "home", url, passwords, redis_url="redis://127.0.0.1:1/0") as hall:
        stranger = await hall.browser(None)
        said = (await stranger.get("/readyz")).good()
        for _ in range(100):
            if "redis" in said["degraded"]:
                break
            await asyncio.sleep(0.05)
            said = (await stranger.get("/readyz")).good()
        clerk = await hall.browser("clerk")
        (await clerk.post("/api/session", {"username": "x", "password": "x"})).refused("sign_in_refused")

    assert (said["ready"], "redis" in said["degraded"]) == (True, True)


async def test_figures_count_requests_and_name_no_one(hall: Hall) -> None:
    ticket_id = await hall.connected()

    figures = (await (await hall.browser(None)).get("/metrics")).raw.decode()

    assert 'tongban_request_seconds_count{method="POST",route="/api/tickets/{id}/arrive",status="200"} 1.0' in figures
    assert 'tongban_tickets{state="connected"} 1.0' in figures
    assert 'tongban_windows{state="busy"} 1.0' in figures
    assert ticket_id not in figures


FAR = {"X-Forwarded-For": "203.0.113.9"}


async def test_figures_are_for_this_machine_or_the_token(stocked_sqlite: Stocked, tmp_path: Path) -> None:
    url, passwords = sqlite_copy(stocked_sqlite, tmp_path)
    wishes = {"trusted_proxies": ["127.0.0.1/32"], "metrics_token": "let-me-in"}
    async with open_hall(tmp_path / "home", url, passwords, **wishes) as hall:
        stranger = await hall.browser(None)

        assert (await stranger.get("/metrics")).status == 200
        (await stranger.get("/metrics", headers=FAR)).refused("figures_not_for_you", 403)
        (await stranger.get("/metrics", headers=FAR | {"Authorization": "Bearer wrong"})).refused("figures_not_for_you")
        (await stranger.get("/metrics", headers=FAR | {"Authorization": "Bearer "})).refused("figures_not_for_you")
        (await stranger.get("/metrics", headers=FAR | {"Authorization": "Bearer \xff\udc80"})).refused(
            "figures_not_for_you"
        )
        assert (await stranger.get("/metrics", headers=FAR | {"Authorization": "Bearer let-me-in"})).status == 200
        claimed = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}
        (await stranger.get("/metrics", headers=claimed)).refused("figures_not_for_you", 403)


async def test_forwarded_addresses_count_only_from_a_trusted_proxy(hall: Hall) -> None:
    assert (await (await hall.browser(None)).get("/metrics", headers=FAR)).status == 200


async def test_headers_that_are_no_text_are_refused_and_not_stumbled_over(hall: Hall) -> None:
    address = hall.server.make_url("/")
    lines = (
        b"Cookie: tongban_clerk=\xff\xfe.\xed\xa0\x80",
        b"X-Tongban-Face: \xff",
        b"Idempotency-Key: \xff\xfe",
        b"Accept-Language: \xff",
        b"Authorization: Bearer \xff",
    )
    for line in lines:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(b"POST /api/window/open HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n")
        writer.write((b"" if b"Face" in line else b"X-Tongban-Face: clerk\r\n") + line + b"\r\n\r\n")
        status = int((await reader.read()).split(b" ", 2)[1])
        writer.close()
        await writer.wait_closed()
        assert 400 <= status < 500, line


def refs(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [ref for value in part.values() for ref in refs(value)]
    return [ref for value in part for ref in refs(value)] if isinstance(part, list) else []


async def test_the_paper_of_http_is_whole(hall: Hall) -> None:
    served = (await (await hall.browser(None)).get("/api/openapi.json")).good()
    document = json.loads(openapi_text())

    assert served == document
    for ref in refs(document):
        found: Any = document
        for step in ref.removeprefix("#/").split("/"):
            found = found[step]
    listed = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    ours = {(route.method, route.path) for route in all_routes() if route.path.startswith("/api/")}
    assert ours - listed == {("GET", "/api/openapi.json")}
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["summary"].endswith(".") for operation in operations)


async def ask_all(browser: Browser, paths: list[str]) -> list[int]:
    return [(await browser.get(path)).status for path in paths]


async def test_files_outside_the_client_are_out_of_reach(stocked_sqlite: Stocked, tmp_path: Path) -> None:
    url, passwords = sqlite_copy(stocked_sqlite, tmp_path)
    client = tmp_path / "client"
    (client / "assets").mkdir(parents=True)
    (client / "kiosk.html").write_text("<!doctype html>")
    (client / "assets" / "kiosk-1a2b.js").write_text("1")
    (tmp_path / "secret.txt").write_text("secret")
    (client / "assets" / "link.js").symlink_to(tmp_path / "secret.txt")
    async with open_hall(tmp_path / "home", url, passwords, web=client) as hall:
        browser = await hall.browser(None)
        assert await ask_all(browser, ["/kiosk", "/assets/kiosk-1a2b.js"]) == [200, 200]
        outside = ["%2e%2e%2fsecret.txt", "..%2fkiosk.html", "link.js", "%00", "x" * 5000, "%2fetc%2fpasswd", "..", "."]
        assert set(await ask_all(browser, [f"/assets/{name}" for name in outside])) == {404}
