"""Papers made on the spot: honest ones, odd but honest ones, and hostile ones."""

import functools
import io
import random
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, PngImagePlugin

HTML = b"<html><script>alert(1)</script></html>"


# ---- pictures --------------------------------------------------------------------------------------------------------


def drawn(mode: str = "RGB", size: tuple[int, int] = (90, 60)) -> Image.Image:
    """Left part dark, right part light: enough to see which way is up."""
    picture = Image.new("L", size, 230)
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 3, size[1]), fill=20)
    return picture.convert(mode)


def saved(picture: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def jpeg(mode: str = "RGB", **how: Any) -> bytes:
    return saved(drawn(mode), "JPEG", **how)


def png(mode: str = "RGB", **how: Any) -> bytes:
    return saved(drawn(mode), "PNG", **how)


def turned_jpeg(turn: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010F] = "SECRET-CAMERA"
    return jpeg(exif=exif, comment=b"SECRET-COMMENT")


def sixteen_bit_png() -> bytes:
    row = struct.pack("<90H", *([20 << 8] * 30 + [230 << 8] * 60))
    return saved(Image.frombytes("I;16", (90, 60), row * 60), "PNG")


def see_through_png() -> bytes:
    """Transparent left, dark right."""
    picture = Image.new("RGBA", (90, 60), (0, 0, 0, 0))
    picture.paste((10, 10, 10, 255), (45, 0, 90, 60))
    return saved(picture, "PNG")


def palette_png() -> bytes:
    return saved(drawn("RGB").quantize(8), "PNG", transparency=0)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    """A grey PNG that claims this size, whatever its pixels are."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def png_bomb() -> bytes:
    """Within the pixels that are allowed by its head, but its stream and its text unpack to far more."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "x" * 40_000_000, zip=True)
    bloated = saved(drawn("L"), "PNG", pnginfo=text)
    return bloated[:33] + chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(80_000_000))) + bloated[33:]


def black_png(width: int, height: int) -> bytes:
    """A whole grey PNG of a few kB, however many pixels it has."""
    return png_of(width, height, zlib.compress(bytes((width + 1) * height)))


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hello.txt", "hello " * 50)
    return out.getvalue()


# ---- PDF -------------------------------------------------------------------------------------------------------------


def blank(pages: int = 1) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 100))
    return pdf


def written(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    pdf.close()
    return out.getvalue()


@functools.cache
def pdf(pages: int = 1) -> bytes:
    return written(blank(pages))


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def note(**entries: Any) -> Dictionary:
    return Dictionary(Type=Name.Annot, Rect=Array([0, 0, 10, 10]), **entries)


def with_note(**entries: Any) -> bytes:
    document = blank()
    document.pages[0].Annots = Array([note(**entries)])
    return written(document)


def with_root(**entries: Any) -> bytes:
    document = blank()
    for key, value in entries.items():
        document.Root[f"/{key}"] = value
    return written(document)


def with_form(**entries: Any) -> bytes:
    document = blank()
    field = document.make_indirect(
        note(Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Chen"), F=4, **entries)
    )
    document.pages[0].Annots = Array([field])
    document.Root.AcroForm = Dictionary(Fields=Array([field]), DA=String("/Helv 0 Tf 0 g"))
    return written(document)


def with_file() -> bytes:
    document = blank()
    document.attachments["a.exe"] = b"MZ"
    return written(document)


def with_xfa() -> bytes:
    document = blank()
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))
    return written(document)


def with_outline_script() -> bytes:
    document = blank()
    item = document.make_indirect(Dictionary(Title=String("x"), A=script()))
    document.Root.Outlines = document.make_indirect(Dictionary(First=item, Last=item, Count=1))
    return written(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def locked(user: str = "secret") -> bytes:
    return written(blank(), encryption=pikepdf.Encryption(owner="owner", user=user))


def with_link() -> bytes:
    return with_note(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.org")))


def chinese() -> bytes:
    """Chinese words in a font that is not embedded, as old office programs write them."""
    document = blank()
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=Name("/STSong-Light"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=2),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/STSong-Light"),
        Encoding=Name("/UniGB-UCS2-H"),
        DescendantFonts=Array([document.make_indirect(descendant)]),
    )
    page = document.pages[0]
    page.Resources = Dictionary(Font=Dictionary(JS=document.make_indirect(font)))
    words = "营业执照".encode("utf-16-be").hex().encode()
    page.Contents = document.make_stream(b"BT /JS 40 Tf 10 40 Td <" + words + b"> Tj ET")
    return written(document)


def scanned() -> bytes:
    """A photographed page, made by the other PDF library."""
    document = pypdfium2.PdfDocument.new()
    picture = pypdfium2.PdfImage.new(document)
    picture.load_jpeg(io.BytesIO(jpeg()))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(200, 100))
    page = document.new_page(200, 100)
    page.insert_obj(picture)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


@functools.cache
def corpus() -> list[bytes]:
    """What mutations start from."""
    return [
        jpeg(),
        jpeg("CMYK"),
        png(),
        palette_png(),
        pdf(2),
        with_form(),
        with_link(),
        scanned(),
        with_note(A=script()),
    ]


def spoilt(content: bytes, seed: int) -> bytes:
    """One reproducible mutation: bytes changed, cut, doubled, or a stretch of another file pasted in."""
    chance = random.Random(seed)
    body = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        at = chance.randrange(len(body))
        length = chance.choice((1, 1, 2, 4, 16, 200))
        match chance.randrange(6):
            case 0 | 1:
                body[at : at + length] = chance.randbytes(length)
            case 2:
                body[at : at + length] = b""
            case 3:
                body[at:at] = body[at : at + length] * chance.choice((1, 2, 50))
            case 4:
                body[at : at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"9999"))
            case _:
                other = chance.choice(corpus())
                start = chance.randrange(len(other))
                body[at : at + length] = other[start : start + length]
        if not body:
            return b""
    return bytes(body[: chance.randrange(len(body))] if chance.random() < 0.1 else body)
