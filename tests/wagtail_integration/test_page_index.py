"""Wagtail's search and reference indexes of our pages hold what Wagtail itself would store."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from monographs.models import MonographPage
from tests.conftest import as_user
from tests.factories import edit, make_monograph, publish

pytestmark = pytest.mark.django_db

SEARCH_TABLE = IndexEntry._meta.db_table


def entries(page: Page) -> list[Any]:
    """The title of the page's entries in the search index."""
    rows = IndexEntry.objects.filter(object_id=str(page.pk), content_type=page.content_type)
    return list(rows.values_list("title_text", "title", "autocomplete"))


def references(page: Page) -> set[Any]:
    """What the page refers to, by the reference index."""
    rows = ReferenceIndex.get_references_for_object(page)
    return set(rows.values_list("to_object_id", "model_path", "content_path"))


def test_both_indexes_have_what_wagtail_would_store(
    published_medicine: MonographPage, writer: Any, reviewer: Any
) -> None:
    edit(published_medicine, writer, title="Renamedumab", how_it_works="Another text.")
    publish(MonographPage.objects.get(pk=published_medicine.pk), writer, reviewer)
    page = MonographPage.objects.get(pk=published_medicine.pk)
    ours = entries(page), references(page)
    IndexEntry.objects.all().delete()
    ReferenceIndex.objects.all().delete()
    get_search_backend().add(page)
    ReferenceIndex.create_or_update_for_object(page)
    assert ours == (entries(page), references(page))
    assert ours[0]
    assert page.title == "Renamedumab"


def test_a_draft_that_is_saved_leaves_the_search_index_alone(writer: Any) -> None:
    page = make_monograph(by=writer)
    assert len(entries(page)) == 1
    with CaptureQueriesContext(connection) as queries:
        edit(page, writer, how_it_works="Another text.")
    assert not [query for query in queries if SEARCH_TABLE in query["sql"]]
    draft = MonographPage.objects.get(pk=page.pk)
    draft.title = "Otherumab"
    draft.save()
    assert "otherumab" in str(entries(draft)).lower()
    draft.delete()
    assert not entries(page)


def test_a_page_of_a_revision_knows_its_parent(writer: Any) -> None:
    page = MonographPage.objects.get(pk=make_monograph(by=writer).pk)
    parent = page.get_parent()
    draft = page.get_latest_revision_as_object()
    with CaptureQueriesContext(connection) as queries:
        assert draft.get_parent() == parent
    assert len(queries) == 0


def test_a_search_lists_names_that_begin_with_its_words_first(writer: Any, medicines: Any) -> None:
    for title in ("Zeta blinumab blinumab", "Blinumab and more", "Alpha blinumab", "blin"):
        make_monograph(title, slug=title.replace(" ", "-").lower(), by=writer)
    order = ["blin", "Blinumab and more", "Alpha blinumab", "Zeta blinumab blinumab"]
    client = as_user(writer)
    everywhere = reverse("wagtailadmin_pages:search")
    for address in (reverse("wagtailadmin_explore", args=[medicines.pk]), everywhere):
        found = client.get(address, {"q": "blin"}).context["object_list"]
        assert [page.draft_title for page in found] == order
    chooser = client.get(reverse("wagtailadmin_choose_page_search"), {"q": "blin"}).context["pages"]
    assert [page.draft_title for page in chooser] == order
    (first, *_) = client.get(everywhere, {"q": "blin", "ordering": "title"}).context["object_list"]
    assert first.title == "Alpha blinumab", "an order that was chosen stays"
