"""Files spoilt at random: each is shown or refused, and nothing else ever happens."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.server.papers import samples
from tests.server.papers.conftest import children
from tongban_queue.refusals import Refused
from tongban_server.papers.refused import BY_CODE
from tongban_server.papers.sandbox import Inspection, Sandbox

SOAK = os.environ.get("TONGBAN_SOAK") == "1"
AT_A_TIME = 50


async def outcome(sandbox: Sandbox, seed: int) -> str:
    """Inspect the file of this seed and give the code, or "shown"; fail with the seed on anything else."""
    start = samples.corpus()[seed % len(samples.corpus())]
    (found,) = await asyncio.gather(sandbox.inspect(samples.spoilt(start, seed)), return_exceptions=True)
    if isinstance(found, Inspection):
        assert found.preview.startswith(b"\xff\xd8\xff"), f"seed {seed}"
        return "shown"
    assert isinstance(found, Refused), f"seed {seed}: {found!r}"
    assert type(found) in BY_CODE.values(), f"seed {seed}: {found!r}"
    return found.code


async def look_at(sandbox: Sandbox, scratch_root: Path, seeds: range) -> None:
    seen: dict[str, int] = {}
    before = children()
    for first in range(seeds.start, seeds.stop, AT_A_TIME):
        batch = range(first, min(first + AT_A_TIME, seeds.stop))
        for code in await asyncio.gather(*(outcome(sandbox, seed) for seed in batch)):
            seen[code] = seen.get(code, 0) + 1
        assert os.listdir(scratch_root) == [], f"seeds {batch}"
        assert children() == before, f"seeds {batch}"
    print(f"seeds {seeds}: {seen}")
    assert {"shown", "paper_broken"} <= set(seen)


async def test_a_spoilt_paper_is_shown_or_refused(sandbox: Sandbox, scratch_root: Path) -> None:
    await look_at(sandbox, scratch_root, range(150))


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="10,000 files, for TONGBAN_SOAK=1")
async def test_ten_thousand_spoilt_papers_are_shown_or_refused(sandbox: Sandbox, scratch_root: Path) -> None:
    await look_at(sandbox, scratch_root, range(1_000, 11_000))
