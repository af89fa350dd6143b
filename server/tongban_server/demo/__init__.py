"""The demo (演示): invented people, bodies and papers that let one person try every face of the window."""

from pathlib import Path

#: The folder of CSV files that `tongban demo` imports, and that an operator may copy and edit.
DATA = Path(__file__).parent / "data"
