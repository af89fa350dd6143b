"""The migrations lay exactly the tables that this version maps, on both databases; again is nothing."""

from tongban_queue.store import Store
from tongban_server.migrations import differences, migrate


async def test_migrations_lay_what_is_mapped(empty_database_url: str) -> None:
    store = Store(empty_database_url)
    try:
        await migrate(store)
        await migrate(store)

        assert await differences(store) == []
    finally:
        await store.close()
