"""All settings, read once from the environment (`TONGBAN_*`). This is the only module that reads it.

The paper of the settings is `server/SETTINGS.md`; a test holds it against this class.
"""

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Settings(BaseSettings):
    """What an operator may set. Lists are written as JSON."""

    model_config = SettingsConfigDict(env_prefix="TONGBAN_", frozen=True, extra="ignore")

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on.")
    public_url: str = Field(
        default="", description="Address under which browsers reach the server; default: host and port."
    )
    allowed_origins: list[str] = Field(default=[], description="Further origins whose pages may call this server.")
    trusted_proxies: list[IPv4Network | IPv6Network] = Field(
        default=[], description="Networks of reverse proxies whose X-Forwarded-For is believed."
    )
    home: Path = Field(default=Path("var"), description="Folder of all state: database, keys, papers, TLS.")
    database_url: str = Field(
        default="",
        description="Database address (`sqlite:///…`, `postgresql+psycopg://…`); default: SQLite in home.",
    )
    redis_url: str = Field(default="", description="Redis that ties several processes together; empty: one process.")
    ice_servers: list[dict[str, Any]] = Field(
        default=[], description="STUN and TURN servers given to browsers, in the form of RTCIceServer. Empty: none."
    )
    tls: Literal["off", "self-signed", "files"] = Field(
        default="off", description="`self-signed` makes a certificate in home; `files` takes the two settings below."
    )
    tls_certificate: Path | None = Field(default=None, description="PEM certificate chain, with `TONGBAN_TLS=files`.")
    tls_key: Path | None = Field(default=None, description="PEM private key, with `TONGBAN_TLS=files`.")
    metrics_token: str = Field(default="", description="Bearer token for /metrics from elsewhere; empty: none may.")
    web: Path | None = Field(
        default=None, description="Folder of the built client; default: the one that came with the package."
    )
    place_privacy: bool = Field(
        default=False, description="Tell citizens “fewer than n people ahead” in place of their exact place."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least that is logged."
    )
    paper_readers: int = Field(default=2, ge=1, le=32, description="Papers read at once, each in a process of its own.")

    work_calendar: Path | None = Field(
        default=None,
        description="CSV file of days off and weekend days worked (`day,kind`); default: the one of the package.",
    )

    messages: Literal["off", "gateway", "demo"] = Field(
        default="off", description="Messages to citizens' phones: none, by the gateway below, or shown in the demo."
    )
    message_gateway: str = Field(default="", description="Address that messages are posted to as JSON.")
    message_token: str = Field(default="", description="Bearer token for the gateway.")
    message_timeout_s: int = Field(default=10, ge=1, le=60, description="Longest wait for the gateway, in seconds.")

    @model_validator(mode="after")
    def _gateway_named(self) -> Self:
        if self.messages == "gateway" and not (self.message_gateway and self.message_token):
            raise ValueError("TONGBAN_MESSAGES=gateway needs TONGBAN_MESSAGE_GATEWAY and TONGBAN_MESSAGE_TOKEN")
        return self

    @cached_property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'tongban.db'}"

    @cached_property
    def url(self) -> str:
        """Where browsers find us, without a slash at the end."""
        scheme = "http" if self.tls == "off" else "https"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"{scheme}://{host}:{self.port}").rstrip("/")

    @cached_property
    def secure(self) -> bool:
        """Whether browsers reach us over TLS; cookies are then `Secure` and bound to the host."""
        return urlsplit(self.url).scheme == "https"

    @cached_property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may call us. On a loopback address every loopback name of this port counts."""
        own = {self.url, *self.allowed_origins}
        parts = urlsplit(self.url)
        if parts.hostname in LOOPBACK:
            port = f":{parts.port}" if parts.port else ""
            own |= {f"{parts.scheme}://{name}{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        return frozenset(map(origin_of, own))


def origin_of(url: str) -> str:
    """The origin of an address as browsers write it: lower case, without the scheme's own port, without a path."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, usual) else "")
