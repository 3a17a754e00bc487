"""Arrange a medicine's page for one of several conditions, as ``?for=<condition>`` asks.

Parts for all readers are always shown. Parts for the chosen condition come first in each section, parts for
other conditions are folded. The boxed warning stays as it was signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    """The conditions a reader can choose, and the chosen one: None for the whole page."""

    choices: tuple[ConditionChoice, ...] = ()
    chosen: ConditionChoice | None = None
    #: Whether the page has parts for the chosen condition only, or for other conditions only.
    has_own: bool = False
    folds: bool = False

    @property
    def slug(self) -> str:
        """The chosen condition as in the URL; empty for the whole page."""
        return self.chosen.slug if self.chosen else ""


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """A part of a section in reading order. ``ids``: of its headings or effects (``page_layout``)."""

    part: Part
    folded: bool = False
    ids: tuple[str, ...] = ()


#: The view of a page that is the same for all readers.
WHOLE_PAGE = ConditionView()


def condition_view_of(document: BaseDocument, links: Mapping[str, str], requested: str) -> ConditionView:
    """Return how ``document`` is shown for the condition ``requested``, a slug.

    Only public conditions can be requested (``links``: public paths by key). A condition that is unknown, or
    that this medicine is not used for, shows the whole page.
    """
    if not isinstance(document, MonographDocument):
        return WHOLE_PAGE
    parts = [part for part in document.all_parts() if isinstance(part, ConditionPart)]
    own = {part.condition: part.condition_name for part in parts}
    if not own:
        return WHOLE_PAGE
    names = {condition.key: condition.name for condition in document.conditions} | own
    public = [ConditionChoice(key, name, slug_of(links[key])) for key, name in names.items() if key in links]
    chosen = next((choice for choice in public if requested and choice.slug == requested), None)
    return ConditionView(
        choices=tuple(choice for choice in public if choice.key in own),
        chosen=chosen,
        has_own=chosen is not None and chosen.key in own,
        folds=chosen is not None and bool(own.keys() - {chosen.key}),
    )


def ordered_parts(
    section: Section, view: ConditionView, ids: Sequence[tuple[str, ...]] = ()
) -> list[PlacedPart]:
    """Return the parts of ``section`` in reading order. ``ids``: those of each part, as signed."""
    own, others = [], []
    for number, part in enumerate(section.parts):
        placed = PlacedPart(part, ids=ids[number] if ids else ())
        condition = part.condition if isinstance(part, ConditionPart) else ""
        if view.chosen is None or condition != view.chosen.key:
            others.append(replace(placed, folded=bool(condition) and view.chosen is not None))
        else:
            own.append(placed)
    return own + others
