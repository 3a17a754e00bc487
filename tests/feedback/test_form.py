"""The feedback form."""

from typing import Any

import pytest
from django.test import Client

from monographs.editions.models import LedgerEntry
from monographs.feedback import rate_limits
from monographs.feedback.models import Feedback
from monographs.public import feedback_form
from tests.public.published import monograph, publish, soup, withdraw

PATH = "/medicines/testumab/"
FORM = f"{PATH}helpful/"


@pytest.fixture(autouse=True)
def fresh_throttle(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback_form, "_throttle", rate_limits.AddressThrottle())


def send(client: Client, answer: str = "yes", words: str = "", edition: Any = 1, **headers: str) -> Any:
    return client.post(FORM, {"answer": answer, "words": words, "edition": edition}, headers=headers)


def main(response: Any) -> str:
    from bs4 import BeautifulSoup  # noqa: PLC0415

    return BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" ", strip=True)


def test_an_answer_is_kept_with_the_edition_it_is_about(
    client: Client, django_assert_num_queries: Any
) -> None:
    document = monograph()
    edition = publish(document)
    with django_assert_num_queries(3):
        response = send(client, "no", "  How long\r\nit takes. ")
    assert response.status_code == 303
    assert response["Location"] == f"{FORM}thanks/"
    kept = Feedback.objects.get()
    assert (kept.answer, kept.words) == ("no", "How long\nit takes.")
    assert (str(kept.key), kept.slug, kept.title) == (document.key, "testumab", "testumab")
    assert (kept.number, kept.sha256) == (1, edition.sha256)


def test_nothing_is_kept_of_who_sent_it(client: Client) -> None:
    publish(monograph())
    send(client, **{"User-Agent": "Tell-tale", "X-Forwarded-For": "203.0.113.9"})
    kept = str(Feedback.objects.values().get())
    assert "Tell-tale" not in kept
    assert "203.0.113.9" not in kept
    assert "127.0.0.1" not in kept


def test_an_answer_about_an_edition_that_was_replaced_meanwhile_stays_about_it(client: Client) -> None:
    document = monograph()
    first = publish(document)
    publish(document.model_copy(update={"summary": "Better."}))
    send(client, edition=1)
    assert Feedback.objects.get().sha256 == first.sha256


def test_a_large_request_is_not_parsed(client: Client) -> None:
    publish(monograph())
    response = send(client, words="x" * feedback_form.MAX_POST_BYTES)
    assert response.status_code == 400
    assert b"We cannot answer this request" in response.content
    assert response["Cache-Control"] == "no-store"
    assert not Feedback.objects.exists()
    assert send(client, words="\N{GRINNING FACE}" * 500).status_code == 303


def test_control_characters_are_removed(client: Client) -> None:
    publish(monograph())
    send(client, words="a\x00\x01b\tc\nd\x1f")
    assert Feedback.objects.get().words == "ab\tc\nd"


def test_the_time_of_an_answer_is_rounded_to_the_minute(client: Client) -> None:
    publish(monograph())
    send(client)
    at = Feedback.objects.get().at
    assert (at.second, at.microsecond) == (0, 0)


def test_the_page_has_the_form_and_does_not_change_after_an_answer(client: Client) -> None:
    publish(monograph())
    before = client.get(PATH)
    form = soup(client, PATH).select_one("form.helpful")
    assert (form["method"], form["action"]) == ("post", FORM)
    assert form.select_one("[name=edition]")["value"] == "1"
    assert [each["value"] for each in form.select("[name=answer]")] == ["yes", "no", "unsure"]
    assert form.select_one("textarea")["maxlength"] == "500"
    assert not form.select("[name=csrfmiddlewaretoken]")
    entries = LedgerEntry.objects.count()
    send(client)
    after = client.get(PATH)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])
    assert LedgerEntry.objects.count() == entries


def test_old_editions_and_other_pages_have_no_form(client: Client) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"summary": "Better."}))
    for path in (f"{PATH}editions/1/", f"{PATH}editions/", "/medicines/", "/"):
        assert not soup(client, path).select("form.helpful"), path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answer": ""}, "Choose an answer: yes, no, or not sure."),
        ({"answer": "perhaps"}, "Choose one of the three answers"),
        ({"words": "x" * 501}, "Please shorten your words to 500 letters. You wrote 501."),
        ({"edition": ""}, "We could not tell which edition of the page you read."),
        ({"edition": "7"}, "We could not tell which edition of the page you read."),
        ({"edition": "9" * 400}, "We could not tell which edition of the page you read."),
        ({"edition": "-1"}, "We could not tell which edition of the page you read."),
        ({"edition": "²"}, "We could not tell which edition of the page you read."),
    ],
)
def test_invalid_input_is_explained_and_kept_in_the_form(
    client: Client, change: dict[str, str], message: str
) -> None:
    publish(monograph())
    response = send(client, **{"answer": "no", "words": "My <b>question</b>", **change})
    assert response.status_code == 400
    assert response["Cache-Control"] == "no-store"
    assert message in main(response)
    assert not Feedback.objects.exists()
    if "words" not in change:
        assert b"My &lt;b&gt;question&lt;/b&gt;</textarea>" in response.content
    if "answer" not in change:
        assert b'value="no" checked' in response.content
    assert b'name="edition" value="1"' in response.content


