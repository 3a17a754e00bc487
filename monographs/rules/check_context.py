"""What a rule may know besides the text: names of other pages, and the results of link checks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from monographs.document.models import BaseDocument, MonographDocument
from monographs.models import DrugClassPage, MonographPage
from monographs.rules.label_summary import LabelSummary, summaries_for
from monographs.rules.models import LinkCheck
from monographs.rules.page_facts import comparable_facts, unlisted_words
from monographs.rules.published_facts import SharedFact, known_words, shared_facts
from monographs.rules.source_choice import SourceChoice, source_choices
from monographs.rules.source_faults import SourceFault, source_faults
from monographs.rules.text_index import TextIndex
from monographs.source_library.models import LibrarySource, digest_of_source


@dataclass(frozen=True, slots=True)
class BrandSpelling:
    """How the page ``key``, called ``title``, writes a brand."""

    brand: str
    title: str
    key: str


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Facts from outside the document that its rules depend on.

    ``names``: medicines, brands and classes, which do not count in reading grades. ``brands``: brand name in
    lower case → generic name. ``links``: address → result of its last check; an address that was never
    checked is not in it. ``labels``: the newest stored versions of the labels that the page follows.
    ``words``: those that public pages or the site's dictionary have, in lower case. ``spellings``: brand in
    letters alone → how other pages write it. ``shared``: kind and subject of a fact → what other pages say.
    ``sources``: hash of what the text says of a source of the library → what is wrong with it;
    ``newer_sources``: the same → the source that superseded it, where a writer can take that at once.
    """

    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    spellings: Mapping[str, BrandSpelling] = field(default_factory=dict)
    shared: Mapping[tuple[str, str], tuple[SharedFact, ...]] = field(default_factory=dict)
    brands: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, LinkCheck] = field(default_factory=dict)
    labels: tuple[LabelSummary, ...] = ()
    sources: Mapping[str, tuple[SourceFault, ...]] = field(default_factory=dict)
    newer_sources: Mapping[str, SourceChoice] = field(default_factory=dict)

    @classmethod
    def load(cls, text: TextIndex) -> "CheckContext":
        """Read the context from the database, with results for the links in ``text``.

        Three queries, up to three for what public pages say of the same; for a medicine one for the labels
        that it follows, and with labels one or two more; one for its sources, for those of the library four
        more, and those of ``source_choices``.
        """
        brands: dict[str, str] = {}
        names: set[str] = set(DrugClassPage.objects.values_list("title", flat=True))
        spellings: dict[str, BrandSpelling] = {}
        rows = MonographPage.objects.values_list("title", "brand_names", "translation_key")
        for title, brand_names, key in rows:
            names.update([title, *brand_names])
            brands.update((brand.lower(), title) for brand in brand_names)
            if str(key) != text.document.key:
                spellings |= {letters_of(name): BrandSpelling(name, title, str(key)) for name in brand_names}
        addresses = {link.address for link in text.links}
        links = LinkCheck.objects.filter(address__in=addresses)
        library = _library_sources(text.document)
        faults = source_faults(library) if library else {}
        return cls(
            names=frozenset(names),
            brands=brands,
            spellings=spellings,
            words=known_words(unlisted_words(text)),
            shared=shared_facts(list(comparable_facts(text)), text.document.key),
            links={link.address: link for link in links},
            labels=summaries_for(text.document),
            sources={source.digest: tuple(faults[source.pk]) for source in library},
            newer_sources=source_choices(text.document.key, library),
        )


def _library_sources(document: BaseDocument) -> list[LibrarySource]:
    """Return the sources of the library that a medicine shows."""
    if not isinstance(document, MonographDocument):
        return []
    digests = {digest_of_source(each.title, each.publisher, each.address) for each in document.sources}
    return list(LibrarySource.objects.filter(digest__in=digests))


def letters_of(name: str) -> str:
    """Return the letters and digits of a name in lower case, by which two spellings of it are the same."""
    return re.sub(r"[\W_]+", "", name.casefold())
