"""The members of a call."""

from enum import StrEnum


class Member(StrEnum):
    """Who sits in a call; a member is one person, however many pages are open."""

    CITIZEN = "citizen"
    CLERK = "clerk"
    ASSISTANT = "assistant"
