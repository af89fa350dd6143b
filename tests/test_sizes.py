"""What each face loads before it is there, gzipped; the kiosk's line may be thin."""

import gzip
import re
from pathlib import Path

import pytest

DIST = Path(__file__).parents[1] / "client_web" / "dist"
FACES = ("index", "kiosk", "hall", "clerk", "assistant", "supervisor")
KIOSK_KB = 80
#: What the page's head asks for at once: scripts, what they import, style. The tab's picture is no part of it.
FIRST = re.compile(r"""<(?:script|link)\b(?![^>]*rel="icon")[^>]*?(?:src|href)="/([^"]+)\"""")


def first_load_kb(face: str) -> float:
    """The gzipped kilobytes (1000 bytes) of a face's page and of all that it names."""
    page = DIST / f"{face}.html"
    files = [page, *(DIST / name for name in FIRST.findall(page.read_text()))]
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1000


@pytest.mark.skipif(not DIST.exists(), reason="the screens are not built")
def test_the_kiosk_is_there_after_eighty_kilobytes(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = {face: first_load_kb(face) for face in FACES}

    with capsys.disabled():
        print("", *(f"| {face} | {kb:.1f} KB |" for face, kb in sizes.items()), sep="\n")
    assert sizes["kiosk"] <= KIOSK_KB
