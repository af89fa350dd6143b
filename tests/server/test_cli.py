"""The command `tongban`, as an operator runs it: in a process of its own, on a home folder of its own."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


class Operator:
    """Runs the command on one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.more: dict[str, str] = {}

    def __call__(self, *words: str, good: bool = True) -> str:
        floors = ":".join(str(TOP / floor) for floor in ("queue", "signaling", "server"))
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": floors,
            "TONGBAN_HOME": str(self.home),
            "COLUMNS": "200",
            **self.more,
        }
        command = [sys.executable, "-c", "from tongban_server.cli import main; main()", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        assert (done.returncode == 0) is good, (done.stdout, done.stderr)
        return done.stdout + done.stderr


@pytest.fixture
def tongban(tmp_path: Path) -> Operator:
    operator = Operator(tmp_path / "home")
    operator("migrate")
    operator("catalogue", "import", str(TOP / "server/tongban_server/demo/data"))
    return operator


def test_every_command_explains_itself(tmp_path: Path) -> None:
    operator = Operator(tmp_path / "home")

    told = operator("--help")

    for name in ("serve", "migrate", "demo", "staff", "kiosk", "catalogue", "audit"):
        assert name in told
        assert "Usage" in operator(name, "--help")


def test_a_catalogue_comes_out_as_it_went_in(tongban: Operator, tmp_path: Path) -> None:
    tongban("catalogue", "export", str(tmp_path / "first"))
    tongban("catalogue", "import", str(tmp_path / "first"))
    tongban("catalogue", "export", str(tmp_path / "second"))

    files = sorted(each.name for each in (tmp_path / "first").iterdir())
    assert "matters.csv" in files
    assert all((tmp_path / "first" / name).read_text() == (tmp_path / "second" / name).read_text() for name in files)


def test_a_faulty_catalogue_changes_nothing_and_names_the_row(tongban: Operator, tmp_path: Path) -> None:
    tongban("catalogue", "export", str(tmp_path / "faulty"))
    matters = tmp_path / "faulty" / "matters.csv"
    matters.write_text(matters.read_text().replace("promised", "someday", 1))

    told = tongban("catalogue", "import", str(tmp_path / "faulty"), good=False)

    assert "matters.csv" in told
    assert "Traceback" not in told


def test_staff_are_added_once_and_closed(tongban: Operator) -> None:
    added = tongban("staff", "add", "wang", "--name", "王示例", "--role", "auditor")
    again = tongban("staff", "add", "wang", "--name", "王示例", "--role", "auditor")
    refused = tongban(
        "staff", "add", "li", "--name", "李示例", "--role", "auditor", "--role", "system_admin", good=False
    )

    assert added.startswith("wang: ")
    assert "password as before" in again
    assert "Traceback" not in refused
    assert "wang" in tongban("staff", "list")
    tongban("staff", "disable", "wang")
    assert "wang" not in tongban("staff", "list")


def test_a_kiosk_gets_a_code_and_is_revoked(tongban: Operator) -> None:
    code = tongban("kiosk", "code", "lianshui-k1").strip()
    tongban("kiosk", "revoke", "lianshui-k1")

    assert len(code.replace("-", "")) == 12
    assert "revoked" in next(line for line in tongban("kiosk", "list").splitlines() if line.startswith("lianshui-k1"))
    assert "Traceback" not in tongban("kiosk", "code", "nowhere", good=False)


def test_the_audit_finds_an_edited_row(tongban: Operator) -> None:
    tongban("kiosk", "code", "lianshui-k1")
    assert "0 faults" in tongban("audit", "verify")

    with sqlite3.connect(tongban.home / "tongban.db") as database:
        database.execute("UPDATE journal SET text = replace(text, 'lianshui-k1', 'lianshui-k2')")
    database.close()

    assert "row_edited" in tongban("audit", "verify", good=False)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"day,kind\n2026-02-30,off\n", ("第 2 行不对（2026-02-30）", "Line 2 of the working-day file")),
        ("day,kind\n2026-01-01,放假\n".encode("gb18030"), ("读不到工作日历文件", "cannot be read")),
    ],
)
def test_a_calendar_that_cannot_be_meant_stops_the_start(tmp_path: Path, content: bytes, told: tuple[str, str]) -> None:
    (tmp_path / "days.csv").write_bytes(content)
    operator = Operator(tmp_path / "home")
    operator.more["TONGBAN_WORK_CALENDAR"] = str(tmp_path / "days.csv")

    for command in (("serve",), ("demo", "run"), ("migrate",)):
        said = operator(*command, good=False)
        assert told[0] in said
        assert told[1] in said
        assert "Traceback" not in said
