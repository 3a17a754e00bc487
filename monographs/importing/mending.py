"""What the house rules say of a draft that an import made."""

from monographs.editions.making import current_edition
from monographs.models import MonographPage
from monographs.rules import problems_of
from monographs.rules.finding import Finding, Severity


def to_mend(page: MonographPage) -> list[Finding]:
    """Everything the rules find in a draft, in the order of the page."""
    edition = current_edition(page.translation_key)
    problems = problems_of(page, published=edition.document if edition else None)
    return [Finding("", Severity.ERROR, p.place, p.message, p.anchor) for p in problems]
