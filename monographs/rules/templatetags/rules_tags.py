"""Template filters for lists of findings."""

import json
from collections.abc import Container, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html

from monographs.rules.finding import Finding
from monographs.rules.rule import AnyRemedy, OtherPlace

register = template.Library()

#: Characters of the words that an address leads to; they are looked for from their beginning.
MOST_LINKED_WORDS = 300

#: By ``Finding.kind``, in the order of their lists.
_HEADINGS = {
    "error": "To fix before review",
    "to-write": "Still to write",
    "advice": "Advice",
    "overruled": "Overruled, with a reason",
}


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one kind under one heading. ``name`` is the suffix of a CSS class."""

    name: str
    heading: str
    findings: list[Finding]


@register.filter
def as_json(remedy: AnyRemedy) -> str:
    """Return a remedy as JSON for the editor's script."""
    return json.dumps(remedy.as_record())


@register.filter
def section_on_screen(place: OtherPlace, anchors: Container[str] | None) -> str:
    """Return the anchor of the section that has ``place``, if it is on a screen with sections ``anchors``.

    Fields of the page are in its section ``page``. Places on other pages, and other screens, have none.
    """
    if place.key or not anchors:
        return ""
    return next((anchor for anchor in (place.anchor, "page") if anchor in anchors), "")


@register.simple_tag
def place_in_editor(page_pk: int | None, anchor: str, words: str, place: str) -> str:
    """Return ``place`` as a link to ``words`` of a section or field in the editor, or to all of it.

    It is no link where no page is named. The place is in the fragment of the address, which the editor's
    script reads (``editor-anchors.js``).
    """
    if not page_pk:
        return place
    wanted = {"place": "title" if anchor == "page" else anchor, "words": words[:MOST_LINKED_WORDS]}
    address = f"{reverse('wagtailadmin_pages:edit', args=[page_pk])}#{urlencode(wanted, quote_via=quote)}"
    return format_html('<a href="{}">{}</a>', address, place)


@register.filter
def in_groups(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Group findings by their kind; groups without any are left out."""
    findings = list(findings)
    groups = (
        FindingGroup(kind, heading, [finding for finding in findings if finding.kind == kind])
        for kind, heading in _HEADINGS.items()
    )
    return [group for group in groups if group.findings]
