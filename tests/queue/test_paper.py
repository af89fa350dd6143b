"""The paper of the line says what the line does."""

import inspect

from tests.queue.paper import DIAGRAMS, PAPER, paper
from tongban_queue import journal
from tongban_queue.desk import CALLS, RING_EVERY, WRAP_UP
from tongban_queue.hours import ALWAYS, DAYS, HOLIDAY
from tongban_queue.order import AGEING
from tongban_queue.pace import ENOUGH, LAST
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
