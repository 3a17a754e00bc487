"""The record of changes of the library of sources, and of the drafts that show a source.

Kept by receivers, so that no code changes a source without its entry, or deletes one that a text needs.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Revision

from monographs.accounts.actors import current_actor
from monographs.editions.person import Person
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule, log_refusal_once
from monographs.review.authorship.authored_text import TITLE_OF_SOURCE, run_hashes
from monographs.review.authorship.stored_passages import StoredPassage, text_words
from monographs.review.draft_state.draft_rows import (
    is_medicine,
    replace_draft_rows,
    stored_content,
)
from monographs.review.models import DraftAuthorship, SetAsideDraft, SetAsideStatus
from monographs.review.replacement.stored_sources import StoredSources
from monographs.review.sources_of_pages.source_tasks import refresh_source_tasks
from monographs.source_library.models import DraftSource, LibrarySource, SourceChange, SourceCitation
from monographs.source_library.shown_sources import shown_of
from monographs.source_library.source_citations import COUNTING, public_citations


@receiver(post_save, sender=LibrarySource, dispatch_uid="record a change of a source")
def record_change(instance: LibrarySource, **kwargs: Any) -> None:
    """Store who changed a source and its present fields, if any of them changed."""
    last = SourceChange.objects.filter(source=instance.pk).last()
    if last is not None and last.values == instance.values():
        return
    authors = [] if last is not None and last.digest == instance.digest else _authors(instance)
    _record(instance, instance.values(), authors)
    pages = {
        row.key for found in (shown_of(instance), public_citations(instance)) for row in found.only("key")
    }
    if pages:
        transaction.on_commit(partial(refresh_source_tasks, pages), robust=True)


@receiver(post_save, sender=SourceCitation, dispatch_uid="look at a cited source")
def look_at_cited_source(instance: SourceCitation, **kwargs: Any) -> None:
    """After the commit, look at the sources of a page if a statement that patients read has another one."""
    if instance.edition_id:
        transaction.on_commit(partial(refresh_source_tasks, [instance.key]), robust=True)


@receiver(post_delete, sender=LibrarySource, dispatch_uid="record the deletion of a source")
def record_deletion_of_source(instance: LibrarySource, **kwargs: Any) -> None:
    """Store who deleted a source."""
    _record(instance, None, [])


def _record(source: LibrarySource, values: dict[str, Any] | None, authors: list[Person]) -> None:
    SourceChange.objects.create(
        source=source.pk,
        values=values,
        digest=source.digest if values else "",
        person=_actor().as_record(),
        authors=[author.as_record() for author in authors],
    )


def _actor() -> Person:
    return replace(current_actor(), credentials="", field="")


def _authors(source: LibrarySource) -> list[Person]:
    """Return whose words a source has: who stores it, and who wrote the same words in a draft before.

    Otherwise words that a reviewer typed into a draft would lose their author on the way through the library.
    """
    passages = [
        StoredPassage(kind, tuple(text_words(text)))
        for kind, text in ((TITLE_OF_SOURCE, source.title), ("", source.publisher))
    ]
    rows = DraftAuthorship.objects.filter(runs__overlap=list(run_hashes(passages)))
    wrote = (Person(*record) for row in rows for record in row.people.values())
    return list(dict.fromkeys([_actor(), *source.further_authors, *wrote]))


def reason_to_keep_source(source: LibrarySource) -> str:
    """Return why a source must not be deleted, and what to do instead; empty if it may be."""
    drafts = source.draft_uses.count()
    if drafts or shown_of(source).exists():
        return (
            "It is used: see “Used in”. Say which source supersedes it, or since when it is gone; then each "
            "page that shows it gets a task."
        )
    if source.citations.filter(COUNTING).exists():
        return (
            "Statements rest on it: see “Used in”. Say which source supersedes it, or since when it is gone; "
            "then each page that patients read with them gets a task."
        )
    set_aside = _set_aside_with(source)
    if set_aside:
        return f"Drafts set aside have it: {', '.join(set_aside)}. First merge or leave those."
    if source.supersedes.exists():
        return "Another source is superseded by it. Change that one first."
    if source.tasks.exists():
        return "Somebody had to answer for it: its tasks stay in the record, and it with them."
    return ""


def _set_aside_with(source: LibrarySource) -> list[str]:
    """Return the titles of drafts set aside that have a source, or may cite it; few drafts are set aside."""
    rows = SetAsideDraft.objects.filter(status=SetAsideStatus.OPEN).select_related("revision")
    contents = [row.revision.content for row in rows if is_medicine(row.revision)]
    citing = set(map(str, source.citations.filter(removed_at=None).values_list("key", flat=True)))
    return [
        content["title"]
        for content in contents
        if source.pk in StoredSources(content).sections() or content["translation_key"] in citing
    ]


@receiver(pre_delete, sender=LibrarySource, dispatch_uid="refuse the deletion of a used source")
def refuse_deletion_of_source(instance: LibrarySource, **kwargs: Any) -> None:
    """Raise ``PolicyError`` before a source that is used is deleted by any code."""
    reason = reason_to_keep_source(instance)
    if reason:
        refusal = PolicyError(Rule.NOT_ALLOWED_HERE, f"“{instance}” cannot be deleted. {reason}")
        log_refusal_once(refusal, f"deletion of source {instance.pk}", current_actor().username)
        raise refusal


@receiver(post_save, sender=Revision, dispatch_uid="follow sources of a draft")
def follow_draft_sources(instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
    """Store which sources of the library the newest draft of a medicine has, and in which sections."""
    content = stored_content(instance, update_fields, [MonographPage])
    if content is None:
        return
    key = content["translation_key"]
    sections = StoredSources(content).sections()
    known = set(LibrarySource.objects.filter(pk__in=sections).values_list("pk", flat=True))
    rows = [
        DraftSource(key=key, source_id=pk, sections=named)
        for pk, named in sorted(sections.items())
        if pk in known
    ]
    replace_draft_rows(DraftSource, key, rows)


@receiver(post_delete, sender=MonographPage, dispatch_uid="forget sources of a deleted draft")
def forget_draft_sources(instance: MonographPage, **kwargs: Any) -> None:
    """Delete the rows of a draft with its page, so that its sources do not count as used for ever."""
    key = instance.translation_key
    if not MonographPage.objects.filter(translation_key=key).exists():
        DraftSource.objects.filter(key=key).delete()
        SourceCitation.objects.filter(key=key, edition=None).delete()
