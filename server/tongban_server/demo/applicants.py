"""Who comes to the demo's kiosks: the labelled people of `applicants.csv`, and, for load, more of their kind."""

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tongban_server.people.identity import CHECKS, WEIGHTS, mask_name

#: The area of the demo's numbers: Huai'an, with 99, which names no county.
AREA = "320899"
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


@dataclass(frozen=True)
class MadeUpApplicant:
    """An invented person."""

    name: str
    id_number: str
    phone: str
    language: str = "zh-CN"
    elder: bool = False

    @property
    def masked(self) -> str:
        """The name as it may be shown."""
        return mask_name(self.name)

    @property
    def said(self) -> dict[str, Any]:
        """What this person types at a kiosk."""
        return {
            "name": self.name,
            "idNumber": self.id_number,
            "phone": self.phone,
            "language": self.language,
            "elder": self.elder,
        }


def read_applicants(folder: Path) -> list[MadeUpApplicant]:
    """The applicants of a folder, in the file's order."""
    with (folder / "applicants.csv").open(encoding="utf-8-sig", newline="") as file:
        return [_applicant(row) for row in csv.DictReader(file, strict=True)]


def _applicant(row: dict[str, str]) -> MadeUpApplicant:
    return MadeUpApplicant(row["name"], row["id_number"], row["phone"], row["language"], row["elder"] == "yes")


def invent_applicant(chance: random.Random) -> MadeUpApplicant:
    """One more, named 示例 like the others, with a number that passes GB 11643 and belongs to nobody."""
    born = date(1950, 1, 1) + timedelta(days=chance.randrange(365 * 55))
    number = f"{AREA}{born:%Y%m%d}{chance.randrange(1, 1000):03d}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=True))
    phone = f"1990000{chance.randrange(10_000):04d}"
    return MadeUpApplicant(chance.choice(FAMILY_NAMES) + "示例", number + CHECKS[total % 11], phone)
