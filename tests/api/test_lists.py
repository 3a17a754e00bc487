"""Listing, filtering and searching medicines in the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from monographs.public.api.parameters import parse_datetime
from monographs.public.api.schemas import MonographsSchema, SearchSchema
from tests.public.published import (
    condition,
    drug_class,
    monograph,
    publish,
    reference,
    withdraw,
)

LIST = "/api/v1/monographs"


def names(client: Client, **filters: str) -> list[str]:
    response = client.get(LIST, filters)
    assert response.status_code == 200, response.content
    MonographsSchema.model_validate(response.json())
    return [item["name"] for item in response.json()["items"]]


def test_the_fields_of_a_medicine_in_the_list(client: Client, django_assert_num_queries: Any) -> None:
    group, disease = drug_class(), condition()
    edition = publish(
        monograph(drug_class=reference(group), conditions=(reference(disease),), routes=("By mouth",))
    )
    with django_assert_num_queries(1):
        found = client.get(LIST).json()
    assert found["next"] is None
    (item,) = found["items"]
    assert item == {
        "slug": "testumab",
        "name": "testumab",
        "brand_names": ["Testra"],
        "summary": "testumab is a medicine.",
        "path": "/medicines/testumab/",
        "drug_class": {"key": group.key, "name": group.title},
        "conditions": [{"key": disease.key, "name": disease.title}],
        "routes": ["By mouth"],
        "number": 1,
        "sha256": edition.sha256,
        "published_at": edition.effective_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "last_reviewed": edition.last_reviewed.isoformat(),
        "next_due": edition.next_due.isoformat(),
    }


def test_only_current_editions_are_listed(client: Client) -> None:
    document = monograph("aumab")
    publish(document)
    publish(document.model_copy(update={"summary": "New."}))
    withdraw(publish(monograph("bumab")))
    publish(monograph("cumab"), current=False)
    publish(drug_class())
    assert [(i["name"], i["summary"]) for i in client.get(LIST).json()["items"]] == [("aumab", "New.")]


def test_a_list_is_filtered_by_class_condition_and_route(client: Client) -> None:
    group, other = drug_class(), drug_class("Others", slug="others")
    disease = condition()
    for page in (group, other, disease):
        publish(page)
    publish(monograph("aumab", drug_class=reference(group), conditions=(reference(disease),)))
    publish(monograph("bumab", drug_class=reference(other), routes=("By mouth", "Into a vein (“IV”)")))
    publish(monograph("cumab", review_interval_months=1))
    assert names(client) == ["aumab", "bumab", "cumab"]
    assert names(client, **{"class": "testing-antibodies"}) == ["aumab"]
    assert names(client, **{"class": group.key}) == ["aumab"]
    assert names(client, **{"class": "none"}) == []
    assert names(client, condition="test-leukemia") == ["aumab"]
    assert names(client, condition=disease.key) == ["aumab"]
    assert names(client, condition=group.key) == []
    assert names(client, route="into a VEIN (“iv”)") == ["bumab"]
    assert names(client, route="By mouth") == ["aumab", "bumab", "cumab"]
    assert names(client, route="mouth") == []
    soon = (timezone.now() + timedelta(days=60)).date().isoformat()
    assert names(client, review_due_before=soon) == ["cumab"]
    assert names(client, route="By mouth", condition="test-leukemia", limit="1") == ["aumab"]


def test_a_class_that_moved_is_found_by_both_its_names(client: Client) -> None:
    group = drug_class()
    publish(group)
    publish(group.model_copy(update={"slug": "new-antibodies"}))
    publish(monograph(drug_class=reference(group)))
    assert names(client, **{"class": "testing-antibodies"}) == ["testumab"]
    assert names(client, **{"class": "new-antibodies"}) == ["testumab"]


def test_a_list_is_filtered_by_the_time_of_publication(client: Client) -> None:
    publish(monograph("aumab"))
    later = publish(monograph("bumab"))
    since = later.effective_at
    assert names(client, updated_since=since.isoformat()) == ["bumab"]
    there = since.astimezone(tz=None).isoformat()
    assert names(client, updated_since=there) == ["bumab"]
    assert names(client, updated_since=(since + timedelta(microseconds=1)).isoformat()) == []
    assert names(client, updated_since=since.date().isoformat()) == ["aumab", "bumab"]
    assert names(client, updated_since="9999-12-31") == []


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31t12:00:00.5z", datetime(2026, 1, 31, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-01-31T12:00:00.1234567+02:00", datetime(2026, 1, 31, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-01-31T12:00:00-00:30", datetime(2026, 1, 31, 12, 30, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("0000-02-29", datetime.min.replace(tzinfo=UTC)),
        ("0001-01-01T00:00:00+12:00", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59-12:00", datetime.max.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:60Z", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_every_rfc_3339_time_is_understood(text: str, moment: datetime) -> None:
    assert parse_datetime(text) == moment


@pytest.mark.parametrize(
    "text",
    "yesterday 2026 1769860800 2026-02-30 2026-01-31T12:00:00 2026-01-31T12:00 2026-01-31T25:00:00Z"
    " 2026-01-31T12:00:00+25:00 ٢٠٢٦-01-31 0000-13-01".split(),
)
def test_an_invalid_time_is_refused(client: Client, text: str) -> None:
    response = client.get(LIST, {"updated_since": text})
    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "updated_since"


def test_the_list_is_paginated(client: Client, django_assert_num_queries: Any) -> None:
    for number in range(24):
        publish(monograph(f"m{number:03}"))
    found, address, pages = [], f"{LIST}?limit=10&route=By+mouth", 0
    while address:
        with django_assert_num_queries(1):
            page = client.get(address).json()
        found += [item["slug"] for item in page["items"]]
        address, pages = page["next"], pages + 1
    assert found == [f"m{number:03}" for number in range(24)]
    assert pages == 3


def test_pagination_continues_after_the_last_medicine_was_withdrawn(client: Client) -> None:
    editions = [publish(monograph(name)) for name in ("aumab", "bumab", "cumab")]
    following = client.get(f"{LIST}?limit=2").json()["next"]
    withdraw(editions[1])
    publish(monograph("abumab"))
    assert [item["name"] for item in client.get(following).json()["items"]] == ["cumab"]


def test_conditional_requests_of_the_list(client: Client) -> None:
    edition = publish(monograph())
    known = {"If-None-Match": client.get(LIST)["ETag"]}
    again = client.get(LIST, headers=known)
    assert again.status_code == 304
    assert not again.content
    assert again["Access-Control-Allow-Origin"] == "*"
    withdraw(edition)
    assert client.get(LIST, headers=known).status_code == 200


def test_search_answers_as_the_page_does(client: Client) -> None:
    group = drug_class()
    publish(group)
    publish(monograph())
    withdraw(publish(monograph("testgoneumab")))
    response = client.get("/api/v1/search", {"q": "  testr "})
    found = response.json()
    SearchSchema.model_validate(found)
    assert found["query"] == "testr"
    assert found["corrected"] is None
    assert {**found["results"][0], "why": None} == {
        "slug": "testumab",
        "name": "testumab",
        "brand_names": ["Testra"],
        "path": "/medicines/testumab/",
        "anchor": "",
        "kind": "monograph",
        "summary": "testumab is a medicine.",
        "why": None,
        "withdrawn": None,
    }
    everything = client.get("/api/v1/search", {"q": "test"}).json()["results"]
    assert [result["name"] for result in everything] == ["testumab", "testgoneumab", "Testing antibodies"]
    assert client.get("/api/v1/search", {"q": ""}).json()["results"] == []


def test_search_escapes_markup_in_the_query(client: Client) -> None:
    response = client.get("/api/v1/search", {"q": "<script>alert(1)</script>&"})
    assert b"<" not in response.content
    assert b"&" not in response.content
    assert response.json()["query"] == "<script>alert(1)</script>&"