def test_characters_are_counted_as_in_the_browser(client: Client) -> None:
    publish(monograph())
    assert send(client, words="\r\n".join("x" * 250)).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver:8000"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://["},
    ],
)
def test_another_site_cannot_answer_for_a_reader(client: Client, headers: dict[str, str]) -> None:
    publish(monograph())
    response = send(client, **headers)
    assert response.status_code == 403
    assert "came from another site" in main(response)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, {"Origin": "http://testserver"}, {}],
)
def test_the_form_works_without_cookie_and_token(headers: dict[str, str]) -> None:
    publish(monograph())
    client = Client(enforce_csrf_checks=True)
    response = send(client, **headers)
    assert response.status_code == 303
    assert not response.cookies


def test_the_form_and_the_thanks_are_pages_of_one_query_kept_from_search_engines(
    client: Client, django_assert_num_queries: Any
) -> None:
    publish(monograph())
    for path in (FORM, f"{FORM}thanks/"):
        with django_assert_num_queries(1):
            response = client.get(path)
        assert response.status_code == 200
        assert response["X-Robots-Tag"] == "noindex"
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_withdrawn_missing_and_moved_pages_answer_as_the_page_does(client: Client) -> None:
    document = monograph()
    publish(document)
    moved = publish(document.model_copy(update={"slug": "newumab"}))
    response = send(client)
    assert response.status_code == 308, "the answer goes along"
    assert response["Location"] == "/medicines/newumab/helpful/"
    assert client.get(FORM)["Location"] == "/medicines/newumab/helpful/"
    assert client.post("/medicines/nothing/helpful/", {"answer": "yes"}).status_code == 404
    withdraw(moved)
    assert client.post("/medicines/newumab/helpful/", {"answer": "yes", "edition": 1}).status_code == 410
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    publish(monograph())
    assert getattr(client, method)(FORM).status_code == 405


def test_answers_from_one_address_are_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "PER_ADDRESS", 2)
    publish(monograph())
    assert [send(client).status_code for _ in range(3)] == [303, 303, 429]
    refused = send(client, words="My question")
    assert refused["Retry-After"] == "3600"
    assert "very many answers" in main(refused)
    assert b"My question</textarea>" in refused.content
    assert Feedback.objects.count() == 2


@pytest.mark.parametrize("limit", ["PER_PAGE", "PER_SITE"])
def test_answers_about_a_page_and_the_site_are_limited(
    client: Client, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(rate_limits, limit, 2)
    publish(monograph())
    assert [send(client).status_code for _ in range(3)] == [303, 303, 429]


def test_addresses_are_forgotten_after_an_hour_and_never_held_as_they_are() -> None:
    now = [7200.0]
    throttle = rate_limits.AddressThrottle(clock=lambda: now[0])
    assert all(throttle.allows("203.0.113.9") for _ in range(rate_limits.PER_ADDRESS))
    assert not throttle.allows("203.0.113.9")
    assert throttle.allows("203.0.113.10")
    counts = vars(throttle)["_counts"]
    assert not any(b"203" in digest or digest == b"203.0.113.9" for digest in counts)
    key = vars(throttle)["_key"]
    now[0] += 3600
    assert throttle.allows("203.0.113.9")
    assert vars(throttle)["_key"] != key


def test_the_ipv6_addresses_of_one_network_count_together() -> None:
    throttle = rate_limits.AddressThrottle(clock=lambda: 0)
    for last in range(rate_limits.PER_ADDRESS):
        assert throttle.allows(f"2001:db8:1:2::{last:x}")
    assert not throttle.allows("2001:db8:1:2:ffff::1")
    assert throttle.allows("2001:db8:1:3::1")


def test_the_ipv6_networks_of_one_customer_count_together() -> None:
    throttle = rate_limits.AddressThrottle(clock=lambda: 0)
    for number in range(rate_limits.PER_SITE_NETWORK):
        assert throttle.allows(f"2001:db8:1:{number:x}::1")
    assert not throttle.allows("2001:db8:1:ffff::1")
    assert throttle.allows("2001:db8:2::1")


def test_memory_for_addresses_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_MAX_ADDRESSES", 10)
    throttle = rate_limits.AddressThrottle(clock=lambda: 0)
    for last in range(100):
        throttle.allows(f"203.0.113.{last}")
        assert len(vars(throttle)["_counts"]) <= 10
