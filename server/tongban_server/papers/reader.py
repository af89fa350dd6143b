"""The reader: the one program that opens a hostile file. It runs confined (see `confine.py`), for one file, and ends.

    reader.py inspect FILE OUT      → {"kind": "pdf|jpeg|png", "pages": n, "width": px, "height": px}
    reader.py page    FILE OUT N    → {"width": px, "height": px}

Both write OUT/page.jpg: page 1 (or N, counted from 1) as a plain JPEG, turned upright, flattened onto white, without
any metadata of the original; width and height are those of that picture. The answer is one JSON object on standard
output. A refusal is {"refused": code}, with a code of `CODES`. What counts as active is domain §2.14. Parsers are
imported only when the file has proved to be of their kind, since their import costs more than most files.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import pikepdf
    from PIL import Image

CODES = (
    "not_a_paper",
    "paper_broken",
    "paper_has_active_content",
    "paper_locked",
    "paper_too_large_to_show",
    "paper_too_many_pages",
    "paper_reader_failed",
    "no_such_page",
)

MAX_PIXELS = 60_000_000
MAX_PAGES = 500
MAX_OBJECTS = 500_000
DPI = 200
LONG_SIDE = 2340  # px: A4 at `DPI`
QUALITY = 82

# A file that a browser or an unpacker would take for something else is two files in one.
MARKUP = re.compile(rb"<(?:html|script|svg|iframe|body|!doctype|\?php)", re.IGNORECASE)
FOREIGN = re.compile(
    rb"%PDF-|PK\x03\x04|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x7fELF|\AMZ|" + MARKUP.pattern,
    re.IGNORECASE,
)


class Refusal(Exception):
    """This file is not shown, for the reason that its code names."""


def refuse(code: str) -> NoReturn:
    raise Refusal(code)


# ---- which kind it is, by content ------------------------------------------------------------------------------------


def kind_of(content: bytes) -> str:
    """Give "pdf", "jpeg" or "png", or refuse `not_a_paper`: other types, and files that are two types at once."""
    if MARKUP.search(content, 0, 1024) or _ends_as_zip(content):
        refuse("not_a_paper")
    if content.startswith(b"\xff\xd8\xff"):
        end, kind = end_of_jpeg(content), "jpeg"
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        end, kind = end_of_png(content), "png"
    elif content[:64].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith((b"%PDF-1.", b"%PDF-2.")):
        end, kind = end_of_pdf(content), "pdf"
    else:
        refuse("not_a_paper")
    # cameras append second pictures, films and depth maps, which is honest; archives, programs and pages are not
    if FOREIGN.search(content[end:]):
        refuse("not_a_paper")
    return kind


def end_of_jpeg(content: bytes) -> int:
    """Give the place after the end mark of the first picture; a file without it is broken."""
    at = 2
    marker = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")  # in compressed bytes, FF 00 and restart marks mean nothing
    while found := marker.search(content, at):
        code, at = found.group()[-1], found.end()
        if code == 0xD9:
            return at
        if code not in (0x01, 0xD8):
            at += int.from_bytes(content[at : at + 2], "big")
    refuse("paper_broken")


def end_of_png(content: bytes) -> int:
    """Give the place after the IEND chunk; a file without it is broken."""
    at = 8
    while at + 12 <= len(content):
        name, length = content[at + 4 : at + 8], int.from_bytes(content[at : at + 4], "big")
        at += 12 + length
        if name == b"IEND":
            return at
    refuse("paper_broken")


def end_of_pdf(content: bytes) -> int:
    """Give the place after the last %%EOF, which must stand in the last 2 KiB; a file without it was cut off."""
    body = content.rstrip(b"\0\r\n\t ")
    at = body.rfind(b"%%EOF", max(0, len(body) - 2048))
    return at + 5 if at >= 0 else refuse("paper_broken")


def _ends_as_zip(content: bytes) -> bool:
    """Unpackers look for a zip's directory at the end of a file, whatever the file begins with."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if at < 0 or at + 22 > len(content):
        return False
    here, in_all = content[at + 8 : at + 10], content[at + 10 : at + 12]
    size, offset = (int.from_bytes(content[at + place : at + place + 4], "little") for place in (12, 16))
    return here == in_all and size + offset <= at  # chance bytes fail this


