"""The layout of a medicine's page: its sections as they are shown, with anchors for what one looks for.

The signed text is not changed. Serious side effects become a section of their own, at the level of the other
sections; headings of texts, advice and effects get an id, so that a link can lead to them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.text import slugify

from monographs.document.html import plain_text
from monographs.document.models import MonographDocument
from monographs.document.parts import Advice, ConditionPart, Effects, Part, Text
from monographs.document.sections import SERIOUS_HEADING, Section, SectionType
from monographs.public.condition_view import WHOLE_PAGE, ConditionView, PlacedPart, ordered_parts
from monographs.public.quick_links import QuickLink, quick_links

SERIOUS_ANCHOR = "serious-side-effects"
#: Id of the note that a page is no substitute for a care team and names the emergency number.
IMPORTANT_ANCHOR = "important"
#: Maximum characters of the part of an id that is made from the text.
_MAX_SLUG = 60
_HEADING = re.compile(r"<h[34]>(.*?)</h[34]>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section as it is shown. ``serious``: the list of serious side effects."""

    type: SectionType
    anchor: str
    heading: str
    parts: tuple[PlacedPart, ...]
    sources: tuple[int, ...] = ()
    serious: bool = False


@dataclass(frozen=True)
class PageLayout:
    """The sections of a page in reading order."""

    all_sections: tuple[PlacedSection, ...] = ()

    @property
    def warnings(self) -> tuple[PlacedSection, ...]:
        """The boxed warning, which stands above the other sections."""
        return tuple(s for s in self.all_sections if s.type is SectionType.BOXED_WARNING)

    @property
    def sections(self) -> tuple[PlacedSection, ...]:
        """The sections below the boxed warning."""
        return tuple(s for s in self.all_sections if s.type is not SectionType.BOXED_WARNING)

    @property
    def help_anchor(self) -> str:
        """Where a reader who needs help now finds whom to call: the best place that the page has."""
        anchors = [section.anchor for section in self.all_sections]
        wanted = (SectionType.WHEN_TO_GET_HELP.anchor, SERIOUS_ANCHOR, SectionType.BOXED_WARNING.anchor)
        return next((anchor for anchor in wanted if anchor in anchors), IMPORTANT_ANCHOR)

    @cached_property
    def quick_links(self) -> tuple[QuickLink, ...]:
        """Questions that the page answers, with the anchors of the answers."""
        return quick_links((section.type, section.anchor, section.parts) for section in self.all_sections)


def page_layout(document: MonographDocument, view: ConditionView) -> PageLayout:
    """Return the layout of a page, in the order that ``view`` asks for."""
    ids = _Ids(document.sections)
    return PageLayout(
        tuple(
            shown
            for section in document.sections
            for shown in _shown(
                section, tuple(_placed(section, view, [ids.of(section, part) for part in section.parts]))
            )
        )
    )


def _placed(section: Section, view: ConditionView, ids: list[tuple[str, ...]]) -> list[PlacedPart]:
    """Return the parts of a section in the order of ``view``; those of the boxed warning stay as signed.

    Ids follow the signed order, so that they are the same in every view.
    """
    boxed = section.type is SectionType.BOXED_WARNING
    return ordered_parts(section, WHOLE_PAGE if boxed else view, ids)


def _shown(section: Section, parts: tuple[PlacedPart, ...]) -> Iterator[PlacedSection]:
    """Yield the section, and after it the list of serious side effects if it has one."""
    if section.type is not SectionType.COMMON_SIDE_EFFECTS:
        yield PlacedSection(section.type, section.anchor, section.heading, parts, section.sources)
        return
    serious = tuple(each for each in parts if is_serious(each.part))
    others = tuple(each for each in parts if not is_serious(each.part))
    yield PlacedSection(section.type, section.anchor, section.heading, others, section.sources)
    if serious:
        heading = getattr(serious[0].part, "heading", "") or SERIOUS_HEADING
        yield PlacedSection(section.type, SERIOUS_ANCHOR, heading, serious, section.sources, serious=True)


def is_serious(part: Part) -> bool:
    """Whether a part is a list of serious side effects."""
    return isinstance(part, Effects) and part.group == "serious"


class _Ids:
    """Makes ids from text, each once on a page."""

    def __init__(self, sections: Iterable[Section]) -> None:
        anchors = {*(section.anchor for section in sections), SERIOUS_ANCHOR}
        self._taken = anchors | {f"{anchor}-heading" for anchor in anchors}

    def of(self, section: Section, part: Part) -> tuple[str, ...]:
        """Return the ids of the headings of a text, of an advice, or of each effect of a list."""
        match part:
            case Text(html=html):
                names = [plain_text(heading) for heading in _HEADING.findall(html)]
                return tuple(self._unique(section.anchor, name) for name in names)
            case Advice(urgency=urgency):
                return (self._unique(section.anchor, urgency.value.replace("_", "-")),)
            case Effects(items=items):
                return tuple(self._unique("effect", effect.name) for effect in items)
            case ConditionPart():
                return ()
        return ()

    def _unique(self, prefix: str, text: str) -> str:
        slug = slugify(text, allow_unicode=True)[:_MAX_SLUG].strip("-")
        first = f"{prefix}-{slug}" if slug else prefix
        name, number = first, 1
        while name in self._taken:
            number += 1
            name = f"{first}-{number}"
        self._taken.add(name)
        return name
