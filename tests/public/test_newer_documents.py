"""While a newer release replaces this one, it publishes texts that this one cannot read."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.document import CanonicalText
from monographs.document.canonical import canonical_json
from monographs.document.models import BaseDocument
from monographs.editions.models import Edition
from monographs.public.search.text_index_sync import index_missing_editions
from monographs.review.queue.diff_cache import clear_diff_cache
from tests.export.old_record import without_triggers
from tests.factories import make_monograph, make_user, submit
from tests.next_version import FIELD, NEXT
from tests.public.published import drug_class, home, monograph, publish

pytestmark = pytest.mark.django_db


def make_newer(row: Any) -> None:
    """Let a row hold a text of the next version, as a newer release would have written it."""
    plain = {**json.loads(row.canonical), "schema_version": NEXT, FIELD: "everybody"}
    text = CanonicalText(canonical_json(plain).decode())
    with without_triggers():
        type(row).objects.filter(pk=row.pk).update(canonical=text.canonical, sha256=text.sha256)


def publish_newer(document: BaseDocument) -> Edition:
    edition = publish(document)
    make_newer(edition)
    return edition


def test_a_page_of_a_newer_release_answers_503_until_this_one_is_replaced(client: Client) -> None:
    publish_newer(monograph("newumab"))
    for path in ("", "editions/1/", "leaflet.pdf"):
        response = client.get(f"/medicines/newumab/{path}")
        assert response.status_code == 503, path
        assert response["Retry-After"] == "60"
        assert response["Cache-Control"] == "no-store"
        assert b"try again in a few minutes" in response.content
        assert "Set-Cookie" not in response.headers


def test_a_comparison_with_such_a_text_answers_503(client: Client) -> None:
    document = monograph("newumab")
    publish(document)
    publish_newer(document.model_copy(update={"summary": "Newer."}))
    assert client.get("/medicines/newumab/changes/1/2/").status_code == 503
    assert client.get("/medicines/newumab/editions/1/").status_code == 200
    assert client.get("/medicines/newumab/editions/").status_code == 200


def test_lists_searches_and_the_api_go_on(client: Client) -> None:
    publish(drug_class("old-class"))
    publish_newer(monograph("newumab"))
    publish(monograph("oldumab"))
    index_missing_editions()
    for path in ("/", "/medicines/", "/classes/", "/medicines/oldumab/", "/sitemap.xml", "/updates.atom"):
        response = client.get(path)
        assert response.status_code == 200, path
    assert b"newumab" in client.get("/medicines/").content
    for query in ("newumab", "medicine"):
        assert client.get("/search/", {"q": query}).status_code == 200
        assert client.get("/api/v1/search", {"q": query}).status_code == 200
    found = client.get("/api/v1/monographs/newumab").json()
    assert found["document"]["schema_version"] == NEXT
    assert client.get("/api/v1/monographs").status_code == 200


def test_a_newer_home_page_leaves_the_other_pages_up_with_the_default_frame(client: Client) -> None:
    publish_newer(home())
    publish(monograph("oldumab"))
    assert client.get("/medicines/oldumab/").status_code == 200
    assert client.get("/nowhere/").status_code == 404
    assert client.get("/").status_code == 503


def test_the_review_queue_stays_up(client: Client, site: Any, writer: Any, reviewer: Any) -> None:
    old, new = (submit(make_monograph(title, by=writer), writer) for title in ("oldumab", "newumab"))
    clear_diff_cache()
    make_newer(new)
    client.force_login(reviewer)
    queue = client.get(reverse("review:queue"))
    assert queue.status_code == 200
    assert b"Submitted in a newer release" in queue.content
    assert client.get(reverse("review:review", args=[old.pk])).status_code == 200
    response = client.get(reverse("review:review", args=[new.pk]))
    assert (response.status_code, response["Retry-After"]) == (503, "60")


def test_dashboard_and_history_stay_up(client: Client, site: Any) -> None:
    edition = publish_newer(monograph("newumab"))
    client.force_login(make_user("editor", "Editors"))
    assert client.get(reverse("dashboard:index")).status_code == 200
    assert client.get(reverse("review:record", args=[edition.key])).status_code == 200
