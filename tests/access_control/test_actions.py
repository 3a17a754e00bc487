"""Wagtail's action classes called in code as a user: each is refused and logged once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import CopyForTranslationAction, CopyPageForTranslationAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.revert_to_page_revision import RevertToPageRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Locale, Page

from monographs.models import MonographIndexPage
from monographs.pages.refusals import PolicyError, capture_refusals
from monographs.review.wagtail_integration.action_log import wagtail_action_classes
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import SHELL, PopulatedSite, username_of


@dataclass(frozen=True, slots=True)
class Try:
    """An action of a user, and Wagtail's words of refusal."""

    action: type
    role: str
    words: str
    make: Callable[[PopulatedSite, Any], Any]


def revision(site: PopulatedSite, pk: int) -> Any:
    return site.page(pk).get_latest_revision()


def alias(site: PopulatedSite) -> Any:
    return site.page(site.alpha).create_alias(update_slug="copied")


TRIES = [
    Try(
        PublishPageRevisionAction,
        "superuser",
        "permission to publish",
        lambda site, user: PublishPageRevisionAction(revision(site, site.draft), user=user),
    ),
    Try(
        PublishRevisionAction,
        "writer",
        "permission to publish",
        lambda site, user: PublishRevisionAction(revision(site, site.draft), user=user),
    ),
    Try(
        UnpublishPageAction,
        "superuser",
        "permission to unpublish",
        lambda site, user: UnpublishPageAction(site.page(site.alpha), user=user),
    ),
    Try(
        UnpublishAction,
        "superuser",
        "permission to unpublish",
        lambda site, user: UnpublishAction(site.page(site.alpha), user=user),
    ),
    Try(
        DeletePageAction,
        "superuser",
        "permission to delete",
        lambda site, user: DeletePageAction(site.page(site.alpha), user),
    ),
    Try(
        MovePageAction,
        "superuser",
        "permission to move",
        lambda site, user: MovePageAction(
            site.page(site.alpha),
            MonographIndexPage.objects.get(collection="classes"),
            pos="last-child",
            user=user,
        ),
    ),
    Try(
        CopyPageAction,
        "superuser",
        "permission to publish a page at the destination",
        lambda site, user: CopyPageAction(
            site.page(site.alpha), keep_live=True, update_attrs={"slug": "copied"}, user=user
        ),
    ),
    Try(
        CreatePageAliasAction,
        "superuser",
        "permission to publish a page at the destination",
        lambda site, user: CreatePageAliasAction(site.page(site.alpha), update_slug="copied", user=user),
    ),
    Try(
        ConvertAliasPageAction,
        "reader",
        "permission to edit",
        lambda site, user: ConvertAliasPageAction(alias(site), user=user),
    ),
    Try(
        RevertToPageRevisionAction,
        "reader",
        "permission to edit",
        lambda site, user: RevertToPageRevisionAction(
            site.page(site.alpha), revision(site, site.alpha), user=user
        ),
    ),
    Try(
        CopyPageForTranslationAction,
        "writer",
        "permission to submit a translation",
        lambda site, user: CopyPageForTranslationAction(site.page(site.alpha), french(), user=user),
    ),
    Try(
        CopyForTranslationAction,
        "writer",
        "permission to submit a translation",
        lambda site, user: CopyForTranslationAction(site.page(site.alpha), french(), user=user),
    ),
]


def french() -> Locale:
    return Locale.objects.create(language_code="fr")


def tried_as(role: str) -> list[Any]:
    return [pytest.param(tried, id=tried.action.__name__) for tried in TRIES if tried.role == role]


def refused(attempt: Attempt, tried: Try) -> None:
    """The single log message names action, page and user."""
    action = tried.make(attempt.site, attempt.user)
    attempt.refused_in_code(PermissionDenied, tried.words, action.execute)
    (line,) = attempt.refusal_logs()
    assert line.startswith(f"refused {tried.action.__name__} of medicine ")
    assert f" by {username_of(tried.role)}: " in line


@pytest.mark.parametrize("tried", tried_as("superuser"))
@bypass_attempt("code: each of Wagtail's actions as a superuser", "superuser")
def test_wagtails_actions_as_a_superuser(attempt: Attempt, tried: Try) -> None:
    refused(attempt, tried)


