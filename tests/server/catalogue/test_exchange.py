"""The catalogue as a folder: in, out, and in again."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.server.catalogue.conftest import TODAY
from tongban_queue.hall import Kiosk, Line, Office
from tongban_queue.store import Store
from tongban_server.catalogue.exchange import gather_catalogue, put_catalogue
from tongban_server.catalogue.faults import TEXTS, CatalogueRejected
from tongban_server.catalogue.folder import Catalogue, read_folder, write_folder
from tongban_server.catalogue.rows import FILES
from tongban_server.catalogue.things import AgreementMatter, Material, Matter
from tongban_server.demo import DATA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "folder"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path, language: str = "en") -> list[str]:
    with pytest.raises(CatalogueRejected) as refusal:
        read_folder(folder, today=TODAY)
    return [fault.text(language) for fault in refusal.value.faults]


async def exported(store: Store, folder: Path) -> dict[str, bytes]:
    with store.reading() as work:
        write_folder(gather_catalogue(work), folder)
    return {kind.file: (folder / kind.file).read_bytes() for kind in FILES}


async def test_what_was_imported_is_exported_the_same(
    demo_store: Store, demo_catalogue: Catalogue, tmp_path: Path
) -> None:
    files = await exported(demo_store, tmp_path / "out")

    again = read_folder(tmp_path / "out", today=TODAY)
    assert again.sheets == demo_catalogue.sheets
    relative = {"agreements.csv"}
    assert {file for file, text in files.items() if text != (DATA / file).read_bytes()} == relative


async def test_importing_an_export_changes_nothing(demo_store: Store, tmp_path: Path) -> None:
    first = await exported(demo_store, tmp_path / "first")
    await demo_store.change(lambda work: put_catalogue(work, read_folder(tmp_path / "first", today=TODAY)))

    assert await exported(demo_store, tmp_path / "second") == first


async def test_a_second_import_writes_nothing(demo_store: Store, demo_catalogue: Catalogue) -> None:
    with demo_store.reading() as work:
        put_catalogue(work, demo_catalogue)
        touched = [*work.session.new, *work.session.dirty, *work.session.deleted]

    assert touched == []


async def test_an_import_changes_rows_by_their_code(demo_store: Store, folder: Path) -> None:
    edit(folder, "offices.csv", "平湖市不动产登记中心（演示）", "平湖市不动产服务中心（演示）")
    await demo_store.change(lambda work: put_catalogue(work, read_folder(folder, today=TODAY)))

    with demo_store.reading() as work:
        office = work.session.get_one(Office, "pinghu-estate")
    assert (office.name, office.region_name) == ("平湖市不动产服务中心（演示）", "浙江省嘉兴市平湖市")


async def test_what_the_folder_no_longer_lists_inside_a_matter_or_agreement_goes(
    demo_store: Store, folder: Path
) -> None:
    edit(
        folder, "materials.csv", "pinghu-mortgage,6,授权委托书,optional,applicant,paper,1,0,no,由代理人申请时提交\n", ""
    )
    edit(folder, "agreement_matters.csv", "lianshui-pinghu,pinghu-transfer\n", "")
    await demo_store.change(lambda work: put_catalogue(work, read_folder(folder, today=TODAY)))

    with demo_store.reading() as work:
        numbers = work.session.scalars(select(Material.no).where(Material.matter_id == "pinghu-mortgage"))
        assert sorted(numbers) == [1, 2, 3, 4, 5]
        assert work.session.get(AgreementMatter, ("lianshui-pinghu", "pinghu-transfer")) is None


async def test_a_matter_that_the_folder_no_longer_lists_stays(demo_store: Store, folder: Path) -> None:
    for file in ("matters.csv", "materials.csv", "agreement_matters.csv"):
        lines = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if "jiangyang-truck-check" not in line]
        (folder / file).write_text("".join(kept), encoding="utf-8")
    await demo_store.change(lambda work: put_catalogue(work, read_folder(folder, today=TODAY)))

    with demo_store.reading() as work:
        assert work.session.get(Matter, "jiangyang-truck-check")


async def test_an_import_leaves_alone_what_files_do_not_say(demo_store: Store, demo_catalogue: Catalogue) -> None:
    def enrol(work: object) -> None:
        kiosk = work.session.get_one(Kiosk, "lianshui-k1")  # type: ignore[attr-defined]
        kiosk.in_use = True

    await demo_store.change(enrol)
    await demo_store.change(lambda work: put_catalogue(work, demo_catalogue))

    with demo_store.reading() as work:
        assert (work.session.get_one(Kiosk, "lianshui-k1")).in_use
        assert (work.session.get_one(Line, "pinghu-estate-a")).recent == ""


async def test_a_failed_import_leaves_nothing_behind(store: Store, demo_catalogue: Catalogue) -> None:
    def stumble(file: str, done: int, _of: int) -> None:
        if (file, done) == ("kiosks.csv", 3):
            raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError):
        await store.change(lambda work: put_catalogue(work, demo_catalogue, progress=stumble))

    with store.reading() as work:
        for kind in FILES:
            assert work.session.scalar(select(func.count()).select_from(kind.thing)) == 0


async def test_progress_is_told_for_every_row(store: Store, demo_catalogue: Catalogue) -> None:
    told: Counter[str] = Counter()
    counts = await store.change(
        lambda work: put_catalogue(work, demo_catalogue, progress=lambda file, _done, _of: told.update([file]))
    )

    assert counts == dict(told)


def test_a_byte_order_mark_is_tolerated(folder: Path, demo_catalogue: Catalogue) -> None:
    write_folder(demo_catalogue, folder, marked=True)

    assert (folder / "regions.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_folder(folder, today=TODAY).sheets == demo_catalogue.sheets


def test_every_fault_of_every_file_is_told_with_its_line(folder: Path) -> None:
    edit(folder, "matters.csv", ",instant,0,0,", ",instant,soon,0,")
    edit(folder, "matters.csv", ",promised,1,15,", ",promised,16,15,")
    edit(folder, "offices.csv", "always", "mon-fri 09:00-08:00")
    edit(folder, "points.csv", "always", "09:00-12:00;13:30-17:00")
    edit(folder, "agreements.csv", "today-365", "the other day")

    assert faults(folder) == [
        "agreements.csv:2 valid_from: must be a day like 2026-01-31 or today-365",
        "matters.csv:2 promise_days: must not exceed the 15 statutory days",
        "matters.csv:5 promise_days: must be a whole number",
        "offices.csv:2 hours: “mon-fri 09:00-08:00” must be like mon-fri 09:00-12:00,13:30-17:00; sat 09:00-11:30, "
        "or always",
        "points.csv:2 hours: “09:00-12:00” must be like mon-fri 09:00-12:00,13:30-17:00; sat 09:00-11:30, or always",
    ]
    assert faults(folder, "zh-CN")[2] == "matters.csv:5 promise_days: 应为整数"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("lines.csv", "changning-estate,A", "nowhere,A", "lines.csv:3 office: nowhere is not in offices.csv"),
        ("lines.csv", "pinghu-estate,B", "pinghu-estate,C", "has this prefix in the same region"),
        ("regions.csv", "湖北省武汉市青山区", "内蒙古自治区包头市青山区", "could not be told apart"),
        ("regions.csv", "420107,", "420105,", "says the same as line"),
        ("materials.csv", "pinghu-mortgage,5,", "pinghu-mortgage,7,", "must be numbered 1, 2, 3"),
        ("agreement_matters.csv", "lianshui-pinghu,pinghu-transfer", "lianshui-pinghu,jiashan-mortgage", "host region"),
        ("agreements.csv", "lianshui-pinghu,320826", "lianshui-pinghu,330482", "must differ"),
        ("agreements.csv", "today-366,today-1", "today-1,today-366", "must not be before the first day"),
        ("matters.csv", "000799001001,1,", "799001001,1,", "catalog_code: must be 12 digits"),
        ("matters.csv", "000799001001,1,", "000799001002,1,", "task_code: the task code must end with"),
        ("matters.csv", ",records,", ",recorded,", "matters.csv:1 recorded: there is no such column"),
        ("kiosks.csv", ",hall,", ",hole,", "kind: must be one of kiosk, hall"),
        ("kiosks.csv", ",kiosk,", ",", "this row has 3 cells instead of 4"),
        ("points.csv", "涟水县政务", '"涟水县政务', "points.csv: is not a whole CSV file"),
        ("offices.csv", "pinghu-estate", "Pinghu Estate", "id: must be lower-case letters"),
    ],
)
def test_a_row_that_cannot_be_meant_is_told(folder: Path, file: str, old: str, new: str, told: str) -> None:
    edit(folder, file, old, new)

    assert any(told in fault for fault in faults(folder))


def test_a_file_of_another_encoding_is_told(folder: Path) -> None:
    (folder / "points.csv").write_bytes((folder / "points.csv").read_bytes().decode().encode("gb18030"))
    (folder / "kiosks.csv").unlink()

    assert faults(folder) == [
        "kiosks.csv: this file is missing",
        "points.csv: is not UTF-8; save it as “CSV UTF-8”",
    ]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "there is no such folder" in faults(tmp_path / "nowhere")[0]


def test_a_wrong_check_digit_warns_but_does_not_refuse(folder: Path) -> None:
    edit(folder, "offices.csv", "12330499000DEM101R", "12330499000DEM101T")

    warnings = read_folder(folder, today=TODAY).warnings
    assert [(each.file, each.column, each.code) for each in warnings] == [("offices.csv", "uscc", "check_digit")]


def test_every_fault_has_words_in_both_languages() -> None:
    for code, (zh, en) in TEXTS.items():
        assert zh.strip(), code
        assert en.strip(), code
