"""Generate docs/rules.md from the rules."""

from monographs.rules.registry import RULES
from monographs.rules.rule import HouseRule, Severity

_HEAD = """# House rules

What every text must meet. **Errors** keep a draft from being submitted, **advice** never does.
Anyone who may edit a page can overrule advice, and the errors marked so, at one place and with a reason
that the reviewer reads; once the text of that place changes, the rule applies again. Parts that are missing
cannot be overruled.

**Remedy**: with *one click* the editor writes the words that the rule proposes in the place of those that it
flags, or chooses the band of a side effect, or a newer source of the library; the submit screen does the same
without a script. What is only *shown* is a proposal that a person writes, as a program cannot know that it is
right (the name of a medicine, where to split a sentence). Rules without one need a decision.

This page is generated from `monographs/rules/checks/`. To update it, run
`manage.py check_rules --list > docs/rules.md`.
"""
_KINDS = ((Severity.ERROR, "Errors"), (Severity.ADVICE, "Advice"))


def rules_as_markdown() -> str:
    """Return all rules as two tables, errors first."""
    lines = [_HEAD]
    for severity, heading in _KINDS:
        lines += [
            f"## {heading}",
            "",
            "| rule | requires | not | but | why | source | may be overruled | remedy |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *(_row(rule) for rule in RULES if rule.severity is severity),
            "",
        ]
    return "\n".join(lines)


def _row(rule: HouseRule) -> str:
    overruled = "with a reason" if rule.may_be_overruled else "never"
    remedy = rule.remedy.value or "–"
    cells = (
        f"`{rule.name}`",
        rule.title,
        rule.bad,
        rule.good,
        rule.why,
        rule.source,
        overruled,
        remedy,
    )
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("<", "&lt;")
