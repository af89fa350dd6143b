"""The settings, their paper, and that nothing else reads the environment."""

import ast
from pathlib import Path

import pytest
from pydantic import ValidationError

from tongban_server.settings import Settings

TOP = Path(__file__).parents[2]
FLOORS = ("queue/tongban_queue", "signaling/tongban_signaling", "server/tongban_server")


def test_the_paper_names_every_setting_with_its_meaning_and_default() -> None:
    rows = [
        row for row in (TOP / "server/SETTINGS.md").read_text("utf-8").splitlines() if row.startswith("| `TONGBAN_")
    ]

    assert len(rows) == len(Settings.model_fields)
    for row, (name, field) in zip(rows, Settings.model_fields.items(), strict=True):
        assert row.startswith(f"| `TONGBAN_{name.upper()}` |")
        assert field.description
        assert row.endswith(f"| {field.description} |")
        assert str(field.default or "—") in row


def test_the_issue_s_settings_are_there() -> None:
    promised = "host port public_url trusted_proxies home database_url redis_url"

    assert set(promised.split()) <= set(Settings.model_fields)


@pytest.mark.parametrize("file", [file for floor in FLOORS for file in sorted((TOP / floor).rglob("*.py"))], ids=str)
def test_only_the_settings_read_the_environment(file: Path) -> None:
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "os"}
    for node in nodes:
        read |= (
            {name.name for name in node.names} if isinstance(node, ast.ImportFrom) and node.module == "os" else set()
        )

    assert file.name == "settings.py" or not read & {"environ", "environb", "getenv", "getenvb"}


def test_settings_come_from_the_environment_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TONGBAN_PORT", "9000")
    monkeypatch.setenv("TONGBAN_TRUSTED_PROXIES", '["10.0.0.0/8", "fd00::/8"]')
    monkeypatch.setenv("TONGBAN_HOME", str(tmp_path))
    settings = Settings()
    monkeypatch.setenv("TONGBAN_PORT", "9001")

    assert (settings.port, settings.url, len(settings.trusted_proxies)) == (9000, "http://127.0.0.1:9000", 2)
    assert settings.database == f"sqlite:///{tmp_path / 'tongban.db'}"


WRONG = [("PORT", "70000"), ("PORT", "eighty"), ("TLS", "maybe"), ("TRUSTED_PROXIES", '["us"]'), ("PAPER_READERS", "0")]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_value_that_cannot_be_meant_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"TONGBAN_{name}", value)

    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize(
    ("public_url", "tls", "secure", "origins"),
    [
        ("", "off", False, {"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"}),
        ("https://window.example/", "off", True, {"https://window.example"}),
        ("http://window.example:8080", "off", False, {"http://window.example:8080"}),
        ("https://localhost", "off", True, {"https://127.0.0.1", "https://localhost", "https://[::1]"}),
        ("http://localhost:80", "off", False, {"http://127.0.0.1", "http://localhost", "http://[::1]"}),
    ],
)
def test_our_origins_are_as_browsers_write_them(public_url: str, tls: str, secure: bool, origins: set[str]) -> None:
    settings = Settings(public_url=public_url, tls=tls)  # type: ignore[arg-type]

    assert (settings.secure, settings.origins) == (secure, origins)
