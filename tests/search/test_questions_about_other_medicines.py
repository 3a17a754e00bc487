"""A question about a medicine without a current page is never answered from the page of another one."""

from typing import Any

import pytest
from django.test import Client

from monographs.document import SectionType
from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason
from monographs.public.search.service import search
from tests.public.published import soup, text, withdraw
from tests.search.test_questions import drug

pytestmark = pytest.mark.django_db
ADVICE = REASON_TEXTS[WithdrawalReason.MISTAKE].advice
TEXT = "Do not drink alcohol with it. It can harm the liver."


@pytest.fixture
def pages() -> None:
    for name, brand in (
        ("imatinib", "Gleevec"),
        ("rituximab", "Rituxan"),
        ("vincristine", "Oncovin"),
        ("lenalidomide", "Revlimid"),
    ):
        drug(text(TEXT), name=name, brand_names=(brand,))


def _texts(found: dict[str, Any]) -> list[str]:
    """The results that show words of a page."""
    return [result["name"] for result in found["results"] if result["why"]["kind"] == "text"]


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    "typed",
    [
        "can I drink alcohol with nilotinib",
        "alcohol tasigna",
        "alcohol and thalidomide?",
        "can i drink alcohol with rituxan hycela",
        "rituximab and hyaluronidase alcohol",
        "liposomal vincristine alcohol",
        "alcohol with vincristine liposome",
        "vinblastine and alcohol",
    ],
)
def test_a_question_about_an_absent_medicine_is_not_answered(client: Client, typed: str) -> None:
    found = search(typed)
    assert found["known_but_absent"], typed
    assert (found["answers"], found["did_you_mean"], _texts(found)) == ([], [], [])
    words = soup(client, f"/search/?q={typed}").main.get_text(" ")
    assert "We have no page about" in words
    assert "Do not drink" not in words


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    "typed",
    [
        "nilotanib alcohol",
        "can I drink alcohol with nilotinab",
        "alcohol with vinblasteen",
        "vinkristine alcohol",
        "can i drink alcohol on thalidamide",
        "alcohol on pomalidomid",
        "alcohol with rituxan hyclea",
        "can i drink alcohol with lyposomal vincristine",
    ],
)
def test_a_near_miss_in_a_question_is_asked_about_and_not_answered(client: Client, typed: str) -> None:
    found = search(typed)
    assert (found["answers"], found["corrected"], _texts(found)) == ([], None, [])
    assert "Do not drink" not in soup(client, f"/search/?q={typed}").main.get_text(" ")


@pytest.mark.usefixtures("pages")
def test_a_medicine_with_a_page_is_answered_beside_an_absent_one() -> None:
    found = search("can I drink alcohol with gleevec and nilotinib")
    assert found["known_but_absent"] == "nilotinib"
    [one] = found["answers"]
    assert (one["slug"], one["status"], one["missing"]) == ("imatinib", "partly", ["nilotinib"])
    assert "Do not drink" in one["passages"][0]["text"]


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    "typed", ["can i drink alcohol with gonumab", "gonzo alcohol", "alcohol with gonumap?"]
)
def test_a_withdrawn_medicine_is_answered_with_its_advice_only(client: Client, typed: str) -> None:
    withdraw(drug(text(TEXT), name="gonumab", brand_names=("Gonzo",)))
    found = search(typed)
    assert (found["answers"], _texts(found)) == ([], [])
    assert [result["withdrawn"]["advice"] for result in found["results"]] == [ADVICE]
    words = soup(client, f"/search/?q={typed}").main.get_text(" ")
    assert ADVICE in words
    assert "Do not drink" not in words
    assert "does not answer" not in words


@pytest.mark.parametrize(
    ("named", "typed", "status"),
    [
        ("clarithromycin", "z pack", "not_answered"),
        ("clarithromycin", "biaxin", "answered"),
        ("clarithromycin", "antibiotics", "answered"),
        ("ketoconazole", "diflucan", "not_answered"),
        ("medicines for fungus", "diflucan", "answered"),
        ("warfarin", "eliquis", "not_answered"),
        ("blood thinners", "eliquis", "answered"),
        ("simvastatin", "lipitor", "not_answered"),
        ("omeprazole", "pepcid", "not_answered"),
        ("a pain reliever", "tylenol", "answered"),
    ],
)
def test_a_medicine_is_answered_by_itself_or_its_group(named: str, typed: str, status: str) -> None:
    drug(text(f"Do not take {named}."), kind=SectionType.OTHER_MEDICINES)
    [found] = search(f"can i take {typed} with gleevec")["answers"]
    assert found["status"] == status


@pytest.mark.parametrize(
    ("named", "typed"),
    [
        ("Do not drive.", "ride my bike"),
        ("Do not drive.", "use heavy machinery"),
        ("Do not smoke.", "have cannabis edibles"),
        ("It contains lactose.", "have gluten"),
        ("Help the person you care for.", "touch his pee"),
    ],
)
def test_a_thing_is_not_answered_with_another_one_like_it(named: str, typed: str) -> None:
    kinds = (SectionType.LIVING_WITH_IT, SectionType.FOR_CAREGIVERS, SectionType.WHO_SHOULD_NOT_TAKE_IT)
    for name, kind in zip(("aumab", "bumab", "cumab"), kinds, strict=True):
        drug(text(named), name=name, kind=kind, brand_names=())
        [found] = search(f"can i {typed} with {name}")["answers"]
        assert found["status"] == "not_answered", kind
