"""Where suggestions stand in a draft: the words that somebody selected, and the same words later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monographs.review.models import Suggestion
from monographs.review.suggestions.editable_passages import EditablePassage

#: What stands after words, besides other words.
_AFTER_WORDS = frozenset(" .,;:!?)")


@dataclass(frozen=True, slots=True)
class FoundWords:
    """Some words of a passage; ``number`` is which of the ``same`` passages there that say the same."""

    passage: EditablePassage
    start: int
    end: int
    number: int
    same: int

    @property
    def words(self) -> str:
        """The words."""
        return self.passage.words[self.start : self.end]


class AmbiguousWords(ValueError):
    """The words stand in several places, and nothing says which is meant."""


def found_words(
    passages: Sequence[EditablePassage], section: str, quote: str, prefix: str = "", suffix: str = ""
) -> FoundWords | None:
    """Return where ``quote`` stands in ``section``; None if it stands in no passage of it.

    White space is ignored: a browser's selection has none, or other, between lines. Of several places it is
    the one between ``prefix`` and ``suffix``. Raises ``AmbiguousWords`` if several are equally likely.
    """
    sought = _letters(quote)
    if not sought:
        return None
    candidates = [each for each in passages if each.section == section]
    texts = [_letters(each.words) for each in candidates]
    whole, before, after = "".join(texts), _letters(prefix), _letters(suffix)
    scored: list[tuple[int, int, int]] = []
    offset = 0
    for n, text in enumerate(texts):
        at = text.find(sought)
        while at >= 0:
            start, end = offset + at, offset + at + len(sought)
            score = _common(whole[:start][::-1], before[::-1]) + _common(whole[end:], after)
            scored.append((score, n, at))
            at = text.find(sought, at + 1)
        offset += len(text)
    if not scored:
        return None
    best = max(score for score, _, _ in scored)
    chosen = [(n, at) for score, n, at in scored if score == best]
    if len(chosen) > 1:
        raise AmbiguousWords
    n, at = chosen[0]
    passage = candidates[n]
    places = [each for each, character in enumerate(passage.words) if not character.isspace()]
    return words_at(passages, passage, places[at], places[at + len(sought) - 1] + 1)


def words_at(
    passages: Iterable[EditablePassage], passage: EditablePassage, start: int, end: int
) -> FoundWords:
    """Return the words of ``passage``, one of ``passages``, from ``start`` to ``end``."""
    twins = _twins(passages, passage.place, passage.words)
    return FoundWords(passage, start, end, twins.index(passage), len(twins))


def as_around(old: str, new: str) -> str:
    """Return ``new`` with the line breaks of ``old``, and the white space around it.

    A browser's form has line breaks of its own and leaves out what is around the words: neither is a change.
    """
    if "\r\n" in old:
        new = new.replace("\n", "\r\n")
    words = old.strip()
    return old.replace(words, new.strip()) if words else new


def with_space(found: FoundWords) -> FoundWords:
    """Return words that are to be deleted with the space that nobody needs then, before or after them."""
    words, start, end = found.passage.words, found.start, found.end
    if start and words[start - 1] == " " and (end == len(words) or words[end] in _AFTER_WORDS):
        return replace(found, start=start - 1)
    if not start and words[end : end + 1] == " ":
        return replace(found, end=end + 1)
    return found


def placed(suggestion: Suggestion, passages: Sequence[EditablePassage]) -> EditablePassage | None:
    """Return the passage that ``suggestion`` is about; None if its words are not as they were.

    It is never guessed: the passage must say the same at the same place, and as often as then. A block that
    was stored without an identifier may have one now; then its words must be unique in blocks of its kind.
    """
    twins = _twins(passages, suggestion.place, suggestion.passage)
    if len(twins) == suggestion.same:
        return twins[suggestion.number]
    unknown = any(each.endswith(":") for each in suggestion.place.split("/"))
    if twins or not unknown or suggestion.same != 1:
        return None
    kind = "/".join(each.partition(":")[0] for each in suggestion.place.split("/"))
    alike = [each for each in passages if each.kind == kind and each.words == suggestion.passage]
    return alike[0] if len(alike) == 1 else None


def _twins(passages: Iterable[EditablePassage], place: str, words: str) -> list[EditablePassage]:
    return [each for each in passages if each.place == place and each.words == words]


def _letters(text: str) -> str:
    return "".join(text.split())


def _common(text: str, other: str) -> int:
    shorter = min(len(text), len(other))
    return next((n for n in range(shorter) if text[n] != other[n]), shorter)


def overlap(one: Suggestion, other: Suggestion) -> bool:
    """Return whether two suggestions on one passage change the same words, or insert at the same point."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end
