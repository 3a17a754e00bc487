"""Wagtail's own action classes, called from code as somebody: refused, with one line in the log each time."""

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
from tests.access_control.attempt import Attempt, attempt_at
from tests.access_control.populated_site import SHELL, PopulatedSite, account


@dataclass(frozen=True, slots=True)
class Try:
    """An action as somebody, and the words in which Wagtail refuses it."""

    action: type
    role: str
    words: str
    make: Callable[[PopulatedSite, Any], Any]


def revision(world: PopulatedSite, pk: int) -> Any:
    return world.page(pk).get_latest_revision()


def alias(world: PopulatedSite) -> Any:
    return world.page(world.alpha).create_alias(update_slug="copied")


TRIES = [
    Try(
        PublishPageRevisionAction,
        "superuser",
        "permission to publish",
        lambda world, user: PublishPageRevisionAction(revision(world, world.draft), user=user),
    ),
    Try(
        PublishRevisionAction,
        "writer",
        "permission to publish",
        lambda world, user: PublishRevisionAction(revision(world, world.draft), user=user),
    ),
    Try(
        UnpublishPageAction,
        "superuser",
        "permission to unpublish",
        lambda world, user: UnpublishPageAction(world.page(world.alpha), user=user),
    ),
    Try(
        UnpublishAction,
        "superuser",
        "permission to unpublish",
        lambda world, user: UnpublishAction(world.page(world.alpha), user=user),
    ),
    Try(
        DeletePageAction,
        "superuser",
        "permission to delete",
        lambda world, user: DeletePageAction(world.page(world.alpha), user),
    ),
    Try(
        MovePageAction,
        "superuser",
        "permission to move",
        lambda world, user: MovePageAction(
            world.page(world.alpha),
            MonographIndexPage.objects.get(collection="classes"),
            pos="last-child",
            user=user,
        ),
    ),
    Try(
        CopyPageAction,
        "superuser",
        "permission to publish a page at the destination",
        lambda world, user: CopyPageAction(
            world.page(world.alpha), keep_live=True, update_attrs={"slug": "copied"}, user=user
        ),
    ),
    Try(
        CreatePageAliasAction,
        "superuser",
        "permission to publish a page at the destination",
        lambda world, user: CreatePageAliasAction(world.page(world.alpha), update_slug="copied", user=user),
    ),
    Try(
        ConvertAliasPageAction,
        "reader",
        "permission to edit",
        lambda world, user: ConvertAliasPageAction(alias(world), user=user),
    ),
    Try(
        RevertToPageRevisionAction,
        "reader",
        "permission to edit",
        lambda world, user: RevertToPageRevisionAction(
            world.page(world.alpha), revision(world, world.alpha), user=user
        ),
    ),
    Try(
        CopyPageForTranslationAction,
        "writer",
        "permission to submit a translation",
        lambda world, user: CopyPageForTranslationAction(world.page(world.alpha), french(), user=user),
    ),
    Try(
        CopyForTranslationAction,
        "writer",
        "permission to submit a translation",
        lambda world, user: CopyForTranslationAction(world.page(world.alpha), french(), user=user),
    ),
]


def french() -> Locale:
    return Locale.objects.create(language_code="fr")


def tried_as(role: str) -> list[Any]:
    return [pytest.param(tried, id=tried.action.__name__) for tried in TRIES if tried.role == role]


def refused(attempt: Attempt, tried: Try) -> None:
    """The attempt's one line names action, page and person."""
    action = tried.make(attempt.world, attempt.user)
    attempt.refused_in_code(PermissionDenied, tried.words, action.execute)
    (line,) = attempt.lines()
    assert line.startswith(f"refused {tried.action.__name__} of medicine ")
    assert f" by {account(tried.role)}: " in line


@pytest.mark.parametrize("tried", tried_as("superuser"))
@attempt_at("code: one of Wagtail's actions as somebody who may do all else", "superuser")
def test_wagtails_actions_as_a_superuser(attempt: Attempt, tried: Try) -> None:
    refused(attempt, tried)


@pytest.mark.parametrize("tried", tried_as("reader"))
@attempt_at("code: one of Wagtail's actions as somebody who may only look", "reader")
def test_wagtails_actions_as_a_reader(attempt: Attempt, tried: Try) -> None:
    refused(attempt, tried)


