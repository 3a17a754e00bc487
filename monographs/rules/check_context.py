"""What a rule may know besides the text: names of other pages, and the results of link checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monographs.document.models import BaseDocument, MonographDocument
from monographs.rules.label_summary import LabelSummary, summaries_for
from monographs.rules.models import LinkCheck
from monographs.rules.page_facts import comparable_facts, unlisted_words
from monographs.rules.published_facts import SharedFact, known_words, shared_facts
from monographs.rules.site_names import SiteNames, site_names
from monographs.rules.source_choice import SourceChoice, source_choices
from monographs.rules.source_faults import SourceFault, source_faults
from monographs.rules.text_index import TextIndex
from monographs.source_library.models import LibrarySource, digest_of_source


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Facts from outside the document that its rules depend on.

    ``site``: names of medicines, brands and classes. ``links``: address → result of its last check; an
    address that was never checked is not in it. ``labels``: the newest stored versions of the labels that the
    page follows. ``words``: those that public pages or the site's dictionary have, in lower case.
    ``shared``: kind and subject of a fact → what other pages say.
    ``sources``: hash of what the text says of a source of the library → what is wrong with it;
    ``newer_sources``: the same → the source that superseded it, where a writer can take that at once.
    """

    site: SiteNames = field(default_factory=SiteNames)
    words: frozenset[str] = frozenset()
    shared: Mapping[tuple[str, str], tuple[SharedFact, ...]] = field(default_factory=dict)
    links: Mapping[str, LinkCheck] = field(default_factory=dict)
    labels: tuple[LabelSummary, ...] = ()
    sources: Mapping[str, tuple[SourceFault, ...]] = field(default_factory=dict)
    newer_sources: Mapping[str, SourceChoice] = field(default_factory=dict)

    @classmethod
    def load(cls, text: TextIndex) -> "CheckContext":
        """Read the context from the database, with results for the links in ``text``.

        Two queries, and two or three more if a name has changed; up to three for what public pages say of the
        same; for a medicine one for the labels that it follows, and with labels one or two more; one for its
        sources, for those of the library four more, and those of ``source_choices``.
        """
        addresses = {link.address for link in text.links}
        links = LinkCheck.objects.filter(address__in=addresses)
        library = _library_sources(text.document)
        faults = source_faults(library) if library else {}
        return cls(
            site=site_names(),
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
