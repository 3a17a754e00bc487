"""The layout of a medicine's page: its sections as they are shown, with anchors for what one looks for.

The signed text is not changed. Serious side effects become a section of their own, at the level of the other
sections; headings of texts, advice, effects and parts for one condition get an id, so that a link can lead
to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.translation import get_language

from monographs.document.models import MonographDocument
from monographs.document.parts import Effects, Part
from monographs.document.sections import SERIOUS_HEADING, Section, SectionType
from monographs.public.condition_view import WHOLE_PAGE, ConditionView, PlacedPart, ordered_parts
from monographs.public.part_ids import PartIds
from monographs.public.quick_links import QuickLink, quick_links

SERIOUS_ANCHOR = "serious-side-effects"
#: Id of the note that a page is no substitute for a care team and names the emergency number.
IMPORTANT_ANCHOR = "important"


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
    """Return the layout of a page, in the order that ``view`` asks for.

    Kept by the document, as the document is by its text: a page is rendered again when its surroundings
    change, and in other views. The language is that of the questions.
    """
    return _layout(document, view, get_language())


@lru_cache(maxsize=256)
def _layout(document: MonographDocument, view: ConditionView, language: str | None) -> PageLayout:
    ids = PartIds((*(section.anchor for section in document.sections), SERIOUS_ANCHOR))
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
