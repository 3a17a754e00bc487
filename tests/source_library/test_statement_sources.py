"""Statements that cite sources of the library: for which texts a citation counts, tasks, and uses."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_today
from monographs.document.page_statements import statements
from monographs.editions.cited_statements import cited_in_draft
from monographs.editions.models import LedgerEntry, Publication
from monographs.editions.queries import current_edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.review.actions import ReplaceWords, Withdraw
from monographs.review.sources_of_pages.source_tasks import library_labels, public_uses, refresh_source_tasks
from monographs.source_library.models import LibrarySource, SourceCitation, SourceTask
from monographs.source_library.shown_sources import show_missing_editions
from monographs.source_library.source_citations import (
    cite_source,
    remove_source_citations,
    standing_source_citations,
)
from tests.conftest import as_user
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, submit
from tests.review.authored_drafts import latest
from tests.review.test_find_replace import change as word_change
from tests.review.unpublished_drafts import correct, merge, set_aside, write
from tests.source_library.library import add_source, change_source, use_source
from tests.source_library.test_tasks import ADDRESS, LABEL, SET_ID, answer, kinds

pytestmark = pytest.mark.django_db

WORKS = "It blocks an enzyme of the cancer cells."


@pytest.fixture
def source(writer: Any) -> LibrarySource:
    return add_source(address=ADDRESS, by=writer)


@pytest.fixture
def page(writer: Any, reviewer: Any) -> MonographPage:
    """A page that patients read, with ``WORKS`` under *How it works*."""
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works=WORKS)
    publish(page, writer, reviewer)
    return MonographPage.objects.get(pk=page.pk)


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("emil", "Editors")


def cite(page: MonographPage, source: LibrarySource, by: Any, words: str = WORKS) -> SourceCitation:
    """Cite ``source`` for the statement of the draft with ``words``."""
    (statement,) = [each for each in statements(latest(page).to_document()) if each.words == words]
    return cite_source(page.translation_key, statement, source, person_of(by))


def citing(page: MonographPage) -> list[tuple[str, list[str], bool]]:
    """What statements of the newest draft cite."""
    key = page.translation_key
    found = cited_in_draft(latest(page).to_document(), standing_source_citations(key), current_edition(key))
    return [(e.statement.words, [c.source.title for c in e.citations], e.reworded) for e in found]


def recorded(page: MonographPage) -> list[dict[str, Any]]:
    """What the record says of the sources of the newest submission's statements."""
    entry = LedgerEntry.objects.filter(event="submitted", subject=str(page.translation_key)).latest("seq")
    found: list[dict[str, Any]] = json.loads(entry.body)["data"].get("cited_sources", [])
    return found


