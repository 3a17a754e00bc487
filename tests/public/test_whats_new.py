"""The page that lists what changed."""

from typing import Any

import pytest
from django.test import Client

from monographs.editions.models import ReviewKind
from tests.public.published import condition, home, monograph, publish, soup, withdraw

pytestmark = pytest.mark.django_db


def test_without_editions_it_says_so(client: Client) -> None:
    assert "Nothing has been published yet." in soup(client, "/whats-new/").main.get_text()


def test_it_lists_editions_and_withdrawals_newest_first(
    client: Client, django_assert_num_queries: Any
) -> None:
    document = monograph()
    publish(home())
    publish(document)
    publish(condition(change_note="A new page."))
    publish(document.model_copy(update={"change_note": "Spelling."}), kind=ReviewKind.CORRECTION)
    withdraw(publish(monograph("goneumab")))
    with django_assert_num_queries(1):
        page = soup(client, "/whats-new/")
    items = page.select(".entries__item")
    assert [(item.h3.get_text(), item.h3.a["href"]) for item in items] == [
        ("goneumab: withdrawn", "/medicines/goneumab/"),
        ("testumab: edition 2", "/medicines/testumab/editions/2/"),
        ("Test leukemia: edition 1", "/conditions/test-leukemia/"),
        ("testumab: edition 1", "/medicines/testumab/editions/1/"),
        ("Medicines in plain words: edition 1", "/"),
    ]
    assert "A correction. Spelling. Signed by Rosa Reviewer, PharmD." in " ".join(
        items[1].p.get_text().split()
    )
    assert "withdrawn" in page.select_one('meta[name="description"]')["content"]
    assert [a["href"] for a in items[1].select("p a")] == ["/medicines/testumab/changes/1/2/"]
    assert len(page.select("main h2")) == 1, "one day"


def test_it_leads_to_the_feed_and_every_page_leads_to_it(client: Client) -> None:
    publish(home())
    assert soup(client, "/whats-new/").select_one('main a[href="/updates.atom"]')
    assert soup(client, "/").select_one('footer a[href="/whats-new/"]')


def test_its_tag_changes_with_a_new_edition(client: Client) -> None:
    publish(monograph())
    tag = client.get("/whats-new/")["ETag"]
    assert client.get("/whats-new/", headers={"If-None-Match": tag}).status_code == 304
    publish(monograph("otherumab"))
    assert client.get("/whats-new/", headers={"If-None-Match": tag}).status_code == 200
