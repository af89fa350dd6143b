"""The paper of the line says what the line does."""

import inspect
from datetime import timedelta

from tests.queue.paper import DIAGRAMS, PAPER, paper
from tongban_queue import journal
from tongban_queue.booking import DUE_AFTER, DUE_BEFORE, NO_SHOWS, NO_SHOWS_WITHIN
from tongban_queue.desk import CALLS, CANCEL_BEFORE, RING_EVERY, WRAP_UP
from tongban_queue.hours import ALWAYS, DAYS, HOLIDAY
from tongban_queue.order import AGEING
from tongban_queue.pace import ENOUGH, LAST
from tongban_queue.returning import BEHIND, REVIVE_WITHIN
from tongban_queue.ringing import ANSWER_WITHIN, UNANSWERED
from tongban_queue.wait import LADDER, SHARE
from tongban_queue.working_days import WorkCalendar


def test_the_diagrams_are_those_of_the_tables() -> None:
    text = PAPER.read_text(encoding="utf-8")

    assert text == paper()
    for diagram in DIAGRAMS.values():
        assert f"```mermaid\n{diagram()}\n```" in text


def test_the_numbers_are_those_of_the_rules() -> None:
    text = PAPER.read_text(encoding="utf-8")

    assert f"普通号等满 {AGEING.seconds // 60} 分钟" in text
    assert f"waited {AGEING.seconds // 60} minutes" in text
    assert f"间隔 {RING_EVERY.seconds} 秒" in text
    assert f"{RING_EVERY.seconds} seconds apart" in text
    assert (CALLS, "three times" in text, "叫三次" in text) == (3, True, True)
    assert f"after {WRAP_UP.seconds} seconds" in text


def test_the_numbers_of_coming_back_booking_and_ringing_are_those_of_the_rules() -> None:
    text = PAPER.read_text(encoding="utf-8")
    due, revive = DUE_BEFORE.seconds // 60, REVIVE_WITHIN.seconds // 60

    assert DUE_BEFORE == DUE_AFTER
    assert f"预约时间前 {due} 分钟起" in text
    assert f"迟到超过 {due} 分钟" in text
    assert f"from {due} minutes before its time" in text
    assert f"more than {due} minutes late" in text
    assert (CANCEL_BEFORE, "两小时前可取消" in text, "until two hours before" in text) == (
        timedelta(hours=2),
        True,
        True,
    )
    assert f"{NO_SHOWS_WITHIN.days} 天内 {NO_SHOWS} 次未到" in text
    assert f"after {NO_SHOWS} in {NO_SHOWS_WITHIN.days} days" in text
    assert f"过号后 {revive} 分钟内可恢复一次" in text
    assert f"within {revive} minutes" in text
    assert (BEHIND, "第三位之后" in text, "behind the third" in text) == (3, True, True)
    assert f"{ANSWER_WITHIN.seconds} 秒不应答换下一个；连续 {UNANSWERED} 次" in text
    assert f"after {ANSWER_WITHIN.seconds} seconds the next; after {UNANSWERED} times" in text


def test_the_numbers_of_the_told_wait_are_those_of_its_simulation() -> None:
    text = PAPER.read_text(encoding="utf-8")

    assert text.count(f"{SHARE:.0%}") + text.count(f"{SHARE * 100:.0f} %") == 2
    assert f"最近 {LAST} 次，不足 {ENOUGH} 次时" in text
    assert f"last {LAST} of each matter, where there are fewer than {ENOUGH}" in text
    assert "、".join(map(str, LADDER)) in text
    assert ", ".join(map(str, LADDER)) in text


def test_every_fault_of_the_journal_is_named() -> None:
    text = PAPER.read_text(encoding="utf-8")
    source = inspect.getsource(journal)

    for fault in ("row_edited", "columns_edited", "row_missing", "tail_cut", "head_missing"):
        assert f'"{fault}"' in source
        assert f"`{fault}`" in text


def test_the_years_of_the_working_day_file_are_named() -> None:
    text, shipped = PAPER.read_text(encoding="utf-8"), WorkCalendar.shipped()
    known = [year for year in range(2020, 2040) if shipped.knows(year)]

    assert f"`work_calendar.csv`, for {' and '.join(map(str, known))}." in text
    assert all(f"`{word}`" in text for word in (ALWAYS, DAYS[0], DAYS[6], DAYS[HOLIDAY]))
