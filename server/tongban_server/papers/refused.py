"""What the room of papers says when it will not take, show or keep a file."""

from tongban_queue.refusals import BadInput, NotFound, NotNow, Refused, code_of


class NotAPaper(BadInput):
    """The file is not a PDF, JPEG or PNG, or it is that and something else at once."""


class PaperBroken(BadInput):
    """The file is damaged or cut off and cannot be shown."""


class PaperHasActiveContent(BadInput):
    """The file holds a script, a program start, an embedded file or an XFA form."""


class PaperLocked(BadInput):
    """The file opens only with a password."""


class PaperTooLargeToShow(BadInput):
    """The picture or document is too large to be opened safely."""


class PaperTooManyPages(BadInput):
    """The document has more pages than can be taken."""


class PaperReaderFailed(BadInput):
    """The file could not be read within the limits of time and memory."""


class NoSuchPage(NotFound):
    """The paper has no page of this number."""


class NoSuchPaper(NotFound):
    """There is no paper of this name in the store."""


class StoreFull(NotNow):
    """There is no room left to keep papers."""

    retry_after_s = 60


# what the reader may answer; any other word from it counts as a failed reader
BY_CODE: dict[str, type[Refused]] = {
    code_of(refusal): refusal
    for refusal in (
        NotAPaper,
        PaperBroken,
        PaperHasActiveContent,
        PaperLocked,
        PaperTooLargeToShow,
        PaperTooManyPages,
        PaperReaderFailed,
        NoSuchPage,
    )
}
