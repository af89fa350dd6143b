"""The journal shows every later hand."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from tests.queue.builders import MORNING, Hall
from tongban_queue import desk, journal
from tongban_queue.journal import Entry, Fault, Head
from tongban_queue.store import Work
from tongban_queue.ticket import PriorityGroup

Hand = Callable[[Work], Awaitable[Any]]


@pytest.fixture
async def told(hall: Hall) -> Hall:
    """A hall in whose office `east` six things happened."""
    await hall.do(desk.end, (await hall.connected()).id)
    await hall.forget("lake-1")
    await hall.do(desk.mark_priority, (await hall.wait()).id, group=PriorityGroup.ILL)
    return hall


async def faults(hall: Hall, stream: str = "east") -> list[tuple[int, str]]:
    with hall.store.reading() as work:
        return [(row.number, row.what) for row in journal.verify(work, stream) if isinstance(row, Fault)]


def row(number: int) -> Any:
    return (Entry.stream == "east") & (Entry.number == number)


async def test_numbers_follow_without_a_gap(told: Hall) -> None:
    entries = await told.entries()

    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.kind for entry in entries] == [
        "window.opened",
        "ticket.taken",
        "ticket.called",
        "ticket.connected",
        "ticket.ended",
        "ticket.taken",
        "ticket.released",
        "ticket.priority_marked",
    ]


async def test_an_untouched_stream_has_no_fault(told: Hall) -> None:
    assert await faults(told) == []


async def test_an_unknown_stream_has_no_fault(told: Hall) -> None:
    assert await faults(told, "nowhere") == []


async def test_an_edited_text_is_found(told: Hall) -> None:
    text = (await told.entries())[2].text.replace("D001", "D002")
    await told.do(lambda work: work.session.execute(update(Entry).where(row(3)).values(text=text)))

    assert await faults(told) == [(3, "row_edited")]


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '"x"'])
async def test_a_text_that_is_no_row_is_found(told: Hall, text: str) -> None:
    await told.do(lambda work: work.session.execute(update(Entry).where(row(3)).values(text=text)))

    assert await faults(told) == [(3, "row_edited"), (3, "columns_edited")]


async def test_an_edited_row_with_a_fitting_hash_is_found_at_the_next(told: Hall) -> None:
    before, edited = (await told.entries())[1:3]
    text = edited.text.replace("D001", "D002")
    values = {"text": text, "hash": journal.chained(before.hash, text)}
    await told.do(lambda work: work.session.execute(update(Entry).where(row(3)).values(**values)))

    assert await faults(told) == [(4, "row_edited")]


@pytest.mark.parametrize("column", ["kind", "ticket_id", "at"])
async def test_an_edited_column_is_found(told: Hall, column: str) -> None:
    values = {column: told.clock.now.replace(year=2020) if column == "at" else "other"}
    await told.do(lambda work: work.session.execute(update(Entry).where(row(3)).values(**values)))

    assert await faults(told) == [(3, "columns_edited")]


async def test_a_deleted_row_is_found(told: Hall) -> None:
    await told.do(lambda work: work.session.execute(delete(Entry).where(row(3))))

    assert await faults(told) == [(4, "row_missing"), (4, "row_edited")]


async def test_swapped_rows_are_found(told: Hall) -> None:
    def swap(work: Work) -> None:
        for old, new in ((3, 99), (4, 3), (99, 4)):
            work.session.execute(update(Entry).where(row(old)).values(number=new))

    await told.do(swap)

    assert {number for number, _ in await faults(told)} == {3, 4, 5}


async def test_a_cut_tail_is_found(told: Hall) -> None:
    await told.do(lambda work: work.session.execute(delete(Entry).where(Entry.stream == "east", Entry.number > 5)))

    assert await faults(told) == [(8, "tail_cut")]


async def test_a_stream_without_its_head_is_found(told: Hall) -> None:
    await told.do(lambda work: work.session.execute(delete(Head).where(Head.stream == "east")))

    assert await faults(told) == [(8, "head_missing")]


async def test_what_happens_while_one_verifies_is_no_fault(told: Hall) -> None:
    found: list[Fault] = []
    with told.store.reading() as work:
        for one in journal.verify(work, "east"):
            if isinstance(one, Entry) and one.number == 1:
                await told.wait()
            elif isinstance(one, Fault):
                found.append(one)

    assert found == []


async def test_a_body_holds_nothing_personal(told: Hall) -> None:
    text = "".join(entry.text for entry in await told.entries())
    ticket = await told.take(person="secret-digest")
    text += (await told.entries())[-1].text

    assert "ticket.taken" in text
    for personal in ("secret-digest", ticket.slip, "personKey", "person_key", "slip", "idNumber", "phone"):
        assert personal not in text


async def test_a_body_says_who_did_it_and_what_the_board_saw(told: Hall) -> None:
    entry = (await told.entries())[2]
    shows = next(one.shows for one in told.told if one.subject == "board:east" and one.version == 3)

    assert entry.body == {**shows, "by": "system"}
    assert json.loads(entry.text)["kind"] == "ticket.called"


async def test_each_office_has_its_own_stream(told: Hall) -> None:
    await told.wait("trade")
    with told.store.reading() as work:
        streams = journal.streams(work)

    assert streams == ["east", "west"]
    assert [entry.number for entry in await told.entries("west")] == [1, 2]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), part),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(body=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, max_size=4))
def test_the_text_of_a_row_is_the_same_in_every_json_writer(body: dict[str, Any]) -> None:
    text = journal.canonical("east", 1, MORNING, "thing.done", None, body)

    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize("foreign", [MORNING, 1j, object(), {1, 2}])
def test_a_body_holds_only_what_json_knows(foreign: object) -> None:
    with pytest.raises(TypeError):
        journal.canonical("east", 1, MORNING, "thing.done", None, {"what": foreign})
