"""Redlines as HTML, complete and escaped, and as PDF, in which no text is read as code."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monographs.document.parts import Text
from monographs.presentation.labels import in_words
from monographs.presentation.redline_layout import line_groups, row_groups
from monographs.presentation.redline_pdf import Cover, redline_pdf
from monographs.redline import BREAK, LINE_BREAK, Op, redline
from tests.document.strategies import words
from tests.redline.mutations import pairs
from tests.redline.notation import KEY, monograph

some = settings(deadline=None, suppress_health_check=list(HealthCheck))
COVER = Cover("imatinib", "en", "Made by Reviewer", (("Before", "Edition 1"), ("After", "Edition 2")))
_NOT_TEXT = re.compile(r"<(\w+)[^>]*data-not-text[^>]*>[^<]*</\1>")
_WORDS = re.compile(r'<p class="redline__words">(.*?)</p>', re.DOTALL)


def line_texts(html: str, *, without: str) -> list[str]:
    """The text of each line of a rendered redline, one side of it."""
    found = []
    for line in _WORDS.findall(html):
        text = _NOT_TEXT.sub("", line)
        text = re.sub(rf"<{without}\b.*?</{without}>", "", text, flags=re.DOTALL)
        text = re.sub(r'(<span class="redline__break"></span>)?<br>', "", text)
        found.append(unescape(re.sub(r"<[^>]+>", "", text)))
    return found


def without_breaks(text: str) -> str:
    return text.replace(BREAK, "").replace(LINE_BREAK, "")


@given(pairs())
@some
def test_the_html_has_both_texts_complete(pair: Any) -> None:
    for stored in redline(*pair).sections:
        section = replace(stored, lines=tuple(map(in_words, stored.lines)))
        html = render_to_string("redline/section.html", {"section": stored})
        lines = [line for line in section.lines if line.kind != "form"]
        if len(lines) != len(section.lines):
            continue
        assert without_breaks("".join(line_texts(html, without="ins"))) == without_breaks(section.old_text)
        assert without_breaks("".join(line_texts(html, without="del"))) == without_breaks(section.new_text)


@given(pairs())
@some
def test_no_line_is_lost_in_folds_and_columns(pair: Any) -> None:
    for section in redline(*pair).sections:
        laid = [placed.line for group in line_groups(section) for placed in group.lines]
        assert laid == list(section.lines)
        rows = [row for group in row_groups(section) for row in group.rows]
        before = [row.before for row in rows if row.before]
        after = [row.after for row in rows if row.after]
        assert before == [line for line in section.lines if line.op is not Op.INSERTED]
        assert after == [line for line in section.lines if line.op is not Op.DELETED]


def test_both_addresses_of_a_changed_link_are_shown() -> None:
    old = monograph(html=f'<p>See <a data-page="{KEY}">CML</a> now.</p>')
    new = monograph(html='<p>See <a href="https://a.example/?x=1&amp;y=2">CML</a> now.</p>')
    section = redline(old, new).changed[0]
    html = render_to_string("redline/section.html", {"section": section, "links": {KEY: "/conditions/cml/"}})
    assert "link was /conditions/cml/, is https://a.example/?x=1&amp;y=2" in html
    unlinked = render_to_string("redline/section.html", {"section": section})
    assert f"a page that is not public ({KEY})" in unlinked


def test_an_address_with_a_script_is_not_made_a_link() -> None:
    from monographs.document.models import HomeDocument, Link  # noqa: PLC0415

    home = HomeDocument(
        key=KEY,
        slug="home",
        title="Home",
        review_interval_months=12,
        organisation="Us",
        account_link=Link(label="Sign in", address="javascript:alert(1)"),
    )
    section = redline(None, home).sections[0]
    html = render_to_string("redline/section.html", {"section": section})
    assert 'href="javascript' not in html
    assert "link to javascript:alert(1)" in html


def test_spaces_that_changed_can_be_seen() -> None:
    section = redline(monograph(html="<p>5 mg</p>"), monograph(html="<p>5\u2009mg</p>")).changed[0]
    html = render_to_string("redline/section.html", {"section": section})
    assert '<span class="redline__space" title="thin space">\u2009</span>' in html


def test_a_changed_kind_of_line_is_described() -> None:
    section = redline(monograph(html="<h3>Doses</h3>"), monograph(html="<h4>Doses</h4>")).changed[0]
    html = render_to_string("redline/section.html", {"section": section})
    assert "was a heading of level 3, is a heading of level 4" in html


#: Text that Typst would read as markup, code, a path or the end of a string.
TYPST = (
    '#read("/etc/passwd")|#eval("1+1")|*b* _i_|`r`|$x$|<l>|@r|= H|// c|/* c */|\\u{41}|"|\\|#{|[|]|'
    '#let a = 1|#import "x"|~|---|...|https://a.example|\\"|```|$|#panic()'
).split("|")


@pytest.mark.parametrize("hostile", [" ".join(TYPST), '#read("data.json")', '"), panic("', "```\n#panic()"])
def test_no_text_is_code_to_typst(hostile: str) -> None:
    old = monograph(pronunciation="plain")
    new = monograph(pronunciation=hostile, brand_names=(hostile,), summary=hostile)
    cover = Cover(hostile, "en", hostile, ((hostile, hostile),))
    pdf = redline_pdf(redline(old, new), cover, {}, {hostile: hostile})
    assert pdf.startswith(b"%PDF-")
    assert b"pdfuaid" in pdf


@pytest.mark.all_examples
@given(st.lists(words | st.sampled_from(TYPST), min_size=1, max_size=8).map(" ".join))
@settings(max_examples=15, deadline=None)
def test_any_text_becomes_a_pdf(text: str) -> None:
    new = monograph(Text(html=""), pronunciation=text, summary=text)
    assert redline_pdf(redline(monograph(), new), COVER, {}, {}).startswith(b"%PDF-")
