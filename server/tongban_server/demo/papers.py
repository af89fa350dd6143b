"""Sample papers that the demo's visitors hand over, drawn when they are needed: a PDF and a photograph of a document.

Every page says 演示 SAMPLE, the two characters as strokes, since no machine can be trusted to have a font for them.
The same arguments give the same bytes, so that a test can compare digests.
"""

import io
import random
from functools import cache

import pikepdf
from PIL import Image, ImageDraw, ImageFilter, ImageFont

#: A4 in points, and in the pixels of the picture on it (100 to the inch: readable, and a page stays small).
PAGE_PT = (595, 842)
PAGE_PX = (827, 1170)

_INK, _RED, _GREY, _PAPER = (40, 46, 60), (176, 36, 40), (150, 156, 168), (252, 252, 248)

#: The strokes of 演 and 示 in a box of 100 × 100.
_STROKES = (
    (
        ((8, 12), (20, 22)),
        ((4, 36), (16, 46)),
        ((6, 92), (24, 62)),
        ((64, 4), (66, 14)),
        ((38, 30), (38, 18), (94, 18), (92, 30)),
        ((46, 32), (86, 32)),
        ((44, 46), (88, 46), (88, 76), (44, 76), (44, 46)),
        ((44, 61), (88, 61)),
        ((66, 32), (66, 76)),
        ((56, 80), (40, 94)),
        ((76, 80), (94, 94)),
    ),
    (
        ((26, 16), (76, 16)),
        ((8, 42), (94, 42)),
        ((52, 42), (52, 92), (42, 86)),
        ((32, 58), (14, 82)),
        ((70, 58), (90, 80)),
    ),
)


def sample_pdf(*, pages: int = 3, seed: int = 1) -> bytes:
    """An A4 document of so many pages, each with real text (`SAMPLE page 1/3`) and a picture. Tens of kilobytes."""
    paper = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    for number in range(1, pages + 1):
        page = paper.add_blank_page(page_size=PAGE_PT)
        picture = _picture_of(paper, _page(number, pages, seed))
        page.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(F1=font), XObject=pikepdf.Dictionary(Picture=picture)
        )
        page.Contents = paper.make_stream(_page_content(number, pages))
    out = io.BytesIO()
    paper.save(out, deterministic_id=True)
    return out.getvalue()


def sample_photo(*, seed: int = 1, width: int = 1280) -> bytes:
    """A JPEG, four by three, as a kiosk's camera would take it: a page askew on a desk, a little noisy."""
    size = (width, width * 3 // 4)
    chance = random.Random(seed)  # noqa: S311 - a picture, not a secret
    desk = Image.new("RGB", size, (112, 92, 74))
    sheet = _page(1, 1, seed).convert("RGBA")
    scale = size[1] * 0.92 / sheet.height
    sheet = sheet.resize((round(sheet.width * scale), round(sheet.height * scale)), Image.Resampling.LANCZOS)
    sheet = sheet.rotate(chance.uniform(-4, 4), Image.Resampling.BICUBIC, expand=True)
    desk.paste(sheet, ((size[0] - sheet.width) // 2, (size[1] - sheet.height) // 2), sheet)
    lit = Image.composite(desk, Image.new("RGB", size, (30, 26, 22)), _light(size))
    photo = Image.blend(lit.filter(ImageFilter.GaussianBlur(0.8)), _noise(size, chance), 0.05)
    return _jpeg(photo, quality=82)


def _page(number: int, pages: int, seed: int) -> Image.Image:
    """A form: a title, ruled lines with made-up writing, a red seal, and 演示 SAMPLE across it."""
    image = Image.new("RGB", PAGE_PX, _PAPER)
    pen = ImageDraw.Draw(image)
    chance = random.Random(seed * 1000 + number)  # noqa: S311 - a picture, not a secret
    pen.rectangle((40, 40, PAGE_PX[0] - 40, PAGE_PX[1] - 40), outline=_INK, width=3)
    _characters(pen, (70, 70), 72, _RED)
    pen.text((240, 84), "SAMPLE", _RED, font=_font(56))
    pen.text((600, 100), f"{number} / {pages}", _INK, font=_font(32))
    for top in range(210, 900, 58):
        pen.line((80, top + 40, PAGE_PX[0] - 80, top + 40), fill=_GREY, width=2)
        _writing(pen, chance, top)
    _seal(pen, (590, 990), 92)
    return image


def _writing(pen: ImageDraw.ImageDraw, chance: random.Random, top: int) -> None:
    """Blocks that look like words from afar and say nothing."""
    left = 90
    while left < PAGE_PX[0] - 200:
        width = chance.randint(18, 90)
        pen.rectangle((left, top + 12, left + width, top + 30), fill=_INK)
        left += width + chance.randint(10, 26)


def _seal(pen: ImageDraw.ImageDraw, middle: tuple[int, int], radius: int) -> None:
    x, y = middle
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_RED, width=6)
    _characters(pen, (x - 62, y - 48), 56, _RED)
    pen.text((x - 52, y + 22), "SAMPLE", _RED, font=_font(28))


def _characters(pen: ImageDraw.ImageDraw, corner: tuple[int, int], size: int, colour: tuple[int, int, int]) -> None:
    """演示, each character `size` pixels wide."""
    for place, strokes in enumerate(_STROKES):
        left = corner[0] + place * size * 1.15
        for stroke in strokes:
            path = [(left + x * size / 100, corner[1] + y * size / 100) for x, y in stroke]
            pen.line(path, fill=colour, width=max(2, size // 14), joint="curve")


@cache
def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def _light(size: tuple[int, int]) -> Image.Image:
    """A lamp from the upper left, as a mask."""
    slope = Image.linear_gradient("L").rotate(45).resize((size[0] * 2, size[1] * 2)).crop((0, 0, *size))
    return slope.point([255 - level // 4 for level in range(256)])


def _noise(size: tuple[int, int], chance: random.Random) -> Image.Image:
    small = (size[0] // 2, size[1] // 2)
    return Image.frombytes("L", small, chance.randbytes(small[0] * small[1])).resize(size).convert("RGB")


def _jpeg(image: Image.Image, *, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _picture_of(paper: pikepdf.Pdf, image: Image.Image) -> pikepdf.Object:
    return paper.make_stream(
        _jpeg(image, quality=70),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )


def _page_content(number: int, pages: int) -> bytes:
    picture = f"q {PAGE_PT[0]} 0 0 {PAGE_PT[1]} 0 0 cm /Picture Do Q"
    words = f"BT /F1 10 Tf 40 14 Td (SAMPLE page {number}/{pages} - Tongban demo) Tj ET"
    return f"{picture}\n{words}\n".encode("ascii")
