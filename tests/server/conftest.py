"""The hall, over each database, stocked once for the whole run and copied for each test."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.databases import postgres_database
from tests.server.hall import Hall, open_hall, sqlite_copy, stock

Stocked = tuple[str, dict[str, str]]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of a test is set by the test alone."""
    for name in [name for name in os.environ if name.startswith("TONGBAN_") and not name.startswith("TONGBAN_TEST")]:
        if name != "TONGBAN_SOAK":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
async def stocked_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Stocked:
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("stocked") / "tongban.sqlite"))
    return str(file), await stock(f"sqlite:///{file}")


@pytest.fixture(scope="session")
async def stocked_postgres(postgres_server_url: str, postgres_template: str) -> AsyncIterator[Stocked]:
    async with postgres_database(postgres_server_url, template=postgres_template) as url:
        yield str(make_url(url).database), await stock(url)


@pytest.fixture
async def hall(stocked_sqlite: Stocked, tmp_path: Path) -> AsyncIterator[Hall]:
    """The server over SQLite."""
    url, passwords = sqlite_copy(stocked_sqlite, tmp_path)
    async with open_hall(tmp_path / "home", url, passwords) as opened:
        yield opened


@pytest.fixture
async def postgres_hall(stocked_postgres: Stocked, postgres_server_url: str, tmp_path: Path) -> AsyncIterator[Hall]:
    """The server over PostgreSQL."""
    template, passwords = stocked_postgres
    async with (
        postgres_database(postgres_server_url, template=template) as url,
        open_hall(tmp_path / "home", url, passwords) as opened,
    ):
        yield opened


@pytest.fixture(params=["hall", pytest.param("postgres_hall", marks=pytest.mark.postgres)])
def any_hall(request: pytest.FixtureRequest) -> Hall:
    """The test runs once over SQLite and once over PostgreSQL."""
    opened: Hall = request.getfixturevalue(request.param)
    return opened
