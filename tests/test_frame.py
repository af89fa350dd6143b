"""What a fresh clone stands on: the locks, the wheel, and the scripts that make calls."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
LOCKS = sorted(path.name for path in TOP.glob("*.lock"))
FLOORS = {"tongban_queue": "queue", "tongban_signaling": "signaling", "tongban_server": "server"}
SCREENS = "tongban_server/web/index.html"


def pinned(lock: str) -> dict[str, list[str]]:
    """What a lock pins, with its conditions, and the hashes of each."""
    words = (TOP / lock).read_text().replace("\\\n", " ").splitlines()
    return {line.split(" --hash=")[0].strip(): sorted(line.split()[1:]) for line in words if line.strip()}


@pytest.mark.parametrize("lock", [*LOCKS, "client_web/package-lock.json"])
def test_a_lock_names_no_address(lock: str) -> None:
    text = (TOP / lock).read_text()

    found = re.findall(r'"resolved"|--(?:index|extra-index|find-links)\S*|git\+|file:\S+', text)

    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pinned_package_has_its_hashes(lock: str) -> None:
    assert LOCKS
    assert all("sha256:" in " ".join(hashes) for hashes in pinned(lock).values())


def test_developers_run_what_users_run() -> None:
    users, developers = pinned("requirements.lock"), pinned("requirements-dev.lock")
    plain = {name.split(" ;")[0]: hashes for name, hashes in developers.items()}

    assert {name: hashes for name, hashes in users.items() if plain.get(name.split(" ;")[0]) != hashes} == {}


def test_the_client_pins_exactly() -> None:
    wanted = json.loads((TOP / "client_web" / "package.json").read_text())

    loose = [v for kind in ("dependencies", "devDependencies") for v in wanted[kind].values() if not v[0].isdigit()]

    assert loose == []


def own_files() -> list[Path]:
    """What a wheel is made from, as Git would hand it over."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("this is not a Git checkout")
    return [Path(line) for line in listed.stdout.splitlines() if (TOP / line).is_file()]


def build_wheel(tree: Path) -> set[str]:
    """Builds without a network and gives the names inside."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    built = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (wheel,) = (tree / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as inside:
        return set(inside.namelist())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for file in own_files():
        if file.parts[0] != "client_web":
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / file, tmp_path / file)
    return tmp_path


def test_the_wheel_holds_all_that_the_packages_hold(clone: Path) -> None:
    inside = build_wheel(clone)

    held = [
        file.parts[1:] for file in own_files() if len(file.parts) > 2 and FLOORS.get(file.parts[1]) == file.parts[0]
    ]
    assert {"/".join(parts) for parts in held} - inside == set()
    assert any(name.endswith("demo/data/matters.csv") for name in inside)
    assert all(name.split("/")[0] in FLOORS or ".dist-info/" in name for name in inside)
    assert SCREENS not in inside


def test_the_wheel_brings_the_screens_once_they_are_built(clone: Path) -> None:
    built = clone / "client_web" / "dist"
    built.mkdir(parents=True)
    (built / "index.html").write_text("<title>Tongban</title>")

    assert SCREENS in build_wheel(clone)
    assert not (clone / "server" / "tongban_server" / "web").exists()


def test_too_old_a_python_is_told_in_both_languages(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] || exit 1\necho Python 3.9.2\n')
    old.chmod(0o755)

    told = subprocess.run(
        ["/bin/sh", TOP / ".ci" / "make-venv", old],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert told.returncode == 1
    assert "需要 Python 3.11" in told.stderr
    assert "Python 3.11 or newer is needed (found: Python 3.9.2)" in told.stderr


@pytest.mark.skipif(os.name != "posix", reason="the scripts are for POSIX shells")
@pytest.mark.parametrize("script", ["make-venv", "run", "tools", "with-node"])
def test_a_script_may_be_run(script: str) -> None:
    assert os.access(TOP / ".ci" / script, os.X_OK)
