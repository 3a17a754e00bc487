"""Bypass routes around drafts that are set aside: to the public, to signatures, by other pages."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import LeaveDraft, MergeDraft, SetAside, Sign
from monographs.review.models import SetAsideDraft
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import SHELL, UNSIGNED, user_of
from tests.factories import PASSWORD, read_all, submit
from tests.review.unpublished_drafts import write

ROUTE = "review:set_aside"


def set_aside(pk: int, by: str = "writer") -> SetAsideDraft:
    page = MonographPage.objects.get(pk=pk)
    return SetAside(user_of(by), page, seen=page.latest_revision_id).execute()


def form_of(row: SetAsideDraft, pk: int) -> dict[str, Any]:
    return {"row": row.pk, "seen": MonographPage.objects.get(pk=pk).latest_revision_id}


@bypass_attempt("set aside: by who may not edit the page", "reader")
def test_setting_aside_without_right(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    for name in ("correct", "merge"):
        response = attempt.post(f"{ROUTE}:{name}", page.pk, data={"seen": page.latest_revision_id})
        assert UNSIGNED.lower() not in response.content.decode().lower()
    attempt.refused(response, "permission to access")
    assert not SetAsideDraft.objects.exists()


@bypass_attempt("set aside: of a text in review", "writer", "editor", "superuser")
def test_setting_a_text_in_review_aside(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.gamma)
    response = attempt.post(f"{ROUTE}:correct", page.pk, data={"seen": page.latest_revision_id})
    attempt.refused(response, "Recall the text first")
    assert attempt.site.submission().is_open
    assert not SetAsideDraft.objects.exists()


@bypass_attempt("set aside: what patients read while it is corrected", "writer", "editor", "superuser")
def test_setting_aside_publishes_nothing(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    attempt.post(f"{ROUTE}:correct", page.pk, data={"seen": page.latest_revision_id})
    row = SetAsideDraft.objects.get()
    attempt.post(f"{ROUTE}:merge", page.pk, data={**form_of(row, page.pk), "action-publish": "1"})
    row.refresh_from_db()
    assert not row.is_open
    attempt.harmless()


@bypass_attempt("merge: a draft of another page", "writer", "superuser")
def test_merging_a_draft_of_another_page(attempt: Attempt) -> None:
    row = set_aside(attempt.site.alpha)
    response = attempt.post(f"{ROUTE}:merge", attempt.site.draft, data=form_of(row, attempt.site.draft))
    attempt.refused(response, "No draft of this page is set aside")
    row.refresh_from_db()
    assert row.is_open


@bypass_attempt("merge: a draft that was not seen", "writer")
def test_merging_unseen(attempt: Attempt) -> None:
    row = set_aside(attempt.site.alpha)
    data = form_of(row, attempt.site.alpha)
    write(attempt.site.page(attempt.site.alpha), user_of("other writer"), "who_should_take_it", "Adults.")
    attempt.refused(attempt.post(f"{ROUTE}:merge", attempt.site.alpha, data=data), "changed meanwhile")
    row.refresh_from_db()
    assert row.is_open


@bypass_attempt("leave: a draft of a page that one may not edit", "reader")
def test_leaving_without_right(attempt: Attempt) -> None:
    row = set_aside(attempt.site.alpha)
    data = {"row": row.pk, "reason": "Obsolete."}
    attempt.refused(attempt.post(f"{ROUTE}:draft", attempt.site.alpha, data=data), "permission to access")
    row.refresh_from_db()
    assert row.is_open


@bypass_attempt("leave: a draft of another page", "writer", "superuser")
def test_leaving_a_draft_of_another_page(attempt: Attempt) -> None:
    row = set_aside(attempt.site.alpha)
    data = {"row": row.pk, "reason": "Obsolete."}
    response = attempt.post(f"{ROUTE}:draft", attempt.site.draft, data=data)
    attempt.refused(response, "No draft of this page is set aside")
    row.refresh_from_db()
    assert row.is_open


@bypass_attempt("sign: words one wrote in a draft that was left and restored", "superuser who reviews")
def test_signing_own_words_after_a_restored_draft(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    write(page, attempt.user, "how_it_works", f"{UNSIGNED} that the signer wrote.")
    row = set_aside(page.pk)
    LeaveDraft(user_of("writer"), page, row=row.pk, reason="Obsolete.").execute()
    row.revision.as_object().save_revision(user=user_of("writer"), clean=False)
    submission = submit(attempt.site.page(page.pk), user_of("writer"))
    read_all(submission, attempt.user)
    action = Sign(attempt.user, submission, password=PASSWORD, seen_sha256=submission.sha256)
    attempt.refused_in_code(PolicyError, "words of yours are in it", action.execute)


@bypass_attempt("sign: words one wrote in a draft that was set aside and merged", "superuser who reviews")
def test_signing_own_words_after_a_merge(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    write(page, attempt.user, "how_it_works", f"{UNSIGNED} that the signer wrote.")
    row = set_aside(page.pk)
    now = MonographPage.objects.get(pk=page.pk)
    MergeDraft(user_of("writer"), now, row=row.pk, seen=now.latest_revision_id, answers={}).execute()
    submission = submit(attempt.site.page(page.pk), user_of("writer"))
    read_all(submission, attempt.user)
    action = Sign(attempt.user, submission, password=PASSWORD, seen_sha256=submission.sha256)
    attempt.refused_in_code(PolicyError, "words of yours are in it", action.execute)


@bypass_attempt("database: whose a draft is that was set aside", SHELL)
def test_what_was_set_aside_in_the_database(attempt: Attempt) -> None:
    row = set_aside(attempt.site.alpha)
    refused = pytest.raises(DatabaseError, match="what was set aside stays")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE review_setasidedraft SET contributors = '[]', authorship_id = NULL")
    row.refresh_from_db()
    assert row.contributors
    attempt.harmless()
