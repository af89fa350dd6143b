"""The auditor's walk over the whole journal."""

from dataclasses import dataclass, field

from rich.progress import Progress

from tongban_queue import journal
from tongban_queue.journal import Fault
from tongban_server.house import House


@dataclass
class Report:
    """What the walk found."""

    rows: int = 0
    streams: int = 0
    faults: list[Fault] = field(default_factory=list)


async def verify_all(house: House, bar: Progress) -> Report:
    """Verify every stream, row by row."""
    report = Report()
    async with house.store.reading() as work:
        streams = await journal.streams(work)
        task = bar.add_task("journal", total=len(streams))
        for stream in streams:
            async for found in journal.verify(work, stream):
                if isinstance(found, Fault):
                    report.faults.append(found)
                else:
                    report.rows += 1
            report.streams += 1
            bar.advance(task)
    return report
