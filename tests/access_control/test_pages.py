"""Doors of the explorer: copying, moving, deleting, hiding; one page, many at once, and by the desk's API."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.models import Locale, Page, PageViewRestriction

from monographs.editions.models import Edition
from monographs.models import MonographIndexPage, MonographPage
from tests.access_control.attempt import Attempt, attempt_at, said
from tests.access_control.populated_site import PEOPLE, UNSIGNED

SORRY = "Sorry, you do not have permission"


def medicines() -> Any:
    return MonographIndexPage.objects.get(collection="medicines")


def copy_form(**more: Any) -> dict[str, Any]:
    return {"new_title": "copied", "new_slug": "copied", "new_parent_page": medicines().pk, **more}


@attempt_at("copy: a signed page as a draft", "writer", "editor", "superuser")
def test_copying(attempt: Attempt) -> None:
    attempt.post("wagtailadmin_pages:copy", attempt.world.alpha, data=copy_form())
    assert not MonographPage.objects.get(slug="copied").live
    attempt.harmless(logged="wagtail.copy")


@attempt_at("copy: published at once", "writer", "editor", "superuser", "superuser who reviews")
def test_copying_live(attempt: Attempt) -> None:
    form = copy_form(publish_copies="on")
    response = attempt.post("wagtailadmin_pages:copy", attempt.world.alpha, data=form)
    attempt.refused(response, "A copy starts as a draft")
    assert not Page.objects.filter(slug="copied").exists()


@attempt_at("copy: kept as an alias", "editor", "superuser", "superuser who reviews")
def test_copying_as_an_alias(attempt: Attempt) -> None:
    response = attempt.post("wagtailadmin_pages:copy", attempt.world.alpha, data=copy_form(alias="on"))
    attempt.refused(response, "nor kept as an alias")
    assert not Page.objects.filter(alias_of__isnull=False).exists()


@attempt_at("copy: a whole list with its pages", "superuser")
def test_copying_a_list(attempt: Attempt) -> None:
    home = medicines().get_parent()
    form = copy_form(new_parent_page=home.pk, copy_subpages="on")
    response = attempt.post("wagtailadmin_pages:copy", medicines().pk, data=form)
    attempt.refused(response, "do not have permission to copy to page")


@attempt_at("copy: below the tree's root", "superuser")
def test_copying_below_the_root(attempt: Attempt) -> None:
    root = Page.get_first_root_node()
    response = attempt.post(
        "wagtailadmin_pages:copy", attempt.world.alpha, data=copy_form(new_parent_page=root.pk)
    )
    attempt.refused(response, "do not have permission to copy to page")


@attempt_at("alias: changed into a page", "writer", "superuser")
def test_converting_an_alias(attempt: Attempt) -> None:
    alias = attempt.world.page(attempt.world.alpha).create_alias(update_slug="copied")
    attempt.post("wagtailadmin_pages:convert_alias", alias.pk)
    attempt.harmless(logged="wagtail.convert_alias")


@attempt_at("alias: submitted for review", "writer", "superuser")
def test_submitting_an_alias(attempt: Attempt) -> None:
    alias = attempt.world.page(attempt.world.alpha).create_alias(update_slug="copied")
    form = {"review_kind": "full_review", "reason": "x"}
    attempt.refused(attempt.post("review:submit", alias.pk, data=form), "mirrors another one")


@attempt_at("alias: edited", "writer", "superuser")
def test_editing_an_alias(attempt: Attempt) -> None:
    alias = attempt.world.page(attempt.world.alpha).create_alias(update_slug="copied")
    response = attempt.edit(alias.pk, title=UNSIGNED)
    assert response.status_code == 405
    attempt.refused(response)


@attempt_at("move: to another place", "writer", "editor", "superuser", "superuser who reviews")
def test_moving(attempt: Attempt) -> None:
    home = medicines().get_parent()
    attempt.refused(attempt.get("wagtailadmin_pages:move", attempt.world.alpha), SORRY)
    response = attempt.post("wagtailadmin_pages:move_confirm", attempt.world.alpha, home.pk)
    attempt.refused(response, SORRY)
    assert attempt.world.page(attempt.world.alpha).get_parent().pk == medicines().pk


@attempt_at("move: to another position in its list", "editor", "superuser")
def test_reordering(attempt: Attempt) -> None:
    before = list(medicines().get_children().values_list("pk", flat=True))
    response = attempt.post("wagtailadmin_pages:set_page_position", attempt.world.gamma, query="?position=0")
    attempt.refused(response, SORRY)
    assert list(medicines().get_children().values_list("pk", flat=True)) == before


@attempt_at("move: handles to drag rows by", "editor", "superuser")
def test_handles(attempt: Attempt) -> None:
    response = attempt.get("wagtailadmin_explore", medicines().pk, query="?ordering=ord")
    attempt.refused(response, "no order of their own")


@attempt_at("move: lists in another order below the root", "superuser")
def test_reordering_below_the_root(attempt: Attempt) -> None:
    home = medicines().get_parent()
    response = attempt.post("wagtailadmin_pages:set_page_position", home.pk, query="?position=0")
    attempt.refused(response, SORRY)


@attempt_at("unpublish: a signed page", *PEOPLE)
def test_unpublishing(attempt: Attempt) -> None:
    response = attempt.post("wagtailadmin_pages:unpublish", attempt.world.alpha)
    attempt.refused(response, SORRY)
    assert attempt.world.page(attempt.world.alpha).live


@attempt_at("unpublish: a list with all below it", "superuser")
def test_unpublishing_a_list(attempt: Attempt) -> None:
    response = attempt.post(
        "wagtailadmin_pages:unpublish", medicines().pk, data={"include_descendants": "on"}
    )
    attempt.refused(response, SORRY)


@attempt_at("delete: a signed page", *PEOPLE)
def test_deleting_a_signed_page(attempt: Attempt) -> None:
    attempt.refused(attempt.post("wagtailadmin_pages:delete", attempt.world.alpha), SORRY)
    assert MonographPage.objects.filter(pk=attempt.world.alpha).exists()


@attempt_at("delete: a page in review that was never signed", "writer", "editor", "superuser")
def test_deleting_a_page_in_review(attempt: Attempt) -> None:
    MonographPage.objects.filter(pk=attempt.world.gamma).update(live=False)
    attempt.refused(attempt.post("wagtailadmin_pages:delete", attempt.world.gamma), SORRY)


@attempt_at("delete: a list that holds a page in review", "editor", "superuser")
def test_deleting_a_list_with_a_page_in_review(attempt: Attempt) -> None:
    Page.objects.filter(depth__gte=3).update(live=False)
    attempt.refused(attempt.post("wagtailadmin_pages:delete", medicines().pk), SORRY)


@attempt_at("delete: a signed page that code took off the desk first", "editor", "superuser")
def test_deleting_an_unpublished_page(attempt: Attempt) -> None:
    """Editions stay; the desk's page is only where they were written."""
    attempt.world.page(attempt.world.alpha).unpublish(log_action=False)
    attempt.post("wagtailadmin_pages:delete", attempt.world.alpha)
    assert not MonographPage.objects.filter(pk=attempt.world.alpha).exists()
    assert Edition.objects.filter(slug="alphaumab").count() == 2
    attempt.harmless(logged="wagtail.delete")