# ---- pictures --------------------------------------------------------------------------------------------------------

# EXIF orientation (a phone held upright says so here) → Pillow's Transpose
UPRIGHT = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}


def picture(path: str) -> "Image.Image":
    """Give the upright picture, at most `LONG_SIDE` px long. Refuses too many pixels before any is decoded."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        image: Image.Image = Image.open(path, formats=("JPEG", "PNG"))
    except Image.DecompressionBombError:
        refuse("paper_too_large_to_show")
    if image.width * image.height > MAX_PIXELS:
        refuse("paper_too_large_to_show")
    if image.format == "PNG":
        image = _eight_bits(image)
    image.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
    image.load()  # a small picture has not been decoded yet, and only the first attempt tells that it is broken
    turn = UPRIGHT.get(_orientation(image) or 1)
    return image if turn is None else image.transpose(Image.Transpose(turn))


def _eight_bits(image: "Image.Image") -> "Image.Image":
    """Bring palettes, bits and 16-bit greys to a mode that can be made smaller without spoiling it."""
    if image.mode.startswith("I"):
        return image.convert("I").point([grey >> 8 for grey in range(65536)], "L")
    if image.mode in ("L", "RGB", "RGBA"):
        if "transparency" not in image.info:
            return image
    elif image.mode == "1":
        return image.convert("L")
    return image.convert("RGBA")


def _orientation(image: "Image.Image") -> int | None:
    try:
        turn = image.getexif().get(0x0112)
    except Exception:  # whatever is wrong with the EXIF block, the picture itself is there
        return None
    return turn if isinstance(turn, int) else None


def write_picture(image: "Image.Image", out: str) -> tuple[int, int]:
    """Write OUT/page.jpg and give its width and height in px."""
    from PIL import Image, JpegImagePlugin  # noqa: F401 (the encoder registers itself)

    if image.mode == "RGBA":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    image = image if image.mode in ("L", "RGB") else image.convert("RGB")
    image.info = {}  # Pillow would carry a JPEG comment over
    with open(os.path.join(out, "page.jpg"), "wb") as page:
        image.save(page, format="JPEG", quality=QUALITY)
    return image.size


# ---- PDF -------------------------------------------------------------------------------------------------------------

ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute", "/GoToE", "/Rendition"}
ACTIVE_NOTES = {"/RichMedia", "/FileAttachment", "/3D", "/Screen", "/Movie", "/Sound"}


def look_for_active_content(path: str) -> int:
    """Refuse scripts, launches, embedded files, XFA and locks (domain §2.14), and give the number of pages.

    Every object of the file is looked at, reachable or not, so it does not matter through which tree (names, pages,
    annotations, fields, outlines) an action would be found.
    """
    import pikepdf

    try:
        pdf = pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError:
        refuse("paper_locked")
    with pdf:
        pages = len(pdf.pages)
        if pages > MAX_PAGES:
            refuse("paper_too_many_pages")
        if len(pdf.objects) > MAX_OBJECTS:
            refuse("paper_too_large_to_show")
        for node in _dictionaries(pdf):
            if _is_active(node):
                refuse("paper_has_active_content")
    return pages or refuse("paper_broken")


def _dictionaries(pdf: "pikepdf.Pdf") -> "Iterator[dict[str, pikepdf.Object]]":
    """Every dictionary of the file. References are not followed, so loops cannot catch us; no recursion either."""
    from pikepdf import Array, Dictionary, Stream

    for whole in pdf.objects:
        nested: list[Any] = [whole]
        while nested:
            node = nested.pop()
            if isinstance(node, Stream):
                node = node.stream_dict
            if isinstance(node, Dictionary):
                entries = dict(node.items())
                yield entries
                children: Any = entries.values()
            else:
                children = node if isinstance(node, Array) else ()
            nested += [each for each in children if isinstance(each, Array | Dictionary) and not each.is_indirect]


def _is_active(entries: "dict[str, pikepdf.Object]") -> bool:
    if "/S" in entries and _name(entries["/S"]) in ACTIVE_ACTIONS:
        return True
    if "/Subtype" in entries and _name(entries["/Subtype"]) in ACTIVE_NOTES:
        return True
    if "/Type" in entries and _name(entries["/Type"]) == "/EmbeddedFile":
        return True
    return any(key in entries and _holds_something(entries[key]) for key in ("/JS", "/EF", "/XFA", "/OnInstantiate"))


def _name(value: Any) -> str:
    import pikepdf

    return str(value) if isinstance(value, pikepdf.Name) else ""


def _holds_something(value: Any) -> bool:
    """A resource may happen to be called /JS and be a font: only what can carry code or a file counts."""
    import pikepdf

    if isinstance(value, pikepdf.Dictionary):
        return "/Type" not in value or _name(value["/Type"]) == "/EmbeddedFile"
    return isinstance(value, pikepdf.String | pikepdf.Stream | pikepdf.Array)


def pdf_page(path: str, number: int) -> "tuple[Image.Image, int]":
    """Draw page `number` (from 1) at `DPI`, at most `LONG_SIDE` px long, fields and annotations included.

    Gives the picture and the number of pages. pdfium here has no script engine: nothing in the file runs.
    """
    import pypdfium2  # type: ignore[import-untyped]
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as failed:
        refuse("paper_locked" if failed.err_code == pdfium.FPDF_ERR_PASSWORD else "paper_broken")
    if not 1 <= number <= len(pdf):
        refuse("no_such_page")
    pdf.init_forms()
    page = pdf[number - 1]
    scale = min(DPI / 72, LONG_SIDE / max(page.get_width(), page.get_height(), 1))
    drawn = page.render(scale=scale, rev_byteorder=True)  # pyright: ignore[reportArgumentType] (any number will do)
    return drawn.to_pil(), len(pdf)


# ---- the two commands ------------------------------------------------------------------------------------------------


def inspect(path: str, out: str) -> dict[str, object]:
    """Take the file in: its kind, its pages, and page 1 as a picture."""
    with open(path, "rb") as file:
        kind = kind_of(file.read())
    if kind == "pdf":
        pages = look_for_active_content(path)
        image, drawn = pdf_page(path, 1)
        if drawn != pages:  # two parsers that do not agree see two different papers
            refuse("paper_broken")
    else:
        image, pages = picture(path), 1
    width, height = write_picture(image, out)
    return {"kind": kind, "pages": pages, "width": width, "height": height}


def page(path: str, out: str, number: int) -> dict[str, object]:
    """Draw one page of a file that was taken in before; what is active was refused then."""
    with open(path, "rb") as file:
        kind = kind_of(file.read())
    if kind != "pdf" and number != 1:
        refuse("no_such_page")
    image = pdf_page(path, number)[0] if kind == "pdf" else picture(path)
    width, height = write_picture(image, out)
    return {"width": width, "height": height}


def answer(arguments: list[str]) -> dict[str, object]:
    command, path, out, *number = arguments
    try:
        return page(path, out, int(number[0])) if command == "page" else inspect(path, out)
    except Refusal as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"refused": "paper_too_large_to_show"}
    except ImportError:
        return {"refused": "paper_reader_failed"}
    except Exception:  # parsers raise what they like on a broken file; whatever it is, the file cannot be shown
        return {"refused": "paper_broken"}


def main() -> None:
    spoken = os.dup(1)
    os.dup2(2, 1)  # what a parser prints must not mix with the answer
    with os.fdopen(spoken, "w") as told:
        json.dump(answer(sys.argv[1:]), told)
        told.flush()
        os._exit(0)  # skips the tear-down of parsers, which costs time and may crash on a broken file


if __name__ == "__main__":
    main()
