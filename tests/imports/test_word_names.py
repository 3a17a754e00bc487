"""Names of medicines in Word files without a title style."""

import pytest

from monographs.imports.word import parse_word
from tests.imports.word_files import bold, new_document, word_bytes


def named(first: str, file_name: str, *, is_bold: bool) -> tuple[str, list[str]]:
    document = new_document()
    if is_bold:
        bold(document, first)
    else:
        document.add_paragraph(first)
    document.add_paragraph("How it works")
    document.add_paragraph("Well.")
    parsed = parse_word(word_bytes(document), file_name)
    return parsed.name, parsed.brands


@pytest.mark.parametrize(
    "file_name", ["3.docx", "Document1.docx", "2026.docx", "final.docx", "old-page.docx"]
)
@pytest.mark.parametrize(
    "first", ["Vexarubicin", "Vexarubicin (liposomal)", "L-Asparaginase", "Lu 177 Vexatide"]
)
def test_a_bold_first_line_names_the_page(first, file_name):
    name, brands = named(first, file_name, is_bold=True)
    assert (name, brands) == (first[:1].lower() + first[1:] if first.startswith("V") else name, [])
    assert name.casefold() == first.casefold()


@pytest.mark.parametrize(
    "first", ["vexarubicin (liposomal) (Lipovexa)", "Vexarubicin (liposomal) (Lipovexa\u00ae)"]
)
def test_a_qualifier_in_a_word_file_is_no_brand(first):
    assert named(first, "3.docx", is_bold=False) == ("vexarubicin (liposomal)", ["Lipovexa"])