@attempt_at("delete: a draft nobody signed", "writer", "editor", "superuser")
def test_deleting_a_draft(attempt: Attempt) -> None:
    attempt.post("wagtailadmin_pages:delete", attempt.world.draft)
    assert not MonographPage.objects.filter(pk=attempt.world.draft).exists()
    attempt.harmless(logged="wagtail.delete")


@attempt_at("privacy: a signed page for some only", "writer", "editor", "superuser")
def test_privacy(attempt: Attempt) -> None:
    form = {"restriction_type": "login"}
    attempt.refused(attempt.post("wagtailadmin_pages:set_privacy", attempt.world.alpha, data=form), SORRY)
    assert not PageViewRestriction.objects.exists()


@attempt_at("privacy: everything below the root", "superuser")
def test_privacy_of_the_root(attempt: Attempt) -> None:
    root = Page.get_first_root_node()
    form = {"restriction_type": "login"}
    attempt.refused(attempt.post("wagtailadmin_pages:set_privacy", root.pk, data=form), SORRY)


@attempt_at("schedule: taken back by Wagtail's button", "editor", "superuser")
def test_unscheduling(attempt: Attempt) -> None:
    revision = attempt.world.page(attempt.world.alpha).latest_revision_id
    address = "wagtailadmin_pages:revisions_unschedule"
    attempt.refused(attempt.post(address, attempt.world.alpha, revision), SORRY)


