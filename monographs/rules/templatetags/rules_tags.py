"""Template filters for lists of findings."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template

from monographs.rules.finding import Finding
from monographs.rules.rule import Severity

register = template.Library()


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one kind under one heading. ``name`` is the suffix of a CSS class."""

    name: str
    heading: str
    findings: list[Finding]


@register.filter
def in_groups(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Group findings into errors, advice and overruled ones; empty groups are left out."""
    findings = list(findings)
    standing = [finding for finding in findings if not finding.reason]
    groups = (
        FindingGroup("errors", "To fix before review", [f for f in standing if f.severity is Severity.ERROR]),
        FindingGroup("advice", "Advice", [f for f in standing if f.severity is Severity.ADVICE]),
        FindingGroup("overruled", "Overruled, with a reason", [f for f in findings if f.reason]),
    )
    return [group for group in groups if group.findings]
