"""Template filters for lists of findings."""

import json
from collections.abc import Container, Iterable
from dataclasses import dataclass

from django import template

from monographs.rules.finding import Finding
from monographs.rules.rule import AnyRemedy, OtherPlace

register = template.Library()

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


@register.filter
def in_groups(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Group findings by their kind; groups without any are left out."""
    findings = list(findings)
    groups = (
        FindingGroup(kind, heading, [finding for finding in findings if finding.kind == kind])
        for kind, heading in _HEADINGS.items()
    )
    return [group for group in groups if group.findings]
