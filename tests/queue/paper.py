"""The paper of the line, with both diagrams made anew from the tables."""

import re
from pathlib import Path

from tongban_queue.ticket import TICKET_LIFE
from tongban_queue.window import WINDOW_LIFE

PAPER = Path(__file__).parents[2] / "queue" / "LINE.md"
DIAGRAMS = {"TICKET_LIFE": TICKET_LIFE.diagram, "WINDOW_LIFE": WINDOW_LIFE.diagram}


def paper() -> str:
    """The text of `queue/LINE.md` as the code wants it: the words as they stand, the diagrams as they are now."""
    text = PAPER.read_text(encoding="utf-8")
    for name, diagram in DIAGRAMS.items():
        text = re.sub(
            rf"(<!-- made from {name} [^\n]*-->\n```mermaid\n).*?(```\n<!-- end -->)",
            rf"\g<1>{diagram()}\n\g<2>",
            text,
            flags=re.DOTALL,
        )
    return text
