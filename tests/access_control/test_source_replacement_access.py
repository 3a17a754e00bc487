"""Bypass routes of the library of sources: other people's drafts changed, answers and versions by others."""

from datetime import date
from typing import Any

from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.models import MonographPage
from monographs.review.models import ReviewBundle
from monographs.review.sources_of_pages.source_tasks import faults_hash
from monographs.source_library.models import LibrarySource, SourceTask
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS, ROLES, UNSIGNED, user_of
from tests.factories import make_monograph
from tests.source_library.library import add_source, change_source, use_source

NOT_EDITORS = ("writer", "reviewer", "superuser", "superuser who reviews")


def superseded() -> tuple[MonographPage, LibrarySource, LibrarySource]:
    """A draft with a source that another one superseded; nothing of it is public."""
    older = add_source("Older guideline", by=user_of("writer"))
    page = use_source(make_monograph("sourcedumab", by=user_of("writer")), older, user_of("writer"))
    newer = add_source("Newer guideline", by=user_of("writer"))
    change_source(older, user_of("writer"), superseded_by=newer)
    return MonographPage.objects.get(pk=page.pk), older, newer


def form_for(page: MonographPage, newer: LibrarySource, day: date | None = None) -> dict[str, Any]:
    return {
        "newer": str(newer.pk),
        "page": [f"{page.pk}:{MonographPage.objects.get(pk=page.pk).latest_revision_id}"],
        "seen_on": str(day or database_today()),
        "change_note": f"{UNSIGNED} note.",
        "reason": "Why.",
        "review_kind": "full_review",
    }


@bypass_attempt("source: its replacement read in the admin, by nobody else", *ROLES, ANONYMOUS)
def test_reading_a_replacement(attempt: Attempt) -> None:
    _, older, _ = superseded()
    answer = attempt.get("sources:replace", older.pk)
    if attempt.user is None:
        attempt.unreachable(answer.status_code)
        return
    assert answer.status_code == 200
    attempt.harmless()


@bypass_attempt("source: a newer one put into drafts by those who may not", *NOT_EDITORS)
def test_replacing_without_right(attempt: Attempt) -> None:
    page, older, newer = superseded()
    answer = attempt.post("sources:replace", older.pk, data=form_for(page, newer))
    attempt.refused(answer, "Only editors")
    assert MonographPage.objects.get(pk=page.pk).latest_revision_id == page.latest_revision_id


@bypass_attempt("source: a newer one put over somebody’s waiting draft", "editor")
def test_replacing_in_a_waiting_draft(attempt: Attempt) -> None:
    _, older, newer = superseded()
    page = use_source(attempt.site.page(attempt.site.alpha), older, user_of("writer"))
    before = MonographPage.objects.get(pk=page.pk).latest_revision_id
    answer = attempt.post("sources:replace", older.pk, data=form_for(page, newer))
    assert [outcome.title for outcome in answer.context["refused"]] == [page.title]
    assert MonographPage.objects.get(pk=page.pk).latest_revision_id == before
    assert not ReviewBundle.objects.filter(title__contains="guideline").exists()
    attempt.harmless()


@bypass_attempt("source: an answer for pages that one does not work on, without signing in", ANONYMOUS)
def test_answering_without_signing_in(attempt: Attempt) -> None:
    _, older, _ = superseded()
    page = attempt.site.page(attempt.site.alpha)
    task = SourceTask.objects.create(key=page.translation_key, title=page.title, source=older, edition=1)
    data = {"faults": faults_hash(task), "reason": "Right.", "task": [task.pk]}
    answer = attempt.post("sources:answers", older.pk, data=data)
    assert answer.status_code == 401  # asked to sign in
    task.refresh_from_db()
    assert task.closed_at is None
    attempt.harmless()


@bypass_attempt("source: a newer version that supersedes one, by those who may not change sources", "writer")
def test_superseding_by_the_form_of_a_newer_version(attempt: Attempt) -> None:
    older = add_source("Older guideline", by=user_of("writer"))
    form = {"kind": "guideline", "title": "Guideline of another year", "publisher": "ASH"}
    attempt.client.post(f"{reverse('source_library:add')}?newer_of={older.pk}", form)
    assert LibrarySource.objects.filter(title=form["title"]).exists()
    older.refresh_from_db()
    assert older.superseded_by is None
    attempt.harmless()
