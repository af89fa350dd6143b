"""A life as one literal table: from which state which step leads where, and what the fact is then called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from tongban_queue.refusals import NotNow

State = TypeVar("State", bound=str)


class StepNotAllowed(NotNow):
    """The thing is not in a state from which this step is possible."""


@dataclass(frozen=True, slots=True)
class Life(Generic[State]):
    """`moves` maps (state, step) to the next state. A move that is not in the table is refused."""

    noun: str
    moves: Mapping[tuple[State, str], State]

    def after(self, state: State, step: str) -> State:
        """The state that `step` leads to; refuses `StepNotAllowed`."""
        try:
            return self.moves[state, step]
        except KeyError:
            raise StepNotAllowed(noun=self.noun, state=str(state), step=step) from None

    def states_before(self, step: str) -> set[State]:
        """All states from which `step` is possible."""
        return {state for state, name in self.moves if name == step}

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for the papers."""
        rows = [f"    {state} --> {after}: {step}" for (state, step), after in self.moves.items()]
        return "\n".join(["stateDiagram-v2", *rows])
