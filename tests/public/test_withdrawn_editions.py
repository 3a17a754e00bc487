"""An edition that was withdrawn stays withdrawn, also when its page has a newer one."""

from typing import Any

import pytest
from django.test import Client

from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason
from tests.public.published import monograph, publish, sections, soup, text, withdraw

PATH = "/medicines/testumab/"
WRONG = "Take 100 mg in the morning."
REASON = REASON_TEXTS[WithdrawalReason.MISTAKE].reason


@pytest.fixture
def replaced(db: None) -> Any:
    """A page with three editions, the second of which was withdrawn for its dose."""
    document = monograph(sections=sections(text("Take 5 mg in the morning.")))
    publish(document)
    withdraw(publish(document.model_copy(update={"sections": sections(text(WRONG))})))
    publish(document.model_copy(update={"sections": sections(text("Take 10 mg in the morning."))}))
    return document


@pytest.mark.parametrize("name", ["", "leaflet.pdf", "leaflet-large.pdf"])
def test_its_page_and_leaflets_are_gone_with_the_reason(name: str, replaced: Any, client: Client) -> None:
    answer = client.get(f"{PATH}editions/2/{name}")
    assert answer.status_code == 410
    content = answer.content.decode()
    assert REASON in content
    assert "edition 2 was withdrawn" in content
    assert f'href="{PATH}"' in content
    assert WRONG not in content
    assert client.get(f"{PATH}editions/1/").status_code == 200
    assert client.get(f"{PATH}editions/9/").status_code == 404


@pytest.mark.parametrize("compared", ["1/2", "2/3"])
def test_it_is_compared_with_nothing(compared: str, replaced: Any, client: Client) -> None:
    answer = client.get(f"{PATH}changes/{compared}/")
    assert answer.status_code == 410
    assert b"Edition 2 was withdrawn" in answer.content
    assert WRONG.encode() not in answer.content
    assert client.get(f"{PATH}changes/1/3/").status_code == 200


LEADING_TO_COMPARISONS = [PATH, f"{PATH}editions/3/", f"{PATH}editions/", "/whats-new/", "/updates.atom"]


@pytest.mark.parametrize("path", LEADING_TO_COMPARISONS)
def test_no_page_leads_to_an_edition_that_is_gone(path: str, replaced: Any, client: Client) -> None:
    page = soup(client, path)
    links = {link["href"] for link in page.select('a[href*="/medicines/testumab/"]')}
    assert [link for link in links if client.get(link.partition("#")[0]).status_code != 200] == []
    if path != "/updates.atom":
        assert f"{PATH}changes/1/3/" in links
    assert WRONG not in page.get_text()


def test_the_link_names_the_edition_and_the_comparison_what_it_leaves_out(
    replaced: Any, client: Client
) -> None:
    link = soup(client, PATH).select_one(f'a[href="{PATH}changes/1/3/"]')
    assert link.get_text() == "What changed since edition 1, word for word"
    page = soup(client, f"{PATH}changes/1/3/").select_one("main")
    assert "Edition 2 was withdrawn, so its text is not shown." in page.get_text()
    assert "5" in page.select_one("#redline-how_it_works del").get_text()
    assert WRONG not in page.get_text()


