"""Migrations of the database, and the way to run them from the program itself."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from tongban_queue.store import Store
from tongban_server.tables import METADATA


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


async def migrate(store: Store) -> None:
    """Bring the database to the newest form, in one transaction."""
    async with store.writer.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))


async def differences(store: Store) -> list[object]:
    """What the database lacks against the tables of this version; empty when it is up to date."""
    async with store.writer.connect() as connection:
        return await connection.run_sync(
            lambda sync: list(compare_metadata(MigrationContext.configure(sync), METADATA))
        )
