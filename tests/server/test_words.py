"""Every refusal can be told to a person, in both languages."""

import json
import re
from datetime import UTC, datetime
from importlib.resources import files
from string import Template
from typing import get_args

import pytest

from tests.server.every_module import import_everything
from tongban_queue.opening import Closed
from tongban_queue.refusals import BadInput, Refused, all_refusals, code_of
from tongban_server.catalogue.opening import OfficeClosed
from tongban_server.messages.outbox import MessageKind
from tongban_server.visits.views import Language
from tongban_server.words import LANGUAGES, Phrase, Words, language_of

import_everything()


def catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((files("tongban_server.words") / f"{language}.json").read_text("utf-8"))
    return found


def ours() -> set[str]:
    """The codes of the product's refusals; tests of other floors may have made some of their own."""
    return {code_of(refusal) for refusal in all_refusals() if refusal.__module__.startswith("tongban_")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_words_and_no_words_are_left_over(language: str) -> None:
    assert {key for key in catalogue(language) if "." not in key} == ours()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_one_that_is_told(language: str) -> None:
    moment = {"moment.day_and_time", "moment.weekdays", "moment.months"}
    opens = {"opens.known", "opens.guessed", "opens.never"}

    spoken = {f"language.{language}" for language in get_args(Language)}

    messages = {f"message.{kind}" for kind in MessageKind}
    told = {f"closed.{why}" for why in Closed} | opens | moment | spoken | messages
    assert {key for key in catalogue(language) if "." in key} == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_sentences_in_their_order(language: str) -> None:
    words = catalogue(language)

    assert list(words) == sorted(words)
    assert all(text.strip() == text for text in words.values())
    assert all(text.endswith(("。", ".", "）", ")")) for key, text in words.items() if "." not in key)


def test_no_english_in_chinese_words_and_no_chinese_in_english_ones() -> None:
    assert not [text for text in catalogue("en").values() if re.search(r"[\u4e00-\u9fff]", text)]
    zh = catalogue("zh-CN")
    assert not [key for key, text in zh.items() if key != "moment.months" and not re.search(r"[\u4e00-\u9fff]", text)]


def test_both_languages_name_the_same_values() -> None:
    zh, en = catalogue("zh-CN"), catalogue("en")
    names = {code: set(Template(text).get_identifiers()) for code, text in zh.items()}

    assert all(Template(text).is_valid() for text in [*zh.values(), *en.values()])
    assert names == {code: set(Template(text).get_identifiers()) for code, text in en.items()}


def test_a_refusal_without_words_of_its_own_speaks_by_its_kind() -> None:
    words = Words({"en": {"bad_input": "Please look at $place again."}, "zh-CN": {}})
    refusal: Refused = type("MadeUpForThisTest", (BadInput,), {})(place="the end")

    assert words.refusal(refusal, "en") == "Please look at the end again."


@pytest.mark.parametrize(
    ("at", "guessed", "zh", "en"),
    [
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), False, "11月23日（周一）09:00", "Monday 23 November at 09:00"),
        (datetime(2026, 12, 31, 16, 5, tzinfo=UTC), True, "1月1日（周五）00:05", "Friday 1 January at 00:05"),
    ],
)
def test_a_closed_place_is_told_with_its_moment_in_shanghai(at: datetime, guessed: bool, zh: str, en: str) -> None:
    opens = Phrase("opens.guessed" if guessed else "opens.known", {"at": at})
    refusal = OfficeClosed(place="平湖", phone="1", why=Phrase("closed.lunch"), opens=opens)
    words = Words.load()

    told = {language: words.refusal(refusal, language) for language in LANGUAGES}

    assert f"平湖现在没有开放：午间休息。{zh} 开放" in told["zh-CN"]
    assert f"平湖 is not open now (lunch break). It opens on {en}" in told["en"]
    assert ("日历缺失，按周一至周五计" in told["zh-CN"], "calendar missing" in told["en"]) == (guessed, guessed)
    assert "$" not in told["zh-CN"] + told["en"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "zh-CN"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("en-GB,en;q=0.9,zh;q=0.1", "en"), ("de", "zh-CN")],
)
def test_chinese_unless_english_is_asked_for_first(accepted: str, language: str) -> None:
    assert language_of(accepted) == language
