"""Bypass routes by other HTTP methods, by parameters in the address, and by headers that name another method.

Every address of the admin that changes a page is requested in every way but the one it is made for.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page, Revision

from monographs.editions.models import Edition, Publication, Signature, Withdrawal
from monographs.models import MonographIndexPage
from monographs.review.models import RetirementProposal, Submission
from tests.access_control.attempt import Attempt, bypass_attempt
from tests.access_control.populated_site import PopulatedSite
from tests.factories import PASSWORD

WHO = ("writer", "superuser who reviews")
OTHER_METHODS = ("HEAD", "PUT", "PATCH", "DELETE")
#: What each form of the admin could need; fields that a view does not know are ignored.
FORM = {
    "password": PASSWORD,
    "cause": "mistake",
    "note": "x",
    "reason": "x",
    "number": "1",
    "new_title": "copied",
    "new_slug": "copied",
    "restriction_type": "login",
    "action-publish": "1",
    "publish_copies": "on",
    "review_kind": "full_review",
}


def medicines() -> int:
    return int(MonographIndexPage.objects.get(collection="medicines").pk)


def of_page(name: str, *more: Any) -> Callable[[PopulatedSite], str]:
    return lambda site: reverse(f"wagtailadmin_pages:{name}", args=[site.alpha, *more])


def of_revision(name: str) -> Callable[[PopulatedSite], str]:
    return lambda site: reverse(
        f"wagtailadmin_pages:{name}",
        args=[site.alpha, site.page(site.alpha).revisions.earliest("pk").pk],
    )


def of_submission(name: str) -> Callable[[PopulatedSite], str]:
    return lambda site: reverse(f"review:{name}", args=[site.in_review])


def of_record(name: str) -> Callable[[PopulatedSite], str]:
    return lambda site: reverse(f"review:{name}", args=[site.page(site.alpha).translation_key])


ADDRESSES: dict[str, Callable[[PopulatedSite], str]] = {
    "delete": of_page("delete"),
    "unpublish": of_page("unpublish"),
    "move": lambda site: reverse("wagtailadmin_pages:move_confirm", args=[site.alpha, 2]),
    "position": of_page("set_page_position"),
    "copy": of_page("copy"),
    "edit": of_page("edit"),
    "privacy": of_page("set_privacy"),
    "convert an alias": of_page("convert_alias"),
    "revert": of_revision("revisions_revert"),
    "unschedule": of_revision("revisions_unschedule"),
    "cancel a workflow": lambda site: reverse(
        "wagtailadmin_pages:confirm_workflow_cancellation", args=[site.gamma]
    ),
    "approve": lambda site: reverse(
        "wagtailadmin_pages:workflow_action",
        args=[site.gamma, "approve", site.submission().workflow_state.current_task_state.pk],
    ),
    "bulk delete": lambda site: f"/admin/bulk/wagtailcore/page/delete/?id={site.alpha}",
    "bulk publish": lambda site: f"/admin/bulk/wagtailcore/page/publish/?id={site.draft}",
    "sign": of_submission("sign"),
    "return": of_submission("return"),
    "recall": of_submission("recall"),
    "withdraw": of_record("withdraw"),
    "retire": of_record("propose_retirement"),
    "restore": of_record("restore"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What none of these requests may change."""

    pages: list[Any]
    revisions: int
    submission: str
    counts: tuple[int, ...]


def facts(site: PopulatedSite) -> Facts:
    models = (Edition, Publication, Signature, Withdrawal, RetirementProposal, Submission)
    columns = ("pk", "live", "live_revision_id", "path", "slug", "title", "translation_key", "locked")
    return Facts(
        list(Page.objects.order_by("pk").values_list(*columns)),
        Revision.objects.count(),
        site.submission().status,
        tuple(model.objects.count() for model in models),
    )


def settle(attempt: Attempt, response: Any, before: Facts) -> None:
    """State the outcome of a request that must have changed nothing."""
    assert response.status_code < 500
    assert astuple(facts(attempt.site)) == astuple(before)
    if attempt.is_refusal(response):
        attempt.refused(response)
    else:
        attempt.harmless()


@pytest.mark.parametrize("method", OTHER_METHODS)
@pytest.mark.parametrize("name", ADDRESSES)
@bypass_attempt("method: every changing address by another method", *WHO)
def test_other_methods(attempt: Attempt, name: str, method: str) -> None:
    before = facts(attempt.site)
    address = ADDRESSES[name](attempt.site)
    settle(attempt, attempt.client.generic(method, address, "password=x"), before)


@pytest.mark.parametrize("name", ADDRESSES)
@bypass_attempt("method: every changing address by GET with the form in the address", *WHO)
def test_forms_in_the_address(attempt: Attempt, name: str) -> None:
    before = facts(attempt.site)
    settle(attempt, attempt.client.get(ADDRESSES[name](attempt.site), FORM), before)


@pytest.mark.parametrize("name", ["delete", "unpublish", "sign", "withdraw", "edit"])
@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
@bypass_attempt("method: a header that names another method", "superuser who reviews")
def test_overriding_headers(attempt: Attempt, name: str, header: str) -> None:
    before = facts(attempt.site)
    address = ADDRESSES[name](attempt.site)
    settle(attempt, attempt.client.get(address, FORM, headers={header: "POST"}), before)


@pytest.mark.parametrize("query", ["?next=/admin/", "?next=//evil.example/", "?confirm=1&_method=DELETE"])
@bypass_attempt("delete: a signed page, with parameters in the address", *WHO)
def test_deleting_with_parameters(attempt: Attempt, query: str) -> None:
    before = facts(attempt.site)
    response = attempt.post("wagtailadmin_pages:delete", attempt.site.alpha, query=query)
    assert astuple(facts(attempt.site)) == astuple(before)
    attempt.refused(response, "had an edition that patients read")
    assert "evil" not in response.headers.get("Location", "")