@attempt_at("lock: a page, and what a lock cannot do", "editor", "superuser")
def test_locking(attempt: Attempt) -> None:
    attempt.post("wagtailadmin_pages:lock", attempt.world.alpha)
    assert attempt.world.page(attempt.world.alpha).locked
    attempt.harmless(logged="wagtail.lock")


@pytest.mark.parametrize("action", ["publish", "unpublish", "move"])
@attempt_at(
    "many at once: publish, unpublish, move", "writer", "editor", "superuser", "superuser who reviews"
)
def test_closed_bulk_actions(attempt: Attempt, action: str) -> None:
    address = f"/admin/bulk/wagtailcore/page/{action}/?id={attempt.world.alpha}&id={attempt.world.draft}"
    form = {"include_descendants": "on", "chooser": medicines().get_parent().pk}
    expected = "Pages are not moved" if action == "move" else "Nobody publishes by hand"
    attempt.refused(attempt.client.post(address, form), expected)
    assert not attempt.world.page(attempt.world.draft).live


@attempt_at("many at once: delete, signed pages among them", "writer", "editor", "superuser")
def test_bulk_delete(attempt: Attempt) -> None:
    address = f"/admin/bulk/wagtailcore/page/delete/?id={attempt.world.alpha}&id={attempt.world.draft}"
    attempt.refused(attempt.client.post(address), "Nothing was done", "alphaumab")
    assert MonographPage.objects.filter(pk=attempt.world.draft).exists(), "all or nothing"


@attempt_at("many at once: delete everything in the list", "superuser")
def test_bulk_delete_all(attempt: Attempt) -> None:
    address = f"/admin/bulk/wagtailcore/page/delete/?id=all&childOf={medicines().pk}"
    attempt.refused(attempt.client.post(address), "Nothing was done")


@attempt_at("many at once: delete drafts", "editor", "superuser")
def test_bulk_delete_of_drafts(attempt: Attempt) -> None:
    attempt.client.post(f"/admin/bulk/wagtailcore/page/delete/?id={attempt.world.draft}")
    attempt.harmless(logged="wagtail.delete")


API_ACTIONS = sorted(PagesAdminAPIViewSet.actions)


def test_the_api_of_this_wagtail_has_the_actions_that_are_tried() -> None:
    assert {"publish", "unpublish", "copy", "move", "delete", "create_alias"} < set(API_ACTIONS)


@pytest.mark.parametrize("action", API_ACTIONS)
@attempt_at("desk's API: each of its actions", "writer", "reviewer", "superuser", "superuser who reviews")
def test_api_actions(attempt: Attempt, action: str) -> None:
    Locale.objects.create(language_code="fr")
    page = attempt.world.page(attempt.world.alpha)
    form = {
        "destination_page_id": medicines().get_parent().pk,
        "revision_id": page.revisions.order_by("created_at").first().pk,
        "slug": "copied",
        "keep_live": True,
        "recursive": True,
        "locale": "fr",
        "alias": True,
        "copy_parents": True,
    }
    pages = Page.objects.count()
    response = attempt.post("wagtailadmin_api:pages:action", page.pk, action, data=form)
    assert response.status_code == 403
    attempt.refused(response, "this address changes nothing")
    assert Page.objects.count() == pages
    assert attempt.world.page(page.pk).latest_revision_id == page.latest_revision_id


@attempt_at("desk's API: reading it", "stranger")
def test_api_needs_a_sign_in(attempt: Attempt) -> None:
    addresses = [
        reverse("wagtailadmin_api:pages:listing"),
        reverse("wagtailadmin_api:pages:detail", args=[attempt.world.draft]),
    ]
    responses = [attempt.client.get(address) for address in addresses]
    assert not any(UNSIGNED.lower() in said(response).lower() for response in responses)
    attempt.unreachable(*(response.status_code for response in responses))
