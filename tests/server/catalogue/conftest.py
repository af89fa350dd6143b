"""A store with the catalogue's tables, and the demo's catalogue on one fixed day."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tongban_queue.store import Base, Store
from tongban_server.catalogue.exchange import put_catalogue
from tongban_server.catalogue.folder import Catalogue, read_folder
from tongban_server.demo import DATA

TODAY = date(2026, 11, 22)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/catalogue.db", clock=lambda: datetime(2026, 11, 22, 2, tzinfo=UTC))
    with store.engine.begin() as connection:
        Base.metadata.create_all(connection)
    yield store
    await store.close()


@pytest.fixture(scope="session")
def demo_catalogue() -> Catalogue:
    return read_folder(DATA, today=TODAY)


@pytest.fixture
async def demo_store(store: Store, demo_catalogue: Catalogue) -> Store:
    await store.change(lambda work: put_catalogue(work, demo_catalogue))
    return store
