"""The sitemap."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client

from monographs.public import sitemap
from tests.public.published import condition, home, monograph, publish, reference, withdraw

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client: Client, address: str = "/sitemap.xml", element: str = "url") -> dict[str, str]:
    """Return the listed paths and when each changed."""
    response = client.get(address)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)  # noqa: S314  # our own answer
    return dict(_pairs(root, element))


def _pairs(root: Any, element: str) -> Iterator[tuple[str, str]]:
    for found in root.iter(f"{NAMESPACE}{element}"):
        loc, lastmod = (found.find(f"{NAMESPACE}{name}").text or "" for name in ("loc", "lastmod"))
        yield urlsplit(loc).path, lastmod


def test_current_pages_are_listed_with_when_their_text_changed(
    client: Client, django_assert_num_queries: Any
) -> None:
    edition = publish(monograph())
    withdraw(publish(monograph("goneumab")))
    publish(monograph("draftumab"), current=False)
    with django_assert_num_queries(2):  # how many files, and the pages of the only one
        assert listed(client) == {"/medicines/testumab/": edition.effective_at.isoformat()}


def test_a_change_of_another_page_does_not_change_the_date(client: Client) -> None:
    disease = condition()
    publish(disease)
    publish(home())
    before = listed(client)
    publish(monograph(conditions=(reference(disease),)))
    after = listed(client)
    assert {path: after[path] for path in before} == before
    assert set(after) - set(before) == {"/medicines/testumab/"}


def test_a_page_that_moved_is_listed_at_its_new_path(client: Client) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"slug": "newumab"}))
    assert list(listed(client)) == ["/medicines/newumab/"]


def test_more_pages_than_one_file_holds_are_split(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_URLS", 2)
    editions = [publish(monograph(name)) for name in ("aumab", "bumab")]
    assert len(listed(client)) == 2
    editions.append(publish(monograph("cumab")))
    files = listed(client, element="sitemap")
    assert files == {
        "/sitemap-1.xml": editions[1].effective_at.isoformat(),
        "/sitemap-2.xml": editions[2].effective_at.isoformat(),
    }
    assert [list(listed(client, file)) for file in files] == [
        ["/medicines/aumab/", "/medicines/bumab/"],
        ["/medicines/cumab/"],
    ]


@pytest.mark.parametrize("number", ["0", "2", "50001", "9" * 30, "9" * 5000])
def test_an_unknown_file_is_not_found(client: Client, number: str) -> None:
    publish(monograph())
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_an_unchanged_list_is_not_sent_again(client: Client) -> None:
    publish(monograph())
    tag = client.get("/sitemap.xml")["ETag"]
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 304
    publish(monograph("otherumab"))
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 200


def test_an_empty_site_has_an_empty_list(client: Client) -> None:
    assert listed(client) == {}
