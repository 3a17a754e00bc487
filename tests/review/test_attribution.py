"""Property test: whatever several people do to a text, the authors of its words are found, and nobody else.

The oracle knows for each word who typed it: every typed word is unique. It knows nothing of passages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monographs.models import DrugClassPage
from monographs.review.authorship.attribution import NOBODY, AuthoredPassage, attribute
from monographs.review.authorship.known_history import AdoptableText, PageHistory
from monographs.review.authorship.stored_passages import END, document_passages, passages_of

PEOPLE = "abc"
#: Words that anybody types again and again.
COMMON = ("the", "of", "take", "with")
#: A paragraph that stands in the text again and again, as a cell of a table does.
SAME = ["take", "with"]
#: The first word of a paragraph that is an item of a list.
ITEM = "*"


def content_of(paragraphs: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return the stored content that says ``paragraphs``."""
    html = "".join(
        f"<ul><li>{' '.join(words[1:])}.</li></ul>"
        if words[0] == ITEM
        else f'<p data-block-key="k{n}">{" ".join(words)}.</p>'
        for n, words in enumerate(paragraphs)
    )
    return {"title": "", "body": [{"type": "text", "value": html, "id": "x"}]}


def facts_of(text: list[list[str]], about: set[str]) -> set[tuple[str, ...]]:
    """Return which of the words ``about`` are there, in what kind of paragraph, and in what order."""
    said = [(words[0] == ITEM, word.rstrip(",")) for words in text for word in words]
    said = [(kind, word) for kind, word in said if word in about]
    places: dict[str, list[int]] = {}
    for place, (_, word) in enumerate(said):
        places.setdefault(word, []).append(place)
    order = {(one, two) for one in places for two in places if min(places[one]) < max(places[two])}
    order -= {(one, one) for one in places}
    return {(word, ITEM if kind else "") for kind, word in said} | {(w,) for w in places} | order


def count_of(word: str, text: list[list[str]]) -> int:
    """Return how often a word is in the text."""
    return sum(each.rstrip(",") == word for words in text for each in words)


@dataclass
class Model:
    """A text of unique words, with the code's authors and the oracle's."""

    text: list[list[str]] = field(default_factory=list)
    author: dict[str, str] = field(default_factory=dict)
    states: list[list[list[str]]] = field(default_factory=list)
    known: PageHistory = field(default_factory=PageHistory)
    state: list[AuthoredPassage] = field(default_factory=list)
    #: What was signed of typed words, and who ended it where it is no more.
    signed: set[tuple[str, ...]] = field(default_factory=set)
    #: Or who had ended it before, in a text that was gone back to, or in one of two copies: one is enough.
    removed: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    #: The same for each text since the signature, when it was saved first.
    removed_then: dict[str, dict[tuple[str, ...], set[str]]] = field(default_factory=dict)
    #: Typed words → who removed one of their copies since the signature.
    shortened: dict[str, set[str]] = field(default_factory=dict)
    #: The same for each text since the signature, when it was saved first.
    shortened_then: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    count: int = 0

    def word(self, who: str) -> str:
        self.count += 1
        word = f"zq{self.count:05d}x"
        self.author[word] = who
        return word

    def save(self, who: str, text: list[list[str]]) -> None:
        new = [words for words in text if words and words != [ITEM]]
        left = facts_of(new, set(self.author))
        gone = {
            fact
            for fact in self.signed - left
            if len(fact) == 1 or {(w,) for w in fact} - {("",), (ITEM,)} <= left
        }
        then = self.removed_then.get(str(new), {})
        self.removed = {fact: self.removed.get(fact, {who}) | then.get(fact, set()) for fact in gone}
        for word in {word for word in self.author if count_of(word, new) < count_of(word, self.text)}:
            self.shortened.setdefault(word, set()).add(who)
        self.removed_then.setdefault(str(new), self.removed)
        self.shortened_then.setdefault(
            str(new), {word: frozenset(people) for word, people in self.shortened.items()}
        )
        self.text = new
        passages = passages_of(content_of(new), DrugClassPage)
        if [p.content for p in passages] != [each.passage.content for each in self.state]:
            self.state = attribute(self.state, passages, frozenset(who), self.known)
            self.known.add(self.state, frozenset(who))
        self.states.append(new)

    def sign(self) -> None:
        self.state = self.known.sign(self.state, content_of(self.text))
        self.signed = facts_of(self.text, set(self.author))
        self.removed, self.removed_then, self.shortened, self.shortened_then = {}, {}, {}, {}

    @property
    def excluded(self) -> set[str]:
        return set(self.known.signed.removers.union(*(each.everybody for each in self.state)))

    @property
    def authors(self) -> list[set[str]]:
        """Who typed a word of the text that is not signed, or removed or moved a signed one."""
        signed = {fact[0] for fact in self.signed}
        said = {word.rstrip(",") for words in self.text for word in words} - signed
        removed = [
            who.union(*(self.shortened.get(word, ()) for word in fact)) for fact, who in self.removed.items()
        ]
        # Who removed it when this very text was saved first counts, whoever went back to it since
        then = self.removed_then.get(str(self.text), {})
        removed += [
            then[fact].union(*(self.shortened_then[str(self.text)].get(word, ()) for word in fact))
            for fact in self.removed
            if fact in then
        ]
        return [{self.author[word]} for word in said if word in self.author] + removed


