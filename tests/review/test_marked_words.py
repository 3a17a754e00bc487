"""Replacing words in rich text: marks, line breaks, entities and signs around them are kept."""

import pytest

from monographs.review.suggestions.marked_words import paragraphs, replace_words, smallest_change

#: HTML with one paragraph, the words to replace, the words in their place, and the HTML that must come out.
CASES = {
    "plain": ("<p>Take two tablets.</p>", "two", "three", "<p>Take three tablets.</p>"),
    "the marks of the words replaced": (
        "<p>Take <b>two</b> tablets.</p>",
        "two",
        "three",
        "<p>Take <b>three</b> tablets.</p>",
    ),
    "across a mark, whose words stay in it": (
        "<p>Take <b>two tablets</b> daily.</p>",
        "two tablets daily",
        "three tablets weekly",
        "<p>Take <b>three tablets</b> weekly.</p>",
    ),
    "across a mark, all of it replaced": (
        "<p>Take <b>two</b> <i>red</i> pills.</p>",
        "two red",
        "three",
        "<p>Take <b>three</b> pills.</p>",
    ),
    "a link keeps its address": (
        '<p>See <a href="https://a.org/?a=1&amp;b=%3E">the label</a>.</p>',
        "the label",
        "the new label",
        '<p>See <a href="https://a.org/?a=1&amp;b=%3E">the new label</a>.</p>',
    ),
    "deletion": ("<p>Take it <b>not</b> today.</p>", "not ", "", "<p>Take it today.</p>"),
    "deletion of the words of a link": (
        '<p>A <a linktype="page" id="3">link</a> here.</p>',
        "link ",
        "",
        "<p>A here.</p>",
    ),
    "insertion after a mark stands outside it": (
        "<p>Take <b>two</b>.</p>",
        "two",
        "two today",
        "<p>Take <b>two</b> today.</p>",
    ),
    "insertion inside a mark": (
        "<p><b>Take two tablets</b></p>",
        "two tablets",
        "two red tablets",
        "<p><b>Take two red tablets</b></p>",
    ),
    "markup is text": (
        "<p>Less than five.</p>",
        "Less than",
        "<b>&lt;</b> &amp;",
        "<p>&lt;b&gt;&amp;lt;&lt;/b&gt; &amp;amp; five.</p>",
    ),
    "entities": ("<p>A &lt; B &amp; C</p>", "< B & C", "> B & C", "<p>A &gt; B &amp; C</p>"),
    "line break": ("<p>one<br/>two</p>", "one\ntwo", "one\nthree", "<p>one<br/>three</p>"),
    "a line break is removed": ("<p>one<br/>two</p>", "one\ntwo", "one two", "<p>one two</p>"),
    "combining marks and emoji": (
        "<p>cafe\u0301 👩‍⚕️ here</p>",
        "cafe\u0301 👩‍⚕️",
        "tea 👨‍👩‍👧",
        "<p>tea 👨‍👩‍👧 here</p>",
    ),
    "no-break space": (
        "<p>5&nbsp;mg or 5\u00a0mg</p>",
        "5\u00a0mg or",
        "6\u00a0mg or",
        "<p>6&nbsp;mg or 5\u00a0mg</p>",
    ),
    "everything": ("<p><b>Gone</b></p>", "Gone", "", "<p></p>"),
}


@pytest.mark.parametrize("case", CASES)
def test_words_are_replaced_and_marks_kept(case: str) -> None:
    html, old, new, expected = CASES[case]
    ((start, end, words),) = paragraphs(html)
    at = words.index(old)
    assert replace_words(html, (start, end), at, at + len(old), new) == expected


@pytest.mark.parametrize("case", CASES)
def test_the_words_are_what_was_suggested(case: str) -> None:
    html, old, new, expected = CASES[case]
    ((_, _, before),) = paragraphs(html)
    after = [words for _, _, words in paragraphs(expected)]
    assert "".join(after) == before.replace(old, new, 1)


def test_only_one_paragraph_changes() -> None:
    html = '<h3>One</h3><ul><li data-block-key="a">One <b>day</b></li><li>One</li></ul>'
    found = list(paragraphs(html))
    assert [words for _, _, words in found] == ["One", "One day", "One"]
    start, end, words = found[1]
    changed = replace_words(html, (start, end), 0, len(words), "Two days")
    assert changed == '<h3>One</h3><ul><li data-block-key="a">Two <b>days</b></li><li>One</li></ul>'


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("Take two tablets.", "Take three tablets.", ("two", "three")),
        ("Take two.", "Take two.", ("", "")),
        ("Take two.", "Take two today.", ("", " today")),
        ("Take it not today.", "Take it today.", ("not ", "")),
        ("a b c d", "a x c y", ("b c d", "x c y")),
        ("", "new", ("", "new")),
        ("two two two", "two two", ("two ", "")),
    ],
)
def test_the_smallest_change_is_found(old: str, new: str, change: tuple[str, str]) -> None:
    start, end, words = smallest_change(old, new)
    assert old[:start] + words + old[end:] == new
    assert (len(old[start:end]), len(words)) <= (len(change[0]) + 1, len(change[1]) + 1)