def test_a_citation_changes_neither_the_text_nor_what_patients_read(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    before = Publication.objects.get(key=page.translation_key).edition
    text, shown = latest(page).to_document(), Client().get(f"/medicines/{page.slug}/").content
    cite(page, source, writer)
    assert latest(page).to_document() == text
    assert Publication.objects.get(key=page.translation_key).edition == before
    assert Client().get(f"/medicines/{page.slug}/").content == shown


def test_a_source_that_changed_opens_a_task_of_the_page_whose_statement_rests_on_it(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    assert refresh_source_tasks() == []
    change_source(source, writer, gone_since=database_today())
    (task,) = refresh_source_tasks()
    assert (task.key, kinds(task), task.sections) == (page.translation_key, ["gone"], ["how_it_works"])
    shown = as_user(reviewer).get(reverse("sources:task", args=[task.pk])).content.decode()
    assert WORKS in shown
    assert answer(task, reviewer).outcome == "answered"
    assert refresh_source_tasks() == []


def test_a_page_with_the_source_in_its_list_and_at_a_statement_has_one_task(
    source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    page = use_source(make_monograph(by=writer), source, writer)
    publish(page, writer, reviewer)
    cite(page, source, writer, "About how_it_works.")
    change_source(source, writer, gone_since=database_today())
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["gone"]
    (use,) = public_uses()
    assert len(use.sections) == len(set(use.sections))


def test_citing_a_source_with_a_fault_opens_the_task_at_once(
    page: MonographPage, source: LibrarySource, writer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    change_source(source, writer, gone_since=database_today())
    with django_capture_on_commit_callbacks(execute=True):
        cite(page, source, writer)
    assert SourceTask.objects.get().key == page.translation_key


def test_a_removed_citation_counts_for_patients_text_until_the_next_edition(
    page: MonographPage,
    source: LibrarySource,
    writer: Any,
    reviewer: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    citation = cite(page, source, writer)
    change_source(source, writer, gone_since=database_today())
    (task,) = refresh_source_tasks()
    remove_source_citations([citation], person_of(writer))
    assert citing(page) == []
    assert refresh_source_tasks() == []
    with django_capture_on_commit_callbacks(execute=True):
        publish(edit(page, writer), writer, reviewer)
    task.refresh_from_db()
    assert task.outcome == "edition"


def test_the_day_of_the_last_review_counts_where_only_statements_rest_on_a_source(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    citation = cite(page, source, writer)
    SourceCitation.objects.update(at=citation.at - timedelta(days=9))
    change_source(source, writer, published_on=database_today())
    assert refresh_source_tasks() == []
    LibrarySource.objects.update(published_on=database_today() + timedelta(days=1))
    (task,) = refresh_source_tasks()
    assert kinds(task) == ["renewed"]
    SourceCitation.objects.update(at=citation.at + timedelta(days=1))
    refresh_source_tasks()
    task.refresh_from_db()
    assert task.closed_at is not None


def test_a_statement_of_a_draft_counts_for_patients_with_its_edition(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    draft = edit(page, writer, how_it_works=f"{WORKS} More to come.")
    words = f"{WORKS} More to come."
    cite(page, source, writer, words)
    assert public_uses() == []
    publish(draft, writer, reviewer)
    assert [(use.key, use.edition) for use in public_uses()] == [(page.translation_key, 2)]
    publish(edit(page, writer, how_it_works="Something else altogether."), writer, reviewer)
    assert public_uses() == []
    assert not SourceCitation.objects.get().in_draft, "nothing rests on it any more, so it can be deleted"
    publish(edit(page, writer, how_it_works=words), writer, reviewer)
    assert len(public_uses()) == 1, "a restored statement has the citations that stand"


def test_a_reworded_statement_keeps_its_sources_and_the_record_names_them(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    words = WORKS.replace("blocks", "stops")
    edit(page, writer, how_it_works=words)
    assert citing(page) == [(words, [source.title], True)]
    submit(page, writer)
    (cited,) = recorded(page)
    assert (cited["source"], cited["sha256"], cited["title"]) == (source.pk, source.digest, source.title)
    assert citing(page) == [(words, [source.title], False)]


def test_find_and_replace_keeps_citations(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any, editor: Any
) -> None:
    words = "Ask your care team about it."
    publish(edit(page, writer, how_it_works=words), writer, reviewer)
    cite(page, source, writer, words)
    now = MonographPage.objects.get(pk=page.pk)
    ReplaceWords(editor, now, word_change(), revision=now.latest_revision_id, numbers={0}).execute()
    assert [(each["section"], each["source"]) for each in recorded(page)] == [("how_it_works", source.pk)]
    assert citing(page) == [("Ask your treatment team about it.", [source.title], False)]


def test_a_draft_that_is_set_aside_and_merged_keeps_citations(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any, editor: Any
) -> None:
    long = "A longer text that takes weeks to write."
    write(page, writer, "how_it_works", long)
    cite(page, source, writer, long)
    set_aside(page, editor)
    correct(page, editor, reviewer)
    assert citing(page) == []
    kept = as_user(editor).post(reverse("source_library:delete", args=[source.pk]), follow=True)
    assert "Drafts set aside have it" in kept.content.decode()
    merge(page, writer)
    assert citing(page) == [(long, [source.title], False)]
    publish(page, writer, reviewer)
    assert [use.source for use in public_uses()] == [source.pk]
    assert SourceCitation.objects.get().in_draft


def test_a_withdrawn_page_has_no_task(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.BEING_CHECKED, note="x", password=PASSWORD
    ).execute()
    assert public_uses() == []


def test_what_an_earlier_release_published_is_counted_at_the_next_migration(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    citation = cite(page, source, writer)
    SourceCitation.objects.update(edition=None)
    publish(edit(page, writer, how_it_is_administered="By mouth."), writer, reviewer)
    SourceCitation.objects.update(edition=citation.edition)
    assert [use.edition for use in public_uses()] == [1]
    show_missing_editions()
    assert [use.edition for use in public_uses()] == [2]


def test_a_source_is_used_where_a_statement_rests_on_it(
    page: MonographPage, source: LibrarySource, writer: Any, editor: Any
) -> None:
    citation = cite(page, source, writer)
    client = as_user(editor)
    shown = " ".join(
        strip_tags(client.get(reverse("source_library:inspect", args=[source.pk])).content.decode()).split()
    )
    assert "Edition 1, which patients read: 1 statement rests on it" in shown
    assert "Draft: 1 statement rests on it" in shown
    kept = client.post(reverse("source_library:delete", args=[source.pk]), follow=True)
    assert "Statements rest on it" in kept.content.decode()
    listed = client.get(reverse("source_library:list"), {"used": "nowhere"})
    assert source not in listed.context["object_list"]
    listed = client.get(reverse("source_library:list"), {"ordering": "-statements"})
    assert [each.statements for each in listed.context["object_list"]] == [1]
    remove_source_citations([citation], person_of(writer))
    SourceCitation.objects.update(edition=None)
    client.post(reverse("source_library:delete", args=[source.pk]))
    assert not LibrarySource.objects.exists()
    assert not SourceCitation.objects.exists()


def test_a_label_that_a_statement_rests_on_is_asked_for_until_its_draft_is_deleted(writer: Any) -> None:
    label = add_source("Label, version 3", **LABEL, version="3", by=writer)
    page = make_monograph(by=writer)
    cite(page, label, writer, "About how_it_works.")
    assert library_labels() == [(page.translation_key, SET_ID)]
    MonographPage.objects.get(pk=page.pk).delete()
    assert library_labels() == []


def test_a_source_that_patients_text_rests_on_does_not_become_another(
    page: MonographPage, writer: Any, editor: Any
) -> None:
    paper = add_source("A paper", kind="paper", scheme="doi", identifier="10.1056/one", by=writer)
    cite(page, paper, writer)
    form = {
        "kind": "paper",
        "title": "A paper",
        "publisher": "NCCN",
        "scheme": "doi",
        "identifier": "10.1056/two",
    }
    answered = as_user(editor).post(reverse("source_library:edit", args=[paper.pk]), form)
    assert "with another identifier or version it would be another one" in answered.content.decode()


def test_replacing_a_source_leaves_what_statements_rest_on(
    page: MonographPage, source: LibrarySource, writer: Any, editor: Any
) -> None:
    newer = add_source("The guideline of 2026", by=writer)
    change_source(source, writer, superseded_by=newer)
    cite(page, source, writer)
    address = reverse("sources:replace", args=[source.pk])
    assert "Only statements rest on it" in as_user(editor).get(address).content.decode()
