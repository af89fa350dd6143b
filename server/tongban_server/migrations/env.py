"""How Alembic reaches the database: over the connection that `migrate` gives it, or to write a new revision."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from tongban_queue.store import UtcMoment
from tongban_server.tables import METADATA


def _render(kind: str, thing: object, _autogen: object) -> str | Literal[False]:
    """A moment is an ordinary column to the database; a migration does not depend on our class."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcMoment) else False


def _run(connection: Connection) -> None:
    batch = connection.dialect.name == "sqlite"
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=batch, render_item=_render)
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
