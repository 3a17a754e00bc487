"""The conflicts of a merge as people read them: where they are, and each text to choose."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.images import get_image_model
from wagtail.models import Page

from monographs.blocks.resolve_context import ListLevelsError, resolve_html
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.document.canonical import sha256_hex
from monographs.document.html import plain_text
from monographs.presentation.urgency_words import urgency_choices
from monographs.review.draft_merge.merge_conflict import ABSENT, Choice, Conflict, ConflictKind
from monographs.review.draft_merge.plain_values import LISTS, elements, name_of_element

#: What each choice is called.
CHOICE_NAMES = {
    Choice.BASE: "The text before both",
    Choice.OURS: "The waiting draft",
    Choice.THEIRS: "The correction, as the editor has it",
}
_KINDS = {
    ConflictKind.CHANGED: "Both drafts changed this.",
    ConflictKind.DELETED: "One draft deleted this, the other changed it.",
    ConflictKind.ORDER: "Both drafts arranged these differently, or put something at the same place.",
}
_NAMES = {"sections": "", "content": "", "value": "", "item": "", "cells": "Table", "dont": "Do not"}
_PAGES = frozenset({"drug_class", "condition", "conditions", "medicine"})
#: Hexadecimal digits that tell the conflicts of a page apart.
_KEY_LENGTH = 16
_NOTHING = "(nothing)"
_DELETED = "(deleted)"


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """One text of a conflict: sanitised HTML, a paragraph each."""

    choice: Choice
    name: str
    texts: list[SafeString]


@dataclass(frozen=True, slots=True)
class ConflictText:
    """A conflict, with where it is and each text to choose."""

    conflict: Conflict
    place: str
    kind: str
    choices: list[ChoiceText]

    @property
    def key(self) -> str:
        """What names its fields: other texts have other fields, so that no kept answer lands in them."""
        conflict = self.conflict
        said = repr((conflict.name, conflict.base, conflict.ours, conflict.theirs))
        return sha256_hex(said.encode())[:_KEY_LENGTH]

    @property
    def may_be_written(self) -> bool:
        """Whether other words can be written."""
        return Choice.ANEW in self.conflict.choices

    @property
    def words(self) -> str:
        """The words to begin with when it is written anew: those of the draft in the editor."""
        text = self.conflict.theirs
        return plain_text(text) if elements(text) else str(text)


def conflict_texts(conflicts: list[Conflict]) -> list[ConflictText]:
    """Return conflicts as they are shown. A query for each chosen page or picture in them."""
    return [
        ConflictText(
            conflict,
            place_name(conflict.place),
            _KINDS[conflict.kind],
            [
                ChoiceText(choice, CHOICE_NAMES[choice], list(_shown(conflict, choice)))
                for choice in conflict.choices
                if choice != Choice.ANEW
            ],
        )
        for conflict in conflicts
    ]


def place_name(place: tuple[str, ...]) -> str:
    """Return where a conflict is in words, e.g. “How it works, Advice box”."""
    return ", ".join(filter(None, map(_name, place))) or "Sections"


def _name(part: str) -> str:
    if part in set(SectionType):
        return SECTION_HEADINGS[SectionType(part)]
    return _NAMES.get(part, part.replace("_", " ").capitalize())


def _shown(conflict: Conflict, choice: Choice) -> Iterator[SafeString]:
    value = {Choice.BASE: conflict.base, Choice.OURS: conflict.ours, Choice.THEIRS: conflict.theirs}[choice]
    if value is ABSENT:
        deleted = conflict.kind == ConflictKind.DELETED
        yield conditional_escape(_DELETED if deleted else _NOTHING)
        return
    texts = list(_texts(conflict.place[-1] if conflict.place else "", value))
    yield from texts or [conditional_escape(_NOTHING)]


def _texts(name: str, value: Any) -> Iterator[SafeString]:  # noqa: C901  # one case for each kind of value
    """Yield the texts and choices in a stored value."""
    match value:
        case None | "" | False:
            return
        case {"type": kind, "value": inner}:
            yield from _texts(kind, inner)
        case dict():
            for key, inner in value.items():
                if key != "columns":
                    yield from _texts(key, inner)
        case list():
            for inner in value:
                yield from _texts(name, inner)
        case str() if elements(value):
            yield _html(value)
        case _:
            yield conditional_escape(_chosen(name, value))


def _html(text: str) -> SafeString:
    in_list = f"<ul>{text}</ul>" if name_of_element(text) not in LISTS and text.startswith("<li") else text
    try:
        return mark_safe(resolve_html(in_list))  # noqa: S308  # sanitised
    except ListLevelsError:
        return conditional_escape(plain_text(text))


def _chosen(name: str, value: Any) -> str:
    """Return a plain text or what was chosen, by its name."""
    if name in _PAGES or name == "image":
        model: Any = get_image_model() if name == "image" else Page
        found = model.objects.filter(pk=value).first()
        return found.title if found else "(deleted)"
    if name == "urgency":
        return str(dict(urgency_choices()).get(value, value))
    return str(value)
