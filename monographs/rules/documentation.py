"""The rules as a page of the documentation."""

from monographs.rules.registry import RULES
from monographs.rules.rule import HouseRule, Severity

_HEAD = """# House rules

What the house asks of every text. **Errors** keep a draft from being submitted, **advice** never does.
Somebody who may edit a page can overrule advice, and the errors marked so, at one place and with a reason
that the reviewer reads; once the text of that place changes, the rule holds again. Parts that are missing
cannot be overruled.

This page is written by `manage.py check_rules --list` from the rules themselves
(`monographs/rules/checks/`).
"""
_KINDS = ((Severity.ERROR, "Errors"), (Severity.ADVICE, "Advice"))


def rules_as_markdown() -> str:
    """All rules in two tables, errors first."""
    lines = [_HEAD]
    for severity, heading in _KINDS:
        lines += [
            f"## {heading}",
            "",
            "| rule | asks for | not | but | why | after | overruled |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *(_row(rule) for rule in RULES if rule.severity is severity),
            "",
        ]
    return "\n".join(lines)


def _row(rule: HouseRule) -> str:
    overruled = "with a reason" if rule.may_be_overruled else "never"
    cells = (f"`{rule.name}`", rule.title, rule.bad, rule.good, rule.why, rule.source, overruled)
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("<", "&lt;")
