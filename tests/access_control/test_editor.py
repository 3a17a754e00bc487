"""Bypass routes of the editor: its buttons, shown or hidden, and extra form fields."""

import pytest
from wagtail.models import Revision

from monographs.models import MonographIndexPage, MonographPage
from tests.access_control.attempt import Attempt, bypass_attempt, editor_form, messages_of
from tests.access_control.populated_site import ROLES, UNSIGNED

ADD = "wagtailadmin_pages:add"


@bypass_attempt("editor: publish button of a draft over a signed page", *ROLES)
def test_publishing_an_edited_page(attempt: Attempt) -> None:
    response = attempt.edit(attempt.site.alpha, title=UNSIGNED, **{"action-publish": "action-publish"})
    attempt.refused(response, "Nobody publishes by hand", "saved as a draft")
    page = attempt.site.page(attempt.site.alpha)
    assert page.title == "alphaumab"
    assert page.get_latest_revision_as_object().title == UNSIGNED


@bypass_attempt("editor: publish button of a new page", "writer", "editor", "superuser")
def test_publishing_a_new_page(attempt: Attempt) -> None:
    parent = MonographIndexPage.objects.get(collection="medicines")
    new = MonographPage(title=f"{UNSIGNED} new", slug="copied")
    form = editor_form(new, **{"action-publish": "action-publish"})
    response = attempt.post(ADD, "monographs", "monographpage", parent.pk, data=form)
    attempt.refused(response, "Nobody publishes by hand")
    assert not MonographPage.objects.get(slug="copied").live


@bypass_attempt("editor: Wagtail's submit button", *ROLES)
def test_wagtails_submission(attempt: Attempt) -> None:
    response = attempt.edit(attempt.site.alpha, **{"action-submit": "action-submit"})
    attempt.refused(response, "Use “Submit for review”")
    assert not attempt.site.page(attempt.site.alpha).workflow_in_progress


@bypass_attempt("editor: Wagtail's submit button of a new page", "writer", "superuser")
def test_wagtails_submission_of_a_new_page(attempt: Attempt) -> None:
    parent = MonographIndexPage.objects.get(collection="medicines")
    form = editor_form(MonographPage(title="new", slug="copied"), **{"action-submit": "1"})
    response = attempt.post(ADD, "monographs", "monographpage", parent.pk, data=form)
    attempt.refused(response, "Use “Submit for review”")
    assert not MonographPage.objects.get(slug="copied").workflow_in_progress


@bypass_attempt("editor: unpublish button", "editor", "superuser")
def test_unpublish_button(attempt: Attempt) -> None:
    response = attempt.edit(attempt.site.alpha, **{"action-unpublish": "1"})
    attempt.refused(response, "Nobody unpublishes by hand")
    assert attempt.site.page(attempt.site.alpha).live


@bypass_attempt("editor: restart workflow button", "writer", "superuser")
def test_restart_button(attempt: Attempt) -> None:
    response = attempt.edit(attempt.site.gamma, **{"action-restart-workflow": "1"})
    attempt.refused(response, "Nobody publishes by hand")


@bypass_attempt("editor: a page in review", *ROLES)
def test_editing_a_page_in_review(attempt: Attempt) -> None:
    before = attempt.site.page(attempt.site.gamma).latest_revision_id
    response = attempt.edit(attempt.site.gamma, title="Another")
    attempt.refused(response, "could not be saved as it is locked")
    assert attempt.site.page(attempt.site.gamma).latest_revision_id == before


@bypass_attempt(
    "editor: approve in the form, in words of the client's own", "reviewer", "superuser who reviews"
)
@pytest.mark.parametrize("extra", ['{"signatures": 2, "force": true, "comment": "yes"}', "not JSON", ""])
def test_workflow_action_in_the_form(attempt: Attempt, extra: str) -> None:
    response = attempt.edit(
        attempt.site.gamma,
        **{
            "action-workflow-action": "1",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": extra,
        },
    )
    attempt.refused(response, "signed or returned on its review page")
    assert attempt.site.submission().is_open


