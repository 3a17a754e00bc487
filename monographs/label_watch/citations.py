"""Citations: which statements of a text cite which sentences of a label, and which of these changed."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q

from monographs.core.db_clock import database_now
from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument
from monographs.document.page_statements import Statement
from monographs.editions.cited_statements import CitedStatement, cited_in_draft, cited_statements
from monographs.editions.models import Edition
from monographs.editions.person import Person
from monographs.label_watch.models import Citation, LabelVersion
from monographs.label_watch.storage import newest_stored, read_version, stored_version
from monographs.labels import (
    LabelChange,
    LabelPassage,
    compare_labels,
    passage_changes,
    passages_of,
)
from monographs.labels.section_words import SHORTEST_FOUND
from monographs.labels.text_keys import wording


@dataclass(frozen=True, slots=True)
class ChangedSentence:
    """A cited sentence that a newer version of its label changed or dropped; ``old`` and ``new`` words."""

    citation: Citation
    change: LabelChange
    newer: LabelVersion
    old: str

    @property
    def new(self) -> str:
        """What the label says now; empty if the sentence is gone."""
        return " ".join(passage.text for passage in self.change.new)


@dataclass(frozen=True, slots=True)
class ComparedStatement(CitedStatement[Citation]):
    """A statement that cites labels, and those of the cited sentences that newer versions changed."""

    changed: tuple[ChangedSentence, ...] = ()

    @property
    def gravest(self) -> ChangedSentence:
        """The gravest of its changed sentences; there is one."""
        return min(self.changed, key=lambda each: each.change.change_class.rank)


def standing_citations(key: uuid.UUID, edition: Edition | None = None) -> list[Citation]:
    """Return the citations of a page that were not removed; with ``edition``, not before it was made."""
    standing = Q(removed_at=None) if edition is None else standing_when_made(edition)
    rows = Citation.objects.filter(standing, key=key).select_related("label").defer("label__data")
    return list(rows)


def standing_when_made(edition: Edition) -> Q:
    """Return the condition that a citation counts for the text of an edition: not removed before it."""
    return Q(removed_at=None) | Q(removed_at__gt=edition.created_at)


def cite(
    key: uuid.UUID, statement: Statement, label: LabelVersion, passage: LabelPassage, person: Person
) -> Citation:
    """Store that a statement of a page cites a passage of ``label``; calling it twice stores one row."""
    digest, record = sha256_hex(passage.text.encode()), person.as_record()
    return _store(
        key,
        statement,
        Citation(label=label, code=passage.code, passage=passage.key, sha256=digest, person=record),
    )


def _store(key: uuid.UUID, statement: Statement, like: Citation) -> Citation:
    """Store that a statement cites the passage of the citation ``like``, chosen by the same person."""
    citation, _ = Citation.objects.get_or_create(
        key=key,
        statement=statement.key,
        label=like.label,
        passage=like.passage,
        removed_at=None,
        defaults={
            "section": statement.section,
            "words": statement.words,
            "code": like.code,
            "sha256": like.sha256,
            "person": like.person,
            "at": database_now(),
        },
    )
    return citation


def keep_citations(key: uuid.UUID, statement: Statement, citations: Iterable[Citation]) -> None:
    """Store the citations of a statement's former words for the reworded statement."""
    for citation in citations:
        _store(key, statement, citation)


def remove_citations(citations: Iterable[Citation], person: Person) -> None:
    """Remove citations: from drafts at once, from the edition that patients read with the next one."""
    rows = Citation.objects.filter(pk__in=[each.pk for each in citations], removed_at=None)
    rows.update(removed_at=database_now(), removed_by=person.as_record())


def settle_citations(document: BaseDocument, key: uuid.UUID, edition: Edition | None) -> list[dict[str, Any]]:
    """Give the reworded statements of a text to be submitted citations of their own.

    Returns what the ledger says of its citations: statement and passage of each by their hashes.
    """
    for each in cited_in_draft(document, standing_citations(key), edition):
        if each.reworded:
            keep_citations(key, each.statement, each.citations)
    return [
        citation.as_record()
        for each in cited_statements(document, standing_citations(key))
        for citation in each.citations
    ]


