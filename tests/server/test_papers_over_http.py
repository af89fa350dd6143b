"""Papers through the front door: what is taken, what is refused, who may look, and what is left on disk."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image

from tests.server.browser import Browser
from tests.server.hall import LI, Hall
from tests.server.reply import Reply
from tongban_server.demo.papers import sample_pdf, sample_photo
from tongban_server.papers.routes import LARGEST

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


async def hand_in(browser: Browser, ticket_id: str, content: Any, material: object = 1, **named: Any) -> Reply:
    return await browser.post(f"/api/tickets/{ticket_id}/papers?material={material}", raw=content, **named)


def small_pdf() -> bytes:
    return sample_pdf(pages=1)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a program with a PDF's name", b"MZ\x90\x00" + b"\0" * 500, "not_a_paper"),
        ("an ELF program", b"\x7fELF" + b"\0" * 500, "not_a_paper"),
        ("a picture with a script", SVG, "not_a_paper"),
        ("a page with a script", b"<!doctype html><script>alert(1)</script>", "not_a_paper"),
        ("a PDF that was cut off", small_pdf()[:4000], "paper_broken"),
        ("a JPEG that was cut off", sample_photo(width=200)[:900], "paper_broken"),
        ("only a PDF's first line", b"%PDF-1.7\n", "paper_broken"),
        ("nothing", b"", "paper_empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_no_paper_is_refused_with_words(hall: Hall, name: str, content: bytes, code: str) -> None:
    ticket_id, kiosk = (await hall.waiting())["ticket"]["id"], await hall.kiosk()

    headers: dict[str, str | None] = {"Content-Type": "application/pdf"}
    reply = await hand_in(kiosk, ticket_id, content, headers=headers)

    assert reply.status == 400
    assert reply.refused(reply.json["code"])["code"] in (code, "not_a_paper"), name
    assert hall.house.cellar.names() == []


def padded(size: int) -> bytes:
    """A JPEG of exactly this size: what follows the picture's end is not read."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 30, 30)).save(out, "JPEG", comment=b"x" * 60_000)
    picture = out.getvalue()
    segment = b"\xff\xfe\xff\xff" + b"x" * 65533
    count, rest = divmod(size - len(picture), len(segment))
    tail = b"\xff\xfe" + (rest - 2).to_bytes(2, "big") + b"x" * (rest - 4)
    return picture[:2] + segment * count + tail + picture[2:]


async def test_twenty_mib_are_taken_and_one_byte_more_is_not(hall: Hall) -> None:
    ticket_id, kiosk = (await hall.waiting())["ticket"]["id"], await hall.kiosk()
    largest = padded(LARGEST)
    assert len(largest) == 20 * 1024 * 1024

    assert (await hand_in(kiosk, ticket_id, io.BytesIO(largest))).good()["bytes"] == LARGEST
    (await hand_in(kiosk, ticket_id, io.BytesIO(largest + b"x"))).refused("paper_too_large", 413)


async def test_a_file_that_does_not_say_its_size_is_cut_off_all_the_same(hall: Hall) -> None:
    ticket_id, kiosk = (await hall.waiting())["ticket"]["id"], await hall.kiosk()

    async def without_end() -> Any:
        for _ in range(21):
            yield b"\xff\xd8" + b"x" * (1 << 20)

    (await hand_in(kiosk, ticket_id, without_end())).refused("paper_too_large", 413)


@pytest.mark.parametrize("material", ["99", "0", "-1", "x", "1.0", "", "１"])
async def test_only_materials_of_the_matter(hall: Hall, material: str) -> None:
    ticket_id, kiosk = (await hall.waiting())["ticket"]["id"], await hall.kiosk()

    (await hand_in(kiosk, ticket_id, sample_photo(width=200), material)).refused("no_such_material", 400)
    assert hall.house.cellar.names() == []


async def test_a_page_is_shown_as_a_picture_that_can_do_nothing(hall: Hall) -> None:
    ticket_id = await hall.connected()
    kiosk, clerk = await hall.kiosk(), await hall.clerk()
    paper = (await hand_in(kiosk, ticket_id, sample_pdf(pages=2))).good()

    for browser in (kiosk, clerk, await hall.staff("assistant")):
        for page in (1, 2):
            shown = await browser.get(f"/api/papers/{paper['id']}/pages/{page}")
            assert (shown.status, shown.headers["Content-Type"], shown.raw[:2]) == (200, "image/jpeg", b"\xff\xd8")
            assert shown.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert shown.headers["X-Content-Type-Options"] == "nosniff"
            assert "no-store" in shown.headers["Cache-Control"]
    for page in ("0", "3", "-1", "x", "9" * 5000, "²"):
        (await clerk.get(f"/api/papers/{paper['id']}/pages/{page}")).refused("no_such_page", 404)
    plain = await clerk.get(f"/api/papers/{paper['id']}/pages/1?face=clerk", headers={"X-Tongban-Face": None})
    assert plain.status == 200


