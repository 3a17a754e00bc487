"""Words of a Word file that nobody sees, for their colour or size, are left out and named."""

import pytest

from tests.imports.word_files import paragraph, run, style
from tests.imports.word_results import named, parse, styled, texts

WHITE = '<w:color w:val="FFFFFF"/>'
SHADED = '<w:shd w:val="clear" w:color="auto" w:fill="{}"/>'
PALE = style("Pale", WHITE)


@pytest.mark.parametrize(
    ("properties", "styles"),
    [
        (WHITE, ""),
        ('<w:color w:val="ffffff"/>', ""),
        ('<w:color w:val="FFFFFF" w:themeColor="background1"/>', ""),
        ('<w:color w:themeColor="background1"/>', ""),
        ('<w:sz w:val="2"/>', ""),
        ('<w:sz w:val="3"/>', ""),
        ('<w:color w:val="336699"/>' + SHADED.format("336699"), ""),
        (WHITE + SHADED.format("auto"), ""),
        (WHITE + '<w:highlight w:val="white"/>', ""),
        ('<w:rStyle w:val="Pale"/>', PALE),
        ('<w:rStyle w:val="P"/>', PALE + style("P", "<w:i/>", base="Pale")),
        ('<w:rStyle w:val="Tiny"/>', style("Tiny", '<w:sz w:val="2"/>')),
    ],
)
def test_words_in_the_colour_of_the_page_or_too_small_are_left_out_and_named(
    properties: str, styles: str
) -> None:
    parsed = parse(paragraph(run("Seen. ") + run("Take 50 mg.", properties)), styles=styles)
    assert texts(parsed) == ["Seen."]
    assert named(parsed) == ["Take 50 mg."]


@pytest.mark.parametrize(
    "properties",
    [
        WHITE + SHADED.format("000000"),
        WHITE + '<w:highlight w:val="black"/>',
        '<w:color w:val="auto"/>',
        '<w:color w:val="EEEEEE"/>',
        '<w:color w:themeColor="background1" w:themeShade="80" w:val="7F7F7F"/>',
        '<w:sz w:val="12"/>',
        '<w:rStyle w:val="Pale"/><w:color w:val="000000"/>',
    ],
)
def test_words_that_are_seen_are_kept(properties: str) -> None:
    parsed = parse(paragraph(run("Take 5 mg.", properties)), styles=PALE)
    assert (texts(parsed), named(parsed)) == (["Take 5 mg."], [])


def test_the_ground_is_that_of_the_paragraph_its_style_or_the_page() -> None:
    dark = style("Dark", "", kind="paragraph", extra=f"<w:pPr>{SHADED.format('111111')}</w:pPr>")
    body = (
        paragraph(run("White on dark.", WHITE), SHADED.format("111111"))
        + paragraph(run("By style.", WHITE), '<w:pStyle w:val="Dark"/>')
        + paragraph(run("Dark on dark.", '<w:color w:val="111111"/>'), SHADED.format("111111"))
        + paragraph(styled("Pale.", "Pale") + run("Seen."))
    )
    parsed = parse(body, styles=dark + PALE)
    assert texts(parsed) == ["White on dark.", "By style.", "Seen."]
    assert named(parsed) == ["Dark on dark.", "Pale."]


def test_white_words_in_the_cell_of_a_table_are_kept_as_its_style_may_colour_the_cell() -> None:
    cell = f"<w:tc><w:tcPr/>{paragraph(run('Dose', WHITE))}</w:tc><w:tc>{paragraph(run('5 mg'))}</w:tc>"
    parsed = parse(f"<w:tbl><w:tr>{cell}</w:tr><w:tr>{cell}</w:tr></w:tbl>")
    assert named(parsed) == []