@bypass_attempt(
    "editor: a second tab approves what the first has recalled", "writer", "reviewer", "superuser"
)
def test_approving_in_a_second_tab(attempt: Attempt) -> None:
    """Wagtail 7.4.4 answers this with a server error."""
    attempt.site.submission().workflow_state.cancel()
    form = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    attempt.refused(attempt.edit(attempt.site.gamma, **form), "signed or returned on its review page")


@bypass_attempt("editor: a second tab cancels what the first has cancelled", "writer")
def test_cancelling_twice(attempt: Attempt) -> None:
    form = {"action-cancel-workflow": "1"}
    attempt.edit(attempt.site.gamma, **form)
    attempt.refused(attempt.edit(attempt.site.gamma, **form), "no longer in review")


@bypass_attempt("editor: cancel workflow button", "writer", "editor")
def test_cancelling_is_recalling(attempt: Attempt) -> None:
    attempt.edit(attempt.site.gamma, **{"action-cancel-workflow": "1"})
    assert attempt.site.submission().status == "recalled"
    attempt.harmless(logged="wagtail.workflow.cancel")


@bypass_attempt("editor: cancel somebody else's workflow", "other writer", "reviewer")
def test_cancelling_somebody_elses(attempt: Attempt) -> None:
    response = attempt.edit(attempt.site.gamma, **{"action-cancel-workflow": "1"})
    attempt.refused(response, "may recall it")
    assert attempt.site.submission().is_open


@bypass_attempt("editor: saving a draft over a signed page", "writer", "reviewer", "editor", "superuser")
def test_saving_a_draft(attempt: Attempt) -> None:
    attempt.edit(attempt.site.alpha, title=f"{UNSIGNED} title")
    assert attempt.site.page(attempt.site.alpha).draft_title.startswith(UNSIGNED)
    attempt.harmless(logged="wagtail.edit")


@bypass_attempt("editor: another slug in a draft", "writer", "superuser")
def test_another_slug(attempt: Attempt) -> None:
    attempt.edit(attempt.site.alpha, slug="renamed")
    attempt.harmless(logged="wagtail.edit")


@bypass_attempt("editor: dates of going live and expiring in the form", "writer", "editor", "superuser")
def test_dates_in_the_form(attempt: Attempt) -> None:
    attempt.edit(attempt.site.alpha, go_live_at="2020-01-01 00:00", expire_at="2020-01-02 00:00")
    draft = attempt.site.page(attempt.site.alpha).get_latest_revision_as_object()
    assert (draft.go_live_at, draft.expire_at) == (None, None)
    attempt.harmless(logged="wagtail.edit")


@bypass_attempt("editor: fields that are no part of the form", "writer", "superuser")
def test_fields_outside_the_form(attempt: Attempt) -> None:
    sneaked = {"live": "on", "owner": "1", "live_revision": "1", "alias_of": "1", "demonstration": ""}
    attempt.edit(attempt.site.draft, **sneaked, title=UNSIGNED)
    page = attempt.site.page(attempt.site.draft)
    assert (page.live, page.alias_of_id, page.live_revision_id) == (False, None, None)
    attempt.harmless(logged="wagtail.edit")


