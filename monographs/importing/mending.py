"""What the house rules say of a draft that an import made."""

from monographs.editions.making import current_edition
from monographs.models import MonographPage
from monographs.rules import Finding, findings_of


def to_mend(page: MonographPage) -> list[Finding]:
    """Everything the rules find in a draft, in the order of the page; advice too."""
    edition = current_edition(page.translation_key)
    return findings_of(page, published=edition.document if edition else None)
