"""No step that is not in the table."""

from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

import pytest

from tests.queue.builders import MORNING
from tongban_queue.life import Life, StepNotAllowed
from tongban_queue.ticket import LIVE, TICKET_LIFE, Ticket, TicketState
from tongban_queue.window import WINDOW_LIFE, PauseReason, Window, WindowState

State = TypeVar("State", bound=StrEnum)
LIVES: list[tuple[Life[TicketState] | Life[WindowState], type[StrEnum]]] = [
    (TICKET_LIFE, TicketState),
    (WINDOW_LIFE, WindowState),
]
EVERY = [
    pytest.param(life, state, step, id=f"{life.noun}-{state}-{step}")
    for life, states in LIVES
    for state in states
    for step in sorted({step for _, step in life.moves})
]


@pytest.mark.parametrize(("life", "state", "step"), EVERY)
def test_a_step_leads_where_the_table_says_or_is_refused(life: Life[StrEnum], state: StrEnum, step: str) -> None:
    if (state, step) in life.moves:
        assert life.after(state, step) is life.moves[state, step]
        assert state in life.states_before(step)
        return

    with pytest.raises(StepNotAllowed) as refusal:
        life.after(state, step)
    assert refusal.value.told == {"noun": life.noun, "state": state.value, "step": step}
    assert state not in life.states_before(step)


def test_the_tables_are_those_of_the_paper() -> None:
    assert (len(TICKET_LIFE.moves), len(WINDOW_LIFE.moves)) == (28, 19)
    assert {state for state in TicketState if not any(state is before for before, _ in TICKET_LIFE.moves)} == {
        TicketState.RATED,
        TicketState.CANCELLED,
        TicketState.ABANDONED,
        TicketState.NO_SHOW,
    }


def test_every_state_can_be_reached() -> None:
    begun = {TicketState.WAITING, TicketState.BOOKED}

    assert reached(TICKET_LIFE, begun) == set(TicketState)
    assert reached(WINDOW_LIFE, {WindowState.OFFLINE}) == set(WindowState)
    assert reached(TICKET_LIFE, {TicketState.WAITING}) == set(TicketState) - {
        TicketState.BOOKED,
        TicketState.CHECKED_IN,
        TicketState.NO_SHOW,
    }


def test_every_ticket_can_come_to_an_end() -> None:
    for state in (TicketState.BOOKED, *LIVE):
        assert reached(TICKET_LIFE, {state}) & {TicketState.CANCELLED, TicketState.ABANDONED}


def reached(life: Life[State], begun: set[State]) -> set[State]:
    """Every state that some steps lead to from these."""
    found: set[State] = set()
    while begun - found:
        found |= begun
        begun = {after for (state, _), after in life.moves.items() if state in found}
    return found


def test_a_ticket_is_live_until_the_end_of_its_call() -> None:
    assert [state for state in TicketState if Ticket(state=state).live] == list(LIVE)


def test_a_refused_step_changes_nothing() -> None:
    window = Window(state=WindowState.PAUSED, since=MORNING, pause_reason=PauseReason.BREAK)

    with pytest.raises(StepNotAllowed):
        window.move("ring", MORNING + timedelta(seconds=1))
    assert (window.state, window.since, window.pause_reason) == (WindowState.PAUSED, MORNING, PauseReason.BREAK)


def test_a_diagram_has_one_row_for_each_move() -> None:
    for life, _ in LIVES:
        first, *rows = life.diagram().splitlines()

        assert first == "stateDiagram-v2"
        assert len(rows) == len(life.moves)
