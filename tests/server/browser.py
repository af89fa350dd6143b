"""A browser with a cookie jar of its own that shows one face of the product."""

import uuid
from typing import Any

import aiohttp

from tests.server.reply import Reply

Json = dict[str, Any]


class Browser:
    """Sends what our pages send: the face, a fresh idempotency key with whatever changes something."""

    def __init__(self, session: aiohttp.ClientSession, face: str | None) -> None:
        self.session = session
        self.face = face

    async def ask(
        self,
        method: str,
        path: str,
        said: Any = None,
        *,
        raw: Any = None,
        key: str | None = None,
        headers: dict[str, str | None] | None = None,
    ) -> Reply:
        """One request. `headers` with None leave one out."""
        sent: dict[str, str | None] = {"X-Tongban-Face": self.face, "Accept-Language": "en"}
        if method != "GET":
            sent["Idempotency-Key"] = key or str(uuid.uuid4())
        sent |= headers or {}
        given = {name: value for name, value in sent.items() if value is not None}
        body: Json = {"data": raw} if raw is not None else {"json": said} if said is not None else {}
        async with self.session.request(method, path, headers=given, allow_redirects=False, **body) as response:
            return Reply(response.status, await response.read(), response.headers)

    async def get(self, path: str, **named: Any) -> Reply:
        return await self.ask("GET", path, **named)

    async def post(self, path: str, said: Any = None, **named: Any) -> Reply:
        return await self.ask("POST", path, said, **named)

    async def put(self, path: str, said: Any = None, **named: Any) -> Reply:
        return await self.ask("PUT", path, said, **named)

    def cookie(self, name: str) -> str | None:
        """The value of one of our cookies in this browser's jar."""
        return next((kept.value for kept in self.session.cookie_jar if kept.key == f"tongban_{name}"), None)
