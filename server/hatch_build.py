"""Puts the built web client into the standard wheel, so that whoever installs it needs no Node.js.

An editable install takes no copy: it would fail before the first build and go stale after the next one.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ClientInWheel(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "standard":
            return
        built = Path(self.root, "client_web", "dist")
        if (built / "index.html").is_file():
            build_data["force_include"][str(built)] = "tongban_server/web"
        else:
            self.app.display_warning("client_web/dist is not built: this wheel will serve no screens")
