"""The page that compares two editions."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from monographs.editions.person import SYSTEM
from monographs.editions.publishing import set_publication
from tests.public.published import monograph, publish, sections, soup, text, withdraw

PATH = "/medicines/testumab/"


def two_editions() -> None:
    document = monograph(sections=sections(text("Take 5 mg in the morning.")))
    publish(document)
    publish(
        document.model_copy(
            update={
                "sections": sections(text("Take 10 mg in the morning.")),
                "change_note": "A new dose.",
            }
        )
    )


def test_old_words_are_struck_and_new_ones_written_in_one_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    two_editions()
    with django_assert_num_queries(1):
        response = client.get(f"{PATH}changes/1/2/")
    assert response["X-Robots-Tag"] == "noindex"
    page = soup(client, f"{PATH}changes/1/2/")
    works = page.select_one("#redline-how_it_works")
    assert "5" in works.select_one("del").get_text()
    assert "10" in works.select_one("ins").get_text()
    # For reviewers, not for patients
    assert not page.select(".redline__flags")
    assert "dose or number changed" not in page.get_text()
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert "A new dose." in page.select_one("main").get_text()


def test_only_what_changed_is_shown_and_the_rest_is_named(client: Client) -> None:
    two_editions()
    page = soup(client, f"{PATH}changes/1/2/")
    assert [section["aria-labelledby"] for section in page.select("main section")] == ["heading-how_it_works"]
    assert "Who should take it" in page.select_one("main").get_text()


def test_the_same_answer_is_not_sent_again(client: Client, django_assert_num_queries: Any) -> None:
    two_editions()
    tag = client.get(f"{PATH}changes/1/2/")["ETag"]
    with django_assert_num_queries(1):
        again = client.get(f"{PATH}changes/1/2/", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_the_newer_first_leads_to_the_older_first(client: Client) -> None:
    two_editions()
    response = client.get(f"{PATH}changes/2/1/")
    assert response.status_code == 301
    assert response["Location"] == f"{PATH}changes/1/2/"


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ("2/2", "Both are edition 2."),
        ("1/9", "This page has no edition 9."),
        ("0/2", "This page has no edition 0."),
        (f"1/{10**30}", f"This page has no edition {10**30}."),
    ],
)
def test_what_cannot_be_compared_is_said_and_what_can_be_is_linked(
    client: Client, numbers: str, said: str
) -> None:
    two_editions()
    response = client.get(f"{PATH}changes/{numbers}/")
    assert response.status_code == 404
    page = soup(client, f"{PATH}changes/{numbers}/")
    assert said in page.select_one("main").get_text()
    assert page.select(f'main a[href="{PATH}editions/"]')


def test_an_edition_that_is_not_yet_public_is_not_compared(client: Client) -> None:
    document = monograph()
    publish(document)
    later = publish(document.model_copy(update={"summary": "Not yet for anybody."}), current=False)
    for numbers in ("1/2", "2/2"):
        response = client.get(f"{PATH}changes/{numbers}/")
        assert response.status_code == 404
        assert b"Not yet for anybody" not in response.content
        assert b"no edition 2" in response.content
    assert f"{PATH}changes/1/2/".encode() not in client.get(f"{PATH}editions/").content
    with transaction.atomic():
        set_publication(later, actor=SYSTEM)
    assert b"for anybody" in client.get(f"{PATH}changes/1/2/").content


def test_withdrawn_missing_and_moved_pages_answer_as_the_page_does(client: Client) -> None:
    document = monograph()
    publish(document)
    moved = publish(document.model_copy(update={"slug": "newumab"}))
    assert client.get(f"{PATH}changes/1/2/")["Location"] == "/medicines/newumab/changes/1/2/"
    assert client.get("/medicines/nothing/changes/1/2/").status_code == 404
    withdraw(moved)
    assert client.get("/medicines/newumab/changes/1/2/").status_code == 410


def test_pages_lead_to_what_changed(client: Client) -> None:
    two_editions()
    link = f'a[href="{PATH}changes/1/2/"]'
    for path in (PATH, f"{PATH}editions/", f"{PATH}editions/1/"):
        assert soup(client, path).select(link), path
    assert not soup(client, PATH).select('a[href*="changes/0/"]')


def test_the_same_words_signed_again_are_said_to_be_the_same(client: Client) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"change_note": "Reviewed again."}))
    assert b"The words are the same in both editions." in client.get(f"{PATH}changes/1/2/").content


def test_markup_in_texts_is_escaped(client: Client) -> None:
    evil = '"><script>alert(1)</script>'
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"title": evil, "summary": evil, "change_note": evil}))
    assert b"<script" not in client.get(f"{PATH}changes/1/2/").content
