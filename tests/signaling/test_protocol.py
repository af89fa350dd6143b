"""The paper of the wire says what the vocabulary says, no more and no less."""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tongban_signaling import arrival, refusals, tells, typescript
from tongban_signaling.limits import Door, Limits
from tongban_signaling.message import Message
from tongban_signaling.vocabulary import ANSWERS, ASKS, TELLS

PAPER = (Path(__file__).parents[2] / "signaling" / "PROTOCOL.md").read_text()
BLOCK = re.compile(r"^```json ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANSWER_KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in (*ANSWERS.values(), tells.Refusal)}


def chapter(title: str) -> str:
    """The text of a chapter."""
    return re.split(r"^## ", PAPER.split(f"\n## {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def examples(title: str) -> dict[str, list[Any]]:
    """Event -> its examples, in one chapter."""
    found: dict[str, list[Any]] = defaultdict(list)
    for section in chapter(title).split("\n### ")[1:]:
        name, _, text = section.partition("\n")
        found[name.strip("`")] = [json.loads(block) for _, block in BLOCK.findall(text)]
    return found


def paths(said: Any, kind: type[BaseModel]) -> set[str]:
    """The fields that an example shows, as `Model.alias`, at every depth."""
    found: set[str] = set()
    for name, field in kind.model_fields.items():
        alias = field.serialization_alias or field.alias or name
        if alias in said:
            found.add(f"{kind.__name__}.{alias}")
            inner = [arg for arg in (field.annotation, *getattr(field.annotation, "__args__", ()))]
            models = [arg for arg in inner if isinstance(arg, type) and issubclass(arg, BaseModel)]
            found.update(*(paths(said[alias], model) for model in models))
    return found


def every_field(kind: type[BaseModel]) -> set[str]:
    """Every field of a message, at every depth."""
    found: set[str] = set()
    for name, field in kind.model_fields.items():
        found.add(f"{kind.__name__}.{field.serialization_alias or field.alias or name}")
        inner = (field.annotation, *getattr(field.annotation, "__args__", ()))
        found.update(*(every_field(arg) for arg in inner if isinstance(arg, type) and issubclass(arg, BaseModel)))
    return found


@pytest.mark.parametrize(("title", "kinds"), [("Page → hall", ASKS), ("Hall → page", TELLS)])
def test_every_event_is_there_and_no_other(title: str, kinds: dict[str, type[Message]]) -> None:
    assert list(examples(title)) == list(kinds)


@pytest.mark.parametrize(
    ("title", "name", "kind"),
    [("Page → hall", *item) for item in ASKS.items()] + [("Hall → page", *item) for item in TELLS.items()],
)
def test_the_examples_parse_and_the_fields_are_the_vocabularys(title: str, name: str, kind: type[Message]) -> None:
    said = examples(title)[name]

    assert [kind.parse(example).wire() for example in said] == said
    shown: set[str] = set().union(*(paths(example, kind) for example in said))
    assert {field for field in every_field(kind) if field.startswith(kind.__name__)} <= shown
    if name == "call.signal" and title == "Page → hall":
        assert shown == every_field(kind)


@pytest.mark.parametrize("name", ASKS)
def test_every_ask_says_who_and_what_answers(name: str) -> None:
    section = chapter("Page → hall").split(f"\n### `{name}`\n", 1)[1].split("\n### ")[0]

    assert section.startswith("Who: ")
    assert f"`{ANSWERS[name].__name__}`" in section


def test_the_answers_parse() -> None:
    shown = {name: json.loads(block) for name, block in BLOCK.findall(chapter("Answers"))}

    assert set(shown) == set(ANSWER_KINDS)
    for name, example in shown.items():
        assert ANSWER_KINDS[name].parse(example).wire() == example
        assert set(example) == {field.split(".")[1] for field in every_field(ANSWER_KINDS[name])}


def test_every_refusal_of_this_floor_is_named() -> None:
    codes = [kind().code for kind in vars(refusals).values() if getattr(kind, "__module__", "") == refusals.__name__]

    assert codes
    assert [code for code in codes if f"`{code}`" not in PAPER] == []


def test_the_limits_are_the_real_ones() -> None:
    limits = Limits()
    line = chapter("The line")

    def credit(most: float, per_s: float) -> str:
        return f"| {most:g} at once, then {per_s:g} a second |"

    rows = [credit(limits.frames.most, limits.frames.per_s)]
    rows += [credit(limits.doors[door].most, limits.doors[door].per_s) for door in Door]
    rows += [f"| {limits.frame_bytes // 1024} KiB |", f"| {limits.pages_per_identity} |"]
    rows += [f"| {limits.subjects_per_page} and {limits.seats_per_page} |"]
    assert [row for row in rows if row not in line] == []


def test_the_handshake_is_one_that_is_let_in() -> None:
    (auth,) = (json.loads(block) for name, block in BLOCK.findall(PAPER) if name == "handshake")

    assert (arrival.face_of(auth), arrival.language_of(auth, {})) == ("kiosk", "zh-CN")


def test_typescript_knows_every_event_and_every_field() -> None:
    made = typescript.typescript()

    assert made == typescript.typescript()
    assert "$ref" not in made
    assert "tongban_signaling__" not in made
    for name in (*ASKS, *TELLS):
        assert f"  '{name}': (message: " in made or f"  {name}: (message: " in made
    for kind in (*ASKS.values(), *TELLS.values(), *ANSWER_KINDS.values()):
        assert all(re.search(rf"^  {field.split('.')[1]}\??: ", made, re.MULTILINE) for field in every_field(kind))
