"""Letters that leaflets can print, and words that are longer than a line."""

import json
import logging
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import typst
from django.test import Client
from PIL import Image

from monographs.presentation.printable_characters import unprintable_characters
from monographs.presentation.typst_pdf import embedded_fonts, typeset
from monographs.public.leaflet_pdf import renderer
from tests.public.published import monograph, publish, sections, text

LONG = "hydroxymethylglutarylcoenzymeareductaseinhibitor" * 3
ADDRESS = "https://example.org/" + "a-very-long-path-without-any-space/" * 6
#: Pixels of the right margin (19 mm at 72 pixels an inch), without its inner edge.
_MARGIN = 48


@pytest.mark.parametrize("name", ["leaflet.pdf", "leaflet-large.pdf"])
@pytest.mark.django_db
def test_long_words_and_addresses_stay_inside_the_margin(client: Client, name: str) -> None:
    publish(monograph(sections=sections(text(f"<p>{LONG}</p><p>{ADDRESS}</p><ul><li>{LONG}</li></ul>"))))
    pages: list[Image.Image] = []

    def pictures(source: Path, data: Any, files: Any, **options: Any) -> bytes:
        content = typeset(source, data, files, **options)
        pages.extend(_pictures(source, data, files))
        return content

    with patch.object(renderer, "typeset", pictures):
        assert client.get(f"/medicines/testumab/{name}").status_code == 200

    assert pages
    for page in pages:
        margin = page.convert("L").crop((page.width - _MARGIN, 0, page.width, page.height))
        assert margin.getextrema()[0] == 255, "text reaches into the margin"


def _pictures(source: Path, data: Any, files: Any) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / source.name).write_bytes(source.read_bytes())
        (root / "data.json").write_text(json.dumps(data), encoding="utf-8")
        for file_name, content in files.items():
            (root / file_name).write_bytes(content)
        found = typst.Compiler(root=root, font_paths=embedded_fonts()).compile(
            root / source.name, format="png", ppi=72
        )
    contents: list[bytes | None] = [*found] if isinstance(found, list) else [found]
    return [Image.open(BytesIO(content)) for content in contents if content]


def test_common_signs_can_be_printed() -> None:
    assert unprintable_characters("é ß Ł µ μ α β ½ ¼ ⁸ ₂ ² ≥ ≤ ± × − – — “ ” ’ • → ° ™ ® © € £ …") == set()  # noqa: RUF001


@pytest.mark.parametrize("letters", ["血液", "😀", "한국", "กขค", "㎎"])
def test_letters_that_no_font_has_are_found(letters: str) -> None:
    assert unprintable_characters(f"Take {letters} 5 mg") == set(letters)


def test_a_pdf_that_loses_its_standard_is_an_error_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = tmp_path / "words.typ"
    source.write_text('#let data = json("data.json")\n#set document(title: data.title)\n#data.words', "utf-8")

    with caplog.at_level(logging.ERROR):
        content = typeset(source, {"title": "testumab", "words": "血"}, {}, system_fonts=False)

    assert content.startswith(b"%PDF")
    assert ["testumab" in record.getMessage() for record in caplog.records] == [True]
