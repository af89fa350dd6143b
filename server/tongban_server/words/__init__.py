"""The words that the server says to people: one catalogue for each language, keyed by the codes of refusals."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from tongban_queue.refusals import Refused

LANGUAGES = ("zh-CN", "en")


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
        return Template(words).safe_substitute({name: str(value) for name, value in refusal.told.items()})


def language_of(accepted: str) -> str:
    """The language for an `Accept-Language`: English if it is asked for first, otherwise Chinese."""
    return "en" if accepted.strip().lower().startswith("en") else "zh-CN"
