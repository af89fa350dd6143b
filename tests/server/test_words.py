"""Every refusal can be told to a person, in both languages."""

import json
import re
from importlib.resources import files
from string import Template

import pytest

from tests.server.every_module import import_everything
from tongban_queue.refusals import BadInput, Refused, all_refusals, code_of
from tongban_server.words import LANGUAGES, Words, language_of

import_everything()


def catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((files("tongban_server.words") / f"{language}.json").read_text("utf-8"))
    return found


def ours() -> set[str]:
    """The codes of the product's refusals; tests of other floors may have made some of their own."""
    return {code_of(refusal) for refusal in all_refusals() if refusal.__module__.startswith("tongban_")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_words_and_no_words_are_left_over(language: str) -> None:
    assert set(catalogue(language)) == ours()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_sentences_in_their_order(language: str) -> None:
    words = catalogue(language)

    assert list(words) == sorted(words)
    assert all(text.strip() == text and text.endswith(("。", ".", "）", ")")) for text in words.values())


def test_no_english_in_chinese_words_and_no_chinese_in_english_ones() -> None:
    assert not [text for text in catalogue("en").values() if re.search(r"[\u4e00-\u9fff]", text)]
    assert not [text for text in catalogue("zh-CN").values() if not re.search(r"[\u4e00-\u9fff]", text)]


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
    ("accepted", "language"),
    [("", "zh-CN"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("en-GB,en;q=0.9,zh;q=0.1", "en"), ("de", "zh-CN")],
)
def test_chinese_unless_english_is_asked_for_first(accepted: str, language: str) -> None:
    assert language_of(accepted) == language