def test_a_text_that_is_signed_again_is_compared_again(replaced: Any, client: Client) -> None:
    tag = client.get(f"{PATH}editions/3/")["ETag"]
    publish(replaced.model_copy(update={"sections": sections(text(WRONG))}), restores=2)
    again = client.get(f"{PATH}editions/3/", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert f"{PATH}changes/2/3/" in again.content.decode()
    assert client.get(f"{PATH}changes/2/3/").status_code == 200


def test_the_list_of_editions_says_so_without_a_link(replaced: Any, client: Client) -> None:
    page = soup(client, f"{PATH}editions/")
    rows = page.select(".history__item")
    assert ["Withdrawn on" in row.get_text() for row in rows] == [False, True, False]
    links = {link["href"] for link in page.select(".history a")}
    assert links == {PATH, f"{PATH}editions/1/", f"{PATH}changes/1/3/"}


def test_the_api_answers_gone_and_lists_it_no_more(replaced: Any, client: Client) -> None:
    api = "/api/v1/monographs/testumab/editions"
    answer = client.get(f"{api}/2")
    assert answer.status_code == 410
    assert answer.json()["reason"] == REASON
    assert [each["number"] for each in client.get(api).json()["items"]] == [3, 1]
    assert client.get(f"{api}/9").status_code == 404


@pytest.mark.parametrize("path", ["/whats-new/", "/updates.atom"])
def test_lists_of_changes_have_the_withdrawal_in_its_place(path: str, replaced: Any, client: Client) -> None:
    content = client.get(path).content.decode()
    assert f"{PATH}editions/2/" not in content
    assert "ithdrawn" in content


def test_a_text_that_was_signed_again_is_shown(db: None, client: Client) -> None:
    document = monograph()
    withdraw(publish(document))
    publish(document, restores=1)
    assert client.get(f"{PATH}editions/1/").status_code == 200
    assert client.get("/api/v1/monographs/testumab/editions/1").status_code == 200
    withdraw(publish(document.model_copy(update={"summary": "Other words."})))
    assert client.get(f"{PATH}editions/1/").status_code == 410


@pytest.fixture
def reviewed_again(db: None) -> Any:
    """A page whose wrong text was signed twice, then withdrawn and replaced."""
    document = monograph(sections=sections(text(WRONG)))
    publish(document)
    withdraw(publish(document))
    publish(document.model_copy(update={"sections": sections(text("Take 10 mg in the morning."))}))
    return document


@pytest.mark.parametrize(
    "path", ["editions/1/", "editions/1/leaflet.pdf", "editions/2/", "changes/1/2/", "changes/1/3/"]
)
def test_an_earlier_edition_of_the_withdrawn_text_is_gone_as_well(
    path: str, reviewed_again: Any, client: Client
) -> None:
    answer = client.get(f"{PATH}{path}")
    assert answer.status_code == 410
    assert WRONG.encode() not in answer.content


def test_the_api_and_lists_have_no_earlier_edition_of_the_withdrawn_text(
    reviewed_again: Any, client: Client
) -> None:
    api = "/api/v1/monographs/testumab/editions"
    answer = client.get(f"{api}/1")
    assert answer.status_code == 410
    assert answer.json()["reason"] == REASON
    assert [each["number"] for each in client.get(api).json()["items"]] == [3]
    assert f"{PATH}editions/1/" not in client.get("/updates.atom").content.decode()
    rows = soup(client, f"{PATH}editions/").select(".history__item")
    assert ["Withdrawn on" in row.get_text() for row in rows] == [False, True, True]


@pytest.mark.parametrize("path", LEADING_TO_COMPARISONS)
def test_where_all_before_are_gone_words_stand_in_place_of_the_link(
    path: str, reviewed_again: Any, client: Client
) -> None:
    content = client.get(path).content.decode()
    assert f"{PATH}changes/" not in content
    if path != "/updates.atom":
        assert "All editions before this one were withdrawn, so it is compared with none." in content
    assert WRONG not in content


def test_an_earlier_edition_of_a_text_that_was_signed_again_is_shown(db: None, client: Client) -> None:
    document = monograph()
    publish(document)
    withdraw(publish(document))
    publish(document, restores=2)
    for number in (1, 2):
        assert client.get(f"{PATH}editions/{number}/").status_code == 200


MAY_BE_WRONG = "This edition may be wrong as well."


def test_an_edition_before_a_withdrawn_one_says_that_it_may_be_wrong_as_well(
    replaced: Any, client: Client
) -> None:
    [notice] = soup(client, f"{PATH}editions/1/").select(".superseded")
    advice = REASON_TEXTS[WithdrawalReason.MISTAKE].advice
    urgent, old = (fact.get_text() for fact in notice.select("p"))
    assert urgent == f"{MAY_BE_WRONG} Edition 2, which came after it, was withdrawn: {REASON} {advice}"
    assert old.startswith("This is an old edition.")
    assert old.endswith("see what changed since.")
    for path in ("", "editions/3/", "changes/1/3/"):
        assert MAY_BE_WRONG not in client.get(f"{PATH}{path}").content.decode()
    api = "/api/v1/monographs/testumab"
    assert client.get(f"{api}/editions/1").json()["later_withdrawal"] == {
        "number": 2, "reason": REASON, "advice": advice
    }  # fmt: skip
    newest, first = client.get(f"{api}/editions").json()["items"]
    assert (newest["later_withdrawal"], first["later_withdrawal"]["number"]) == (None, 2)
    assert client.get(api).json()["later_withdrawal"] is None


@pytest.mark.parametrize("number", [1, 2])
def test_an_edition_whose_text_or_successor_was_signed_again_says_nothing(
    number: int, replaced: Any, client: Client
) -> None:
    before = client.get(f"{PATH}editions/1/")
    assert MAY_BE_WRONG in before.content.decode()
    words = "Take 5 mg in the morning." if number == 1 else WRONG
    publish(replaced.model_copy(update={"sections": sections(text(words))}), restores=number)
    after = client.get(f"{PATH}editions/1/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert MAY_BE_WRONG not in after.content.decode()
