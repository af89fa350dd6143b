"""A file made from the code cannot quietly lag behind it."""

from pathlib import Path

from tests.generated import stale, write_papers


def paper() -> str:
    return "what the code says\n"


def test_a_stale_paper_is_named_and_written_anew(tmp_path: Path) -> None:
    papers = {"lagging.md": f"{__name__}:paper", "fresh.md": f"{__name__}:paper"}
    (tmp_path / "lagging.md").write_text("what the code said\n")
    (tmp_path / "fresh.md").write_text(paper())

    named = stale(tmp_path, papers, lambda: write_papers(tmp_path, papers))

    assert named == ["lagging.md"]
    assert (tmp_path / "lagging.md").read_text() == paper()


def test_a_paper_never_written_is_stale(tmp_path: Path) -> None:
    papers = {"new.md": f"{__name__}:paper"}

    assert stale(tmp_path, papers, lambda: write_papers(tmp_path, papers)) == ["new.md"]
