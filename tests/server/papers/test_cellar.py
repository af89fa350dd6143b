"""A paper is kept whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from tongban_server.papers.cellar import Cellar
from tongban_server.papers.refused import NoSuchPaper, StoreFull

NAME = "0123456789abcdef" * 2


def turned(content: bytes) -> bytes:
    return bytes(byte ^ 0x5A for byte in content)


@pytest.fixture
def cellar(tmp_path: Path) -> Cellar:
    return Cellar(tmp_path / "papers", turned, turned)


def test_what_was_put_in_comes_out(cellar: Cellar) -> None:
    cellar.put(NAME, b"a paper")

    assert cellar.get(NAME) == b"a paper"
    assert cellar.names() == [NAME]


def test_on_the_disk_it_is_sealed(cellar: Cellar, tmp_path: Path) -> None:
    cellar.put(NAME, b"a paper")

    kept = tmp_path / "papers" / NAME
    assert kept.read_bytes() == turned(b"a paper")
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_second_one_under_the_name_replaces_it_whole(cellar: Cellar) -> None:
    cellar.put(NAME, b"a long first paper")
    cellar.put(NAME, b"short")

    assert cellar.get(NAME) == b"short"


def test_what_was_dropped_is_gone(cellar: Cellar) -> None:
    cellar.put(NAME, b"a paper")
    cellar.drop(NAME)
    cellar.drop(NAME)

    with pytest.raises(NoSuchPaper):
        cellar.get(NAME)


@pytest.mark.parametrize(
    "name", ["", ".", "../" + NAME, "/etc/passwd", NAME.upper(), NAME + "\n", NAME[:-1], NAME + "0"]
)
def test_no_other_name_reaches_the_disk(cellar: Cellar, name: str) -> None:
    for act in (lambda: cellar.put(name, b""), lambda: cellar.get(name), lambda: cellar.drop(name)):
        with pytest.raises(NoSuchPaper):
            act()


@pytest.mark.parametrize("step", [(os, "open"), (os, "fsync"), (Path, "rename")])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing(
    cellar: Cellar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: tuple[object, str], number: int
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(number, "full")

    with monkeypatch.context() as host:
        host.setattr(step[0], step[1], full)
        with pytest.raises(StoreFull):
            cellar.put(NAME, b"a paper")

    assert list((tmp_path / "papers").iterdir()) == []


def test_a_failed_replacement_leaves_the_first(cellar: Cellar, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    cellar.put(NAME, b"the first")
    with monkeypatch.context() as host:
        host.setattr(os, "fsync", full)
        with pytest.raises(StoreFull):
            cellar.put(NAME, b"the second")

    assert cellar.get(NAME) == b"the first"


def test_it_is_durable_before_it_has_its_name(cellar: Cellar, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    rename, fsync = Path.rename, os.fsync

    def renamed(half: Path, place: Path) -> Path:
        steps.append("rename")
        return rename(half, place)

    def synced(opened: int) -> None:
        steps.append("folder" if os.path.isdir(f"/proc/self/fd/{opened}") else "file")
        fsync(opened)

    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(os, "fsync", synced)
    cellar.put(NAME, b"a paper")

    assert steps == ["file", "rename", "folder"]


def test_half_files_of_a_killed_server_are_swept(cellar: Cellar, tmp_path: Path) -> None:
    cellar.put(NAME, b"a paper")
    (tmp_path / "papers" / f"{NAME}.0011.half").write_bytes(b"half")

    assert cellar.sweep() == 1
    assert cellar.names() == [NAME]
