"""What the house rules say of a draft that an import made."""

from monographs.editions.queries import current_edition
from monographs.models import MonographPage
from monographs.rules.draft_check import findings_of
from monographs.rules.finding import Finding


def to_mend(page: MonographPage) -> list[Finding]:
    """Everything the rules find in a draft, in the order of the page; advice too."""
    edition = current_edition(page.translation_key)
    return findings_of(page, published=edition.document if edition else None)