@pytest.mark.parametrize("tried", tried_as("reader"))
@bypass_attempt("code: each of Wagtail's actions as a reader", "reader")
def test_wagtails_actions_as_a_reader(attempt: Attempt, tried: Try) -> None:
    refused(attempt, tried)


@pytest.mark.parametrize("tried", tried_as("writer"))
@bypass_attempt("code: each of Wagtail's actions as a writer", "writer")
def test_wagtails_actions_as_a_writer(attempt: Attempt, tried: Try) -> None:
    refused(attempt, tried)


@bypass_attempt("code: Wagtail's delete action on a page in review", "superuser", "superuser who reviews")
def test_deleting_a_page_in_review(attempt: Attempt) -> None:
    deletion = DeletePageAction(attempt.site.page(attempt.site.gamma), attempt.user)
    attempt.refused_in_code(PermissionDenied, "permission to delete", deletion.execute)


@bypass_attempt("code: Wagtail's revert action on a page in review", "superuser", "writer")
def test_reverting_a_page_in_review(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.gamma)
    reverting = RevertToPageRevisionAction(page, page.revisions.earliest("pk"), user=attempt.user)
    attempt.refused_in_code(PolicyError, "in review", reverting.execute)
    assert f"a revision of page {page.pk} by {attempt.user}: " in attempt.refusal_logs()[0]


@bypass_attempt("code: Wagtail's revert action over a signed page", "superuser", "writer")
def test_reverting_a_signed_page(attempt: Attempt) -> None:
    page = attempt.site.page(attempt.site.alpha)
    RevertToPageRevisionAction(page, page.revisions.earliest("pk"), user=attempt.user).execute()
    attempt.harmless(logged="wagtail.revert")


@bypass_attempt("code: Wagtail's action that makes an alias a page", "superuser")
def test_converting_an_alias(attempt: Attempt) -> None:
    made = alias(attempt.site)
    ConvertAliasPageAction(Page.objects.get(pk=made.pk).specific, user=attempt.user).execute()
    attempt.harmless(logged="wagtail.convert_alias")


@bypass_attempt("code: Wagtail's publish action for anything but pages", "superuser")
def test_publishing_a_page_as_something_else(attempt: Attempt) -> None:
    """It checks a permission of the model, which a superuser always has, and not the page's."""
    PublishRevisionAction(revision(attempt.site, attempt.site.draft), user=attempt.user).execute()
    assert attempt.site.page(attempt.site.draft).live
    attempt.harmless(logged="wagtail.publish")


@bypass_attempt("code: Wagtail's publish action, checks skipped", SHELL)
def test_publishing_unchecked(attempt: Attempt) -> None:
    PublishPageRevisionAction(revision(attempt.site, attempt.site.draft)).execute(skip_permission_checks=True)
    assert attempt.site.page(attempt.site.draft).live
    attempt.harmless(logged="wagtail.publish")


def test_every_action_of_wagtails_is_tried_above() -> None:
    assert {tried.action for tried in TRIES} == set(wagtail_action_classes())


@bypass_attempt("code: Wagtail's unpublish action while a request is answered", "superuser")
def test_an_action_refused_while_somebody_watches_leaves_the_line_to_them(attempt: Attempt) -> None:
    """The middleware logs it, with the address."""
    page = attempt.site.page(attempt.site.alpha)
    with capture_refusals() as watch, pytest.raises(PermissionDenied):
        UnpublishPageAction(page, user=attempt.user).execute()
    assert not attempt.refusal_logs()
    assert watch.refusals[-1] == "You do not have permission to unpublish this page."
    attempt.refused(attempt.client.post(f"/admin/pages/{page.pk}/unpublish/"))
    (line,) = attempt.refusal_logs()
    assert line.startswith(f"refused POST /admin/pages/{page.pk}/unpublish/ by superuser: ")


@bypass_attempt("button: a text signed by somebody who wrote in it, as the log has it", "writer")
def test_a_refused_signature_on_its_screen_leaves_one_line(attempt: Attempt) -> None:
    submission = attempt.site.submission()
    form = {"sha256": submission.sha256, "password": "guess"}
    attempt.refused(attempt.post("review:sign", submission.pk, data=form))
    (line,) = attempt.refusal_logs()
    assert line.startswith(f"refused POST /admin/review/{submission.pk}/sign/ by writer: ")
