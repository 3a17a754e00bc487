"""Findings as screens list them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template

from monographs.rules.finding import Finding
from monographs.rules.rule import Severity

register = template.Library()


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one kind under one heading. ``name`` is the end of a CSS class."""

    name: str
    heading: str
    findings: list[Finding]


@register.filter
def in_groups(findings: Iterable[Finding]) -> list[FindingGroup]:
    """What stops a draft, advice, and what somebody overruled; groups without a finding left out."""
    everything = list(findings)
    standing = [finding for finding in everything if not finding.reason]
    groups = (
        FindingGroup(
            "errors", "To mend before review", [f for f in standing if f.severity is Severity.ERROR]
        ),
        FindingGroup("advice", "Advice", [f for f in standing if f.severity is Severity.ADVICE]),
        FindingGroup("overruled", "Overruled, with a reason", [f for f in everything if f.reason]),
    )
    return [group for group in groups if group.findings]
