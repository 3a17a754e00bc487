"""A standard text has no address for patients: it is in no page, list, search, feed, sitemap or API."""

import json
from typing import Any

import pytest
from django.test import Client

from monographs.editions.models import Edition, Publication
from monographs.public import queries
from monographs.public.models import ListedPage
from tests.factories import make_monograph, make_standard_text, publish, set_parts, standard_text_block, text

pytestmark = pytest.mark.django_db

NAME, WORDS = "Unmistakable name", "Unmistakable words about reports."


@pytest.fixture
def kept(site: Any, writer: Any, reviewer: Any) -> Edition:
    """A signed standard text that no medicine uses, beside a public medicine that links to its page."""
    page = make_standard_text(NAME, by=writer, words=WORDS)
    publish(page, writer, reviewer)
    medicine = make_monograph(by=writer)
    link = f'See <a linktype="page" id="{page.pk}">the report</a>.'
    set_parts(medicine, writer, "how_it_works", [text(link)])
    publish(medicine, writer, reviewer)
    return Edition.objects.get(key=page.translation_key)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/medicines/",
        "/medicines/testumab/",
        "/classes/",
        "/conditions/",
        "/whats-new/",
        "/updates.atom",
        "/sitemap.xml",
        "/search/?q=unmistakable",
        "/search/suggest?q=unmist",
        "/api/v1/monographs",
        "/api/v1/monographs/testumab",
        "/api/v1/search?q=unmistakable",
        "/medicines/testumab/editions/",
    ],
)
def test_no_address_of_patients_says_anything_of_it(kept: Edition, path: str) -> None:
    response = Client().get(path, follow=True)
    assert response.status_code == 200
    content = b"".join(response) if response.streaming else response.content
    shown = content.decode().replace("q=unmistakable", "").replace("unmist", "")
    assert WORDS not in shown
    assert NAME not in shown
    assert "standard-texts" not in shown


@pytest.mark.parametrize(
    "path",
    [
        "/standard-texts/unmistakable-name/",
        "/standard-texts/",
        "/medicines/unmistakable-name/",
        "/about/unmistakable-name/",
        "/medicines/unmistakable-name/editions/1/",
        "/api/v1/monographs/unmistakable-name",
        "/api/v1/monographs/unmistakable-name/editions/1",
    ],
)
def test_nothing_is_at_its_path(kept: Edition, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 404
    assert WORDS not in response.content.decode()


def test_queries_find_nothing_at_its_path_and_list_nothing(kept: Edition) -> None:
    assert kept.path == "/standard-texts/unmistakable-name/"
    assert Publication.objects.filter(path=kept.path, state="current").exists()
    found = queries.fetch_page(kept.path)
    assert (found.outcome, found.canonical) == (queries.PathOutcome.MISSING, None)
    assert not ListedPage.objects.filter(key=kept.key).exists()
    assert queries.fetch_page("/medicines/testumab/").links == {}


def test_a_medicine_that_includes_it_shows_its_words_everywhere(
    kept: Edition, writer: Any, reviewer: Any
) -> None:
    page = make_monograph("includumab", by=writer)
    set_parts(page, writer, "how_it_works", [standard_text_block(kept)])
    publish(page, writer, reviewer)
    client = Client()
    assert WORDS in client.get("/medicines/includumab/").content.decode()
    assert WORDS in json.dumps(client.get("/api/v1/monographs/includumab").json())
    assert "includumab" in client.get("/search/?q=unmistakable+words").content.decode()
    assert client.get("/medicines/includumab/leaflet.pdf").status_code == 200
