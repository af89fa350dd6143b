"""What this floor refuses; the words for people stand in the catalogues of the server under each code."""

from tongban_queue.refusals import BadInput, NotAllowed, NotFound, NotNow


class UnknownEvent(BadInput):
    """There is no event of this name."""


class BadMessage(BadInput):
    """The message is not one that this event can carry."""


class UnknownFace(BadInput):
    """The page did not say which face it is."""


class SignedOut(NotAllowed):
    """The one behind this page is no longer signed in."""


class NotYourPartner(NotAllowed):
    """This member may not signal to that member."""


class NotInCall(NotNow):
    """This page does not sit in that call."""


class NotWatching(NotFound):
    """This page does not watch that subject."""


class TooFast(NotNow):
    """Too many messages in too short a time."""

    retry_after_s = 1


class TooMuchAtOnce(NotNow):
    """One page may watch only so many subjects and sit in only so many calls."""


class TooManyPages(NotNow):
    """Too many pages are open in this name."""


class OutOfOrder(NotNow):
    """Something broke on our side; trying again later may help."""

    retry_after_s = 5
