"""What templates of a redline need beyond loops and conditions."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from monographs.presentation import labels, redline_html, redline_layout
from monographs.redline import Line, Op

register = template.Library()
register.filter("stretches", redline_layout.line_groups)
register.filter("row_stretches", redline_layout.row_groups)
register.filter("told_stand", redline_html.told_stand)
register.filter("said", labels.translated)
register.filter("said_heading", labels.heading)
register.filter("said_places", labels.place)
register.filter("said_move", labels.move)
register.filter("said_picture", labels.picture)

_SIDES = {"before": Op.INSERTED, "after": Op.DELETED}


@register.simple_tag(takes_context=True)
def redline_words(context: Mapping[str, Any], line: Line, side: str = "") -> SafeString:
    """The words of a line: all, or those ``before`` or ``after`` the change. Uses ``links``, if any."""
    return redline_html.words_of(line, without=_SIDES.get(side), links=context.get("links") or {})


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
