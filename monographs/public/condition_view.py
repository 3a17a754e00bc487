"""One medicine, several conditions: which of them a reader asked for, and what that does to the page.

What is for everybody is always shown. With ``?for=<condition>`` what is only for that condition comes first
in each section, and what is only for others is folded. Warnings in the box stay as they were signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from monographs.document.models import BaseDocument, MonographDocument, slug_of
from monographs.document.parts import ConditionPart, Part
from monographs.document.sections import Section


@dataclass(frozen=True, slots=True)
class ConditionChoice:
    """A condition a page can be shown for: its key, its name in the document, the last step of its path."""

    key: str
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class ConditionView:
    """What the reader may choose, and chose. ``chosen`` is None for the whole page."""

    choices: tuple[ConditionChoice, ...] = ()
    chosen: ConditionChoice | None = None
    #: Whether something on the page is only for the chosen condition, or only for others.
    has_own: bool = False
    folds: bool = False

    @property
    def slug(self) -> str:
        """The chosen condition as the address names it; empty for the whole page."""
        return self.chosen.slug if self.chosen else ""


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """A part of a section, where the reader meets it."""

    part: Part
    folded: bool = False


#: A page that is the same for everybody.
WHOLE = ConditionView()


def condition_view_of(document: BaseDocument, links: Mapping[str, str], wanted: str) -> ConditionView:
    """How ``document`` is shown to somebody who asks for the condition ``wanted``.

    Only public conditions can be asked for (``links``: public paths by key). One that is unknown, or of no
    concern to this medicine, shows the whole page.
    """
    if not isinstance(document, MonographDocument):
        return WHOLE
    parts = [part for part in document.all_parts() if isinstance(part, ConditionPart)]
    own = {part.condition: part.condition_name for part in parts}
    if not own:
        return WHOLE
    names = {condition.key: condition.name for condition in document.conditions} | own
    public = [ConditionChoice(key, name, slug_of(links[key])) for key, name in names.items() if key in links]
    chosen = next((choice for choice in public if wanted and choice.slug == wanted), None)
    return ConditionView(
        choices=tuple(choice for choice in public if choice.key in own),
        chosen=chosen,
        has_own=chosen is not None and chosen.key in own,
        folds=chosen is not None and bool(own.keys() - {chosen.key}),
    )


def arranged(section: Section, focus: ConditionView) -> list[PlacedPart]:
    """The parts of ``section`` in the order the reader meets them."""
    if focus.chosen is None:
        return [PlacedPart(part) for part in section.parts]
    mine, rest = [], []
    for part in section.parts:
        condition = part.condition if isinstance(part, ConditionPart) else ""
        if condition == focus.chosen.key:
            mine.append(PlacedPart(part))
        else:
            rest.append(PlacedPart(part, folded=bool(condition)))
    return mine + rest
