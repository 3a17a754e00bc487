"""Template filters for lists of findings."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django import template

from monographs.rules.finding import Finding
from monographs.rules.rule import AnyRemedy

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
def in_groups(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Group findings by their kind; groups without any are left out."""
    findings = list(findings)
    groups = (
        FindingGroup(kind, heading, [finding for finding in findings if finding.kind == kind])
        for kind, heading in _HEADINGS.items()
    )
    return [group for group in groups if group.findings]
