"""What a rule may know besides the text: names of other pages, and the results of link checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monographs.models import DrugClassPage, MonographPage
from monographs.rules.label_summary import LabelSummary, summaries_for
from monographs.rules.models import LinkCheck
from monographs.rules.text_index import TextIndex


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Facts from outside the document that its rules depend on.

    ``names``: medicines, brands and classes, which do not count in reading grades. ``brands``: brand name in
    lower case → generic name. ``links``: address → result of its last check; an address that was never
    checked is not in it. ``labels``: the newest stored versions of the labels that the page follows.
    """

    names: frozenset[str] = frozenset()
    brands: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, LinkCheck] = field(default_factory=dict)
    labels: tuple[LabelSummary, ...] = ()

    @classmethod
    def load(cls, text: TextIndex) -> "CheckContext":
        """Read the context from the database, with results for the links in ``text``.

        Three queries; for a medicine one for the labels that it follows, and with labels one or two more.
        """
        brands: dict[str, str] = {}
        names: set[str] = set(DrugClassPage.objects.values_list("title", flat=True))
        for title, brand_names in MonographPage.objects.values_list("title", "brand_names"):
            names.update([title, *brand_names])
            brands.update((brand.lower(), title) for brand in brand_names)
        addresses = {link.address for link in text.links}
        links = LinkCheck.objects.filter(address__in=addresses)
        return cls(
            frozenset(names), brands, {link.address: link for link in links}, summaries_for(text.document)
        )
