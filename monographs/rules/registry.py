"""Every house rule, collected from the modules of ``monographs.rules.checks``."""

from importlib import import_module
from pkgutil import iter_modules

from monographs.rules import checks
from monographs.rules.rule import HouseRule

#: Modules whose rules come first, in this order; those of every other module follow, by the module's name.
#: The order decides how docs/rules.md lists rules, and which finding is first of several at one place.
_FIRST = (
    "structure",
    "sources",
    "effects",
    "frequency",
    "dose_forms",
    "abbreviations",
    "brand_names",
    "sentences",
    "reading_grade",
    "links",
    "alternative_text",
)


def _collect_rules() -> tuple[HouseRule, ...]:
    """Return the ``RULES`` of each module in ``checks``; a module without them raises ``AttributeError``."""
    names = (*_FIRST, *sorted({module.name for module in iter_modules(checks.__path__)} - set(_FIRST)))
    modules = (import_module(f"{checks.__name__}.{name}") for name in names)
    return tuple(rule for module in modules for rule in module.RULES)


RULES = _collect_rules()