CHANGES = ["add", "row", "insert", "replace", "common", "delete", "cut", "move", "copy", "item", "comma"]
steps = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from([*CHANGES, "revert", "revert", "paste", "sign"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=14,
)


def perform(model: Model, who: str, act: str, x: int, y: int) -> None:  # noqa: C901, PLR0912  # a case each
    """Do one step; ``x`` and ``y`` choose the place."""
    text = [list(words) for words in model.text]
    at = x % len(text) if text else 0
    words = text[at] if text else []
    place = y % len(words) if words else 0
    match act:
        case "sign":
            model.sign()
            return
        case "revert":
            text = model.states[y % len(model.states)] if model.states else text
        case "paste":
            earlier = model.states[y % len(model.states)] if model.states else []
            text[at : at + x % 2] = earlier[x % len(earlier) :][:1] if earlier else []
        case "row":
            text[at:at] = [[model.word(who)], SAME]
        case _ if act == "add" or not words:
            text.insert(at, [model.word(who), COMMON[y % 4], model.word(who)])
        case "insert":
            words.insert(place, model.word(who))
        case "replace":
            words[place] = model.word(who)
        case "common":
            words.insert(place, COMMON[y % 4])
        case "comma":
            words[place] = words[place].rstrip(",") + ("" if words[place].endswith(",") else ",")
        case "delete" if y % 3:
            del words[place]
        case "delete":
            del text[at]
        case "cut":
            del text[at : at + 2]
        case "copy":
            text.insert(y % len(text), words)
        case "item":
            text[at] = words[1:] if words[0] == ITEM else [ITEM, *words]
        case "move":
            text.insert(y % len(text), text.pop(at))
    model.save(who, text)


@pytest.mark.all_examples
@settings(max_examples=150, deadline=None)
@given(steps)
@example(
    [
        ("a", "add", 0, 0),
        ("a", "add", 0, 0),
        ("a", "sign", 0, 0),
        ("a", "insert", 1, 0),
        ("a", "revert", 0, 0),
        ("b", "insert", 0, 0),
    ]
)
@example(
    [
        ("a", "add", 0, 0),
        ("a", "insert", 0, 1),
        ("a", "sign", 0, 0),
        ("b", "delete", 0, 1),
        ("a", "revert", 0, 1),
        ("c", "revert", 0, 2),
    ]
)
def test_whoever_typed_a_word_that_is_left_is_excluded(taken: list[tuple[str, str, int, int]]) -> None:
    model = Model()
    for who, act, x, y in taken:
        perform(model, who, act, x, y)
        assert all(each & model.excluded for each in model.authors), (model.text, model.author)


@pytest.mark.all_examples
@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(CHANGES), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=6
    ),
    st.booleans(),
    st.sampled_from(["add", "row"]),
)
def test_who_takes_everything_back_is_not_excluded(
    taken: list[tuple[str, int, int]], signed: bool, first: str
) -> None:
    model = Model()
    for n in range(3):
        perform(model, "a", first, n, n)
    if signed:
        model.sign()
    before, text, earlier = model.excluded, model.text, [[], *model.states]
    for act, x, y in taken:
        perform(model, "b", act, x, y)
    if model.text not in earlier:
        assert "b" in model.excluded, "whatever b changed counts while it is there"
    model.save("b", text)
    assert model.excluded == before