async def test_papers_of_another_visit_stay_shut(hall: Hall) -> None:
    ticket_id = await hall.connected()
    kiosk, second = await hall.kiosk(), await hall.kiosk("lianshui-k2")
    paper = (await hand_in(kiosk, ticket_id, sample_photo(width=200))).good()
    other = (await hall.waiting(LI, at="lianshui-k2"))["ticket"]["id"]
    path = f"/api/papers/{paper['id']}"

    for browser in (second, await hall.staff("colleague"), await hall.staff("assistant-elsewhere")):
        (await browser.get(f"{path}/pages/1")).refused("not_for_you", 403)
    (await hand_in(second, ticket_id, sample_photo(width=200))).refused("not_for_you", 403)
    (await second.post(f"{path}/withdraw")).refused("not_for_you", 403)
    (await (await hall.staff("assistant")).post(f"{path}/accept")).refused("not_for_you", 403)
    assert (await second.get(f"/api/tickets/{other}")).good()["papers"] == []
    (await second.get("/api/papers/0123456789abcdef0123456789abcdef/pages/1")).refused("no_such_paper", 404)


async def test_the_clerk_no_longer_sees_papers_once_the_visit_is_over(hall: Hall) -> None:
    ticket_id = await hall.connected()
    kiosk, clerk = await hall.kiosk(), await hall.clerk()
    paper = (await hand_in(kiosk, ticket_id, sample_photo(width=200))).good()
    (await clerk.post(f"/api/tickets/{ticket_id}/outcome", {"kind": "consultation_only"})).good()

    (await clerk.get(f"/api/papers/{paper['id']}/pages/1")).refused("visit_over", 409)
    assert (await kiosk.get(f"/api/papers/{paper['id']}/pages/1")).status == 200


async def test_a_return_needs_a_reason_and_other_needs_words(hall: Hall) -> None:
    ticket_id = await hall.connected()
    paper = (await hand_in(await hall.kiosk(), ticket_id, sample_photo(width=200))).good()
    clerk, path = await hall.clerk(), f"/api/papers/{paper['id']}/return"

    (await clerk.post(path, {})).refused("bad_fields", 400)
    (await clerk.post(path, {"code": "ugly"})).refused("bad_fields", 400)
    (await clerk.post(path, {"code": "other"})).refused("reason_missing", 400)
    assert (await clerk.post(path, {"code": "other", "words": "缺页"})).good()["state"] == "returned"


async def test_an_assistant_hands_in_and_it_says_so(hall: Hall) -> None:
    ticket_id = (await hall.waiting())["ticket"]["id"]

    paper = (await hand_in(await hall.staff("assistant"), ticket_id, sample_photo(width=200))).good()

    assert paper["by"] == "assistant"


async def test_a_withdrawn_paper_is_gone_and_a_judged_one_stays(hall: Hall) -> None:
    ticket_id = await hall.connected()
    kiosk, clerk = await hall.kiosk(), await hall.clerk()
    first = (await hand_in(kiosk, ticket_id, sample_photo(width=200))).good()["id"]
    second = (await hand_in(kiosk, ticket_id, sample_photo(width=200), 2)).good()["id"]

    assert (await kiosk.post(f"/api/papers/{first}/withdraw")).status == 204
    (await clerk.post(f"/api/papers/{second}/accept")).good()
    (await kiosk.post(f"/api/papers/{second}/withdraw")).refused("step_not_allowed", 409)

    assert [row["id"] for row in (await clerk.get(f"/api/tickets/{ticket_id}")).good()["papers"]] == [second]


async def test_the_same_paper_sent_again_is_listed_once_and_leaves_nothing_over(any_hall: Hall) -> None:
    ticket_id, kiosk = (await any_hall.waiting())["ticket"]["id"], await any_hall.kiosk()
    content = sample_photo(width=200)

    first = await hand_in(kiosk, ticket_id, content, key="k-1")
    again = await hand_in(kiosk, ticket_id, content, key="k-1")
    twins = await asyncio.gather(*(hand_in(kiosk, ticket_id, content, 2, key="k-2") for _ in range(3)))

    assert first.good() == again.good()
    assert len({twin.raw for twin in twins}) == 1
    (await hand_in(kiosk, ticket_id, content, 3, key="k-1")).refused("key_used_for_another", 400)
    papers = (await kiosk.get(f"/api/tickets/{ticket_id}")).good()["papers"]
    assert sorted(row["materialNo"] for row in papers) == [1, 2]
    assert len(any_hall.house.cellar.names()) == 4  # each with its picture


async def test_papers_lie_sealed_on_disk(hall: Hall) -> None:
    ticket_id, kiosk = (await hall.waiting())["ticket"]["id"], await hall.kiosk()
    (await hand_in(kiosk, ticket_id, small_pdf())).good()

    files = [file for file in hall.house.settings.home.rglob("*") if file.is_file()]

    assert len(files) >= 3
    assert not [file for file in files if file.read_bytes()[:4] in (b"%PDF", b"\xff\xd8\xff\xe0")]
    assert (hall.house.settings.home / "keys" / "vault.key").stat().st_mode & 0o077 == 0
