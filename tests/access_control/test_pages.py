"""Bypass routes of the page explorer: copy, move, delete, privacy; single, in bulk, and by the admin API."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.models import Locale, Page, PageViewRestriction

from monographs.models import MonographIndexPage, MonographPage
from tests.access_control.attempt import Attempt, bypass_attempt, messages_of
from tests.access_control.populated_site import ANONYMOUS, ROLES, UNSIGNED

SORRY = "Sorry, you do not have permission"


def medicines() -> Any:
    return MonographIndexPage.objects.get(collection="medicines")


def copy_form(**more: Any) -> dict[str, Any]:
    return {"new_title": "copied", "new_slug": "copied", "new_parent_page": medicines().pk, **more}


@bypass_attempt("copy: a signed page as a draft", "writer", "editor", "superuser")
def test_copying(attempt: Attempt) -> None:
    attempt.post("wagtailadmin_pages:copy", attempt.site.alpha, data=copy_form())
    assert not MonographPage.objects.get(slug="copied").live
    attempt.harmless(logged="wagtail.copy")


@bypass_attempt("copy: published at once", "writer", "editor", "superuser", "superuser who reviews")
def test_copying_live(attempt: Attempt) -> None:
    form = copy_form(publish_copies="on")
    response = attempt.post("wagtailadmin_pages:copy", attempt.site.alpha, data=form)
    attempt.refused(response, "A copy starts as a draft")
    assert not Page.objects.filter(slug="copied").exists()


@bypass_attempt("copy: kept as an alias", "editor", "superuser", "superuser who reviews")
def test_copying_as_an_alias(attempt: Attempt) -> None:
    response = attempt.post("wagtailadmin_pages:copy", attempt.site.alpha, data=copy_form(alias="on"))
    attempt.refused(response, "nor kept as an alias")
    assert not Page.objects.filter(alias_of__isnull=False).exists()


@bypass_attempt("copy: a whole list with its pages", "superuser")
def test_copying_a_list(attempt: Attempt) -> None:
    home = medicines().get_parent()
    form = copy_form(new_parent_page=home.pk, copy_subpages="on")
    response = attempt.post("wagtailadmin_pages:copy", medicines().pk, data=form)
    attempt.refused(response, "do not have permission to copy to page")


@bypass_attempt("copy: below the tree's root", "superuser")
def test_copying_below_the_root(attempt: Attempt) -> None:
    root = Page.get_first_root_node()
    response = attempt.post(
        "wagtailadmin_pages:copy", attempt.site.alpha, data=copy_form(new_parent_page=root.pk)
    )
    attempt.refused(response, "do not have permission to copy to page")


@bypass_attempt("alias: changed into a page", "writer", "superuser")
def test_converting_an_alias(attempt: Attempt) -> None:
    alias = attempt.site.page(attempt.site.alpha).create_alias(update_slug="copied")
    attempt.post("wagtailadmin_pages:convert_alias", alias.pk)
    attempt.harmless(logged="wagtail.convert_alias")


@bypass_attempt("alias: submitted for review", "writer", "superuser")
def test_submitting_an_alias(attempt: Attempt) -> None:
    alias = attempt.site.page(attempt.site.alpha).create_alias(update_slug="copied")
    form = {"review_kind": "full_review", "reason": "x"}
    attempt.refused(attempt.post("review:submit", alias.pk, data=form), "mirrors another one")


@bypass_attempt("alias: edited", "writer", "superuser")
def test_editing_an_alias(attempt: Attempt) -> None:
    alias = attempt.site.page(attempt.site.alpha).create_alias(update_slug="copied")
    response = attempt.edit(alias.pk, title=UNSIGNED)
    assert response.status_code == 405
    attempt.refused(response)


@bypass_attempt("move: to another place", "writer", "editor", "superuser", "superuser who reviews")
def test_moving(attempt: Attempt) -> None:
    home = medicines().get_parent()
    attempt.refused(attempt.get("wagtailadmin_pages:move", attempt.site.alpha), SORRY)
    response = attempt.post("wagtailadmin_pages:move_confirm", attempt.site.alpha, home.pk)
    attempt.refused(response, SORRY)
    assert attempt.site.page(attempt.site.alpha).get_parent().pk == medicines().pk


@bypass_attempt("move: to another position in its list", "editor", "superuser")
def test_reordering(attempt: Attempt) -> None:
    before = list(medicines().get_children().values_list("pk", flat=True))
    response = attempt.post("wagtailadmin_pages:set_page_position", attempt.site.gamma, query="?position=0")
    attempt.refused(response, SORRY)
    assert list(medicines().get_children().values_list("pk", flat=True)) == before


@bypass_attempt("move: drag handles", "editor", "superuser")
def test_handles(attempt: Attempt) -> None:
    response = attempt.get("wagtailadmin_explore", medicines().pk, query="?ordering=ord")
    attempt.refused(response, "no order of their own")


@bypass_attempt("move: lists in another order below the root", "superuser")
def test_reordering_below_the_root(attempt: Attempt) -> None:
    home = medicines().get_parent()
    response = attempt.post("wagtailadmin_pages:set_page_position", home.pk, query="?position=0")
    attempt.refused(response, SORRY)


@bypass_attempt("unpublish: a signed page", *ROLES)
def test_unpublishing(attempt: Attempt) -> None:
    response = attempt.post("wagtailadmin_pages:unpublish", attempt.site.alpha)
    attempt.refused(response, SORRY)
    assert attempt.site.page(attempt.site.alpha).live


@bypass_attempt("unpublish: a list with all below it", "superuser")
def test_unpublishing_a_list(attempt: Attempt) -> None:
    response = attempt.post(
        "wagtailadmin_pages:unpublish", medicines().pk, data={"include_descendants": "on"}
    )
    attempt.refused(response, SORRY)


@bypass_attempt("delete: a signed page", *ROLES)
def test_deleting_a_signed_page(attempt: Attempt) -> None:
    attempt.refused(attempt.post("wagtailadmin_pages:delete", attempt.site.alpha), SORRY)
    assert MonographPage.objects.filter(pk=attempt.site.alpha).exists()


@bypass_attempt("delete: a page in review that was never signed", "writer", "editor", "superuser")
def test_deleting_a_page_in_review(attempt: Attempt) -> None:
    MonographPage.objects.filter(pk=attempt.site.gamma).update(live=False)
    attempt.refused(attempt.post("wagtailadmin_pages:delete", attempt.site.gamma), SORRY)


@bypass_attempt("delete: a list that holds a page in review", "editor", "superuser")
def test_deleting_a_list_with_a_page_in_review(attempt: Attempt) -> None:
    Page.objects.filter(depth__gte=3).update(live=False)
    attempt.refused(attempt.post("wagtailadmin_pages:delete", medicines().pk), SORRY)


@bypass_attempt("delete: a signed page that code unpublished first", *ROLES)
def test_deleting_an_unpublished_page(attempt: Attempt) -> None:
    attempt.site.page(attempt.site.alpha).unpublish(log_action=False)
    response = attempt.post("wagtailadmin_pages:delete", attempt.site.alpha)
    attempt.refused(response, "had an edition that patients read", "Retire this page")
    assert MonographPage.objects.filter(pk=attempt.site.alpha).exists()


@bypass_attempt("delete: a list that holds a page that had an edition", *ROLES)
def test_deleting_a_list_with_an_unpublished_page(attempt: Attempt) -> None:
    Page.objects.update(live=False)
    response = attempt.post("wagtailadmin_pages:delete", medicines().pk)
    attempt.refused(response, "had an edition that patients read")
    assert MonographPage.objects.filter(pk=attempt.site.alpha).exists()


@bypass_attempt("bulk action: delete, a page that had an edition, unpublished by code", *ROLES)
def test_bulk_delete_of_an_unpublished_page(attempt: Attempt) -> None:
    Page.objects.update(live=False)
    address = f"/admin/bulk/wagtailcore/page/delete/?id={attempt.site.alpha}"
    attempt.refused(attempt.client.post(address), "had an edition that patients read")
    assert MonographPage.objects.filter(pk=attempt.site.alpha).exists()


@bypass_attempt("delete: a draft nobody signed", "writer", "editor", "superuser")
def test_deleting_a_draft(attempt: Attempt) -> None:
    attempt.post("wagtailadmin_pages:delete", attempt.site.draft)
    assert not MonographPage.objects.filter(pk=attempt.site.draft).exists()
    attempt.harmless(logged="wagtail.delete")


@bypass_attempt("privacy: a signed page for some groups only", "writer", "editor", "superuser")
def test_privacy(attempt: Attempt) -> None:
    form = {"restriction_type": "login"}
    attempt.refused(attempt.post("wagtailadmin_pages:set_privacy", attempt.site.alpha, data=form), SORRY)
    assert not PageViewRestriction.objects.exists()


@bypass_attempt("privacy: everything below the root", "superuser")
def test_privacy_of_the_root(attempt: Attempt) -> None:
    root = Page.get_first_root_node()
    form = {"restriction_type": "login"}
    attempt.refused(attempt.post("wagtailadmin_pages:set_privacy", root.pk, data=form), SORRY)


@bypass_attempt("schedule: cancelled by Wagtail's button", "editor", "superuser")
def test_unscheduling(attempt: Attempt) -> None:
    revision = attempt.site.page(attempt.site.alpha).latest_revision_id
    address = "wagtailadmin_pages:revisions_unschedule"
    attempt.refused(attempt.post(address, attempt.site.alpha, revision), SORRY)


@bypass_attempt("lock: a page, and what a lock cannot do", "editor", "superuser")
def test_locking(attempt: Attempt) -> None:
    attempt.post("wagtailadmin_pages:lock", attempt.site.alpha)
    assert attempt.site.page(attempt.site.alpha).locked
    attempt.harmless(logged="wagtail.lock")


@pytest.mark.parametrize("action", ["publish", "unpublish", "move"])
@bypass_attempt(
    "bulk action: publish, unpublish, move", "writer", "editor", "superuser", "superuser who reviews"
)
def test_closed_bulk_actions(attempt: Attempt, action: str) -> None:
    address = f"/admin/bulk/wagtailcore/page/{action}/?id={attempt.site.alpha}&id={attempt.site.draft}"
    form = {"include_descendants": "on", "chooser": medicines().get_parent().pk}
    expected = "Pages are not moved" if action == "move" else "Nobody publishes by hand"
    attempt.refused(attempt.client.post(address, form), expected)
    assert not attempt.site.page(attempt.site.draft).live


@bypass_attempt("bulk action: delete, signed pages among them", "writer", "editor", "superuser")
def test_bulk_delete(attempt: Attempt) -> None:
    address = f"/admin/bulk/wagtailcore/page/delete/?id={attempt.site.alpha}&id={attempt.site.draft}"
    attempt.refused(attempt.client.post(address), "Nothing was done", "alphaumab")
    assert MonographPage.objects.filter(pk=attempt.site.draft).exists(), "all or nothing"


@bypass_attempt("bulk action: delete everything in the list", "superuser")
def test_bulk_delete_all(attempt: Attempt) -> None:
    address = f"/admin/bulk/wagtailcore/page/delete/?id=all&childOf={medicines().pk}"
    attempt.refused(attempt.client.post(address), "Nothing was done")


@bypass_attempt("bulk action: delete drafts", "editor", "superuser")
def test_bulk_delete_of_drafts(attempt: Attempt) -> None:
    attempt.client.post(f"/admin/bulk/wagtailcore/page/delete/?id={attempt.site.draft}")
    attempt.harmless(logged="wagtail.delete")


API_ACTIONS = sorted(PagesAdminAPIViewSet.actions)


def test_the_api_of_this_wagtail_has_the_actions_that_are_tried() -> None:
    assert {"publish", "unpublish", "copy", "move", "delete", "create_alias"} < set(API_ACTIONS)


@pytest.mark.parametrize("action", API_ACTIONS)
@bypass_attempt("admin API: each of its actions", "writer", "reviewer", "superuser", "superuser who reviews")
def test_api_actions(attempt: Attempt, action: str) -> None:
    Locale.objects.create(language_code="fr")
    page = attempt.site.page(attempt.site.alpha)
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
    assert attempt.site.page(page.pk).latest_revision_id == page.latest_revision_id


@bypass_attempt("admin API: reading it", ANONYMOUS)
def test_api_needs_a_sign_in(attempt: Attempt) -> None:
    addresses = [
        reverse("wagtailadmin_api:pages:listing"),
        reverse("wagtailadmin_api:pages:detail", args=[attempt.site.draft]),
    ]
    responses = [attempt.client.get(address) for address in addresses]
    assert not any(UNSIGNED.lower() in messages_of(response).lower() for response in responses)
    attempt.unreachable(*(response.status_code for response in responses))
