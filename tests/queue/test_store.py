"""One database, one way to change it: all of it or nothing, and told afterwards."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from tests.queue.builders import MORNING, Hall, a_kiosk
from tongban_queue import journal
from tongban_queue.hall import Kiosk
from tongban_queue.refusals import NotNow, all_refusals
from tongban_queue.store import Chance, Store, StoreUnsafe, Told, UtcMoment, Work

NAIVE = datetime(2026, 11, 23)


async def test_a_moment_without_its_zone_is_refused(hall: Hall) -> None:
    with pytest.raises(StatementError, match="without its zone"):
        await hall.add(a_kiosk("new", "lake", seen_at=NAIVE))


async def test_a_moment_comes_back_as_the_same_moment_in_utc(hall: Hall) -> None:
    shanghai = MORNING.astimezone(timezone(timedelta(hours=8)))
    await hall.add(a_kiosk("new", "lake", seen_at=shanghai))

    seen_at = (await hall.kiosk("new")).seen_at
    assert seen_at == shanghai
    assert seen_at
    assert seen_at.tzinfo is UTC


def test_no_moment_stays_none() -> None:
    assert UtcMoment().process_bind_param(None, sqlite.dialect()) is None


async def test_a_change_that_raises_leaves_nothing_and_tells_nobody(hall: Hall) -> None:
    def half(work: Work) -> None:
        work.session.add(a_kiosk("half", "lake"))
        journal.record(work, "east", "thing.done", {})
        work.told.append(Told("board:east", 1, "thing.done", work.now, {}))
        raise NotNow

    with pytest.raises(NotNow):
        await hall.do(half)
    assert hall.told == []
    assert await hall.entries() == []
    with hall.store.reading() as work:
        assert work.session.get(Kiosk, "half") is None


async def test_listeners_are_told_after_the_commit(hall: Hall) -> None:
    seen: list[int] = []

    async def look(told: list[Told]) -> None:
        seen.append(len(await hall.entries()))

    hall.store.listeners.append(look)
    await hall.open("east-1")

    assert seen == [1]


async def test_a_listener_that_fails_undoes_nothing_and_silences_nobody(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(told: list[Told]) -> None:
        raise ConnectionError("the bus is gone")

    hall.store.listeners.insert(0, fail)
    await hall.open("east-1")

    assert [fact.kind for fact in hall.told] == ["window.opened"]
    assert "the bus is gone" in caplog.text


async def test_a_reading_sees_one_moment(hall: Hall) -> None:
    with hall.store.reading() as work:
        before = work.session.scalar(text("SELECT count(*) FROM journal"))
        await hall.open("east-1")
        after = work.session.scalar(text("SELECT count(*) FROM journal"))

    assert (before, after) == (0, 0)


async def test_a_store_that_is_safe_is_accepted(hall: Hall) -> None:
    await hall.store.require_durable()


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "journal_mode=DELETE"])
async def test_sqlite_that_could_lose_a_write_is_refused(sqlite_url: str, pragma: str) -> None:
    store = Store(sqlite_url)

    @event.listens_for(store.engine, "connect")
    def _loosen(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA {pragma}")

    with pytest.raises(StoreUnsafe):
        await store.require_durable()
    await store.close()


@pytest.mark.postgres
async def test_postgresql_that_could_lose_a_write_is_refused(postgres_url: str) -> None:
    store = Store(postgres_url)
    with store.engine.begin() as connection:
        name = (connection.execute(text("SELECT current_database()"))).scalar_one()
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    store.engine.dispose()

    with pytest.raises(StoreUnsafe):
        await store.require_durable()
    await store.close()


def test_slip_codes_have_no_letter_that_is_read_wrongly() -> None:
    chance = Chance()
    slips = [chance.slip_code() for _ in range(200)]

    assert {len(slip) for slip in slips} == {6}
    assert not set("".join(slips)) & set("IO01L")
    assert len({chance.new_id() for _ in range(200)}) == 200


def test_every_refusal_has_a_kind_a_code_of_its_own_and_a_sentence() -> None:
    refusals = [refusal for refusal in all_refusals() if refusal.__module__.startswith("tongban_queue")]
    codes = [refusal().code for refusal in refusals]

    assert len(set(codes)) == len(codes)
    assert {refusal.kind for refusal in refusals} == {"not_found", "not_allowed", "not_now", "bad_input"}
    assert all((refusal.__doc__ or "").endswith(".") for refusal in refusals)
