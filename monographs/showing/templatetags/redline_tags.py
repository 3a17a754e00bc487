"""What templates of a redline need beyond loops and conditions."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from monographs.redline import Line, Op
from monographs.showing import layout, saying, wording

register = template.Library()
register.filter("stretches", layout.stretches)
register.filter("row_stretches", layout.row_stretches)
register.filter("told_stand", wording.told_stand)
register.filter("said", saying.said)
register.filter("said_heading", saying.heading)
register.filter("said_places", saying.place)
register.filter("said_move", saying.move)
register.filter("said_picture", saying.picture)

_SIDES = {"before": Op.INSERTED, "after": Op.DELETED}


@register.simple_tag(takes_context=True)
def redline_words(context: Mapping[str, Any], line: Line, side: str = "") -> SafeString:
    """The words of a line: all, or those ``before`` or ``after`` the change. Uses ``links``, if any."""
    return wording.words_of(line, without=_SIDES.get(side), links=context.get("links") or {})


@register.simple_tag(takes_context=True)
def redline_pictures(context: Mapping[str, Any], line: Line, side: str = "") -> list[dict[str, Any]]:
    """Addresses of the pictures a line is about, by ``figures`` (file name → address), old before new."""
    figures: Mapping[str, str] = context.get("figures") or {}
    without = _SIDES.get(side)
    return [
        {"op": run.op, "address": figures[run.text]}
        for run in line.runs
        if line.kind == "figure" and run.op is not without and run.text in figures
    ]


@register.filter
def flag_name(flag: Any) -> str:
    """A flag's name for class names."""
    return str(flag.name).lower()
