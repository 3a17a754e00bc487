"""The conflicts of a merge as people read them: where they are, and what each text to choose changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.images import get_image_model
from wagtail.models import Page

from monographs.blocks.resolve_context import ListLevelsError, resolve_html
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.document.canonical import sha256_hex
from monographs.document.html import plain_text
from monographs.presentation.urgency_words import urgency_choices
from monographs.redline import Line, compare_html
from monographs.review.draft_merge.merge_conflict import ABSENT, Choice, Conflict, ConflictKind
from monographs.review.draft_merge.plain_values import LISTS, elements, name_of_element

#: What each choice is called.
CHOICE_NAMES = {
    Choice.BASE: "The text before both",
    Choice.SET_ASIDE: "The draft set aside",
    Choice.LATEST: "The draft in the editor",
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
_NOTHING = conditional_escape("(nothing)")
_DELETED = conditional_escape("(deleted)")
_PAGE_LINK = "page:"


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """One text of a conflict: ``texts`` are sanitised HTML, ``lines`` what it changed in the text before.

    It has no lines where there was no text before, and for that text itself.
    """

    choice: Choice
    name: str
    texts: list[SafeString]
    lines: list[Line]

    @property
    def linked_keys(self) -> set[str]:
        """The keys of the pages that its lines link to."""
        forms = (form for line in self.lines for run in line.runs for form in (run.form, run.old_form))
        addresses = {form.address for form in forms if form}
        return {each.removeprefix(_PAGE_LINK) for each in addresses if each.startswith(_PAGE_LINK)}


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
        said = repr((conflict.name, conflict.base, conflict.set_aside, conflict.latest))
        return sha256_hex(said.encode())[:_KEY_LENGTH]

    @property
    def may_be_written(self) -> bool:
        """Whether other words can be written."""
        return Choice.ANEW in self.conflict.choices

    @property
    def words(self) -> str:
        """The words to begin with when it is written anew: those of the draft in the editor."""
        text = self.conflict.latest
        return plain_text(text) if elements(text) else str(text)


def conflict_texts(conflicts: list[Conflict]) -> list[ConflictText]:
    """Return conflicts as they are shown. A query for each chosen page or picture in them."""
    return [
        ConflictText(
            conflict,
            place_name(conflict.place),
            _KINDS[conflict.kind],
            [_choice_text(conflict, choice) for choice in conflict.choices if choice != Choice.ANEW],
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


def _choice_text(conflict: Conflict, choice: Choice) -> ChoiceText:
    """Return a text compared with the one before both; the whole text where there is none to compare."""
    name = conflict.place[-1] if conflict.place else ""
    value = {
        Choice.BASE: conflict.base,
        Choice.SET_ASIDE: conflict.set_aside,
        Choice.LATEST: conflict.latest,
    }[choice]
    said = [] if value is ABSENT else list(_texts(name, value))
    nothing = _DELETED if value is ABSENT and conflict.kind == ConflictKind.DELETED else _NOTHING
    if choice == Choice.BASE or conflict.base is ABSENT:
        return ChoiceText(choice, CHOICE_NAMES[choice], said or [nothing], [])
    lines = compare_html("".join(_texts(name, conflict.base)), "".join(said))
    texts = [nothing] if not said else [] if lines else said
    return ChoiceText(choice, CHOICE_NAMES[choice], texts, lines)


def _texts(name: str, value: Any) -> Iterator[SafeString]:  # noqa: C901  # one case for each kind of value
    """Yield the texts and choices in a stored value, as HTML."""
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
            yield format_html("<p>{}</p>", _chosen(name, value))


def _html(text: str) -> SafeString:
    in_list = f"<ul>{text}</ul>" if name_of_element(text) not in LISTS and text.startswith("<li") else text
    try:
        return mark_safe(resolve_html(in_list))  # noqa: S308  # sanitised
    except ListLevelsError:
        return format_html("<p>{}</p>", plain_text(text))


def _chosen(name: str, value: Any) -> str:
    """Return a plain text or what was chosen, by its name."""
    if name in _PAGES or name == "image":
        model: Any = get_image_model() if name == "image" else Page
        found = model.objects.filter(pk=value).first()
        return found.title if found else "(deleted)"
    if name == "urgency":
        return str(dict(urgency_choices()).get(value, value))
    return str(value)
