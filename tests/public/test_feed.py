"""The Atom feed, checked against RFC 4287."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client

from monographs.editions.models import ReviewKind
from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason
from monographs.public import feed
from tests.public.published import condition, home, monograph, publish, withdraw

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: Client) -> Any:
    """Fetch the feed, and check that it has what RFC 4287 requires."""
    response = client.get("/updates.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)  # noqa: S314  # our own answer
    assert root.tag == f"{ATOM}feed"
    check_elements(root, "id", "title", "updated", "author")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert urlsplit(links["self"]).path == "/updates.atom"
    assert urlsplit(links["alternate"]).path == "/"
    for entry in root.findall(f"{ATOM}entry"):
        check_elements(entry, "id", "title", "updated", "published", "summary")
        assert len(entry.findall(f"{ATOM}link[@rel='alternate']")) == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    return root


def check_elements(element: Any, *names: str) -> None:
    """RFC 4287, 4.1: each element exactly once, times with an offset, ids that are IRIs."""
    for name in names:
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
    for name in {"updated", "published"} & set(names):
        assert datetime.fromisoformat(element.findtext(f"{ATOM}{name}")).tzinfo
    assert urlsplit(element.findtext(f"{ATOM}id")).scheme


def entries(client: Client) -> list[tuple[str, str, str]]:
    """Return title, path and summary of each entry."""
    return [
        (
            entry.findtext(f"{ATOM}title"),
            urlsplit(entry.find(f"{ATOM}link").get("href")).path,
            entry.findtext(f"{ATOM}summary"),
        )
        for entry in read(client).iter(f"{ATOM}entry")
    ]


def test_new_editions_are_listed_newest_first(client: Client, django_assert_num_queries: Any) -> None:
    document = monograph()
    publish(document)
    publish(condition())
    later = publish(
        document.model_copy(update={"change_note": "A dose was added."}), kind=ReviewKind.CORRECTION
    )
    with django_assert_num_queries(1):
        root = read(client)
    assert root.findtext(f"{ATOM}updated") == later.effective_at.isoformat()
    assert entries(client) == [
        (
            "testumab: edition 2",
            "/medicines/testumab/editions/2/",
            "A correction. A dose was added. Signed by Rosa Reviewer, PharmD.",
        ),
        (
            "Test leukemia: edition 1",
            "/conditions/test-leukemia/",
            "A full review. Signed by Rosa Reviewer, PharmD.",
        ),
        (
            "testumab: edition 1",
            "/medicines/testumab/editions/1/",
            "A full review. First edition. Signed by Rosa Reviewer, PharmD.",
        ),
    ]


def test_a_withdrawal_replaces_the_entries_of_its_page(client: Client) -> None:
    withdraw(publish(monograph(change_note="Take ten.")), WithdrawalReason.MISTAKE, note="Ten was wrong.")
    words = REASON_TEXTS[WithdrawalReason.MISTAKE]
    assert entries(client) == [
        ("testumab: withdrawn", "/medicines/testumab/", f"{words.reason} {words.advice}")
    ]
    content = client.get("/updates.atom").content.decode()
    assert "Take ten" not in content
    assert "Ten was wrong" not in content


def test_a_restored_page_lists_its_withdrawal_and_all_editions(client: Client) -> None:
    document = monograph()
    withdraw(publish(document))
    publish(document, restores=1)
    titles = [title for title, _, _ in entries(client)]
    assert titles == ["testumab: edition 2", "testumab: withdrawn", "testumab: edition 1"]
    assert "Brought back the text of edition 1." in entries(client)[0][2]


def test_an_edition_that_is_not_public_yet_is_not_listed(client: Client) -> None:
    publish(monograph())
    publish(monograph("secretumab"), current=False)
    assert [title for title, _, _ in entries(client)] == ["testumab: edition 1"]


def test_an_entry_keeps_its_id_when_its_page_moves(client: Client) -> None:
    document = monograph()
    publish(document)
    before = read(client).find(f"{ATOM}entry").findtext(f"{ATOM}id")
    publish(document.model_copy(update={"slug": "newumab", "title": "newumab"}))
    after = {e.findtext(f"{ATOM}title"): e.findtext(f"{ATOM}id") for e in read(client).iter(f"{ATOM}entry")}
    assert after["newumab: edition 1"] == before
    assert entries(client)[1][1] == "/medicines/newumab/editions/1/"


def test_the_number_of_entries_is_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MAX_CHANGES", 2)
    for name in ("aumab", "bumab", "cumab"):
        publish(monograph(name))
    assert [title for title, _, _ in entries(client)] == ["cumab: edition 1", "bumab: edition 1"]


def test_the_same_record_gives_the_same_bytes_and_is_not_sent_twice(client: Client) -> None:
    for name in ("testumab", "otherumab"):
        first, again = client.get("/updates.atom"), client.get("/updates.atom")
        assert first.content == again.content
        known = {"If-None-Match": first["ETag"]}
        assert client.get("/updates.atom", headers=known).status_code == 304
        publish(monograph(name))
        assert client.get("/updates.atom", headers=known).status_code == 200


def test_a_site_without_changes_has_a_valid_feed(client: Client) -> None:
    assert read(client).findtext(f"{ATOM}updated").startswith("1970-01-01")
    publish(home())
    root = read(client)
    assert root.findtext(f"{ATOM}title") == "What changed: Example Foundation"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Example Foundation"


def test_markup_and_control_characters_are_escaped(client: Client) -> None:
    publish(monograph(change_note="5 < 6 & <b>bold</b> \x0b\uffff end"))
    entry = read(client).find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}summary").get("type") == "html"
    said = entry.findtext(f"{ATOM}summary")
    assert "5 &lt; 6 &amp; &lt;b&gt;bold&lt;/b&gt;    end" in said
