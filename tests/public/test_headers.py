"""Headers of public responses."""

import base64
import hashlib
import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from monographs.public import error_pages
from tests.public.published import SHARED_FOR_SECONDS, home, monograph, publish, soup

PATH = "/medicines/testumab/"
LISTS = ["/", "/medicines/", "/classes/", "/conditions/"]
PAGES = [*LISTS, PATH, f"{PATH}editions/", "/search/?q=a", "/medicines/no/"]


def test_the_entity_tag_is_the_editions_hash_and_a_context_hash(client: Client) -> None:
    edition = publish(monograph())
    response = client.get(PATH)
    assert response["X-Edition"] == "testumab/1"
    assert response["ETag"].startswith(f'"{edition.sha256}-')
    assert client.get(PATH)["ETag"] == response["ETag"]


def test_an_unchanged_page_is_not_sent_again(client: Client, django_assert_num_queries: Any) -> None:
    publish(monograph())
    tag = client.get(PATH)["ETag"]
    for known in (tag, f"W/{tag}"):
        with django_assert_num_queries(1):
            again = client.get(PATH, headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again["ETag"] == tag
        assert not again.content


def test_the_entity_tag_changes_with_the_frame_of_the_page(client: Client) -> None:
    other = monograph("otherumab")
    document = monograph(sections=())
    linking = document.model_copy(update={"drug_class": None, "conditions": ()})
    publish(linking)
    tags = {client.get(PATH)["ETag"]}
    publish(home())
    tags.add(client.get(PATH)["ETag"])
    publish(home(key=home().key, slug="home2", organisation="Other"), current=False)
    assert client.get(PATH)["ETag"] in tags
    before = client.get("/medicines/")["ETag"]
    publish(other)
    assert client.get("/medicines/")["ETag"] != before
    assert len(tags) == 2


def test_each_letter_and_each_query_has_a_tag_of_its_own(client: Client) -> None:
    publish(monograph())
    tags = {client.get(f"/medicines/?letter={letter}")["ETag"] for letter in ("", "A", "T")}
    tags |= {client.get(f"/search/?q={query}")["ETag"] for query in ("", "a", "t")}
    assert len(tags) == 6


@pytest.mark.parametrize("path", ["/", "/search/?q=a"])
def test_pages_that_suggest_names_run_our_own_script_and_ask_our_own_server(
    client: Client, path: str
) -> None:
    response = client.get(path)
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'; script-src 'self'"
    )
    assert response.content.count(b"<script") == 1
    assert b'<script src="/static/js/suggest.js" defer></script>' in response.content


def test_a_medicine_runs_our_own_script_to_share_a_section(client: Client) -> None:
    publish(monograph())
    response = client.get(PATH)
    assert response["Content-Security-Policy"].endswith("; script-src 'self'")
    assert response.content.count(b"<script src=") == 1
    assert b'<script src="/static/js/share.js" defer></script>' in response.content
    page = soup(client, PATH)
    links = page.select("a.section__link[data-share]")
    assert [link["href"] for link in links] == [f"#{s['id']}" for s in page.select("section.section[id]")]
    assert all(page.select_one(link["href"]) for link in links), "they lead somewhere without a script"


@pytest.mark.parametrize("path", sorted({*PAGES} - {"/", "/search/?q=a", PATH}))
def test_public_answers_may_be_cached_by_anyone_and_run_nothing(client: Client, path: str) -> None:
    publish(monograph())
    response = client.get(path)
    assert response["Cache-Control"] == SHARED_FOR_SECONDS
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    for power in ("camera", "geolocation", "microphone", "payment"):
        assert f"{power}=()" in response["Permissions-Policy"].split(", ")
    # Browsers do not execute a data block
    assert b"<script" not in response.content.replace(b'<script type="application/ld+json">', b"")
    assert b"style=" not in response.content


@pytest.mark.parametrize("path", PAGES)
def test_public_answers_neither_set_nor_read_a_cookie(client: Client, path: str) -> None:
    publish(monograph())
    client.force_login(get_user_model().objects.create_user("someone"))
    client.cookies["other"] = "1"
    client.cookies["csrftoken"] = "not one of ours"
    response = client.get(path)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_pages_are_compressed_for_those_who_can_read_it(client: Client) -> None:
    publish(monograph())
    response = client.get(PATH, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_public_pages_are_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)("/medicines/").status_code == 405


def test_nothing_is_loaded_from_other_hosts(client: Client) -> None:
    publish(home())
    publish(monograph())
    content = client.get(PATH).content.decode()
    assert 'src="http' not in content
    assert content.count('rel="stylesheet"') == 1


def test_the_server_error_page_needs_no_database(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("secret cause")

    monkeypatch.setattr("monographs.public.views.fetch_medicine", fail)
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        response = client.get(PATH)
    assert response.status_code == 500
    assert b"Something went wrong on our side" in response.content
    assert b"secret cause" not in response.content
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_the_style_of_the_server_error_page_is_allowed_by_its_hash() -> None:
    response = error_pages.server_error_page()
    style = re.search(r"<style>(.*?)</style>", response.content.decode(), re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/medicines/testumab", "/static/css/public.css", "/nothing"])
def test_answers_that_no_view_makes_have_the_public_headers_too(client: Client, path: str) -> None:
    publish(monograph())
    for response in (client.get(path), client.post(path)):
        assert response["Content-Security-Policy"].startswith("default-src 'none'")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies
