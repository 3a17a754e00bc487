"""Filters and tags of redline templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from monographs.presentation import labels, redline_html, redline_layout
from monographs.redline import Line, Op

register = template.Library()
register.filter("line_groups", redline_layout.line_groups)
register.filter("section_items", redline_layout.section_items)
register.filter("row_groups", redline_layout.row_groups)
register.filter("context_change", redline_html.context_change)
register.filter("translated", labels.translated)
register.filter("section_heading", labels.section_heading)
register.filter("places_label", labels.places_label)
register.filter("move_label", labels.move_label)
register.filter("picture_alt", labels.picture_alt)

_SIDES = {"before": Op.INSERTED, "after": Op.DELETED}


@register.simple_tag(takes_context=True)
def redline_words(context: Mapping[str, Any], line: Line, side: str = "") -> SafeString:
    """Return the HTML of a line, or of its side ``before`` or ``after``. Uses the context's ``links``."""
    return redline_html.line_html(line, without=_SIDES.get(side), links=context.get("links") or {})


@register.simple_tag(takes_context=True)
def redline_pictures(context: Mapping[str, Any], line: Line, side: str = "") -> list[dict[str, Any]]:
    """Return the pictures of a line, old before new, by the context's ``figures`` (file name → address)."""
    figures: Mapping[str, str] = context.get("figures") or {}
    without = _SIDES.get(side)
    return [
        {"op": run.op, "address": figures[run.text]}
        for run in line.runs
        if line.kind == "figure" and run.op is not without and run.text in figures
    ]


@register.filter
def flag_name(flag: Any) -> str:
    """Return a flag's name for use in CSS classes."""
    return str(flag.name).lower()


@register.filter
def table_cell_class(line: Line | None) -> str:
    """Return the CSS classes of a cell of a compared table; of an empty place where a table has no cell."""
    if line is None:
        return "redline-table__none"
    classes = ["redline__line", f"redline__line--{line.op}"]
    if line.move:
        classes.append("redline__line--moved")
    if not line.runs:
        classes.append("redline-table__empty")
    return " ".join(classes)
