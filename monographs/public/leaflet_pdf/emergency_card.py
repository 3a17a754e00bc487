"""The first page of a leaflet, for an emergency at night: what the medicine is for, and when to call whom."""

from typing import Any

from django.utils.translation import gettext as _

from monographs.core.help_lines import emergency_line
from monographs.document.models import MonographDocument
from monographs.document.parts import Advice, Effect, Effects, Urgency
from monographs.presentation.urgency_words import urgency_label
from monographs.public.leaflet_pdf.text_nodes import HeadingLevels, Node, TextNodes, text_nodes

#: What cannot wait for the office to open, most urgent first.
_URGENT = (Urgency.CALL_911, Urgency.CALL_NOW)


def emergency_card(
    document: MonographDocument, rich: TextNodes, levels: HeadingLevels, if_nobody_answers: str
) -> dict[str, Any]:
    """Return the data of the card. ``if_nobody_answers`` is the home page's signed sentence, or empty."""
    groups = [_group(document, urgency, rich, levels) for urgency in _URGENT]
    shown = [group for group in groups if group["boxes"] or group["effects"]]
    for group in shown:
        if group["urgency"] == Urgency.CALL_NOW.value:
            group["closing"] = text_nodes(if_nobody_answers)
    return {
        "for_words": _("What it is for"),
        "for": text_nodes(document.summary),
        "conditions_words": _("Used for:"),
        "conditions": [text_nodes(condition.name) for condition in document.conditions],
        "blanks": [
            _("My care team, day:"),
            _("My care team, night:"),
            _("I started this medicine on:"),
        ],
        "groups": shown,
        "fallback": ""
        if any(group["urgency"] == Urgency.CALL_911.value for group in shown)
        else _("In an emergency, call %(number)s.") % {"number": emergency_line().number},
    }


def _group(
    document: MonographDocument, urgency: Urgency, rich: TextNodes, levels: HeadingLevels
) -> dict[str, Any]:
    """Return every box and side effect of one urgency, under its signed label."""
    labels: list[str] = []
    boxes: list[Node] = []
    effects: list[Effect] = []
    level = 0
    for part, _in_section, condition in document.walk():
        only = condition.condition_name if condition else ""
        if isinstance(part, Advice) and part.urgency is urgency:
            level = level or levels.of(2)
            labels.append(part.urgency_label)
            boxes.append({"only": _only(only), "of": rich.html(part.html)})
        elif isinstance(part, Effects):
            for effect in part.items:
                if effect.urgency is urgency:
                    labels.append(effect.urgency_label)
                    effects.append(effect)
    if effects or boxes:
        level = level or levels.of(2)
    return {
        "urgency": urgency.value,
        "label": next(filter(None, labels), "") or urgency_label(urgency, document.language),
        "level": level,
        "boxes": boxes,
        # Boxes list the signs; without one the effects must say them here
        "effects": [_effect(effect, with_signs=not boxes) for effect in effects],
        "closing": [],
    }


def _only(condition: str) -> list[Node]:
    return text_nodes(_("Only for: %(condition)s.") % {"condition": condition}) if condition else []


def _effect(effect: Effect, *, with_signs: bool) -> Node:
    said = (effect.explanation if with_signs else "", effect.what_to_do)
    return {"name": text_nodes(effect.name), "of": text_nodes(" ".join(filter(None, said)))}
