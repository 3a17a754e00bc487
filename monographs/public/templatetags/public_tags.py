"""Template tags and filters of public pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from monographs.core.help_lines import emergency_line
from monographs.document.html import bind_links
from monographs.document.models import MonographDocument
from monographs.document.parts import CommonPart, ConditionPart, Effects, Figure, Table
from monographs.document.sections import Section
from monographs.public.condition_view import WHOLE_PAGE, ConditionView
from monographs.public.date_format import AMOUNT, day
from monographs.public.effect_bands import EffectBand, effect_bands
from monographs.public.page_layout import PageLayout, page_layout
from monographs.public.part_ids import ids_of_inner_parts
from monographs.public.responses import absolute_url

register = template.Library()
register.simple_tag(absolute_url)
register.simple_tag(emergency_line)
register.filter(day)

#: Texts have headings of two levels, h3 and h4, which fit below a section's h2.
TOP_HEADING_LEVEL, LOWEST_HEADING_LEVEL = 3, 6
_HEADING = re.compile(r"(</?h)([34])>")


@register.filter
def amounts(text: str) -> SafeString:
    """Keep a number and its unit on one line. The signed text itself is not changed."""
    return mark_safe(AMOUNT.sub(_on_one_line, str(conditional_escape(text))))  # noqa: S308  # escaped here


def _on_one_line(match: re.Match[str]) -> str:
    found = match[0]
    return found if found.startswith("<") else f'<span class="amount">{found}</span>'


@register.simple_tag(takes_context=True)
def html(context: Mapping[str, Any], source: str, ids: Sequence[str] = ()) -> SafeString:
    """Render a document's HTML with its links resolved. Documents accept sanitised HTML only.

    ``top`` in the context is the level of its highest headings: 3 within a section, 2 right below the title.
    ``ids`` are those of its headings.
    """
    shifted = shift_headings(context.get("top") or TOP_HEADING_LEVEL, source, ids)
    return amounts(mark_safe(bind_links(shifted, context.get("links") or {})))  # noqa: S308  # sanitised


def shift_headings(top: int, source: str, ids: Sequence[str] = ()) -> str:
    """Change headings of ``source`` to level ``top`` and the one below, skipping none (WCAG 1.3.1).

    Each heading gets the next of ``ids``.
    """
    below = False
    remaining = iter(ids)

    def shifted(match: re.Match[str]) -> str:
        nonlocal below
        below = below or match[2] == "3"
        level = min(top + (int(match[2]) - TOP_HEADING_LEVEL if below else 0), LOWEST_HEADING_LEVEL)
        anchor = next(remaining, "") if match[1] == "<h" else ""
        return f'{match[1]}{level} id="{anchor}">' if anchor else f"{match[1]}{level}>"

    return _HEADING.sub(shifted, source)


@register.simple_tag(takes_context=True)
def public_path(context: Mapping[str, Any], key: str | None) -> str:
    """Return the current public path of the page with ``key``; empty if it is not public."""
    return (context.get("links") or {}).get(key, "") if key else ""


@register.simple_tag(takes_context=True)
def figure_url(context: Mapping[str, Any], figure: Figure) -> str:
    """Return the URL of a figure: in the admin for a draft, else its permanent public URL."""
    return (context.get("figures") or {}).get(figure.sha256) or f"/figures/{figure.file_name}"


@register.simple_tag
def sections_citing(document: MonographDocument, number: int) -> list[Section]:
    """Return the sections that cite a source."""
    return [section for section in document.sections if number in section.sources]


@register.simple_tag(name="page_layout")
def layout_of(document: MonographDocument, view: Any) -> PageLayout:
    """Return the layout of a medicine's page for a ``ConditionView``; as signed if there is none."""
    return page_layout(document, view if isinstance(view, ConditionView) else WHOLE_PAGE)


@register.simple_tag(name="effect_bands", takes_context=True)
def bands(context: Mapping[str, Any], part: Effects, top: int) -> tuple[EffectBand, ...]:
    """Return the effects of ``part`` by frequency, with the ids in the context (``ids``)."""
    layout = context.get("layout")
    linked = {link.anchor for link in layout.quick_links} if isinstance(layout, PageLayout) else ()
    return effect_bands(part, top, context.get("ids") or (), linked)


@register.simple_tag(takes_context=True)
def inner_parts(context: Mapping[str, Any], part: ConditionPart) -> list[tuple[CommonPart, tuple[str, ...]]]:
    """Return each part for one condition with its share of the ids of ``part`` in the context (``ids``)."""
    return list(ids_of_inner_parts(part, context.get("ids") or ()))


@register.filter
def component(kind: str) -> str:
    """Return the template of one kind of part."""
    return f"public/components/{kind}.html"


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of a table; ``column`` is the name of its column, which a phone shows beside it."""

    html: str
    column: str
    names_row: bool


@register.filter
def table_rows(table: Table) -> list[list[ShownCell]]:
    """Return the rows of a table below its header row."""
    return [
        [ShownCell(cell, *_names_of_cell(table, number)) for number, cell in enumerate(row)]
        for row in table.rows
    ]


def _names_of_cell(table: Table, number: int) -> tuple[str, bool]:
    """The name of a cell's column, and whether the cell names its row."""
    return (table.header[number] if number < len(table.header) else ""), table.row_headers and number == 0
