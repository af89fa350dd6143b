"""What a browser gets back, and the two ways to look at it: it went well, or it was refused and with which code."""

import json
from dataclasses import dataclass
from typing import Any

from multidict import CIMultiDictProxy


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    raw: bytes
    headers: CIMultiDictProxy[str]

    @property
    def json(self) -> Any:
        return json.loads(self.raw) if self.raw else None

    def good(self) -> Any:
        """The body of an answer that must be 2xx."""
        assert self.status < 300, (self.status, self.raw[:500])
        return self.json if "json" in self.headers.get("Content-Type", "") else self.raw

    def refused(self, code: str, status: int | None = None) -> Any:
        """The body of a refusal that must have this code; it always has words."""
        body = self.json
        assert body is not None, (self.status, self.raw)
        assert body.get("code") == code, (self.status, body)
        assert body["text"]
        assert "$" not in body["text"]
        assert status is None or self.status == status, (self.status, body)
        return body
