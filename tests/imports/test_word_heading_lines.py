"""A paragraph of a Word file that looks like a heading, but is none of a page, is remarked at its place."""

import pytest

from monographs.imports.remarks import RemarkKind
from tests.imports.word_files import paragraph, run
from tests.imports.word_results import blocks, parse


def remarked(line: str) -> list[str]:
    parsed = parse(
        paragraph(run("It finds sick cells.")) + paragraph(run(line)) + paragraph(run("It is new."))
    )
    remarks = [remark for block in blocks(parsed) for remark in block.remarks]
    return [r.quote for r in remarks if r.kind is RemarkKind.UNSURE and "looks like a heading" in r.message]


@pytest.mark.parametrize(
    "line", ["Travel Advice", "TRAVEL ADVICE", "4. Travel advice", "III. Travel advice", "Food and Travel"]
)
def test_a_line_that_looks_like_a_heading_is_remarked(line: str) -> None:
    assert remarked(line) == [line]


@pytest.mark.parametrize("line", ["Travel is fine.", "travel advice", "Take 5 mg", "Dose: one tablet"])
def test_a_line_of_text_is_not(line: str) -> None:
    assert remarked(line) == []
