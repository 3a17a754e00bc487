"""Moving open suggestions along when another one on the same page is accepted."""

from collections.abc import Iterable, Sequence

from monographs.review.models import Suggestion
from monographs.review.suggestions.editable_passages import EditablePassage
from monographs.review.suggestions.placed_suggestions import overlap, placed, words_at


def moved_along(
    accepted: Suggestion,
    others: Iterable[Suggestion],
    before: Sequence[EditablePassage],
    after: Sequence[EditablePassage],
) -> list[Suggestion]:
    """Return those of ``others`` that stand elsewhere once ``accepted`` changed ``before`` to ``after``.

    Each stays at its passage, also if that has twins or the accepted one deleted a whole passage before it.
    One that overlaps the accepted one stays as it is: its passage has changed since. So do all of them if
    more changed than the accepted passage, as it is not known then which passage is which.
    """
    passage = placed(accepted, before)
    if passage is None:
        return []
    at = before.index(passage)
    kept, now = [each.words for each in before], [each.words for each in after]
    rest = kept[:at] + kept[at + 1 :]
    deleted = now == rest
    if not deleted and (len(now) != len(kept) or now[:at] + now[at + 1 :] != rest):
        return []
    found = []
    for other in others:
        there = placed(other, before)
        n = before.index(there) if there else at
        if there is None or (n == at and (deleted or overlap(accepted, other))):
            continue
        start = other.start + (_longer(accepted) if n == at and other.start >= accepted.end else 0)
        passage = after[n - 1 if deleted and n > at else n]
        end = start + len(other.old_words)
        if passage.words[start:end] == other.old_words:
            words = words_at(after, passage, start, end)
            other.place, other.passage, other.start = passage.place, passage.words, start
            other.number, other.same = words.number, words.same
            found.append(other)
    return found


def _longer(accepted: Suggestion) -> int:
    return len(accepted.new_words) - len(accepted.old_words)
