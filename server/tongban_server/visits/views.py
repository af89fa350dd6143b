"""What screens are shown of tickets, windows and visits, and what they send."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from tongban_queue.reasons import Guard, Sentence
from tongban_queue.ticket import Lane, PriorityGroup, TicketState
from tongban_queue.wait import Outlook
from tongban_queue.window import PauseReason, WindowState
from tongban_server.cases.checks import CheckKey, CheckResult
from tongban_server.cases.outcome import OutcomeKind
from tongban_server.catalogue.views import MatterView
from tongban_server.papers.paper import PaperState, ReturnReason
from tongban_server.people.applicants import ApplicantView
from tongban_server.view import Form, Moment, View

Language = Literal["zh-CN", "en"]
MomentText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class TicketRow(View):
    """A ticket as every screen of the hall may show it; `gone` once it is over."""

    id: str
    number: str
    state: TicketState
    lane: Lane
    since: MomentText
    taken_at: MomentText
    called_at: MomentText | None
    connected_at: MomentText | None
    ended_at: MomentText | None
    calls: int
    revived: bool
    appointed_at: MomentText | None
    office_id: str
    line_id: str
    line_title: str
    matter_id: str
    matter_name: str
    host_region_name: str
    source_region_name: str
    point_id: str
    point_name: str
    kiosk_id: str | None
    kiosk_name: str | None
    window_id: str | None
    window_name: str | None
    language: Language
    elder: bool
    help: bool
    priority: PriorityGroup | None
    recorded: bool
    message_wanted: bool
    gone: bool


class WindowRow(View):
    """A window as the boards of its office show it."""

    id: str
    name: str
    staff_name: str
    state: WindowState
    since: MomentText
    due_at: MomentText | None
    pause_reason: PauseReason | None
    ticket_id: str | None
    ticket_number: str | None
    lines: list[str]
    languages: list[str]
    unanswered: int


class PaperRow(View):
    """A paper as the screens of its visit show it. `sha256` is of the bytes as they were handed in."""

    id: str
    material_no: int
    turn: int
    kind: Literal["pdf", "jpeg", "png"]
    bytes: int
    sha256: str
    pages: int
    state: PaperState
    reason_code: ReturnReason | None
    reason_words: str | None
    by: Literal["citizen", "assistant"]
    at: MomentText
    gone: bool


class CheckRow(View):
    """One identity check; `result` is None until it is answered."""

    id: CheckKey
    result: CheckResult | None
    at: MomentText | None


class OutcomeView(View):
    """What came of a visit."""

    kind: OutcomeKind
    receipt_no: str
    home_number: str | None
    reason: str | None
    basis: str | None
    words: str | None
    at: MomentText
    clerk: str


class Wait(View):
    """The wait as a range in whole minutes; None where there is none to tell. `at_least`: only "≥ `low_min`" is known.

    Where the place is told, `ahead`; in privacy `fewer_than` in its stead. Perhaps not today: `high_min` is the time
    until the closing.
    """

    ahead: int | None
    fewer_than: int | None
    outlook: Outlook
    low_min: int | None
    high_min: int | None
    at_least: bool


class ByLane(View):
    """How many of each lane go before a ticket."""

    resuming: int
    due: int
    priority: int
    ordinary: int


class Why(View):
    """Why a ticket stands at its place: who goes before it, and which sentences of the rule (`LINE.md`) say so.

    `guard`: what keeps priorities from going first just now. `clerks` on duty serve its line in its language;
    `kiosk_free`: it has a kiosk, or one is free at its point. In privacy a citizen gets `fewer_than` alone.
    """

    lane: Lane
    since: MomentText
    ahead: int | None
    fewer_than: int | None
    by_lane: ByLane | None
    guard: Guard
    clerks: int
    kiosk_free: bool
    rule: list[Sentence]


class VisitSnapshot(View):
    """One visit as the asker may see it. `slip` is the citizen's own.

    `wait` is None once it no longer waits, and for a moment where very many came at once: then a `place` follows.
    """

    subject: str
    version: int
    at: MomentText
    you: Literal["citizen", "clerk", "assistant"]
    ticket: TicketRow
    slip: str | None
    wait: Wait | None
    rated: bool
    applicant: ApplicantView
    matter: MatterView
    papers: list[PaperRow]
    checks: list[CheckRow]
    outcome: OutcomeView | None


class WindowSeat(View):
    """The clerk's own window, the visit it is busy with, and where to find relays."""

    window: WindowRow
    visit: VisitSnapshot | None
    ice_servers: list[dict[str, object]]


