"""Words are found and replaced in plain text and HTML, never in links, addresses or parts of numbers."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monographs.review.replacement.word_pattern import Replacement, WordPattern


def replaced(value: str, words: str, new: str, *, is_html: bool = False, **options: bool) -> str:
    pattern = WordPattern(words, **options)
    return Replacement(pattern, new).apply(value, pattern.hits(value, is_html=is_html), is_html=is_html)


@pytest.mark.parametrize(
    ("value", "words", "options", "after"),
    [
        ("Tired. tired, retired", "tired", {}, "X. X, retired"),
        ("Tired. tired, retired", "tired", {"match_case": True}, "Tired. X, retired"),
        ("Tired. tired, retired", "tired", {"whole_words": False}, "X. X, reX"),
        ("Take 0.5 or 5 or 1,500 or 5.", "5", {}, "Take 0.5 or X or 1,500 or X."),
        ("naïve naive", "naive", {}, "naïve X"),
        ("naïve naive", "naive", {"ignore_accents": True}, "X X"),
        ("care\u00a0 team; care-team", "care team", {}, "X; care-team"),
        ("soft\u00adware software", "software", {}, "X X"),
        (
            "See team.org or me@team.org, www.a.b/team; team",
            "team",
            {},
            "See team.org or me@team.org, www.a.b/team; X",
        ),
        ("STRASSE straße", "straße", {}, "X X"),
        ("C++ and c", "c++", {"whole_words": False}, "X and c"),
        # A letter that is compared as two is replaced as a whole or not at all
        ("Straße", "s", {"whole_words": False}, "Xtraße"),
        ("Straße", "stras", {"whole_words": False}, "Straße"),
        ("\ufb01t", "f", {"whole_words": False}, "\ufb01t"),
        ("q\u0323b qb", "q", {"whole_words": False, "ignore_accents": True}, "Xb Xb"),
        # What keyboards have for what texts have
        ("You don’t. You don't.", "don't", {}, "You X. You X."),
        ("Say “no”.", '"no"', {}, "Say X."),
        ("COVID\u201119 and COVID-19", "covid-19", {}, "X and X"),
        ("38°C, 38 °C, °Cx", "°C", {}, "38X, 38 X, °Cx"),
        ("0.5 mg, .5 mg", ".5", {}, "0.5 mg, X mg"),
    ],
)
def test_words_of_a_plain_text_are_replaced(
    value: str, words: str, options: dict[str, bool], after: str
) -> None:
    assert replaced(value, words, "X", **options) == after


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ("<p>Your team.</p>", "<p>Your A &amp; B.</p>"),
        ('<p>Your <a href="https://a.org/team">team</a> and team</p>', None),
        ("<p>Your <b>team</b>.</p>", "<p>Your <b>A &amp; B</b>.</p>"),
        ("<p>Your <b>tea</b>m and <b>team</b>s.</p>", "<p>Your <b>tea</b>m and <b>team</b>s.</p>"),
        ("<p>te</p><p>am</p>", "<p>te</p><p>am</p>"),
        ("<p>a&nbsp;team &lt;team&gt;</p>", "<p>a&nbsp;A &amp; B &lt;A &amp; B&gt;</p>"),
        ('<p data-block-key="team">5 < 6 team</p>', '<p data-block-key="team">5 < 6 A &amp; B</p>'),
    ],
)
def test_words_of_rich_text_are_replaced_within_its_elements(value: str, after: str | None) -> None:
    expected = after or value.replace("and team", "and A &amp; B")
    assert replaced(value, "team", "A & B", is_html=True) == expected


def test_two_words_are_not_found_across_paragraphs() -> None:
    assert WordPattern("care team").hits("<p>your care</p><p>team is</p>", is_html=True) == []


def test_a_capital_stays() -> None:
    assert replaced("Tiredness is tiredness", "tiredness", "fatigue") == "Fatigue is fatigue"
    assert replaced("Tiredness", "Tiredness", "fatigue", match_case=True) == "fatigue"


def test_a_hit_has_its_context_within_the_line() -> None:
    (hit,) = WordPattern("team").hits(
        "<p>One.</p><p>Call the <b>care</b> team now.</p><p>Two.</p>", is_html=True
    )
    assert (hit.before, hit.text, hit.after) == ("Call the care ", "team", " now.")


LETTERS = st.lists(
    st.sampled_from(
        ["a", "A", "b", "ß", "\u017f", "s", "S", "é", "\u00ad", "&shy;", " ", "’", "<i>", "</i>", "5", "."]
    )
)


@given(
    value=LETTERS, words=LETTERS, match_case=st.booleans(), whole_words=st.booleans(), is_html=st.booleans()
)
def test_a_value_is_not_passed_over_that_has_the_words(
    value: list[str], words: list[str], match_case: bool, whole_words: bool, is_html: bool
) -> None:
    pattern = WordPattern("".join(words), whole_words=whole_words, match_case=match_case)
    if "".join(words).strip() and pattern._is_absent("".join(value)):
        read = WordPattern(pattern.words, whole_words=whole_words, match_case=match_case)
        read.__dict__["_longest"] = ""
        assert read.hits("".join(value), is_html=is_html) == []


@pytest.mark.parametrize("ignore_accents", [False, True])
@pytest.mark.parametrize("match_case", [False, True])
@given(
    text=st.text(alphabet="aAbBµ°’-– 5.,“”'\"\xa0", max_size=30),
    words=st.text(alphabet="aAbµ°’'- 5", min_size=1),
)
def test_plain_texts_are_compared_as_any_others(
    text: str, words: str, match_case: bool, ignore_accents: bool
) -> None:
    pattern = WordPattern(words, match_case=match_case, ignore_accents=ignore_accents)
    assume(words.strip())
    assert pattern._spans(text) == pattern._spans_of_any(text)


def test_a_hit_is_shown_with_whole_words_and_an_ellipsis_only_where_some_are_left_out() -> None:
    pattern = WordPattern("nurse")
    [short] = pattern.hits("<p>Before.</p><p>A nurse gives it.</p><p>After.</p>", is_html=True)
    assert (short.before, short.after) == ("A ", " gives it.")
    [long] = pattern.hits(f"{'beginning ' * 9}nurse{' ending' * 12}", is_html=False)
    assert long.before == f"…\u00a0{'beginning ' * 5}"
    assert long.after == f"{' ending' * 8}\u00a0…"
    [glued] = pattern.hits(f"{'x' * 99} nurse-{'y' * 99}", is_html=False)
    assert glued.before.startswith("…\u00a0x")
    assert glued.after.endswith("y\u00a0…")
