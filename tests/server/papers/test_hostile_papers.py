"""Every hostile or broken file gets the refusal that says what is wrong with it."""

from collections.abc import Callable
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.server.papers import samples
from tongban_queue.refusals import Refused
from tongban_server.papers.refused import (
    NoSuchPage,
    NotAPaper,
    PaperBroken,
    PaperHasActiveContent,
    PaperLocked,
    PaperTooLargeToShow,
    PaperTooManyPages,
)
from tongban_server.papers.sandbox import Sandbox

Made = Callable[[], bytes]

OTHER_TYPES: dict[str, Made] = {
    "nothing": lambda: b"",
    "text": lambda: b"hello",
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": lambda: samples.HTML,
    "exe": lambda: b"MZ\x90\0" + bytes(200),
    "elf": lambda: b"\x7fELF" + bytes(200),
    "zip": samples.zipped,
    "gif": lambda: samples.saved(samples.drawn("L"), "GIF"),
    "tiff": lambda: samples.saved(samples.drawn(), "TIFF"),
    "postscript": lambda: b"%!PS-Adobe-3.0\nshowpage",
}

TWO_AT_ONCE: dict[str, Made] = {
    "jpeg and zip": lambda: samples.jpeg() + samples.zipped(),
    "png and zip": lambda: samples.png() + samples.zipped(),
    "pdf and zip": lambda: samples.pdf() + samples.zipped(),
    "jpeg and page": lambda: samples.jpeg() + samples.HTML,
    "png and page": lambda: samples.png() + samples.HTML,
    "pdf and page": lambda: samples.pdf() + samples.HTML,
    "jpeg and pdf": lambda: samples.jpeg() + samples.pdf(),
    "jpeg and program": lambda: samples.jpeg() + b"MZ\x90\0" + bytes(100),
    "page then pdf": lambda: samples.HTML + samples.pdf(),
    "picture then pdf": lambda: b"GIF89a" + samples.pdf(),
    "pdf after 500 bytes": lambda: b" junk" * 100 + samples.pdf(),
    "page in a jpeg comment": lambda: samples.jpeg(comment=samples.HTML),
    "page at the top of a pdf": lambda: samples.pdf().replace(b"%PDF-1.3\n", b"%PDF-1.3\n%" + samples.HTML + b"\n"),
    "pdf inside a zip directory": lambda: samples.pdf()[:9] + samples.zipped() + samples.pdf()[9:],
}

BROKEN: dict[str, Made] = {
    "jpeg cut": lambda: samples.jpeg()[:-200],
    "jpeg cut in its head": lambda: samples.jpeg()[:30],
    "jpeg without its end": lambda: samples.jpeg()[:-2],
    "png cut": lambda: samples.png()[:-20],
    "png with wrong sums": lambda: samples.png_of(10, 10, b"\0" * 20),
    "png without pixels": lambda: samples.png_of(10, 10, b""),
    "png of no width": lambda: samples.png_of(0, 10, b""),
    "pdf cut": lambda: samples.pdf(20)[:-400],
    "pdf of nothing": lambda: b"%PDF-1.7\n%%EOF",
    "pdf without pages": lambda: samples.pdf(0),
    "pdf of noise": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF",
}

ACTIVE: dict[str, Made] = {
    "script on opening": lambda: samples.with_root(OpenAction=samples.script()),
    "launch on opening": lambda: samples.with_root(OpenAction=Dictionary(S=Name.Launch, F=String("calc.exe"))),
    "script in the names": lambda: samples.with_root(
        Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), samples.script()])))
    ),
    "script on closing": lambda: samples.with_root(AA=Dictionary(WC=samples.script())),
    "script in a link": lambda: samples.with_note(Subtype=Name.Link, A=samples.script()),
    "launch in a link": lambda: samples.with_note(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("calc.exe"))),
    "script after a harmless step": lambda: samples.with_note(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.org"), Next=Array([samples.script()]))
    ),
    "script in a field": lambda: samples.with_form(AA=Dictionary(K=samples.script())),
    "script in the outline": samples.with_outline_script,
    "script in a rendition": lambda: samples.with_note(
        Subtype=Name.Link, A=Dictionary(S=Name.Rendition, JS=String("x"))
    ),
    "data taken in": lambda: samples.with_note(Subtype=Name.Link, A=Dictionary(S=Name.ImportData, F=String("x"))),
    "embedded file": samples.with_file,
    "file pinned to the page": lambda: samples.with_note(
        Subtype=Name.FileAttachment, FS=Dictionary(Type=Name.Filespec, F=String("a"))
    ),
    "xfa": samples.with_xfa,
    "flash": lambda: samples.with_note(Subtype=Name.RichMedia),
    "3d": lambda: samples.with_note(Subtype=Name("/3D")),
}

TOO_LARGE: dict[str, Made] = {
    "60,000 × 60,000 png": lambda: samples.png_of(60_000, 60_000, b""),
    "9,000 × 9,000 png": lambda: samples.png_of(9_000, 9_000, b""),
    "65,500 × 65,500 jpeg": lambda: _with_size(samples.jpeg(), 65_500, 65_500),
}


def _with_size(jpeg: bytes, width: int, height: int) -> bytes:
    """The same JPEG, with another size in its frame header."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + jpeg[at + 4 :]


def named(refusal: type[Refused], files: dict[str, Made]) -> list[Any]:
    return [pytest.param(refusal, made, id=name) for name, made in files.items()]


@pytest.mark.parametrize(
    ("refusal", "made"),
    [
        *named(NotAPaper, OTHER_TYPES),
        *named(NotAPaper, TWO_AT_ONCE),
        *named(PaperBroken, BROKEN),
        *named(PaperHasActiveContent, ACTIVE),
        *named(PaperTooLargeToShow, TOO_LARGE),
        *named(PaperLocked, {"password": samples.locked}),
        *named(PaperTooManyPages, {"501 pages": lambda: samples.pdf(501)}),
    ],
)
async def test_it_is_refused(sandbox: Sandbox, refusal: type[Refused], made: Made) -> None:
    with pytest.raises(refusal):
        await sandbox.inspect(made())


@pytest.mark.parametrize(
    "made",
    [samples.png_bomb, lambda: samples.black_png(7_000, 8_000)],
    ids=["text and colours that unpack", "56 megapixels of black"],
)
async def test_a_bomb_is_refused_or_shown_but_never_goes_off(sandbox: Sandbox, made: Made) -> None:
    try:
        inspection = await sandbox.inspect(made())
    except (PaperBroken, PaperTooLargeToShow):
        return
    assert max(inspection.width, inspection.height) <= 2340


async def test_the_page_of_a_locked_paper_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(PaperLocked):
        await sandbox.page(samples.locked(), 1)


@pytest.mark.parametrize(("made", "number"), [(samples.pdf, 2), (samples.pdf, 0), (samples.jpeg, 2)])
async def test_a_page_that_is_not_there_is_refused(sandbox: Sandbox, made: Made, number: int) -> None:
    with pytest.raises(NoSuchPage):
        await sandbox.page(made(), number)