@pytest.mark.parametrize("tried", tried_as("writer"))
@attempt_at("code: one of Wagtail's actions as somebody who writes", "writer")
def test_wagtails_actions_as_a_writer(attempt: Attempt, tried: Try) -> None:
    refused(attempt, tried)


@attempt_at("code: Wagtail's delete action on a page in review", "superuser", "superuser who reviews")
def test_deleting_a_page_in_review(attempt: Attempt) -> None:
    deletion = DeletePageAction(attempt.world.page(attempt.world.gamma), attempt.user)
    attempt.refused_in_code(PermissionDenied, "permission to delete", deletion.execute)


@attempt_at("code: Wagtail's revert action on a page in review", "superuser", "writer")
def test_reverting_a_page_in_review(attempt: Attempt) -> None:
    page = attempt.world.page(attempt.world.gamma)
    reverting = RevertToPageRevisionAction(page, page.revisions.earliest("pk"), user=attempt.user)
    attempt.refused_in_code(PolicyError, "in review", reverting.execute)
    assert f"a revision of page {page.pk} by {attempt.user}: " in attempt.lines()[0]


@attempt_at("code: Wagtail's revert action over a signed page", "superuser", "writer")
def test_reverting_a_signed_page(attempt: Attempt) -> None:
    page = attempt.world.page(attempt.world.alpha)
    RevertToPageRevisionAction(page, page.revisions.earliest("pk"), user=attempt.user).execute()
    attempt.harmless(logged="wagtail.revert")


@attempt_at("code: Wagtail's action that makes an alias a page", "superuser")
def test_converting_an_alias(attempt: Attempt) -> None:
    made = alias(attempt.world)
    ConvertAliasPageAction(Page.objects.get(pk=made.pk).specific, user=attempt.user).execute()
    attempt.harmless(logged="wagtail.convert_alias")


@attempt_at("code: Wagtail's publish action for anything but pages", "superuser")
def test_publishing_a_page_as_something_else(attempt: Attempt) -> None:
    """It asks for a permission of the model, which a superuser always has, and not the page."""
    PublishRevisionAction(revision(attempt.world, attempt.world.draft), user=attempt.user).execute()
    assert attempt.world.page(attempt.world.draft).live
    attempt.harmless(logged="wagtail.publish")


@attempt_at("code: Wagtail's publish action, checks skipped", SHELL)
def test_publishing_unchecked(attempt: Attempt) -> None:
    PublishPageRevisionAction(revision(attempt.world, attempt.world.draft)).execute(
        skip_permission_checks=True
    )
    assert attempt.world.page(attempt.world.draft).live
    attempt.harmless(logged="wagtail.publish")


def test_every_action_of_wagtails_is_tried_above() -> None:
    assert {tried.action for tried in TRIES} == set(wagtail_action_classes())


@attempt_at("code: Wagtail's unpublish action while a request is answered", "superuser")
def test_an_action_refused_while_somebody_watches_leaves_the_line_to_them(attempt: Attempt) -> None:
    """Whoever answers the request writes it, and knows the address as well."""
    page = attempt.world.page(attempt.world.alpha)
    with capture_refusals() as watch, pytest.raises(PermissionDenied):
        UnpublishPageAction(page, user=attempt.user).execute()
    assert not attempt.lines()
    assert watch.refusals[-1] == "You do not have permission to unpublish this page."
    attempt.refused(attempt.client.post(f"/admin/pages/{page.pk}/unpublish/"))
    (line,) = attempt.lines()
    assert line.startswith(f"refused POST /admin/pages/{page.pk}/unpublish/ by superuser: ")


@attempt_at("button: a text signed by somebody who wrote in it, as the log has it", "writer")
def test_a_refused_signature_on_its_screen_leaves_one_line(attempt: Attempt) -> None:
    submission = attempt.world.submission()
    form = {"sha256": submission.sha256, "password": "guess"}
    attempt.refused(attempt.post("review:sign", submission.pk, data=form))
    (line,) = attempt.lines()
    assert line.startswith(f"refused POST /admin/review/{submission.pk}/sign/ by writer: ")
