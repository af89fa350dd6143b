"""The auditor's walk over the whole journal."""

from dataclasses import dataclass, field

from rich.progress import Progress

from tongban_queue import journal
from tongban_queue.journal import Fault
from tongban_queue.store import Work


@dataclass
class Report:
    """What the walk found."""

    rows: int = 0
    streams: int = 0
    faults: list[Fault] = field(default_factory=list)


def verify_all(work: Work, bar: Progress) -> Report:
    """Verify every stream, row by row."""
    report = Report()
    streams = journal.streams(work)
    task = bar.add_task("journal", total=len(streams))
    for stream in streams:
        for found in journal.verify(work, stream):
            if isinstance(found, Fault):
                report.faults.append(found)
            else:
                report.rows += 1
        report.streams += 1
        bar.advance(task)
    return report
