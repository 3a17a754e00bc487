"""Keeping passages and companions level with what is public, in the transaction that publishes."""

from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from monographs.document.models import BaseDocument
from monographs.editions.models import Edition, Publication, PublicationState
from monographs.public.models import Passage, UsedWith
from monographs.public.search.text import FINDABLE, SectionText, names_of, section_texts_of, used_with

#: PostgreSQL's dictionary: stems English words and leaves out those that say nothing.
LANGUAGE = "english"
#: Characters of a section that are searched; PostgreSQL refuses a vector beyond a megabyte.
MAX_TEXT = 200_000
#: How much it counts where a word stands: in the heading, the text, the names of the page.
HEADING, TEXT, NAMES = "A", "B", "D"


def follow_publication(sender: Any, instance: Publication, raw: bool = False, **kwargs: Any) -> None:
    """Receiver of ``post_save``: what is current can be found by its words, what is not cannot."""
    if instance.state == PublicationState.MOVED:
        return
    remove_from_index(instance.key)
    if instance.state == PublicationState.CURRENT:
        index_edition(instance.edition)


def remove_from_index(key: Any) -> None:
    """Take away what was indexed of the page with ``key``."""
    Passage.objects.filter(key=key).delete()
    UsedWith.objects.filter(key=key).delete()


def index_edition(edition: Edition) -> None:
    """Index the text of an edition."""
    if edition.kind not in FINDABLE:
        return
    document = edition.document
    names = names_of(document)
    Passage.objects.bulk_create(
        Passage(edition=edition, key=edition.key, section=words.anchor, words=_vector(words, names))
        for words in section_texts_of(document)
    )
    _companions(edition, document)


def index_everything() -> int:
    """Index all that is public and not indexed yet; how many editions that were."""
    indexed = Passage.objects.values("edition")
    missing = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind__in=FINDABLE)
    count = 0
    for publication in missing.exclude(edition__in=indexed).select_related("edition").iterator():
        remove_from_index(publication.key)
        index_edition(publication.edition)
        count += 1
    return count


def _companions(edition: Edition, document: BaseDocument) -> None:
    UsedWith.objects.bulk_create(
        UsedWith(edition=edition, key=edition.key, companion=key) for key in used_with(document)
    )


def _vector(words: SectionText, names: str) -> Any:
    weighted = ((words.heading, HEADING), (words.text[:MAX_TEXT], TEXT), (names, NAMES))
    first, second, third = (
        SearchVector(Value(text), config=LANGUAGE, weight=weight) for text, weight in weighted
    )
    return first + second + third
