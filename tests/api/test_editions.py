"""Medicines and their editions in the API."""

import hashlib
import json
import os
import shutil
import subprocess
from typing import Any

import pytest
from django.test import Client

from monographs.document import MonographDocument, parse_document, sha256_of
from monographs.editions.models import ReviewKind
from monographs.public.api.schemas import EditionSchema, EditionsSchema, MonographSchema
from tests.public.published import SHARED_FOR_SECONDS, drug_class, monograph, publish, reference, withdraw

API = "/api/v1"
ONE = f"{API}/monographs/testumab"
EDITIONS = f"{ONE}/editions"


def publish_two_editions(**change: Any) -> tuple[Any, Any]:
    """Publish two editions of a medicine, and return them."""
    document = monograph()
    first = publish(document)
    return first, publish(document.model_copy(update={"change_note": "A dose was added.", **change}))


def test_the_current_edition_is_complete(client: Client, django_assert_num_queries: Any) -> None:
    group = drug_class()
    publish(group)
    edition = publish(monograph(drug_class=reference(group)))
    with django_assert_num_queries(1):
        response = client.get(ONE)
    assert response["Content-Type"] == "application/json"
    assert response["X-Edition"] == "testumab/1"
    assert response["ETag"].startswith(f'"{edition.sha256}-')
    found = response.json()
    MonographSchema.model_validate(found)
    assert found["number"] == 1
    assert found["sha256"] == edition.sha256
    assert found["published_at"] == edition.effective_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert found["path"] == "/medicines/testumab/"
    assert found["links"] == {group.key: "/classes/testing-antibodies/"}
    assert found["document"] == json.loads(edition.canonical)
    (signature,) = found["signatures"]
    assert signature["name"] == "Rosa Reviewer"
    assert signature["credentials"] == "PharmD"
    assert signature["sha256"] == edition.sha256
    assert not {"user_id", "username", "method"} & set(signature)


def test_a_link_to_a_withdrawn_page_is_removed(client: Client) -> None:
    group = drug_class()
    withdraw(publish(group))
    publish(monograph(drug_class=reference(group)))
    assert client.get(ONE).json()["links"] == {}


