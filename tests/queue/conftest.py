"""The hall of these tests, on each database."""

from collections.abc import AsyncIterator

import pytest

from tests.queue.builders import Hall


@pytest.fixture
async def hall(database_url: str) -> AsyncIterator[Hall]:
    """The small hall of `builders`, once on SQLite and once on PostgreSQL."""
    hall = await Hall(database_url).lay()
    yield hall
    await hall.store.close()


@pytest.fixture
async def postgres_hall(postgres_url: str) -> AsyncIterator[Hall]:
    """The same hall where several processes really act at once."""
    hall = await Hall(postgres_url).lay()
    yield hall
    await hall.store.close()


@pytest.fixture
async def rival_hall(postgres_hall: Hall) -> AsyncIterator[Hall]:
    """Another process over the database of `postgres_hall`."""
    rival = postgres_hall.rival()
    yield rival
    await rival.store.close()
