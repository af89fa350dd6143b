"""What an honest citizen hands over is shown, however odd the file is."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from tests.server.papers import samples
from tongban_server.papers.sandbox import Inspection, Sandbox

PICTURES: list[tuple[str, str, Callable[[], bytes]]] = [
    ("jpeg", "jpeg", samples.jpeg),
    ("grey jpeg", "jpeg", lambda: samples.jpeg("L")),
    ("cmyk jpeg", "jpeg", lambda: samples.jpeg("CMYK")),
    ("progressive jpeg", "jpeg", lambda: samples.jpeg(progressive=True)),
    ("jpeg with a small one in it", "jpeg", lambda: samples.jpeg(exif=samples.jpeg()[:200])),
    ("jpeg with a second one behind it", "jpeg", lambda: samples.jpeg() + samples.jpeg()),
    ("jpeg with a film behind it", "jpeg", lambda: samples.jpeg() + b"\0\0\0\x18ftypmp42" + bytes(500)),
    ("png", "png", samples.png),
    ("bit png", "png", lambda: samples.png("1")),
    ("grey png", "png", lambda: samples.png("L")),
    ("grey see-through png", "png", lambda: samples.png("LA")),
    ("palette png", "png", samples.palette_png),
    ("16-bit png", "png", samples.sixteen_bit_png),
]


def shown(inspection: Inspection) -> Image.Image:
    picture = Image.open(io.BytesIO(inspection.preview))
    picture.load()
    assert picture.format == "JPEG"
    assert picture.size == (inspection.width, inspection.height)
    return picture


@pytest.mark.parametrize(("name", "kind", "made"), PICTURES, ids=[each[0] for each in PICTURES])
async def test_a_picture_is_shown_as_it_is(sandbox: Sandbox, name: str, kind: str, made: Callable[[], bytes]) -> None:
    inspection = await sandbox.inspect(made())

    picture = shown(inspection).convert("L")
    assert (inspection.kind, inspection.pages, picture.size) == (kind, 1, (90, 60))
    assert picture.getpixel((70, 30)) == pytest.approx(230, abs=25)
    if name != "palette png":  # there the dark half is the see-through one
        assert picture.getpixel((20, 30)) == pytest.approx(20, abs=25)


async def test_what_is_see_through_is_shown_on_white(sandbox: Sandbox) -> None:
    picture = shown(await sandbox.inspect(samples.see_through_png())).convert("L")

    assert picture.getpixel((10, 30)) == pytest.approx(255, abs=3)
    assert picture.getpixel((80, 30)) == pytest.approx(10, abs=10)


@pytest.mark.parametrize(
    ("turn", "dark"),
    [(1, "left"), (2, "right"), (3, "right"), (4, "left"), (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")],
)
async def test_a_picture_stands_upright(sandbox: Sandbox, turn: int, dark: str) -> None:
    picture = shown(await sandbox.inspect(samples.turned_jpeg(turn))).convert("L")

    wide, high = picture.size
    places = {
        "left": (5, high // 2),
        "right": (wide - 5, high // 2),
        "top": (wide // 2, 5),
        "bottom": (wide // 2, high - 5),
    }
    darkest = min(places, key=lambda side: picture.getpixel(places[side]))  # type: ignore[arg-type, return-value]
    assert darkest == dark


async def test_nothing_of_the_original_but_its_pixels_is_shown(sandbox: Sandbox) -> None:
    inspection = await sandbox.inspect(samples.turned_jpeg(1))

    assert b"SECRET" not in inspection.preview
    assert "exif" not in shown(inspection).info


async def test_a_large_photo_is_shown_smaller(sandbox: Sandbox) -> None:
    photo = samples.saved(samples.drawn(size=(4000, 3000)), "JPEG")

    inspection = await sandbox.inspect(photo)

    assert (inspection.width, inspection.height) == (2340, 1755)


@pytest.mark.parametrize(
    "made",
    [
        samples.pdf,
        samples.with_form,
        samples.with_link,
        samples.chinese,
        samples.scanned,
        lambda: samples.locked(user=""),
        lambda: b"\xef\xbb\xbf\r\n" + samples.pdf(),
        lambda: samples.pdf() + bytes(4096),
    ],
    ids=["plain", "form", "link", "chinese", "scanned", "no password to open", "mark before", "padding behind"],
)
async def test_a_pdf_is_shown(sandbox: Sandbox, made: Callable[[], bytes]) -> None:
    inspection = await sandbox.inspect(made())

    assert (inspection.kind, inspection.pages) == ("pdf", 1)
    assert shown(inspection).size == (556, 278)  # 200 × 100 points at 200 dpi


@pytest.mark.parametrize("made", [samples.chinese, samples.with_form, samples.scanned])
async def test_what_is_written_in_a_pdf_is_seen(sandbox: Sandbox, made: Callable[[], bytes]) -> None:
    darkest, _ = shown(await sandbox.inspect(made())).convert("L").getextrema()

    assert isinstance(darkest, int)
    assert darkest < 235


async def test_every_page_can_be_asked_for(sandbox: Sandbox) -> None:
    document = samples.pdf(500)

    assert (await sandbox.inspect(document)).pages == 500
    assert (await sandbox.page(document, 500)).startswith(b"\xff\xd8\xff")


async def test_a_picture_is_its_own_first_page(sandbox: Sandbox) -> None:
    photo = samples.turned_jpeg(6)

    assert await sandbox.page(photo, 1) == (await sandbox.inspect(photo)).preview
