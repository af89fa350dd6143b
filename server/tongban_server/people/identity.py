"""Numbers and names of people: what is right, and what of it may be shown (domain §2.7, §2.14)."""

import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PHONE = re.compile(r"1[3-9][0-9]{9}")


def id_number_fault(number: str, today: date) -> str | None:
    """What is wrong with an ID number by GB 11643, as a code; None if it is right. Accepts a lower-case x.

    Codes: `id_length`, `id_characters`, `id_birth_date`, `id_check_digit`. The area is not checked: codes retire.
    """
    number = number.upper()
    if len(number) != 18:
        return "id_length"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "id_characters"
    if not _plausible_birth(number[6:14], today):
        return "id_birth_date"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number[:17], strict=True))
    return None if CHECKS[total % 11] == number[17] else "id_check_digit"


def _plausible_birth(digits: str, today: date) -> bool:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return birth <= today and today.year - birth.year <= 150


def phone_fault(phone: str) -> str | None:
    """What is wrong with a mobile number, as a code (`phone_form`); None if it is right."""
    return None if PHONE.fullmatch(phone) else "phone_form"


def mask_id_number(number: str) -> str:
    """The last four only."""
    return "*" * (len(number) - 4) + number[-4:]


def mask_phone(phone: str) -> str:
    """The first three and the last four."""
    return f"{phone[:3]}****{phone[-4:]}"


def mask_name(name: str) -> str:
    """The first character; of three or more, the first and the last."""
    if len(name) < 2:
        return "*"
    return name[0] + "*" * (len(name) - 2 or 1) + (name[-1] if len(name) > 2 else "")
