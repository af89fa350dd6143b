"""Every module of the house, imported: what is found by walking subclasses or tables must have been imported first."""

import importlib
import pkgutil
from types import ModuleType

import tongban_queue
import tongban_server
import tongban_signaling

FLOORS = (tongban_queue, tongban_signaling, tongban_server)
#: Alembic's scripts run only under Alembic.
NOT_ALONE = "tongban_server.migrations."


def import_everything() -> list[ModuleType]:
    """All modules of the three floors."""
    found = [module.name for floor in FLOORS for module in pkgutil.walk_packages(floor.__path__, f"{floor.__name__}.")]
    return [importlib.import_module(name) for name in found if not name.startswith(NOT_ALONE)]
