"""The admin offers no action that it would refuse."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.models import MonographIndexPage
from tests.access_control.populated_site import PopulatedSite, user_of

WHO = ("editor", "superuser", "superuser who reviews")


@pytest.fixture
def shown(populated_site: PopulatedSite, db: None, role: str) -> Any:
    """Return a function that gets an admin screen as ``role``."""
    client = Client()
    client.force_login(user_of(role))

    def show(name: str, *args: Any, query: str = "") -> str:
        response = client.get(reverse(name, args=args) + query)
        assert response.status_code == 200
        return html.unescape(response.content.decode())

    return show


def closed_addresses(page: int) -> list[str]:
    """Return the addresses of actions that are refused for a signed page."""
    names = ("unpublish", "delete", "move", "set_privacy")
    return [reverse(f"wagtailadmin_pages:{name}", args=[page]) for name in names]


@pytest.mark.parametrize("role", WHO)
def test_the_list_offers_no_refused_action(populated_site: PopulatedSite, shown: Any) -> None:
    parent = MonographIndexPage.objects.get(collection="medicines")
    screen = shown("wagtailadmin_explore", parent.pk)
    for address in [*closed_addresses(populated_site.alpha), *closed_addresses(populated_site.gamma)]:
        assert address not in screen
    for words in ("Unpublish", "Sort menu order", "ordering=ord", "Publish selected", "Move selected"):
        assert words not in screen
    assert "Delete selected" in screen, "drafts may be deleted"
    assert reverse("wagtailadmin_pages:delete", args=[populated_site.draft]) in screen


@pytest.mark.parametrize("page", ["alpha", "gamma", "draft"])
@pytest.mark.parametrize("role", WHO)
def test_the_editor_offers_no_refused_action(populated_site: PopulatedSite, shown: Any, page: str) -> None:
    pk = getattr(populated_site, page)
    screen = shown("wagtailadmin_pages:edit", pk)
    closed = closed_addresses(pk) if page != "draft" else closed_addresses(pk)[2:]
    for address in [*closed, reverse("wagtailadmin_pages:unpublish", args=[pk])]:
        assert address not in screen
    buttons = re.findall(r'name="(action-[a-z-]+)"', screen)
    assert set(buttons) <= {"action-submit-review", "action-save-draft"}
    for words in (
        "Set schedule",
        "Edit schedule",
        "Change privacy",
        "go_live_at",
        "Cancel workflow",
        "Unpublish",
    ):
        assert words not in screen


@pytest.mark.parametrize("role", WHO)
def test_a_new_page_offers_no_refused_action(shown: Any) -> None:
    parent = MonographIndexPage.objects.get(collection="medicines")
    screen = shown("wagtailadmin_pages:add", "monographs", "monographpage", parent.pk)
    buttons = re.findall(r'name="(action-[a-z-]+)"', screen)
    assert set(buttons) <= {"action-submit-review", "action-save-draft"}
    assert "Set schedule" not in screen


@pytest.mark.parametrize("role", WHO)
def test_a_copy_is_offered_as_a_draft_only(populated_site: PopulatedSite, shown: Any) -> None:
    screen = shown("wagtailadmin_pages:copy", populated_site.alpha)
    assert 'name="new_title"' in screen
    assert 'name="alias"' not in screen
    assert 'name="publish_copies"' not in screen


@pytest.mark.parametrize("role", WHO)
def test_searching_offers_no_refused_action(shown: Any) -> None:
    screen = shown("wagtailadmin_pages:search", query="?q=alphaumab")
    assert "alphaumab" in screen
    assert "Publish selected" not in screen
    assert "Unpublish" not in screen
