"""Ids of what one looks for on a medicine's page: headings, advice, effects, parts for one condition.

The ids of a part are one tuple. That of a part for one condition begins with the id of its own heading, and
has those of its parts one after another.
"""

import re
from collections.abc import Iterable, Iterator

from django.utils.text import slugify

from monographs.document.html import plain_text
from monographs.document.parts import Advice, CommonPart, ConditionPart, Effects, Part, Text
from monographs.document.sections import Section

#: Maximum characters of the part of an id that is made from the text.
_MAX_SLUG = 60
_HEADING = re.compile(r"<h[34]>(.*?)</h[34]>", re.DOTALL)


class PartIds:
    """Makes ids from text, each once on a page."""

    def __init__(self, anchors: Iterable[str]) -> None:
        anchors = set(anchors)
        self._taken = anchors | {f"{anchor}-heading" for anchor in anchors}

    def of(self, section: Section, part: Part) -> tuple[str, ...]:
        """Return the ids of a part of ``section``; none for a part that has no place to link to."""
        if not isinstance(part, ConditionPart):
            return tuple(self._unique(*each) for each in _named(section.anchor, part))
        # The condition is in each id, so that the other ids do not depend on parts for one condition
        head = self._unique(section.anchor, f"for {part.condition_name}")
        inner = (each for common in part.parts for each in _named(head, common))
        return head, *(self._unique(*each) for each in inner)

    def _unique(self, prefix: str, text: str) -> str:
        slug = slugify(text, allow_unicode=True)[:_MAX_SLUG].strip("-")
        first = f"{prefix}-{slug}" if slug else prefix
        name, number = first, 1
        while name in self._taken:
            number += 1
            name = f"{first}-{number}"
        self._taken.add(name)
        return name


def ids_of_inner_parts(
    part: ConditionPart, ids: tuple[str, ...]
) -> Iterator[tuple[CommonPart, tuple[str, ...]]]:
    """Yield each part for one condition with its own share of ``ids``, which are those of ``part``."""
    start = 1
    for inner in part.parts:
        end = start + sum(1 for _ in _named("", inner))
        yield inner, ids[start:end]
        start = end


def _named(anchor: str, part: Part | CommonPart) -> Iterator[tuple[str, str]]:
    """Yield the beginning of each id of a part, and the text that the rest is made from."""
    match part:
        case Text(html=html):
            yield from ((anchor, plain_text(heading)) for heading in _HEADING.findall(html))
        case Advice(urgency=urgency):
            yield anchor, urgency.value.replace("_", "-")
        case Effects(items=items):
            yield from (("effect", effect.name) for effect in items)