def compared_statements(
    cited: Sequence[CitedStatement[Citation]],
    bases: dict[str, int],
    newest: dict[str, LabelVersion | None] | None = None,
) -> list[ComparedStatement]:
    """Return the same statements, each with those of its cited sentences that a newer version changed.

    ``bases`` are the versions of labels, by set id, up to which somebody answered for the text: what changed
    before that was looked at. A citation of a newer version than that starts there. ``newest`` are the newer
    versions by set id, by default the newest ones stored.
    """
    if newest is None:
        set_ids = {citation.label.set_id for each in cited for citation in each.citations}
        newest = {set_id: newest_stored(set_id) for set_id in set_ids}
    newer = _NewerVersions(bases, newest)
    return [
        ComparedStatement(
            each.statement,
            each.citations,
            each.reworded,
            each.former,
            changed=tuple(newer.changed(each.citations)),
        )
        for each in cited
    ]


class _NewerVersions:
    """Newer versions of labels, and the versions in between up to which somebody answered."""

    def __init__(self, bases: dict[str, int], newest: dict[str, LabelVersion | None]) -> None:
        self.bases = bases
        self.newest = newest
        self.alike: dict[tuple[str, int, str], LabelVersion | None] = {}

    def changed(self, citations: Iterable[Citation]) -> Iterator[ChangedSentence]:
        """Yield the cited sentences that changed, with the words of the version that was answered for."""
        for citation in citations:
            start, cited = citation.label, citation.passage
            base, newest = self.bases.get(start.set_id, 0), self.newest[start.set_id]
            if newest is None or newest.version <= max(base, start.version):
                continue
            newer = self._version(newest.version, start) or newest
            if cited not in passages_by_key(start):
                cited = _key_by_words(citation)
            keys = [cited]
            if base > start.version and (middle := self._version(base, start)):
                keys, start = _successors(start, middle, cited), middle
            changed, texts = _changes(start.sha256, newer.sha256), passages_by_key(start)
            for key in keys:
                if key in changed:
                    yield ChangedSentence(citation, changed[key], newer, texts[key].text)

    def _version(self, version: int, like: LabelVersion) -> LabelVersion | None:
        """Return a version of a label, from the same source if there is one: sources differ in layout."""
        place = (like.set_id, version, like.source_format)
        if place not in self.alike:
            self.alike[place] = stored_version(like.set_id, version, like=like)
        return self.alike[place]


def _key_by_words(citation: Citation) -> str:
    """Return the key that the cited passage has today: a release may tell words from numbering otherwise.

    Without this a sentence that was cited under its former key would never be said to have changed.
    """
    for key, passage in passages_by_key(citation.label).items():
        if passage.code == citation.code and sha256_hex(passage.text.encode()) == citation.sha256:
            return key
    return citation.passage


def _successors(older: LabelVersion, newer: LabelVersion, key: str) -> list[str]:
    """Return the keys of the passages of ``newer`` that say or replace what the one with ``key`` said."""
    if change := _changes(older.sha256, newer.sha256).get(key):
        return [passage.key for passage in change.new]
    now = passages_by_key(newer)
    if key in now:
        return [key]
    said = passages_by_key(older).get(key)
    words = wording(said.text) if said else ""
    moved = [each.key for each in now.values() if wording(each.text) == words]
    if moved or len(words) < SHORTEST_FOUND:
        return moved
    # A sentence that is now part of a longer one
    return [each.key for each in now.values() if words in wording(each.text)]


def passages_by_key(version: LabelVersion) -> dict[str, LabelPassage]:
    """Return the passages of a stored version by their keys, in reading order."""
    return _passages(version.sha256)


# Stored bytes never change, so what was read from them holds as long as the process does.
@lru_cache(maxsize=8)
def _passages(sha256: str) -> dict[str, LabelPassage]:
    label = read_version(LabelVersion.objects.get(sha256=sha256))
    return {each.key: each for each in sorted(passages_of(label), key=lambda each: not each.highlight)}


@lru_cache(maxsize=32)
def _changes(older: str, newer: str) -> dict[str, LabelChange]:
    versions = {each.sha256: each for each in LabelVersion.objects.filter(sha256__in=(older, newer))}
    return passage_changes(compare_labels(read_version(versions[older]), read_version(versions[newer])))