class Consent(Form):
    """What the citizen said yes to. `recording` is asked only where the matter records."""

    privacy: Literal[True]
    recording: bool | None = None


class TakeTicket(Form):
    """A person at a kiosk wants to be served in a matter."""

    matter_id: str = Field(max_length=40)
    name: str = Field(min_length=2, max_length=60)
    id_number: str = Field(max_length=18)
    phone: str = Field(max_length=11)
    consent: Consent
    language: Language = "zh-CN"
    elder: bool = False

    @field_validator("name")
    @classmethod
    def _no_controls(cls, name: str) -> str:
        if not name.isprintable():
            raise ValueError("name_characters")
        return name


class BookAppointment(TakeTicket):
    """A person at a kiosk wants to be served at a time."""

    at: AwareDatetime


class SlotView(View):
    """One time of half an hour, and whether it has a place left."""

    at: Moment
    free: bool


class SlotDay(View):
    """A working day of both sides, in Asia/Shanghai."""

    day: date
    slots: list[SlotView]


class Slots(View):
    """What can be booked. `calendar_missing`: a year without a working-day list is counted Monday to Friday."""

    days: list[SlotDay]
    calendar_missing: bool


class OtherPoint(View):
    """Another point of the same region. `free_kiosks`: so many stand ready there now."""

    id: str
    name: str
    address: str
    phone: str
    free_kiosks: int
    open: bool


class TransferForm(Form):
    """Where a ticket goes on to: another matter, another window, or both."""

    matter_id: str | None = Field(None, max_length=40)
    window_id: str | None = Field(None, max_length=40)

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if self.matter_id is None and self.window_id is None:
            raise ValueError("nowhere")
        return self


class TransferMatter(View):
    """A matter that a ticket may go on to. `open`: its office is open now."""

    id: str
    name: str
    office_name: str
    region_name: str
    line_title: str
    open: bool


class TransferWindow(View):
    """A window on duty that may take the ticket on."""

    id: str
    name: str
    staff_name: str
    state: WindowState


class TransferTargets(View):
    """Where a ticket may go on to."""

    matters: list[TransferMatter]
    windows: list[TransferWindow]


class MessageWanted(Form):
    """Whether the citizen wants a message when the turn is near."""

    wanted: bool


class TakeUp(Form):
    """Somebody comes back to a kiosk with a ticket."""

    slip: str = Field(pattern=r"^[A-Za-z0-9]{6}$")
    last_four: str = Field(pattern=r"^[0-9]{3}[0-9Xx]$")


class HelpWanted(Form):
    """Whether the citizen wants the assistant to come."""

    wanted: bool


class PriorityMark(Form):
    """The assistant has seen the evidence that this person belongs to a group."""

    group: PriorityGroup
    evidence: Literal[True]


class CheckAnswer(Form):
    """The clerk's answer to an identity check."""

    result: CheckResult


class OutcomeForm(Form):
    """The outcome to be recorded; what is required depends on the kind (`cases/outcome.py`)."""

    kind: OutcomeKind
    home_number: str = Field("", max_length=64, pattern=r"^[\w\-./()（）〔〕\[\] ]*$")
    reason: str = Field("", max_length=1000)
    basis: str = Field("", max_length=500)
    words: str = Field("", max_length=1000)


class PauseForm(Form):
    """Why the window pauses."""

    reason: PauseReason


class PaperJudgement(Form):
    """Why a paper goes back; `other` needs words."""

    code: ReturnReason
    words: str = Field("", max_length=300)
