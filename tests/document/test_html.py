"""Sanitising the HTML of documents, and reading it."""

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monographs.document import html
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


def _growth(make: Callable[[int], str], size: int) -> float:
    """How many times longer it takes for a text eight times as long, by this process's own time."""

    def seconds(source: str) -> float:
        def once() -> float:
            start = time.process_time()
            sanitise(source)
            return time.process_time() - start

        return min(once() for _ in range(2))

    return seconds(make(size * 8)) / max(seconds(make(size)), 0.001)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "<ul>" * n + "</ul>" * n,
        lambda n: "<ul><li>" * n + "</li></ul>" * n,
        lambda n: "<ol><li><p>" * n,
        lambda n: "<td " * n,
        lambda n: "<td/" * n,
        lambda n: "<p></p>" * n,
        lambda n: "<p><em>" * n + "x",
        lambda n: "<a href='http://x'>" * n,
        lambda n: f"<p>{' ' * n}x</p>",
    ],
)
def test_sanitising_takes_time_in_proportion_to_the_length(make: Callable[[int], str]) -> None:
    """Linear growth is 8, quadratic 64."""
    assert _growth(make, 2_000) < 30


def test_a_megabyte_of_nested_lists_is_sanitised() -> None:
    """It would take hours if each step looked at the whole text."""
    once = sanitise("<ul><li>a" * 100_000)
    assert len(plain_text(once).split()) == 100_000
    assert sanitise(once) == once


@pytest.mark.parametrize("tags", [("em", "strong"), ("ul", "li"), ("ol", "li"), ("a", "p")])
def test_no_text_is_nested_deeper_than_other_software_reads(tags: tuple[str, str]) -> None:
    source = "".join(f"<{tag}>" for tag in tags) * 2_000 + "words"
    clean = sanitise(source)
    assert plain_text(clean) == "words"
    assert len(re.findall(r"<(?!/)", clean)) <= 60
    assert sanitise(clean) == clean


def _without_empty_blocks(html: str) -> str:
    """What removing empty blocks again and again leaves: the specification of the single pass."""
    empty = re.compile(r"<(p|li|h3|h4|ul|ol)>(?:\s|<br>)*</\1>")
    while (shorter := empty.sub("", html)) != html:
        html = shorter
    return html


_BLOCKS = st.recursive(
    st.sampled_from(["", " ", "\u00a0", "<br>", "x", "<strong></strong>", "&lt;"]),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["p", "ul", "ol", "li", "h3", "em"]),
        st.lists(inner, max_size=3),
    ),
)


@given(st.lists(_BLOCKS, max_size=4).map("".join))
def test_exactly_the_empty_blocks_disappear(source: str) -> None:
    assert html._without_empty_blocks(source) == _without_empty_blocks(source)


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("", 0),
        ("<ul><li>a</li></ul><ol></ol>", 1),
        ("<ul><li>a<OL class='x'><li>b</ol></ul>", 2),
        ("</ul><ul>", 1),
    ],
)
def test_list_levels_are_counted(source: str, levels: int) -> None:
    assert html.list_levels(source) == levels
