"""The house: everything that is put together once at start and handed to whoever opens a door."""

from dataclasses import dataclass

from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.limits import RateLimitItem
from limits.storage import storage_from_string

from tongban_queue.refusals import NotNow
from tongban_queue.store import Store
from tongban_server.papers.cellar import Cellar
from tongban_server.papers.sandbox import Sandbox
from tongban_server.people.vault import Vault
from tongban_server.settings import Settings
from tongban_server.words import Words


class TooOften(NotNow):
    """This was tried too often; please wait a little."""

    retry_after_s = 60


@dataclass(frozen=True)
class House:
    """The parts of a running server."""

    settings: Settings
    store: Store
    vault: Vault
    cellar: Cellar
    sandbox: Sandbox
    limiter: MovingWindowRateLimiter
    words: Words

    async def limit(self, rule: RateLimitItem, *whose: str) -> None:
        """Count one try; refuses `TooOften` when there were too many."""
        if not await self.limiter.hit(rule, *whose):
            raise TooOften()


def build_house(settings: Settings) -> House:
    """Put the parts together. Opens no connection yet; makes the home folder and the vault's key if there are none."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    vault = Vault.in_folder(settings.home)
    storage = storage_from_string(f"async+{settings.redis_url}" if settings.redis_url else "async+memory://")
    assert isinstance(storage, Storage)
    return House(
        settings=settings,
        store=Store(settings.database),
        vault=vault,
        cellar=Cellar(settings.home / "papers", vault.seal_paper, vault.open_paper),
        sandbox=Sandbox(at_once=settings.paper_readers),
        limiter=MovingWindowRateLimiter(storage),
        words=Words.load(),
    )
