"""What a rule may know beside the text: names on the desk, and which links answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monographs.models import DrugClassPage, MonographPage
from monographs.rules.models import LinkCheck
from monographs.rules.text_index import TextIndex


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Everything a document's rules rest on that the document does not say.

    ``names``: medicines, brands and classes, which readability does not count. ``brands``: brand name in
    small letters → generic name. ``links``: address → what came of the last check; an address that was
    never checked is not in it.
    """

    names: frozenset[str] = frozenset()
    brands: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, LinkCheck] = field(default_factory=dict)

    @classmethod
    def on_desk(cls, *readings: TextIndex) -> "CheckContext":
        """What the desk knows now, of the links in ``readings``. Three queries."""
        brands: dict[str, str] = {}
        names: set[str] = set(DrugClassPage.objects.values_list("title", flat=True))
        for title, own in MonographPage.objects.values_list("title", "brand_names"):
            names.update([title, *own])
            brands.update((brand.lower(), title) for brand in own)
        addresses = {link.address for reading in readings for link in reading.links}
        links = LinkCheck.objects.filter(address__in=addresses)
        return cls(frozenset(names), brands, {link.address: link for link in links})