@bypass_attempt("autosave: the revision that is public, rewritten in place", "writer", "superuser")
def test_overwriting_the_public_revision(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    Revision.objects.filter(pk=page.latest_revision_id).delete()
    live = page.live_revision_id
    MonographPage.objects.filter(pk=page.pk).update(latest_revision=live)
    attempt.edit(page.pk, title=UNSIGNED, overwrite_revision_id=str(live))
    attempt.harmless()


@bypass_attempt("autosave: a draft's revision, rewritten before review", "writer")
def test_overwriting_before_review(attempt: Attempt) -> None:
    attempt.edit(attempt.site.alpha, title=UNSIGNED)
    latest = attempt.site.page(attempt.site.alpha).latest_revision_id
    attempt.edit(attempt.site.alpha, title=f"{UNSIGNED} again", overwrite_revision_id=str(latest))
    revision = Revision.objects.get(pk=latest)
    assert revision.content["title"] == f"{UNSIGNED} again"
    attempt.harmless()


@bypass_attempt("autosave: the revision in review, rewritten in place", *ROLES)
def test_overwriting_during_review(attempt: Attempt) -> None:
    latest = attempt.site.page(attempt.site.gamma).latest_revision_id
    response = attempt.edit(attempt.site.gamma, title=UNSIGNED, overwrite_revision_id=str(latest))
    attempt.refused(response, "locked")
    assert Revision.objects.get(pk=latest).content["title"] == "gammaumab"


@bypass_attempt("autosave: another page's revision, rewritten in place", "writer", "superuser")
def test_overwriting_another_pages_revision(attempt: Attempt) -> None:
    other = attempt.site.page(attempt.site.gamma).latest_revision_id
    pages = (attempt.site.alpha, attempt.site.gamma)
    newest = [attempt.site.page(pk).latest_revision_id for pk in pages]
    response = attempt.edit(attempt.site.alpha, title=UNSIGNED, overwrite_revision_id=str(other))
    assert response.status_code == 409
    assert "saved another version" in messages_of(response)
    assert [attempt.site.page(pk).latest_revision_id for pk in pages] == newest
    attempt.harmless()


@bypass_attempt("editor: back to an earlier revision", "writer", "editor", "superuser")
def test_reverting(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    earlier = page.revisions.order_by("created_at").first()
    form = editor_form(page, **{"action-publish": "1", "revision": str(earlier.pk)})
    response = attempt.post("wagtailadmin_pages:revisions_revert", page.pk, earlier.pk, data=form)
    attempt.refused(response, "Nobody publishes by hand")


@bypass_attempt("editor: back to an earlier revision while in review", "writer", "superuser")
def test_reverting_in_review(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.gamma)
    earlier = page.revisions.order_by("created_at").first()
    response = attempt.post(
        "wagtailadmin_pages:revisions_revert", page.pk, earlier.pk, data=editor_form(page)
    )
    attempt.refused(response, "locked")


@bypass_attempt("editor: a comment on a page in review", "writer", "reviewer", "superuser")
def test_commenting_in_review(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.gamma)
    form = editor_form(page) | {
        "comments-TOTAL_FORMS": "1",
        "comments-0-text": "Explain.",
        "comments-0-contentpath": "title",
        "comments-0-id": "",
        "comments-0-replies-TOTAL_FORMS": "0",
        "comments-0-replies-INITIAL_FORMS": "0",
    }
    response = attempt.post("wagtailadmin_pages:edit", page.pk, data=form)
    attempt.refused(response, "locked")


@bypass_attempt("editor: without a cross-site token", "writer", "superuser")
def test_without_a_token(attempt: Attempt) -> None:
    attempt.client.handler.enforce_csrf_checks = True
    attempt.refused(attempt.edit(attempt.site.alpha, title=UNSIGNED))


@bypass_attempt("remedy of a house rule, posted for a page in review", *ROLES)
def test_a_remedy_for_a_page_in_review(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.gamma)
    before = page.get_latest_revision().pk
    form = {"rule": "doubled-word", "fingerprint": "0" * 64, "number": "0"}
    response = attempt.post("review:remedy", page.pk, data=form)
    attempt.refused(response)
    assert attempt.site.page(page.pk).get_latest_revision().pk == before


@bypass_attempt("editor: what changed, said of a page in review", "writer", "superuser")
def test_saying_what_changed_of_a_page_in_review(attempt: Attempt) -> None:
    before = attempt.site.page(attempt.site.gamma).latest_revision_id
    data = {"review_kind": "full_review", "reason": "New.", "change_note": UNSIGNED}
    attempt.refused(attempt.post("review:submit", attempt.site.gamma, data=data), "in review already")
    assert attempt.site.page(attempt.site.gamma).latest_revision_id == before
