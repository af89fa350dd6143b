"""The demo's staff."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tongban_server.catalogue.faults import CatalogueRejected
from tongban_server.catalogue.folder import Catalogue, read_folder
from tongban_server.demo import DATA
from tongban_server.demo.cast import read_cast

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_folder(DATA, today=TODAY)


def test_the_cast_is_read_with_its_places(catalogue: Catalogue) -> None:
    cast = {row.username: row for row in read_cast(DATA, catalogue, today=TODAY)}

    assert cast["clerk-pinghu-estate-3"].lines == ("pinghu-estate-a",)
    assert cast["clerk-pinghu-estate-1"].languages == ("zh-CN", "en")
    assert cast["assistant-lianshui"].point == "lianshui"
    assert "330482" in cast["supervisor-delta"].regions


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "clerk,pinghu-police,pinghu-police-c",
            "clerk,pinghu-police,jiashan-estate-a",
            "is not a line of",
        ),
        ("clerk,pinghu-police,pinghu-police-c", "clerk,,pinghu-police-c", "office: must not be empty"),
        ("zh-CN|en,lianshui", "zh-CN|en,nowhere", "point: nowhere is not in points.csv"),
        ("auditor,", "auditor of all,", "username: must be lower-case letters"),
    ],
)
def test_staff_without_its_place_is_told(tmp_path: Path, catalogue: Catalogue, old: str, new: str, told: str) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "folder"))
    text = (folder / "staff.csv").read_text(encoding="utf-8")
    (folder / "staff.csv").write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(CatalogueRejected) as refusal:
        read_cast(folder, catalogue, today=TODAY)
    assert told in refusal.value.faults[0].text("en")