def canonical_by_hand(document: Any) -> bytes:
    """Canonical JSON as docs/api.md describes it. It works because documents hold no fractional numbers."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


SUMMARY = 'Ünïcode – “quotes” \\ " \t \U0001d518 é \u2028 <b>&amp;</b>'


def test_the_hash_can_be_checked_with_the_standard_library(client: Client) -> None:
    edition = publish(monograph(summary=SUMMARY))
    found = client.get(ONE).json()
    assert found["document"]["summary"] == SUMMARY
    assert hashlib.sha256(canonical_by_hand(found["document"])).hexdigest() == edition.sha256
    assert found["sha256"] == edition.sha256
    assert {s["sha256"] for s in found["signatures"]} == {edition.sha256}
    document = parse_document(json.dumps(found["document"]))
    assert isinstance(document, MonographDocument)
    assert sha256_of(document) == edition.sha256


@pytest.mark.skipif(
    shutil.which("jq") is None and not os.environ.get("CI"),
    reason="jq is not installed (Debian: apt-get install jq)",
)
def test_the_documented_command_line_gives_the_hash(client: Client) -> None:
    edition = publish(monograph(summary=SUMMARY))
    done = subprocess.run(
        ["jq", "-cjS", ".document"], input=client.get(ONE).content, capture_output=True, check=True
    )
    assert hashlib.sha256(done.stdout).hexdigest() == edition.sha256


def test_an_edition_is_asked_for_again(client: Client, django_assert_num_queries: Any) -> None:
    first, second = publish_two_editions()
    for edition in (first, second):
        with django_assert_num_queries(1):
            response = client.get(f"{EDITIONS}/{edition.number}")
        found = response.json()
        EditionSchema.model_validate(found)
        assert found["sha256"] == edition.sha256
        assert found["document"] == json.loads(edition.canonical)
        assert response["X-Edition"] == f"testumab/{edition.number}"
        assert response["Cache-Control"].startswith("public, max-age=0, must-revalidate")
    before = client.get(f"{EDITIONS}/1")
    publish(monograph("otherumab"))
    assert client.get(f"{EDITIONS}/1").content == before.content


def test_an_edition_does_not_change_when_it_is_superseded(client: Client) -> None:
    document = monograph()
    publish(document)
    before = client.get(f"{EDITIONS}/1")
    publish(document.model_copy(update={"change_note": "More."}))
    after = client.get(f"{EDITIONS}/1")
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])


def test_editions_are_listed_newest_first(client: Client, django_assert_num_queries: Any) -> None:
    document = monograph()
    for note in ("One.", "Two.", "Three."):
        publish(document.model_copy(update={"change_note": note}), kind=ReviewKind.CORRECTION)
    with django_assert_num_queries(1):
        found = client.get(EDITIONS).json()
    EditionsSchema.model_validate(found)
    assert [item["number"] for item in found["items"]] == [3, 2, 1]
    assert [item["document"]["change_note"] for item in found["items"]] == ["Three.", "Two.", "One."]
    assert found["items"][0]["review_kind"] == "correction"
    assert found["next"] is None


def test_the_list_of_editions_is_paginated(client: Client) -> None:
    document = monograph()
    for note in "abcde":
        publish(document.model_copy(update={"change_note": note}))
    numbers, address = [], f"{EDITIONS}?limit=2"
    while address:
        page = client.get(address).json()
        numbers.append([item["number"] for item in page["items"]])
        address = page["next"]
    assert numbers == [[5, 4], [3, 2], [1]]
    assert client.get(f"{EDITIONS}?cursor=1").json() == {"items": [], "next": None}


def test_a_restored_text_names_its_edition(client: Client) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"summary": "Other."}))
    publish(document, restores=1)
    found = client.get(ONE).json()
    assert (found["number"], found["restores"]) == (3, 1)
    assert found["sha256"] == client.get(f"{EDITIONS}/1").json()["sha256"]


@pytest.mark.parametrize("address", [ONE, EDITIONS, f"{EDITIONS}/1"])
def test_a_withdrawn_medicine_is_gone(client: Client, address: str) -> None:
    document = monograph(summary="Take ten tablets.")
    edition = publish(document)
    known = client.get(address)["ETag"]
    withdraw(edition)
    for headers in ({}, {"If-None-Match": known}):
        response = client.get(address, headers=headers)
        assert response.status_code == 410
        problem = response.json()
        assert problem["status"] == 410
        assert "mistake" in problem["reason"]
        assert "call your care team" in problem["advice"]
        assert b"ten tablets" not in response.content
        assert b"A wrong dose" not in response.content
        assert response["Cache-Control"] == SHARED_FOR_SECONDS
    publish(document.model_copy(update={"summary": "Take one tablet."}))
    assert client.get(address).status_code == (410 if address.endswith("/1") else 200)


def test_shared_caches_ask_again_for_an_edition_after_seconds(client: Client) -> None:
    publish(monograph())
    assert "s-maxage=3," in client.get(f"{EDITIONS}/1")["Cache-Control"]


@pytest.mark.parametrize("suffix", ["", "/editions", "/editions/1"])
def test_a_medicine_that_moved_redirects(client: Client, suffix: str) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"slug": "newumab"}))
    response = client.get(ONE + suffix)
    assert response.status_code == 301
    assert response["Location"] == f"{API}/monographs/newumab{suffix}"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["location"] == response["Location"]
    assert client.get(response["Location"]).status_code == 200


def test_what_was_never_public_is_not_found(client: Client) -> None:
    publish(monograph("draftumab"), current=False)
    publish(monograph())
    for address in (
        f"{API}/monographs/draftumab",
        f"{API}/monographs/draftumab/editions",
        f"{API}/monographs/draftumab/editions/1",
        f"{API}/monographs/noumab",
        f"{EDITIONS}/2",
        f"{EDITIONS}/{'9' * 40}",
        f"{EDITIONS}/{'9' * 5000}",
        f"{EDITIONS}/one",
        f"{ONE}/",
        f"{API}/",
        f"{API}/nothing",
        "/api/v2/monographs",
        "/api/%0a",
        "/api",
    ):
        response = client.get(address)
        assert response.status_code == 404, address
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == 404


def test_other_kinds_of_pages_are_not_medicines(client: Client) -> None:
    publish(drug_class())
    assert client.get(f"{API}/monographs/testing-antibodies").status_code == 404
    assert client.get(f"{API}/monographs").json()["items"] == []
