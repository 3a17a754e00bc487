"""A table that is pasted where there can be none: a line per row, cells in their columns, and a remark."""

import pytest

from monographs.imports.pasted_content import Clipboard, PasteTarget, pasted_content

pytestmark = pytest.mark.django_db

ADVICE_BOX = PasteTarget(rich=True, headings=False, lists=True, tables=False)
SUMMARY = PasteTarget(rich=False)


def _table(*rows: tuple[str, ...]) -> Clipboard:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return Clipboard(html=f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")


TABLES = [
    ((("Dose", "0.5"), ("1", "52")), ["Dose | 0.5", "1 | 52"]),
    ((("Day 1", "0 mg"), ("Day 2", "10 mg")), ["Day 1 | 0 mg", "Day 2 | 10 mg"]),
    ((("Age", "Morning", "Night"), ("Child", "", "5 mg")), ["Age | Morning | Night", "Child | – | 5 mg"]),
    ((("", "Dose"), ("Adult", "10 mg")), ["– | Dose", "Adult | 10 mg"]),
    ((("Adult", "10 mg"), ("Child", "")), ["Adult | 10 mg", "Child"]),
]


@pytest.mark.parametrize(("rows", "lines"), TABLES)
@pytest.mark.parametrize("target", [ADVICE_BOX, SUMMARY])
def test_rows_are_lines_and_the_report_says_so(target, rows, lines):
    answer = pasted_content(_table(*rows), target)
    assert answer["plain"].split("\n") == lines
    texts = [block["text"] for piece in answer["pieces"] for block in piece["content"]["blocks"]]
    assert texts == (lines if target.rich else [])
    assert [remark["message"] for remark in answer["remarks"] if "its rows became lines" in remark["message"]]


def test_a_field_with_tables_has_no_such_remark():
    answer = pasted_content(_table(("Dose", "0.5"), ("1", "52")), PasteTarget())
    assert [piece["kind"] for piece in answer["pieces"]] == ["table"]
    assert not [remark for remark in answer["remarks"] if "its rows" in remark["message"]]
