"""Rendered bodies are kept by entity tag: a page is rendered once, and is always what rendering it gives."""

import gzip
from dataclasses import replace
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from django.db import connection, transaction
from django.test import Client, RequestFactory

from devtools.synthetic import publisher
from monographs.public import responses
from monographs.public.body_cache import Body, BodyCache, bodies
from monographs.public.compression import preferred_encoding
from tests.public.published import condition, drug_class, home, information, monograph, publish, withdraw

PATH = "/medicines/testumab/"
ADDRESSES = [
    "/", "/medicines/", "/medicines/?letter=T", "/classes/", "/conditions/", PATH,
    f"{PATH}?for=test-leukemia", f"{PATH}editions/", f"{PATH}editions/1/", f"{PATH}leaflet.pdf",
    f"{PATH}helpful/", "/whats-new/", "/updates.atom", "/sitemap.xml",
    "/search/?q=testumab", "/search/?q=leukemia", "/api/v1/monographs",
    "/api/v1/monographs/testumab", "/api/v1/search?q=testumab",
]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", ""), ("identity", ""), ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"), ("br;q=0.5, gzip;q=0.9", "gzip"), ("br;q=0, gzip", "gzip"), ("br; q=0", ""),
        ("*", "br"), ("*;q=0", ""), ("br;q=0, *", "gzip"), ("identity, br;q=0.1", ""),
        ("gzip;q=0.5,identity;q=0", "gzip"),
        ("gzip;q=x", ""), ("a/b; x*=nosuch''%41, br", "br"),
        ("deflate", ""), (",;=", ""), ("gzip," * 200, ""),
    ],
)  # fmt: skip
def test_the_encoding_is_the_one_that_the_client_prefers(header: str, encoding: str) -> None:
    assert preferred_encoding(RequestFactory().get("/", headers={"Accept-Encoding": header})) == encoding


def test_what_is_kept_is_what_rendering_gives_in_every_encoding(client: Client) -> None:
    for document in (home(), drug_class(), condition(), information(), monograph()):
        publish(document)
    fresh = {}
    for address in ADDRESSES:
        bodies.clear()
        response = client.get(address)
        assert response.status_code == 200, address
        fresh[address] = (response.content, response["ETag"])
    bodies.clear()
    for _ in range(2):
        for address, (content, etag) in fresh.items():
            for encoding, decode in (("gzip", gzip.decompress), ("br", brotli.decompress), ("", bytes)):
                response = client.get(address, headers={"Accept-Encoding": encoding})
                used = response.get("Content-Encoding", "")
                assert (decode(response.content) if used else response.content) == content, address
                assert used in ("", encoding)
                assert response["ETag"] == (f"W/{etag}" if used else etag)


def test_a_page_is_rendered_once_whatever_is_asked_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = monograph()
    publish(document)
    rendered: list[str] = []
    render = responses.render_to_string

    def counted(template: str, context: Any) -> str:
        rendered.append(template)
        return render(template, context)

    monkeypatch.setattr(responses, "render_to_string", counted)
    first = client.get(PATH, headers={"Accept-Encoding": "gzip"})
    for encoding in ("gzip", "br", "", "gzip;q=0.1"):
        client.get(PATH, headers={"Accept-Encoding": encoding})
        client.head(PATH, headers={"Accept-Encoding": encoding})
        unchanged = client.get(PATH, headers={"Accept-Encoding": encoding, "If-None-Match": first["ETag"]})
        assert unchanged.status_code == 304
    assert len(rendered) == 1
    publish(document.model_copy(update={"summary": "Other words."}))
    assert b"Other words." in client.get(PATH).content
    assert len(rendered) == 2


def test_what_can_be_revalidated_is_not_rendered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monograph())
    etag = client.get(PATH)["ETag"]
    bodies.clear()
    monkeypatch.setattr(responses, "render_to_string", None)
    assert client.get(PATH, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("encoding", ["gzip", "br", ""])
def test_head_and_304_say_what_get_says(client: Client, encoding: str) -> None:
    publish(monograph())
    headers = {"Accept-Encoding": encoding}
    get, head = client.get(PATH, headers=headers), client.head(PATH, headers=headers)
    for response in (get, head):
        del response.headers["X-Request-ID"]
    assert dict(head.headers) == dict(get.headers)
    assert get["Vary"] == "Accept-Encoding"
    unchanged = client.get(PATH, headers=headers | {"If-None-Match": get["ETag"]})
    assert unchanged.status_code == 304
    for name in ("ETag", "Vary", "Cache-Control", "X-Edition"):
        assert unchanged[name] == get[name]


def test_a_withdrawal_takes_effect_with_the_next_request(client: Client) -> None:
    edition = publish(monograph())
    assert client.get(PATH).status_code == 200
    withdraw(edition)
    assert client.get(PATH).status_code == 410


def test_the_memory_is_bounded() -> None:
    cache = BodyCache(100_000)
    for number in range(500):
        cache.add("/", f'"{number}"', "", Body(b"x" * 1000, "text/html"))
    assert 90_000 < cache.size <= 100_000
    assert cache.find("/", '"499"', "")
    assert cache.find("/", '"0"', "") is None
    cache.add("/large", '"large"', "", Body(b"x" * 50_000, "text/html"))
    assert cache.find("/large", '"large"', "") is None, "one body would replace most others"
    assert not BodyCache(0).find("/", '"a"', "")


def test_statements_of_public_pages_are_planned_once(client: Client, settings: Any) -> None:
    publish(monograph())
    settings.PREPARED_STATEMENTS = True
    client.get(PATH)
    count = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%editions_publication p%'"
    with connection.cursor() as cursor:
        cursor.execute(count)
        assert cursor.fetchone()[0]
        cursor.execute("DEALLOCATE ALL")
        connection.connection._prepared.clear()
        settings.PREPARED_STATEMENTS = False
        client.get(PATH)
        cursor.execute(count)
        assert cursor.fetchone()[0] == 0


def test_nothing_is_kept_of_an_edition_that_a_restore_has_lost(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restore the same text may be signed again, by somebody else, under the same number."""
    document = monograph()
    lost = transaction.savepoint()
    publish(document)
    addresses = (PATH, f"{PATH}editions/", f"{PATH}editions/1/", "/api/v1/monographs/testumab")
    before = {address: client.get(address) for address in addresses}
    transaction.savepoint_rollback(lost)
    monkeypatch.setattr(publisher, "REVIEWER", replace(publisher.REVIEWER, name="Vera Other"))
    publish(document)
    for address, old in before.items():
        assert b"Rosa Reviewer" in old.content
        now = client.get(address, headers={"If-None-Match": old["ETag"]})
        assert now.status_code == 200, address
        assert b"Vera Other" in now.content
        assert b"Rosa Reviewer" not in now.content
