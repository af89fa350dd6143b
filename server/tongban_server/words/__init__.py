"""The words that the server says to people: one catalogue for each language.

A key without a dot is the code of a refusal. A key with a dot is a phrase that stands inside of other words.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from string import Template

from tongban_queue.refusals import Refused
from tongban_queue.tally import SHANGHAI

LANGUAGES = ("zh-CN", "en")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A value that a refusal tells in words of the catalogue: its key, and the values that those words name."""

    key: str
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogues by language."""

    catalogues: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls) -> "Words":
        """Read the catalogues that come with the package."""
        folder = files("tongban_server.words")
        return cls({language: json.loads((folder / f"{language}.json").read_text("utf-8")) for language in LANGUAGES})

    def refusal(self, refusal: Refused, language: str) -> str:
        """What a person is told of a refusal. `$name` in the words stands for a value that the refusal tells."""
        words = self.catalogues[language].get(refusal.code) or self.catalogues[language][refusal.kind]
        return self._filled(words, refusal.told, language)

    def phrase(self, phrase: Phrase, language: str) -> str:
        """A phrase by itself."""
        return self._said(phrase, language)

    def _filled(self, words: str, told: Mapping[str, object], language: str) -> str:
        return Template(words).safe_substitute({name: self._said(value, language) for name, value in told.items()})

    def _said(self, value: object, language: str) -> str:
        """A value as people read it: a phrase in its words, a moment as a day and time of Asia/Shanghai, a list."""
        if isinstance(value, tuple):
            return " / ".join(self._said(one, language) for one in value)
        if isinstance(value, Phrase):
            return self._filled(self.catalogues[language][value.key], value.told, language)
        if isinstance(value, datetime):
            return self._moment(value.astimezone(SHANGHAI), language)
        return str(value)

    def _moment(self, at: datetime, language: str) -> str:
        words = self.catalogues[language]
        weekday, month = words["moment.weekdays"].split()[at.weekday()], words["moment.months"].split()[at.month - 1]
        told = {"weekday": weekday, "month": month, "day": at.day, "time": f"{at:%H:%M}"}
        return Template(words["moment.day_and_time"]).substitute(told)


def language_of(accepted: str) -> str:
    """The language for an `Accept-Language`: English if it is asked for first, otherwise Chinese."""
    return "en" if accepted.strip().lower().startswith("en") else "zh-CN"
