"""The parts of a leaflet's sections as nodes for the Typst template."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from monographs.document.parts import (
    Advice,
    Companions,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Figure,
    Table,
    Text,
)
from monographs.presentation.typst_pdf import IMAGE_SUFFIXES
from monographs.public.leaflet_pdf.table_node import table_node
from monographs.public.leaflet_pdf.text_nodes import HeadingLevels, Node, TextNodes, is_short, text_nodes

#: Maximum width and height of a figure, and the size of a CSS pixel, in points.
_MAX_FIGURE = (460, 480)
_PIXEL = 0.75


def figure_file_name(figure: Figure) -> str:
    """Return the name of a figure's file in a leaflet. A format that Typst cannot embed becomes a PNG."""
    return figure.file_name if figure.file_name.endswith(IMAGE_SUFFIXES) else f"{figure.sha256}.png"


class PartNodes:
    """The nodes of parts, with those of ``rich`` texts; ``levels`` are assigned to headings in
    the order in which parts are set.

    ``links`` are absolute URLs by key, ``if_nobody_answers`` ends what says to call.
    """

    def __init__(
        self, rich: TextNodes, links: Mapping[str, str], levels: HeadingLevels, if_nobody_answers: str
    ) -> None:
        self._rich = rich
        self._links = links
        self._levels = levels
        self._if_nobody_answers = if_nobody_answers

    def of(self, parts: Sequence[Any]) -> list[Node]:
        """Return the nodes of parts, in order. Raises ``TypeError`` for a kind that no leaflet can set."""
        return [self._part(part) for part in parts]

    def _part(self, part: Any) -> Node:
        match part:
            case Text():
                node: Node = {"is": "text", "of": self._rich.html(part.html)}
            case Advice():
                node = self._advice(part)
            case Table():
                node = table_node(part, self._rich)
            case Effects():
                node = self._effects(part)
            case ConditionPart():
                node = {
                    "is": "for_condition",
                    "level": self._levels.of(3),
                    "words": _("Only for:"),
                    "name": self.reference(part.condition, part.condition_name),
                    "of": self.of(part.parts),
                }
            case Companions():
                items = [
                    [self.reference(each.page, each.name), text_nodes(each.why), is_short(each.why)]
                    for each in part.items
                ]
                node = {"is": "companions", "of": items}
            case DoDont():
                node = self._do_dont(part)
            case _:
                node = _figure(part)
        return node

    def _do_dont(self, part: DoDont) -> Node:
        lists = [(_("Do"), "do", part.do), (_("Do not"), "dont", part.dont)]
        shown = [
            [head, kind, [text_nodes(line) for line in lines], self._levels.of(3)]
            for head, kind, lines in lists
            if lines
        ]
        return {"is": "do_dont", "of": shown}

    def _advice(self, part: Advice) -> Node:
        return {
            "is": "advice",
            "urgency": part.urgency.value,
            "label": part.urgency_label,
            "level": self._levels.of(3),
            "closing": self._closing_of(part.urgency.calls_care_team),
            "of": self._rich.html(part.html),
            "short": is_short(part.html),
        }

    def _closing_of(self, calls_care_team: bool) -> list[Node]:
        """Return what to do if nobody answers, for what says to call."""
        return text_nodes(self._if_nobody_answers) if calls_care_team else []

    def _effects(self, part: Effects) -> Node:
        heading = part.heading or (_("Serious side effects") if part.group == "serious" else "")
        bands = [(name, list(group)) for name, group in groupby(part.items, key=lambda e: e.frequency_label)]
        unnamed = _("Other side effects") if len(bands) > 1 else ""
        top = 4 if heading else 3
        return {
            "is": "effects",
            "serious": part.group == "serious",
            "heading": heading,
            "level": self._levels.of(3) if heading else 0,
            "of": self._rich.html(part.html),
            "bands": [self._band(name or unnamed, group, top) for name, group in bands],
            "closing": self._closing_of(part.calls_care_team),
        }

    def _band(self, name: str, effects: Sequence[Effect], level: int) -> dict[str, Any]:
        """Return the effects of one frequency; ``level`` is that of the highest heading."""
        return {
            "level": self._levels.of(level) if name else 0,
            "name": text_nodes(name),
            "of": [
                {**_effect(effect), "level": self._levels.of(level + 1 if name else level)}
                for effect in effects
            ],
        }

    def reference(self, key: str | None, name: str) -> list[Node]:
        """Return a page's name, as a link if it has an address."""
        to = self._links.get(key or "")
        return [{"is": "a", "to": to, "of": text_nodes(name)}] if to else text_nodes(name)


def _figure_size(figure: Figure) -> dict[str, Any]:
    """Return a figure's size on the page, in points, and its caption."""
    scale = min(_PIXEL, _MAX_FIGURE[0] / figure.width, _MAX_FIGURE[1] / figure.height)
    return {
        "width": figure.width * scale,
        "height": figure.height * scale,
        "caption": text_nodes(figure.caption),
    }


def _figure(part: Any) -> Node:
    """Return the node of a figure. Raises ``TypeError`` for a part of a kind that no leaflet can set."""
    if not isinstance(part, Figure):
        raise TypeError(f"a leaflet cannot set {type(part).__name__}")
    return {"is": "figure", **_figure_size(part), "file": figure_file_name(part), "alt": part.alt}


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "name": text_nodes(effect.name),
        "explanation": text_nodes(effect.explanation),
        "urgency": effect.urgency.value if effect.urgency else "",
        "label": effect.urgency_label,
        "do": text_nodes(effect.what_to_do),
        "short": is_short(effect.name, effect.explanation, effect.what_to_do),
    }
