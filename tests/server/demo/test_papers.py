"""The sample papers are real ones, and always the same."""

import io

import pypdfium2
import pytest
from PIL import Image

from tongban_server.demo.papers import sample_pdf, sample_photo


@pytest.mark.parametrize("pages", [1, 3])
def test_the_sample_document_is_a_pdf_of_so_many_pages_that_says_sample(pages: int) -> None:
    document = pypdfium2.PdfDocument(sample_pdf(pages=pages))
    words = document[pages - 1].get_textpage().get_text_range()
    drawn = document[0].render(scale=1).to_pil()
    document.close()

    assert f"SAMPLE page {pages}/{pages}" in words
    assert len(drawn.convert("L").getcolors() or []) > 10


def test_the_sample_photograph_is_a_jpeg_without_notes_about_its_maker() -> None:
    photo = Image.open(io.BytesIO(sample_photo()))
    photo.load()

    assert (photo.format, photo.size) == ("JPEG", (1280, 960))
    assert not photo.getexif()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert sample_pdf(seed=3) == sample_pdf(seed=3) != sample_pdf(seed=4)
    assert sample_photo(seed=3) == sample_photo(seed=3) != sample_photo(seed=4)


def test_samples_stay_small_enough_to_send_in_a_breath() -> None:
    assert len(sample_pdf(pages=5)) < 500_000
    assert len(sample_photo()) < 500_000
