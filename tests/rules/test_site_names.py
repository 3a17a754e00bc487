"""Names of pages are read once, and again when one of them changes."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monographs.models import DrugClassPage, MonographIndexPage, MonographPage
from monographs.rules.site_names import SiteNames, letters_of, site_names
from tests.factories import make_monograph

pytestmark = pytest.mark.django_db


def queries_of(names: SiteNames) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert site_names() == names
    return len(queries)


def test_names_of_drafts_count_and_are_read_once(medicines: MonographIndexPage) -> None:
    make_monograph("testumab", brand_names=["Testra"])
    names = site_names()
    assert {"testumab", "Testra"} <= names.names
    assert names.brands["testra"] == "testumab"
    assert site_names() is names
    assert queries_of(names) == 1


def test_a_change_of_any_name_is_seen(medicines: MonographIndexPage) -> None:
    page = make_monograph("testumab", brand_names=["Testra"])
    before = site_names()
    MonographPage.objects.filter(pk=page.pk).update(brand_names=["Testra", "Testivo"])
    assert "Testivo" in site_names().names
    MonographPage.objects.filter(pk=page.pk).update(brand_names=["Testra"], title="testumab one")
    assert "testumab one" in site_names().names
    MonographPage.objects.filter(pk=page.pk).update(title="testumab")
    assert site_names() == before
    parent = MonographIndexPage.objects.exclude(pk=medicines.pk).first()
    assert parent
    parent.add_child(instance=DrugClassPage(title="Testing antibodies", slug="testing-antibodies"))
    assert "Testing antibodies" in site_names().names


def test_a_site_without_pages_has_no_names(db: Any) -> None:
    assert site_names() == SiteNames()


def test_the_spelling_of_another_page_is_found(medicines: MonographIndexPage) -> None:
    page = make_monograph("testumab", brand_names=["Testra"])
    other = make_monograph("otherumab", brand_names=["TESTRA"])
    names = site_names()
    spelling = names.spelling_elsewhere(letters_of("testra"), str(page.translation_key))
    assert spelling
    assert (spelling.brand, spelling.key) == ("TESTRA", str(other.translation_key))
    assert names.spelling_elsewhere("gleevec", str(page.translation_key)) is None


def test_a_brand_is_found_by_its_first_word() -> None:
    names = SiteNames(
        brands={"testra plus": "testumab", "testra": "testumab", "x-testra": "other", " ": "none"}
    )
    assert list(names.brands_that_begin(["testra", "take", "x-testra"])) == [
        "testra plus",
        "testra",
        "x-testra",
    ]
