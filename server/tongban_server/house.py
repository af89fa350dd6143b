"""The house: everything that is put together once at start and handed to whoever opens a door."""

from dataclasses import dataclass

import structlog
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.limits import RateLimitItem
from redis.exceptions import RedisError

from tongban_queue.refusals import NotNow
from tongban_queue.store import Store
from tongban_queue.working_days import WorkCalendar
from tongban_server.messages.messenger import DemoMessenger, Gateway, Messenger
from tongban_server.papers.cellar import Cellar
from tongban_server.papers.sandbox import Sandbox
from tongban_server.people.vault import Vault
from tongban_server.settings import Settings
from tongban_server.visits.waits import Waits
from tongban_server.words import Words

log = structlog.get_logger("tongban.house")


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
    own_limiter: MovingWindowRateLimiter
    words: Words
    waits: Waits
    calendar: WorkCalendar
    messenger: Messenger | None

    async def limit(self, rule: RateLimitItem, *whose: str) -> None:
        """Count one try; refuses `TooOften` when there were too many. While Redis is away each process counts alone."""
        try:
            fits = await self.limiter.hit(rule, *whose)
        except RedisError:
            log.warning("limits.counted_alone")
            fits = await self.own_limiter.hit(rule, *whose)
        if not fits:
            raise TooOften()


def build_house(settings: Settings) -> House:
    """Put the parts together. Opens no connection yet; makes the home folder and the vault's key if there are none.

    Refuses a working-day file that cannot be meant, as `WorkCalendar.in_file` does.
    """
    calendar = WorkCalendar.in_file(settings.work_calendar) if settings.work_calendar else WorkCalendar.shipped()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    vault = Vault.in_folder(settings.home)
    own_limiter = MovingWindowRateLimiter(MemoryStorage())
    store = Store(settings.database)
    return House(
        settings=settings,
        store=store,
        vault=vault,
        cellar=Cellar(settings.home / "papers", vault.seal_paper, vault.open_paper),
        sandbox=Sandbox(at_once=settings.paper_readers),
        limiter=_shared_limiter(settings.redis_url) if settings.redis_url else own_limiter,
        own_limiter=own_limiter,
        words=Words.load(),
        calendar=calendar,
        waits=Waits(store, calendar, privacy=settings.place_privacy),
        messenger=_messenger(settings),
    )


def _messenger(settings: Settings) -> Messenger | None:
    if settings.messages == "gateway":
        return Gateway(settings.message_gateway, settings.message_token, settings.message_timeout_s)
    return DemoMessenger() if settings.messages == "demo" else None


def _shared_limiter(redis_url: str) -> MovingWindowRateLimiter:
    """Counts tries over all processes."""
    return MovingWindowRateLimiter(RedisStorage(f"async+{redis_url}", implementation="redispy"))
