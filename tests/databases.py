"""Databases of this run's own: a template with all tables, and a copy of it for each test that asks."""

import asyncio
import importlib
import pkgutil
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

import tongban_queue
import tongban_server
import tongban_signaling
from tongban_queue.store import Base

FLOORS = (tongban_queue, tongban_signaling, tongban_server)
NOT_TABLES = ("__main__", "cli", "migrations")
#: A PostgreSQL takes connections a little before it takes orders.
STARTING_TRIES = 150


async def lay_tables(url: str) -> None:
    """Gives an empty database every table that the three floors map."""
    learn_tables()
    engine = create_engine(url, poolclass=NullPool)
    await asyncio.to_thread(Base.metadata.create_all, engine)
    engine.dispose()


def learn_tables() -> None:
    for floor in FLOORS:
        for module in pkgutil.walk_packages(floor.__path__, f"{floor.__name__}."):
            if not any(part in NOT_TABLES for part in module.name.split(".")):
                importlib.import_module(module.name)


def named(server_url: str, database: str) -> str:
    """The URL of one database on a PostgreSQL server."""
    url = make_url(server_url).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)


@asynccontextmanager
async def postgres_database(server_url: str, template: str = "template1") -> AsyncIterator[str]:
    """Makes a database, gives its URL and drops it at the end. `server_url` names another one to give orders from."""
    name = f"tongban_test_{secrets.token_hex(6)}"
    await order(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield named(server_url, name)
    finally:
        await order(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def order(server_url: str, statement: str) -> None:
    """Runs one statement outside a transaction, as CREATE DATABASE asks; waits for a server that is still starting."""
    engine = create_engine(server_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    for left in reversed(range(STARTING_TRIES)):
        try:
            await asyncio.to_thread(_execute, engine, statement)
            return
        except DBAPIError as error:
            if left == 0 or "starting up" not in str(error.orig):
                raise
            await asyncio.sleep(0.2)


def _execute(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))
