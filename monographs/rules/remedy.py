"""Remedies: other words for the place where a rule is broken, for a writer to take with one click."""

import re
from dataclasses import dataclass
from typing import Any

from monographs.rules.text_index import TextPassage


@dataclass(frozen=True, slots=True)
class Remedy:
    """Words of a passage, and what to write instead of them.

    ``passage`` is the whole passage as rules read it, ``passage[start:end]`` the words that are replaced by
    ``replacement``. ``only_shown``: it is a proposal that a person has to write, and is never applied.
    """

    passage: str
    start: int
    end: int
    replacement: str
    only_shown: bool = False

    @property
    def words(self) -> str:
        """The words that are replaced."""
        return self.passage[self.start : self.end]

    @property
    def applied(self) -> str:
        """The passage with the remedy in it, as rules read it."""
        text = self.passage[: self.start] + self.replacement + self.passage[self.end :]
        return " ".join(text.split())

    @property
    def edit(self) -> tuple[int, int, str]:
        """The smallest replacement that does it: start, end, new words.

        It replaces at least one character. What does not change keeps its formatting.
        """
        old, new = self.words, self.replacement
        left = _same_at_start(old, new)
        right = _same_at_start(old[left:][::-1], new[left:][::-1])
        if left + right == len(old):
            if right:
                right -= 1
            else:
                left -= 1
        return self.start + left, self.end - right, new[left : len(new) - right]

    @property
    def offer(self) -> str:
        """What the button says that applies it."""
        return f"Write “{self.replacement}”" if self.replacement else f"Leave out “{self.words}”"

    @property
    def about(self) -> str:
        """What the button adds for those who do not see what is around it."""
        return f"instead of “{self.words}”"

    @property
    def proposal(self) -> str:
        """What is proposed, where it cannot be applied."""
        return self.replacement or f"leave out “{self.words}”"

    @property
    def outcome(self) -> str:
        """What is so after it was applied."""
        now = f"“{self.replacement}”" if self.replacement else "left out"
        return f"“{self.words}” is now {now}"

    def as_record(self) -> dict[str, Any]:
        """Return the remedy as JSON-compatible data for the editor and for other programs."""
        start, end, new = self.edit
        return {
            "passage": self.passage,
            "start": start,
            "end": end,
            "new": new,
            "words": self.words,
            "replacement": self.replacement,
            "only_shown": self.only_shown,
            "outcome": self.outcome,
        }


def remedy_at(
    passage: TextPassage, span: tuple[int, int], replacement: str, *, only_shown: bool = False
) -> tuple[Remedy, ...]:
    """Return the remedy that replaces ``span`` of ``passage``; a sentence keeps its capital and full stop.

    Empty if nothing would be different.
    """
    start, end = span
    words = passage.text[start:end]
    if replacement and _begins_sentence(passage, start) and words[:1] != replacement[:1]:
        replacement = replacement[0].upper() + replacement[1:]
    if words.endswith(".") and not replacement.endswith(".") and _ends_sentence(passage, end):
        replacement += "."
    remedy = Remedy(passage.text, start, end, replacement, only_shown)
    return () if remedy.applied == passage.text else (remedy,)


def _same_at_start(one: str, other: str) -> int:
    """Return how many characters two texts share at their beginning."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _begins_sentence(passage: TextPassage, start: int) -> bool:
    if start and not passage.spans:
        return False
    begins = {0, *(begin for begin, _ in passage.spans)}
    return start in begins and passage.text[start : start + 1].isalpha()


def _ends_sentence(passage: TextPassage, end: int) -> bool:
    return re.match(r"\s*$|\s+[“\"(]?[A-Z]", passage.text[end:]) is not None
