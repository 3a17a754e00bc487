"""Conversion to rich text, and routes of administration."""

import pytest

from monographs.document.html import plain_text, sanitise
from monographs.imports.admin_routes import routes_in
from monographs.imports.parsed_text import ListItem, Markup, ParsedList, ParsedParagraph, Subheading
from monographs.imports.rich_text import as_html, inline_html, inline_plain


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Take** it *now*", "<b>Take</b> it <i>now</i>"),
        ("a [page](https://example.org/a?b=1&c=2)", 'a <a href="https://example.org/a?b=1&amp;c=2">page</a>'),
        ("a [page](/inside) [x](javascript:alert(1))", "a page [x](javascript:alert(1))"),
        ("5 < 6 & 7 > 2", "5 &lt; 6 &amp; 7 &gt; 2"),
        ('<img src=x onerror="alert(1)">', '&lt;img src=x onerror="alert(1)"&gt;'),
        ("![a drawing](x.png) here", "here"),
        ("snake_case_word 0.1%* or more", "snake_case_word 0.1%* or more"),
    ],
)
def test_markdown_becomes_limited_html(text, html):
    assert inline_html(text, markup=Markup.MARKDOWN) == html
    assert plain_text(sanitise(html)) == inline_plain(text, markup=Markup.MARKDOWN)


def test_plain_text_keeps_its_stars_and_brackets():
    assert inline_html("**no** [markdown](x) <b>", markup=Markup.PLAIN) == "**no** [markdown](x) &lt;b&gt;"


def test_nested_lists_keep_their_words_apart():
    items = [
        ListItem("one", True),
        ListItem("inner", depth=1),
        ListItem("deep", True, 2),
        ListItem("two", True),
    ]
    html = as_html([ParsedParagraph("Now:"), ParsedList(items), Subheading("End")], markup=Markup.PLAIN)
    assert html == (
        "<p>Now:</p>"
        "<ol><li>one <ul><li>inner <ol><li>deep</li></ol></li></ul></li><li>two</li></ol>"
        "<h3>End</h3>"
    )
    assert plain_text(sanitise(html)) == "Now: one inner deep two End"


@pytest.mark.parametrize(
    ("line", "routes", "complete"),
    [
        ("Administration: IV infusion", ["intravenous_infusion"], True),
        ("Administration: Intravenous (IV) infusion", ["intravenous_infusion"], True),
        ("Administration: Oral", ["oral"], True),
        ("Route – by mouth", ["oral"], True),
        ("Administration: By mouth or subcutaneous injection", ["oral", "subcutaneous_injection"], True),
        ("Administration: Oral tablet", ["oral"], False),
        ("Administration: Continuous IV infusion", ["intravenous_infusion"], False),
        ("Administration: IV", [], False),
        ("Administration: By magic", [], False),
    ],
)
def test_routes_of_administration_are_read_from_a_line(line, routes, complete):
    assert routes_in(line) == (routes, complete)
