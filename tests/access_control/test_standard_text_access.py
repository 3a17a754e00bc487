"""Bypass routes of standard texts: unsigned words in a medicine, and other people's drafts changed."""

from typing import Any

from wagtail.test.utils.form_data import nested_form_data, streamfield

from monographs.editions.models import Edition
from monographs.models import MonographPage
from monographs.review.models import ReviewBundle
from tests.access_control.attempt import Attempt, bypass_attempt, editor_form
from tests.access_control.populated_site import ANONYMOUS, ROLES, UNSIGNED, user_of
from tests.factories import (
    make_monograph,
    make_standard_text,
    publish,
    reword,
    set_parts,
    standard_text_block,
    submit,
    text,
)

NOT_EDITORS = ("writer", "reviewer", "superuser", "superuser who reviews")


def signed_text() -> Any:
    """A standard text with two signed versions, which the public site does not show."""
    page = make_standard_text("Reports", by=user_of("writer"), words="Signed words of version 1.")
    publish(page, user_of("writer"), user_of("other reviewer"))
    reword(page, user_of("writer"), "Signed words of version 2.")
    publish(page, user_of("writer"), user_of("other reviewer"))
    return page


@bypass_attempt("standard text: read in the admin, by nobody else", *ROLES, ANONYMOUS)
def test_reading_standard_texts(attempt: Attempt) -> None:
    page = signed_text()
    version = standard_text_block(Edition.objects.of(page.translation_key)[0])["value"]
    answers = [
        attempt.get("standard_texts:list"),
        attempt.get("standard_texts:choice", query=f"?chosen={version}"),
        attempt.get("standard_texts:text", page.translation_key),
    ]
    if attempt.user is None:
        attempt.unreachable(*(answer.status_code for answer in answers))
        return
    assert all(answer.status_code == 200 for answer in answers)
    attempt.harmless()


@bypass_attempt("standard text: unsigned words chosen by a forged form", "writer", "editor", "superuser")
def test_choosing_unsigned_words(attempt: Attempt) -> None:
    unsigned = make_standard_text("Unsigned", by=user_of("writer"), words=f"{UNSIGNED} words.")
    submission = submit(unsigned, user_of("writer"))
    page = attempt.site.page(attempt.site.draft)
    forged = f"{unsigned.translation_key}/1/{submission.sha256}"
    content = streamfield([("standard_text", forged)])
    sections = nested_form_data(
        {"sections": streamfield([("how_it_works", {"content": content, "sources": ""})])}
    )
    before = page.latest_revision_id
    attempt.post("wagtailadmin_pages:edit", page.pk, data={**editor_form(page), **sections})
    assert attempt.site.page(page.pk).latest_revision_id == before
    attempt.harmless()


@bypass_attempt("standard text: a new version put into drafts by those who may not", *NOT_EDITORS)
def test_updating_without_right(attempt: Attempt) -> None:
    text_page = signed_text()
    page = make_monograph("includumab", by=user_of("writer"))
    first = Edition.objects.get(key=text_page.translation_key, number=1)
    set_parts(page, user_of("writer"), "how_it_works", [text("It works."), standard_text_block(first)])
    before = MonographPage.objects.get(pk=page.pk).latest_revision_id
    data = {
        "version": "2",
        "page": [f"{page.pk}:{before}"],
        "change_note": f"{UNSIGNED} note.",
        "reason": "Why.",
        "review_kind": "full_review",
    }
    answer = attempt.post("standard_texts:text", text_page.translation_key, data=data)
    attempt.refused(answer, "Only editors")
    assert MonographPage.objects.get(pk=page.pk).latest_revision_id == before


@bypass_attempt("standard text: a new version put over somebody’s unpublished draft", "editor")
def test_updating_an_unpublished_draft(attempt: Attempt) -> None:
    text_page = signed_text()
    page = attempt.site.page(attempt.site.alpha)
    data = {
        "version": "2",
        "page": [f"{page.pk}:{page.latest_revision_id}"],
        "change_note": f"{UNSIGNED} note.",
        "reason": "Why.",
        "review_kind": "full_review",
    }
    answer: Any = attempt.post("standard_texts:text", text_page.translation_key, data=data)
    assert [outcome.title for outcome in answer.context["refused"]] == [page.title]
    assert not ReviewBundle.objects.filter(title__contains="Reports").exists()
    attempt.harmless()
