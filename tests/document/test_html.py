"""Sanitising the HTML of documents, and reading it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monographs.document.html import bind_links, page_keys, plain_text, sanitise
from monographs.document.parts import Text

KEY = "38b482a8-960b-4591-9857-5031ecb830aa"


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("<p>Take <b>one</b> <i>a day</i></p>", "<p>Take <strong>one</strong> <em>a day</em></p>"),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()" class="y" data-block-key="z">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "a"),
        (
            '<a href="https://example.org/?a=1&amp;b=2">a</a>',
            '<a href="https://example.org/?a=1&amp;b=2">a</a>',
        ),
        (f'<a data-page="{KEY}">a</a>', f'<a data-page="{KEY}">a</a>'),
        ('<a data-page="nonsense">a</a>', "a"),
        ("<table><tr><td>1</td><td>0 mg</td></tr></table>", "1  0 mg"),
        ("<h2>Dose</h2><h2>Next</h2>", "Dose  Next"),
        ("<p></p><p>a</p><p> </p>", "<p>a</p>"),
        ("<ul><li></li></ul>", ""),
        ("a &lt; b &amp; c", "a &lt; b &amp; c"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<p>5&nbsp;mg</p>", "<p>5\u00a0mg</p>"),
    ],
)
def test_rich_text_is_reduced_to_the_tags_of_a_leaflet(source: str, clean: str) -> None:
    assert sanitise(source) == clean


@given(st.text())
def test_sanitising_twice_is_sanitising_once(source: str) -> None:
    once = sanitise(source)
    assert sanitise(once) == once


@given(st.text(alphabet="<>/abip =\"'scriptonedata-page&;", max_size=80))
def test_only_allowed_markup_is_kept(source: str) -> None:
    clean = sanitise(source)
    assert "<script" not in clean
    assert sanitise(clean) == clean
    Text(html=clean)


def test_a_document_refuses_html_that_was_not_sanitised() -> None:
    with pytest.raises(ValidationError, match="sanitised"):
        Text(html="<p onclick='x()'>a</p>")


def test_a_link_to_a_page_is_bound_to_its_path_or_is_plain_text() -> None:
    html = f'<p>See <a data-page="{KEY}">the <em>other</em></a>.</p>'
    assert page_keys(html) == [KEY]
    assert bind_links(html, {KEY: '/medicines/"x/'}) == (
        '<p>See <a href="/medicines/&quot;x/">the <em>other</em></a>.</p>'
    )
    assert bind_links(html, {}) == "<p>See the <em>other</em>.</p>"


def test_plain_text_separates_the_words_of_blocks() -> None:
    assert plain_text("<ul><li>a<ul><li>b</li></ul></li></ul>") == "a b"
    assert plain_text("<p>a</p><ul><li>b</li><li>c &amp; d</li></ul>") == "a b c & d"
