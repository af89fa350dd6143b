"""Migrations of the database, and the way to run them from the program itself."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from tongban_queue.store import Store
from tongban_server.tables import METADATA


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


async def migrate(store: Store) -> None:
    """Bring the database to the newest form, in one transaction."""
    await asyncio.to_thread(_upgrade, store.engine)


async def differences(store: Store) -> list[object]:
    """What the database lacks against the tables of this version; empty when it is up to date."""
    return await asyncio.to_thread(_compared, store.engine)


def _upgrade(engine: Engine) -> None:
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")


def _compared(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))
