"""Every house rule, family by family."""

from monographs.rules.checks import (
    abbreviations,
    alternative_text,
    brand_names,
    dose_forms,
    effects,
    frequency,
    links,
    reading_grade,
    sentences,
    sources,
    structure,
)
from monographs.rules.rule import HouseRule

RULES: tuple[HouseRule, ...] = (
    *structure.RULES,
    *sources.RULES,
    *effects.RULES,
    *frequency.RULES,
    *dose_forms.RULES,
    *abbreviations.RULES,
    *brand_names.RULES,
    *sentences.RULES,
    *reading_grade.RULES,
    *links.RULES,
    *alternative_text.RULES,
)
_BY_NAME = {rule.name: rule for rule in RULES}


def rule_named(name: str) -> HouseRule | None:
    """The rule of this name; None for one that a later release took away."""
    return _BY_NAME.get(name)