@pytest.mark.all_examples
@settings(max_examples=100, deadline=None)
@given(steps, st.sampled_from(PEOPLE))
def test_who_rewrites_everything_is_the_only_author(taken: list[tuple[str, str, int, int]], who: str) -> None:
    model = Model()
    for other, act, x, y in taken:
        if act != "sign":
            perform(model, other, act, x, y)
    model.save(who, [[model.word(who), model.word(who)] for _ in range(2)])
    assert model.excluded == {who}


@pytest.mark.parametrize(
    ("first", "then", "excluded"),
    [
        ("Do not take it.", "Do take it.", {"a", "b"}),
        ("Take 5 mg.", "Take 50 mg.", {"a", "b"}),
        ("Take 5 mg.", "Take 5 mg!", {"a", "b"}),
        ("Take 5 mg.", "<b>Take</b> 5 mg.", {"a", "b"}),
        ("Take 5 mg.", "take 5 mg.", {"a", "b"}),
        ("Take 5 mg.", "Ta\u200bke 5 mg.", {"a", "b"}),
        ("Take 5 mg.", "Swallow one tablet", {"b"}),
    ],
)
def test_the_least_change_of_a_sentence(first: str, then: str, excluded: set[str]) -> None:
    model = Model()
    for who, words in (("a", first), ("b", then)):
        passages = passages_of({"body": [{"type": "text", "value": f"<p>{words}</p>"}]}, DrugClassPage)
        model.state = attribute(model.state, passages, frozenset(who), model.known)
        model.known.add(model.state, frozenset(who))
    assert model.excluded == excluded


@pytest.mark.parametrize("signed_at", [{0}, {0, 2}, {2}, {0, 2, 4}], ids=str)
@pytest.mark.parametrize("shortened", ["Do take it with milk.", "", "Do take it with some water."])
@pytest.mark.parametrize("restored", ["{}", "{} Ask us."])
def test_who_removed_words_first_counts_when_the_draft_without_them_is_restored(
    signed_at: set[int], shortened: str, restored: str
) -> None:
    """``b`` removes what was written, ``c`` puts it back, ``d`` goes back to the draft of ``b``."""
    model = Model()
    whole = "Do not take it with milk."
    others = "<p>It is a medicine for adults.</p>"
    texts = [whole, shortened, whole, whole, whole, restored.format(shortened)]
    for n, (who, words) in enumerate(zip("abccad", texts, strict=True)):
        content = {"body": [{"type": "text", "value": f"<p>{words}</p>{others}"}]}
        passages = passages_of(content, DrugClassPage)
        if [p.content for p in passages] != [each.passage.content for each in model.state]:
            model.state = attribute(model.state, passages, frozenset(who), model.known)
            model.known.add(model.state, frozenset(who))
        if n in signed_at:
            model.state = model.known.sign(model.state, content)
    assert model.excluded == {"b", "d"}


def test_a_run_of_a_note_that_is_inserted_is_the_notes_authors() -> None:
    known = PageHistory(notes=[AdoptableText("r", "Please say: swallow it whole, with some water.")])
    passages = passages_of({"summary": "You should swallow it whole with some milk."}, DrugClassPage)
    state = attribute([], passages, frozenset("a"), known)
    assert NOBODY.union(*(each.everybody for each in state)) == {"a", "r"}


@pytest.mark.parametrize("content", [{"body": "[{"}, {"body": [object()]}, {"summary": object()}])
def test_content_that_no_page_has_raises(content: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        passages_of(content, DrugClassPage)


def test_every_word_choice_and_reference_of_stored_content_is_in_a_passage() -> None:
    effect = {"name": "Fever", "urgency": "call_911", "what_to_do": "", "frequency": None}
    body = [
        {"type": "text", "value": "<h3>One</h3><ul><li>two &amp; <b>three</b></li></ul>", "id": "1"},
        {"type": "figure", "value": {"image": 12, "alt": "four", "caption": ""}},
        {"type": "effects", "value": [{"type": "item", "value": effect, "id": "2"}]},
    ]
    found = passages_of({"body": body, "title": "five", "pk": 3, "latest_revision": 99}, DrugClassPage)
    said = [" ".join(passage.tokens) for passage in found]
    assert sorted(said) == sorted(
        ["", "One", "two & <b> three </b>", "12", "four", "Fever", "call_911", "five"]
    )
    assert found[-1] == END
    assert not list(document_passages({"html": ""}))
