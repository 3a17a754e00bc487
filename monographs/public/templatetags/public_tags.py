"""What public templates need beyond loops and conditions."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from monographs.document.html import bind_links
from monographs.document.models import MonographDocument
from monographs.document.parts import Figure
from monographs.document.sections import Section
from monographs.public import condition_view as focusing
from monographs.public.date_format import AMOUNT, day
from monographs.public.responses import public_address

register = template.Library()
register.simple_tag(public_address, name="site_address")
register.filter(day)

#: Writers have two levels of headings, which within a section are these.
SECTION_TOP = 3
_HEADING = re.compile(r"(</?h)([34])>")


@register.filter
def amounts(text: str) -> SafeString:
    """Keep a number and its unit on one line. The words and spaces stay exactly as they were signed."""
    return mark_safe(AMOUNT.sub(_on_one_line, str(conditional_escape(text))))  # noqa: S308  # escaped here


def _on_one_line(match: re.Match[str]) -> str:
    found = match[0]
    return found if found.startswith("<") else f'<span class="amount">{found}</span>'


@register.simple_tag(takes_context=True)
def html(context: Mapping[str, Any], source: str) -> SafeString:
    """A document's HTML with its links bound. Documents refuse HTML that is not already sanitised.

    ``top`` in the context is the level of its highest headings: 3 within a section, 2 right below the title.
    """
    placed = headings_from(context.get("top") or SECTION_TOP, source)
    return amounts(mark_safe(bind_links(placed, context.get("links") or {})))  # noqa: S308  # sanitised


def headings_from(top: int, source: str) -> str:
    """``source`` with headings of level ``top`` and the one below, none skipped on the way (WCAG 1.3.1)."""
    below = False

    def placed(match: re.Match[str]) -> str:
        nonlocal below
        below = below or match[2] == "3"
        return f"{match[1]}{top + (int(match[2]) - SECTION_TOP if below else 0)}>"

    return _HEADING.sub(placed, source)


@register.simple_tag(takes_context=True)
def public_path(context: Mapping[str, Any], key: str | None) -> str:
    """Where the page with ``key`` is read today; empty if it is not public."""
    return (context.get("links") or {}).get(key, "") if key else ""


@register.simple_tag(takes_context=True)
def figure_url(context: Mapping[str, Any], figure: Figure) -> str:
    """Where the bytes of a figure are: on the desk for a draft, else under their fixed public name."""
    return (context.get("figures") or {}).get(figure.sha256) or f"/figures/{figure.file_name}"


@register.simple_tag
def sections_citing(document: MonographDocument, number: int) -> list[Section]:
    """Sections that rest on a source, for the way back."""
    return [section for section in document.sections if number in section.sources]


@register.simple_tag
def arranged(section: Section, focus: Any) -> list[focusing.PlacedPart]:
    """The parts of a section in the order a reader meets them; as signed where there is no focus."""
    return focusing.arranged(section, focus if isinstance(focus, focusing.ConditionView) else focusing.WHOLE)


@register.filter
def component(kind: str) -> str:
    """The template of one kind of part."""
    return f"public/components/{kind}.html"


@register.filter
def shows_serious(section: Section) -> bool:
    """Whether a section has the part on serious side effects."""
    return any(part.kind == "effects" and part.group == "serious" for part in section.parts)
