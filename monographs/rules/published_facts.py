"""The index of what public pages state: kept with each publication, and asked in three queries."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections, models, transaction
from django.db.models import Count, Exists, Min, OuterRef, Q

from monographs.document.models import BaseDocument
from monographs.document.versions.stored_document import UnknownVersion
from monographs.editions.models import Publication, PublicationState
from monographs.rules.models import DictionaryWord, PublishedFact
from monographs.rules.page_facts import WORD, PageFact, comparable_facts, unlisted_words
from monographs.rules.text_index import TextIndex


@dataclass(frozen=True, slots=True)
class SharedFact:
    """What ``pages`` public pages say about a subject, with one of them as an example."""

    value: str
    pages: int
    key: str
    title: str
    anchor: str
    place: str
    excerpt: str


def update_facts(sender: Any, instance: Publication, raw: bool = False, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a publication: keep the facts of its edition if it is current."""
    if instance.state == PublicationState.MOVED:
        return
    PublishedFact.objects.filter(key=instance.key).delete()
    if instance.state == PublicationState.CURRENT:
        store_facts(instance.key, instance.edition.document)


def store_facts(key: uuid.UUID, document: BaseDocument) -> None:
    """Store the facts of a document; there must be none of its page."""
    text = TextIndex(document)
    facts = {(fact.kind, fact.subject, fact.value): fact for fact in reversed(list(comparable_facts(text)))}
    rows = [_row(key, document.title, fact) for fact in facts.values()]
    rows += [
        PublishedFact(key=key, title=document.title[:255], kind=WORD, subject=word[:100])
        for word in sorted(unlisted_words(text))
    ]
    PublishedFact.objects.bulk_create(rows)


def _row(key: uuid.UUID, title: str, fact: PageFact) -> PublishedFact:
    return PublishedFact(
        key=key,
        title=title[:255],
        kind=fact.kind,
        subject=fact.subject,
        value=fact.value,
        anchor=fact.anchor,
        place=fact.place[:600],
        excerpt=fact.excerpt[:200],
    )


def build_missing_facts(using: str = "default", **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: the facts of what was published before there was an index.

    A page whose text has none is read again each time; a text of a newer release is left out.
    """
    if PublishedFact._meta.db_table not in connections[using].introspection.table_names():
        return  # migrations were reversed
    own = PublishedFact.objects.filter(key=OuterRef("key"))
    missing = Publication.objects.filter(~Exists(own), state=PublicationState.CURRENT)
    for publication in missing.select_related("edition").iterator(chunk_size=100):
        with transaction.atomic():
            try:
                store_facts(publication.key, publication.edition.document)
            except UnknownVersion:
                continue


def shared_facts(facts: Collection[PageFact], key: str) -> Mapping[tuple[str, str], tuple[SharedFact, ...]]:
    """Return what other public pages say about the subjects of ``facts``, the most frequent value first.

    Two queries, none without facts. ``key`` is the page's own.
    """
    subjects = {(fact.kind, fact.subject) for fact in facts}
    if not subjects:
        return {}
    wanted = Q(*[Q(kind=kind, subject=subject) for kind, subject in sorted(subjects)], _connector=Q.OR)
    groups = list(
        PublishedFact.objects.filter(wanted)
        .exclude(key=key)
        .values("kind", "subject", "value")
        .annotate(pages=Count("key", distinct=True), example=Min("pk"))
        .order_by("-pages", "value")
    )
    examples = PublishedFact.objects.in_bulk([group["example"] for group in groups])
    found: dict[tuple[str, str], tuple[SharedFact, ...]] = {}
    for group in groups:
        row = examples.get(group["example"])
        if row is not None:
            fact = SharedFact(
                row.value, group["pages"], str(row.key), row.title, row.anchor, row.place, row.excerpt
            )
            place = (row.kind, row.subject)
            found[place] = (*found.get(place, ()), fact)
    return found


def known_words(words: Collection[str]) -> frozenset[str]:
    """Return those of ``words`` that a public page has or an editor added. One query, none without words."""
    if not words:
        return frozenset()
    published = PublishedFact.objects.filter(kind=WORD, subject__in=words).order_by().values_list("subject")
    added: models.QuerySet[Any, Any] = (
        DictionaryWord.objects.filter(word__in=words).order_by().values_list("word")
    )
    return frozenset(word for (word,) in published.union(added))
