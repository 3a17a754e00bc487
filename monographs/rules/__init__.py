"""House rules a draft must meet before it may be submitted. Each is small, named and sourced.

What the rest of the desk calls is named here. It is fetched when first asked for: Django imports this
package to find its models, before any model may be imported.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monographs.rules.checking import check_document
    from monographs.rules.context import Context
    from monographs.rules.drafts import findings_of, findings_of_submission, problems_of
    from monographs.rules.finding import Finding, Severity
    from monographs.rules.overruling import OverruleRefused, overrule, restore_rule
    from monographs.rules.registry import RULES, rule_named

__all__ = [
    "RULES",
    "Context",
    "Finding",
    "OverruleRefused",
    "Severity",
    "check_document",
    "findings_of",
    "findings_of_submission",
    "overrule",
    "problems_of",
    "restore_rule",
    "rule_named",
]

_HOMES = {
    "checking": ("check_document",),
    "context": ("Context",),
    "drafts": ("findings_of", "findings_of_submission", "problems_of"),
    "finding": ("Finding", "Severity"),
    "overruling": ("OverruleRefused", "overrule", "restore_rule"),
    "registry": ("RULES", "rule_named"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"{__name__} has no {name}")
