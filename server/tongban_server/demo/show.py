"""The demo: lays 演示数据 into an empty house, prints how to try every face on one computer, and serves."""

import asyncio
import json
import os
from collections import Counter
from pathlib import Path

import typer
from rich.console import Console

from tongban_queue.store import Work
from tongban_server.catalogue.exchange import put_catalogue
from tongban_server.catalogue.folder import Catalogue, read_folder
from tongban_server.catalogue.offer import shanghai_day
from tongban_server.demo import DATA
from tongban_server.demo.cast import StaffRow, read_cast
from tongban_server.demo.past import WITHIN_S, lay_past
from tongban_server.house import build_house
from tongban_server.migrations import migrate
from tongban_server.people.devices import new_code
from tongban_server.people.hiring import Hire, hire
from tongban_server.serving import serve_until_stopped
from tongban_server.settings import LOOPBACK, Settings

out = Console()
#: Whom the first page suggests, one for each role.
SUGGESTED = {
    "clerk": "clerk-pinghu-estate-1",
    "assistant": "assistant-lianshui",
    "supervisor": "supervisor-delta",
    "auditor": "auditor",
    "security_admin": "security",
    "system_admin": "system",
}
#: The devices that a person tries first, and the ones kept for synthetic citizens.
HINTS = (
    "\n第二台自助终端请用另一个浏览器或无痕窗口。 Use another browser for the second kiosk.",
    "同一浏览器的不同标签页可以同时打开各个页面。 Every face may be open in its own tab of one browser.",
    "没有第二个人？ Nobody to play the citizen?  .venv/bin/tongban demo visitors",
    "停止 Stop: Ctrl-C\n",
)
KIOSK, SECOND_KIOSK, HALL = "lianshui-k1", "lianshui-k2", "lianshui-hall"


def run_demo(settings: Settings, *, anywhere: bool) -> None:
    """Lay the demo data once, print addresses and sign-ins, and serve until stopped."""
    if settings.host not in LOOPBACK and not anywhere:
        out.print("演示账号的口令是公开打印的，默认只在本机提供服务；确需对外请加 --anywhere。")
        out.print("The demo's passwords are printed openly, so it serves this machine only; add --anywhere to insist.")
        raise typer.Exit(2)
    settings = settings if settings.messages != "off" else settings.model_copy(update={"messages": "demo"})
    passwords, codes = asyncio.run(lay(settings, past=WITHIN_S))
    serve_until_stopped(settings, started=lambda: _tell(settings, passwords, codes))


async def lay(settings: Settings, *, past: float = 0) -> tuple[dict[str, str], dict[str, str]]:
    """Bring the house up to date with demo data; gives passwords by account and fresh codes by device.

    `past`: for how many seconds the demo's past may be laid.
    """
    house = build_house(settings)
    try:
        await migrate(house.store)
        today = shanghai_day(house.store.clock())
        catalogue = read_folder(DATA, today=today)
        fresh = await house.store.change(_lay, catalogue, read_cast(DATA, catalogue, today=today))
        passwords = _kept_passwords(settings.home, fresh)
        codes = await house.store.change(_codes)
        if past:
            out.print("正在生成演示历史数据…… Making the demonstration's past …")
            laid, missing = await lay_past(house, within_s=past)
            later = f"尚缺 {missing} 天，下次启动时补 {missing} more at the next start" if missing else ""
            out.print(f"演示历史：新增 {laid} 天 {laid} days laid. {later}")
    finally:
        await house.store.close()
    return passwords, codes


def _lay(work: Work, catalogue: Catalogue, cast: list[StaffRow]) -> dict[str, str]:
    """Put in catalogue and cast; gives the first passwords of those who are new."""
    put_catalogue(work, catalogue)
    work.session.flush()
    passwords = {}
    seats: Counter[str] = Counter()
    for row in cast:
        seats[row.office or ""] += 1
        window = f"{seats[row.office]} 号窗" if row.office else None
        lines, regions = tuple(row.lines), tuple(row.regions)
        wanted = Hire(row.username, row.name, (row.role,), row.office, lines, row.point, regions, window, row.languages)
        password = hire(work, wanted)
        if password is not None:
            passwords[row.username] = password
    return passwords


def _codes(work: Work) -> dict[str, str]:
    return {kiosk: new_code(work, kiosk) for kiosk in (KIOSK, SECOND_KIOSK, HALL)}


def _kept_passwords(home: Path, fresh: dict[str, str]) -> dict[str, str]:
    """The demo keeps its passwords beside its data, readable by the owner only, so that they can be shown again."""
    path = home / "demo-passwords.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    kept.update(fresh)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(kept, file, indent=1)
    return kept


def _tell(settings: Settings, passwords: dict[str, str], codes: dict[str, str]) -> None:
    url = settings.url
    out.print(f"\n[bold]Tongban 通办 · 演示数据[/]  {url}\n")
    for face, code in (("kiosk", KIOSK), ("kiosk", SECOND_KIOSK), ("hall", HALL)):
        out.print(f"  {face:<11}{url}/{face:<12} code 注册码 {codes[code]}", soft_wrap=True, highlight=False)
    for face in ("clerk", "assistant", "supervisor"):
        name = SUGGESTED[face]
        signs_in = f"{name}  {passwords.get(name, '?')}"
        out.print(f"  {face:<11}{url}/{face:<12} sign in 登录 {signs_in}", soft_wrap=True, highlight=False)
    for hint in HINTS:
        out.print(hint, soft_wrap=True)
