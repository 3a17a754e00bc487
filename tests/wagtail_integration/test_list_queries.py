"""Screens that list pages, or what belongs to them, ask as many queries for many rows as for few."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from devtools.synthetic.publisher import publish
from monographs.models import MonographIndexPage, MonographPage
from tests.conftest import as_user
from tests.factories import get_or_make_user, make_monograph, make_user, submit

pytestmark = pytest.mark.django_db

#: Pages with an edition, drafts and pages in review, so many of each.
FEW, MORE = 2, 7
SCREENS = {
    "explorer": lambda: reverse("wagtailadmin_explore", args=[_index().pk]),
    "explorer's search": lambda: f"{reverse('wagtailadmin_pages:search')}?q=pub",
    "search in the explorer": lambda: f"{reverse('wagtailadmin_explore', args=[_index().pk])}?q=pub",
    "queue": lambda: reverse("review:queue"),
    "dashboard": lambda: reverse("dashboard:index"),
    "calendar": lambda: reverse("dashboard:calendar"),
    "texts in review": lambda: reverse("team:reviews"),
    "reviews by period": lambda: reverse("team:periods"),
    "feedback": lambda: reverse("feedback:counts"),
    "answers": lambda: reverse("feedback:answers"),
    "signers": lambda: reverse("review:signers"),
    "workflow changes": lambda: reverse("review:workflow_changes"),
    "sign-in changes": lambda: reverse("sign_in_changes:index"),
    "locked pages": lambda: reverse("wagtailadmin_reports:locked_pages"),
    "aging pages": lambda: reverse("wagtailadmin_reports:aging_pages"),
    "site history": lambda: reverse("wagtailadmin_reports:site_history"),
    "home": lambda: reverse("wagtailadmin_home"),
}


def _index() -> MonographIndexPage:
    index: MonographIndexPage = MonographIndexPage.objects.get(collection="medicines")
    return index


@pytest.fixture(scope="module")
def writer(module_rows: None) -> Any:
    return get_or_make_user("writer", "Medical writers")


@pytest.fixture(scope="module")
def clients(writer: Any) -> dict[str, Client]:
    people = {
        "writer": writer,
        "reviewer": get_or_make_user("reviewer", "Medical reviewers", credentials="MD"),
        "editor": get_or_make_user("editor", "Editors"),
        "superuser": make_user("admin", superuser=True),
    }
    return {name: as_user(user) for name, user in people.items()}


def _add_pages(writer: Any, start: int, number: int) -> None:
    for count in range(start, start + number):
        letter = chr(ord("a") + count)
        public, _, sent = (
            make_monograph(f"{kind}{letter}numab", by=writer) for kind in ("pub", "dra", "rev")
        )
        publish(MonographPage.objects.get(pk=public.pk).to_document())
        submit(MonographPage.objects.get(pk=sent.pk), writer)


@pytest.fixture(scope="module")
def counts(writer: Any, clients: dict[str, Client]) -> dict[tuple[str, str], tuple[int, int]]:
    """Queries of each screen for each person, with few pages and with more."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    before: dict[tuple[str, str], int] = {}
    for start, number in ((0, FEW), (FEW, MORE)):
        _add_pages(writer, start, number)
        for name, address in SCREENS.items():
            for who in PEOPLE.get(name, ("superuser",)):
                key = (name, who)
                clients[who].get(address())  # what is kept for later requests
                with CaptureQueriesContext(connection) as queries:
                    response = clients[who].get(address())
                assert response.status_code == 200, (key, response.status_code)
                found[key] = (before.get(key, 0), len(queries))
                before[key] = len(queries)
    return found


#: Who sees a screen differently; others are superusers.
PEOPLE = {
    "explorer": ("writer", "editor", "superuser"),
    "explorer's search": ("writer", "superuser"),
    "queue": ("reviewer",),
    "dashboard": ("reviewer",),
}
CASES = [(name, who) for name in SCREENS for who in PEOPLE.get(name, ("superuser",))]


@pytest.mark.parametrize(("name", "who"), CASES)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(
    counts: dict[tuple[str, str], tuple[int, int]], name: str, who: str
) -> None:
    """None for each row; a search of Wagtail's may ask a few more once it finds something."""
    few, many = counts[name, who]
    assert many - few < MORE, f"{name} ({who}): {few} queries for few rows, {many} for more"
