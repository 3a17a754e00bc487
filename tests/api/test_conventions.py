"""Conventions of the API: CORS, methods, conditional requests, compression and errors."""

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.public.published import monograph, publish

ADDRESSES = [
    "/api/v1/monographs",
    "/api/v1/monographs/testumab",
    "/api/v1/monographs/testumab/editions",
    "/api/v1/monographs/testumab/editions/1",
    "/api/v1/search?q=test",
    "/api/v1/openapi.json",
]
ERRORS = ["/api/v1/monographs/none", "/api/v1/monographs?limit=0", "/api/nothing"]


@pytest.fixture(autouse=True)
def medicine(db: None) -> Any:
    return publish(monograph())


@pytest.mark.parametrize("address", [*ADDRESSES, *ERRORS])
def test_programs_of_any_site_may_read(client: Client, address: str) -> None:
    client.cookies["sessionid"] = "made-up"
    response = client.get(address, headers={"Origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response["Access-Control-Expose-Headers"]
    assert "X-Edition" in response["Access-Control-Expose-Headers"]
    assert not response.cookies
    assert response.get("Vary", "") in ("", "Accept-Encoding")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/nothing"])
def test_a_preflight_request_is_allowed(client: Client, address: str) -> None:
    response = client.options(
        address,
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert response.status_code == 204
    assert not response.content
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response["Access-Control-Allow-Methods"]
    assert "If-None-Match" in response["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_returns_the_headers_of_get(client: Client, address: str) -> None:
    whole, headers = client.get(address), client.head(address)
    assert headers.status_code == 200
    assert not headers.content
    for response in (whole, headers):
        del response.headers["X-Request-ID"]
    assert dict(headers.headers) == dict(whole.headers)


@pytest.mark.parametrize("address", [*ADDRESSES, *ERRORS])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_other_methods_are_refused(client: Client, address: str, method: str) -> None:
    client.handler.enforce_csrf_checks = True
    response = getattr(client, method)(address)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    problem(response)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_conditional_request_is_answered_by_the_entity_tag(client: Client, address: str) -> None:
    tag = client.get(address)["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        response = client.get(address, headers={"If-None-Match": known})
        assert response.status_code == 304
        assert response["ETag"] == tag
        assert "Cache-Control" in response
    response = client.get(address, headers={"If-Match": '"other"'})
    assert response.status_code == 412
    problem(response)


@pytest.mark.parametrize("address", ADDRESSES)
def test_answers_are_the_same_bytes_each_time_and_compressed_on_request(client: Client, address: str) -> None:
    assert client.get(address).content == client.get(address).content
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    if len(client.get(address).content) > 600:  # below, it would not get shorter
        assert packed["Content-Encoding"] == "gzip"


def problem(response: Any) -> dict[str, Any]:
    """Check that a response is a problem (RFC 9457), and return it."""
    assert response["Content-Type"] == "application/problem+json"
    found = json.loads(response.content)
    assert found["type"] == "about:blank"
    assert found["status"] == response.status_code
    assert found["title"] == HTTPStatus(response.status_code).phrase
    assert found["detail"]
    return found


@pytest.mark.parametrize(
    ("address", "parameter", "detail"),
    [
        ("monographs?limit=0", "limit", "greater than or equal to 1"),
        ("monographs?limit=201", "limit", "less than or equal to 200"),
        ("monographs?limit=ten", "limit", "a whole number"),
        ("monographs?limit=1.0", "limit", "a whole number"),
        ("monographs?limit=", "limit", "a whole number"),
        ("monographs?class=", "class", "pattern"),
        ("monographs?class=a/b", "class", "pattern"),
        ("monographs?route=%00", "route", "pattern"),
        ("monographs?review_due_before=2026-13-01", "review_due_before", "month"),
        ("monographs?review_due_before=soon", "review_due_before", "must be a day"),
        ("monographs?cursor=..", "cursor", "pattern"),
        ("monographs?limit=1&limit=2", "limit", "more than once"),
        ("monographs?clas=x", "query", "class, condition, cursor"),
        ("monographs/testumab?x=1", "query", "takes none"),
        ("monographs/testumab/editions?cursor=-1", "cursor", "a whole number"),
        ("monographs/testumab/editions?cursor=9999999999", "cursor", "less than or equal"),
        ("monographs/testumab/editions/0", "number", "greater than or equal to 1"),
        ("search", "q", "required"),
        (f"search?q={'a' * 101}", "q", "at most 100"),
        ("openapi.json?x=1", "query", "takes none"),
    ],
)
def test_an_invalid_parameter_is_named_with_what_is_allowed(
    client: Client, address: str, parameter: str, detail: str
) -> None:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 422
    (error, *_) = problem(response)["errors"]
    assert error["parameter"] == parameter
    assert detail in error["detail"]


def test_errors_do_not_repeat_the_value_sent(client: Client) -> None:
    for address in ("monographs?marker=1", "monographs?limit=marker", "monographs?route=%00marker", "marker"):
        assert b"marker" not in client.get(f"/api/v1/{address}").content


def test_a_server_error_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("a secret cause")

    client = Client(raise_request_exception=False)
    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", broken)
        response, page = client.get("/api/v1/monographs"), client.get("/medicines/")
    assert response.status_code == 500
    assert b"secret" not in response.content
    problem(response)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert page.status_code == 500
    assert page["Content-Type"].startswith("text/html")


def test_a_foreign_host_name_gets_a_problem(client: Client) -> None:
    response = client.get("/api/v1/monographs", headers={"Host": "evil.example"})
    assert response.status_code == 400
    problem(response)
    page = client.get("/medicines/", headers={"Host": "evil.example"})
    assert page.status_code == 400
    assert page["Content-Security-Policy"]
    assert page["Content-Type"].startswith("text/html")
