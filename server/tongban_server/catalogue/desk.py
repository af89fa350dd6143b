"""What operators do with the catalogue: put a folder in, take a folder out."""

from pathlib import Path

from rich.progress import Progress

from tongban_server.catalogue.exchange import gather_catalogue, put_catalogue
from tongban_server.catalogue.folder import read_folder, write_folder
from tongban_server.catalogue.offer import shanghai_day
from tongban_server.house import House


async def import_folder(house: House, folder: Path, bar: Progress) -> dict[str, int]:
    """Put a folder of CSV files in, all or nothing; gives how many rows each file had."""
    catalogue = read_folder(folder, today=shanghai_day(house.store.clock()))
    task = bar.add_task("catalogue")

    def progress(file: str, done: int, total: int) -> None:
        bar.update(task, description=file, completed=done, total=total)

    return await house.store.change(put_catalogue, catalogue, progress=progress)


async def export_folder(house: House, folder: Path) -> None:
    """Write the catalogue as a folder of CSV files."""
    write_folder(await house.store.look(gather_catalogue), folder)
