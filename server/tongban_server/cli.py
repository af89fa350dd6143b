"""The command `tongban`. Every subcommand reads the same settings as the server (`TONGBAN_*`)."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress

from tongban_queue.refusals import Refused
from tongban_server.catalogue.faults import CatalogueRejected
from tongban_server.house import House, build_house
from tongban_server.migrations import migrate as run_migrations
from tongban_server.settings import Settings
from tongban_server.words import Words

T = TypeVar("T")
ROLES = "clerk, assistant, supervisor, system_admin, security_admin or auditor; may be given more than once."
out = Console()
errors = Console(stderr=True)

app = typer.Typer(help="Tongban (通办): the remote service window between regions.", no_args_is_help=True)
staff_app = typer.Typer(help="Members of staff: add, list, lock out, set passwords.", no_args_is_help=True)
kiosk_app = typer.Typer(help="Kiosks and hall screens: list, enrol by code, revoke.", no_args_is_help=True)
catalogue_app = typer.Typer(
    help="Regions, offices, matters and agreements as a folder of CSV files.", no_args_is_help=True
)
audit_app = typer.Typer(help="The journal.", no_args_is_help=True)
demo_app = typer.Typer(help="Demonstration data and synthetic citizens (演示).", no_args_is_help=True)
for name, sub in {
    "staff": staff_app,
    "kiosk": kiosk_app,
    "catalogue": catalogue_app,
    "audit": audit_app,
    "demo": demo_app,
}.items():
    app.add_typer(sub, name=name)


def in_house(run: Callable[[House], Awaitable[T]]) -> T:
    """Run something in a house of its own."""

    async def main() -> T:
        house = build_house(Settings())
        try:
            return await run(house)
        finally:
            await house.store.close()

    return asyncio.run(main())


def _tell(refusal: Refused) -> None:
    words = Words.load()
    errors.print(f"[red]{words.refusal(refusal, 'zh-CN')}[/]\n{words.refusal(refusal, 'en')}")
    for fault in refusal.faults if isinstance(refusal, CatalogueRejected) else ():
        for language in ("zh-CN", "en"):
            errors.print(fault.text(language), soft_wrap=True, highlight=False, markup=False)


@app.command()
def serve() -> None:
    """Serve until stopped. Brings the database up to date first."""
    from tongban_server.serving import serve_until_stopped

    settings = Settings()
    in_house(lambda house: run_migrations(house.store))
    serve_until_stopped(settings)


@app.command()
def migrate() -> None:
    """Bring the database to the form that this version needs."""
    in_house(lambda house: run_migrations(house.store))
    out.print("The database is up to date.")


@app.command()
def openapi() -> None:
    """Print the description of the HTTP interface (OpenAPI 3.1)."""
    from tongban_server.app import openapi_text

    out.file.write(openapi_text())


@staff_app.command("add")
def staff_add(
    username: str,
    name: Annotated[str, typer.Option(help="The name that colleagues see.")],
    role: Annotated[list[str], typer.Option(help=ROLES)],
    office: Annotated[str | None, typer.Option(help="A clerk's office.")] = None,
    line: Annotated[list[str] | None, typer.Option(help="A line whose matters a clerk is qualified for.")] = None,
    point: Annotated[str | None, typer.Option(help="An assistant's service point.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="A region that a supervisor watches.")] = None,
    window: Annotated[str | None, typer.Option(help="What a clerk's window is called.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="zh-CN or en: a language a clerk speaks.")] = None,
) -> None:
    """Add a member of staff, or change one; prints a first password for a new one."""
    from tongban_server.people.hiring import Hire, hire

    spoken, lines, regions = tuple(language or ["zh-CN"]), tuple(line or ()), tuple(region or ())
    wanted = Hire(username, name, tuple(role), office, lines, point, regions, window, spoken)
    password = in_house(lambda house: house.store.change(hire, wanted))
    out.print(f"{username}: {password}" if password else f"{username}: changed, password as before")


@staff_app.command("list")
def staff_list() -> None:
    """All accounts: sign-in name, name, roles, place, and whether locked."""
    from tongban_server.people.hiring import listed

    for row in in_house(lambda house: house.store.change(listed)):
        out.print(row)


@staff_app.command("password")
def staff_password(username: str) -> None:
    """Give an account a new random password, which is printed once; unlocks it and ends its sessions."""
    from tongban_server.people.hiring import new_password

    out.print(in_house(lambda house: house.store.change(new_password, username)))


@staff_app.command("disable")
def staff_disable(username: str) -> None:
    """Close an account; its sessions end at once."""
    from tongban_server.people.hiring import disable

    in_house(lambda house: house.store.change(disable, username))
    out.print(f"{username}: closed")


@kiosk_app.command("list")
def kiosk_list() -> None:
    """All devices: id, kind, name, point, state."""
    from tongban_server.people.hiring import devices_listed

    for row in in_house(lambda house: house.store.change(devices_listed)):
        out.print(row)


@kiosk_app.command("code")
def kiosk_code(kiosk: str) -> None:
    """A one-time code that makes a browser this kiosk or hall screen; good for a day."""
    from tongban_server.people.devices import new_code

    out.print(in_house(lambda house: house.store.change(new_code, kiosk)))


@kiosk_app.command("revoke")
def kiosk_revoke(kiosk: str) -> None:
    """Trust a device no more; it is cut off at once."""
    from tongban_server.people.devices import revoke

    in_house(lambda house: house.store.change(revoke, kiosk))
    out.print(f"{kiosk}: revoked")


@catalogue_app.command("import")
def catalogue_import(folder: Path) -> None:
    """Read a folder of CSV files and put it in, all or nothing; every fault is listed with file, line and column."""
    from tongban_server.catalogue.desk import import_folder

    with Progress(console=errors, transient=True) as bar:
        counted = in_house(lambda house: import_folder(house, folder, bar))
    for file, rows in counted.items():
        out.print(f"{file}: {rows}")


@catalogue_app.command("export")
def catalogue_export(folder: Path) -> None:
    """Write the catalogue as a folder of CSV files, in the form that `import` reads."""
    from tongban_server.catalogue.desk import export_folder

    in_house(lambda house: export_folder(house, folder))
    out.print(str(folder))


@audit_app.command("verify")
def audit_verify() -> None:
    """Walk every stream of the journal; ends with 1 when a row was edited, deleted, reordered or cut off."""
    from tongban_server.watch.audit import verify_all

    with Progress(console=errors, transient=True) as bar:
        report = in_house(lambda house: house.store.look(verify_all, bar))
    for fault in report.faults:
        out.print(f"[red]{fault.stream} #{fault.number}: {fault.what}[/]")
    out.print(f"{report.rows} rows in {report.streams} streams, {len(report.faults)} faults")
    if report.faults:
        raise typer.Exit(1)


@demo_app.command("run")
def demo_run(
    anywhere: Annotated[bool, typer.Option(help="Also on an address that other machines reach.")] = False,
) -> None:
    """Lay the demonstration data if there is none, print addresses and sign-ins, and serve."""
    from tongban_server.demo.show import run_demo

    run_demo(Settings(), anywhere=anywhere)


@demo_app.command("visitors")
def demo_visitors(
    count: Annotated[int, typer.Option(min=1, max=50, help="How many at a time.")] = 3,
    point: Annotated[str | None, typer.Option(help="Only at this service point.")] = None,
    matter: Annotated[str | None, typer.Option(help="Only for this matter.")] = None,
    visits: Annotated[int, typer.Option(min=0, help="Stop after so many visits; 0: go on.")] = 0,
) -> None:
    """Let synthetic citizens (演示) take tickets, answer calls, hand in papers and rate, at the running demo."""
    from tongban_server.demo.visitors import run_visitors

    asyncio.run(run_visitors(Settings(), count=count, point=point, matter=matter, visits=visits))


def main() -> None:
    """The entry point of the command. A refusal is told in words and ends it with 1."""
    try:
        app()
    except Refused as refusal:
        _tell(refusal)
        sys.exit(1)
