"""Questions: the passage that answers, or that the page does not answer."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from monographs.document import MonographDocument, SectionType
from monographs.document.parts import Advice, DoDont, Urgency
from monographs.document.passages import DocumentPassage, as_text, passages
from monographs.public.search.answers import Answer, AnswerStatus, answer
from monographs.public.search.question import read_question
from monographs.public.search.service import search
from tests.public.published import monograph, publish, section, sections, soup, text
from tests.search.demonstration import documents, name_index

_QUESTIONS: dict[str, list[tuple[str, str, str]]] = tomllib.loads(
    Path(__file__).with_name("questions.toml").read_text("utf-8")
)
USEFUL = 0.9


def answered(question: str, document: MonographDocument) -> Answer | None:
    """What the page of ``document`` says to ``question``; None if the question is not about it."""
    read = read_question(name_index(), question)
    for medicine in read.medicines:
        if medicine.key == document.key and read.is_about_a_medicine:
            row = {**document.model_dump(), "path": document.path}
            return answer(read, medicine, row, document)
    return None


def _says(pattern: str, found: Sequence[DocumentPassage]) -> bool:
    return any(re.search(pattern, f"{each.section}. {as_text(each)}".lower()) for each in found)


@cache
def _judged(half: str) -> tuple[list[str], list[str]]:
    """The questions of a half that are not answered usefully, and those with a misleading answer."""
    useless, misleading = [], []
    for question, slug, pattern in _QUESTIONS[half]:
        document = documents()[slug]
        found = answered(question, document)
        shown = bool(found and _says(pattern, found.passages))
        rightly_nothing = (
            found is not None
            and found.status is AnswerStatus.NOT_ANSWERED
            and not _says(pattern, list(passages(document)))
        )
        if not (shown or rightly_nothing):
            useless.append(question)
        if found and found.status is AnswerStatus.ANSWERED and not shown:
            misleading.append(question)
    return useless, misleading


def test_the_sets_have_the_documented_size() -> None:
    assert {half: len(rows) for half, rows in _QUESTIONS.items()} == {
        "tuned": 124,
        "held_back": 65,
        "second_held_back": 35,
        "third_held_back": 30,
    }
    asked = [question for rows in _QUESTIONS.values() for question, _, _ in rows]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("half", _QUESTIONS)
def test_nine_of_ten_questions_are_answered_usefully_and_none_misleads(half: str) -> None:
    useless, misleading = _judged(half)
    assert misleading == []
    assert len(useless) <= (1 - USEFUL) * len(_QUESTIONS[half]), useless


def drug(
    *parts: Any,
    name: str = "imatinib",
    kind: SectionType = SectionType.HOW_IT_IS_ADMINISTERED,
    **fields: Any,
) -> Any:
    """A published medicine whose section of ``kind`` has these parts."""
    others = [each for each in sections() if each.type is not kind]
    order = list(SectionType)
    with_it = sorted((*others, section(kind, *parts)), key=lambda each: order.index(each.type))
    fields = {"brand_names": ("Gleevec",), "sections": tuple(with_it), **fields}
    return publish(monograph(name, **fields))


def only_answer(query: str) -> dict[str, Any]:
    [found] = search(query)["answers"]
    return dict(found)


@pytest.mark.django_db
def test_a_passage_with_only_the_verb_is_no_answer(client: Client) -> None:
    drug(text("Drink all of it right away."), text("The bag contains benzyl alcohol."))
    assert only_answer("can I drink alcohol with gleevec")["status"] == "not_answered"
    [result] = search("can I drink alcohol with gleevec")["results"]
    assert (result["name"], result["anchor"]) == ("imatinib", "")
    page = soup(client, "/search/?q=can I drink alcohol with gleevec").main.get_text()
    assert "This page does not answer that. Ask your care team or pharmacist." in page
    assert "Drink all" not in page


@pytest.mark.django_db
def test_an_answer_is_a_whole_passage_with_its_heading_and_urgency(client: Client) -> None:
    urgency = Urgency.CALL_NOW
    html = "<p>For any of these:</p><ul><li>Fever</li><li>Chills</li></ul><p>Call at any hour.</p>"
    box = Advice(urgency=urgency, urgency_label=urgency.label, html=html)
    drug(box, kind=SectionType.WHEN_TO_GET_HELP)
    found = only_answer("i have a temperature on gleevec")
    assert found["status"] == "answered"
    assert found["passages"][0] == {
        "anchor": "when-to-get-help",
        "heading": "When to get help",
        "urgency": "call_now",
        "urgency_label": "Call now, day or night",
        "condition": "",
        "text": "Call now, day or night: For any of these: Fever; Chills. Call at any hour.",
    }
    shown = soup(client, "/search/?q=i have a temperature on gleevec").select_one(".passage")
    assert shown.select_one(".urgency").get_text(strip=True) == "Call now, day or night"
    assert shown.select_one("h3 a")["href"] == "/medicines/imatinib/#when-to-get-help"
    assert [li.get_text() for li in shown.select("li")] == ["Fever", "Chills"]


@pytest.mark.django_db
def test_the_negation_of_an_answer_is_shown(client: Client) -> None:
    drug(DoDont(dont=("Eat grapefruit.",)))
    assert only_answer("grapefruit gleevec")["passages"][0]["text"] == "Do not: Eat grapefruit."
    [result] = search("grapefruit gleevec")["results"]
    assert "".join(run["text"] for run in result["why"]["text"]) == "Do not: Eat grapefruit."
    assert "Do not" in soup(client, "/search/?q=grapefruit gleevec").select_one(".passage").get_text()


@pytest.mark.django_db
def test_what_a_page_does_not_mention_is_said(client: Client) -> None:
    drug(text("Take it with food."))
    found = only_answer("can i eat food with sushi on gleevec")
    assert (found["status"], found["missing"]) == ("partly", ["sushi"])
    page = soup(client, "/search/?q=can i eat food with sushi on gleevec").main.get_text()
    assert "It says nothing about “sushi”" in page


@pytest.mark.django_db
def test_a_question_without_a_medicine_asks_which_one(client: Client) -> None:
    drug(text("Beer and alcohol are fine."))
    assert search("can i drink alcohol")["answers"] == []
    assert "Which medicine is it about?" in soup(client, "/search/?q=can i drink alcohol").main.get_text()


@pytest.mark.django_db
def test_a_name_that_is_guessed_is_said(client: Client) -> None:
    drug(text("Do not drink alcohol."))
    page = soup(client, "/search/?q=gleevac and beer").main.get_text()
    assert "You typed “gleevac”. This is about imatinib." in page
    assert search("gleevac and beer", exact=True)["answers"] == []


@pytest.mark.django_db
def test_a_question_takes_one_query(django_assert_num_queries: Any) -> None:
    drug(text("Do not drink alcohol."))
    search("warm")
    for query in ("can i drink alcohol with gleevec", "does gleevec glow", "i want to die"):
        with django_assert_num_queries(1):
            search(query)


@pytest.mark.django_db
def test_two_medicines_are_answered_each_from_its_page() -> None:
    drug(text("Do not drink alcohol."))
    publish(monograph("venetoclax", brand_names=("Venclexta",)))
    found = search("alcohol with gleevec and venclexta")["answers"]
    assert [(each["slug"], each["status"]) for each in found] == [
        ("imatinib", "answered"),
        ("venetoclax", "not_answered"),
    ]


def test_a_name_alone_is_no_question() -> None:
    for query in ("gleevec", "what about gleevec please", "imatinib (Gleevec)"):
        read = read_question(name_index(), query)
        assert read.medicines
        assert not read.is_about_a_medicine


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("can i eat eggs on venclexta", "food"),
        ("should i freeze my eggs before venclexta", "having children later"),
        ("can we have kids after venclexta", "having children later"),
        ("i have kids at home and take gleevec", "children"),
        ("his poop is black on gleevec", "blood in stool"),
        ("her pee is dark on gleevec", "dark urine"),
        ("is pee dangerous to others on gleevec", "body fluids and laundry"),
        ("is his blood pressure ok on gleevec", "blood pressure"),
        ("take revlimid capsules on an empty stomach", "food"),
        ("on an empty stomach do i take revlimid capsules", "food"),
        ("can i open my revlimid capsules", "crushing, splitting or chewing"),
        ("a revlimid capsule broke and leaked", "a broken capsule or spilled medicine"),
        ("cant make the nausea stop on gleevec", "nausea"),
        ("i cant make my tecvayli visit", "a missed dose"),
        ("cant swallow since vincristine", "trouble swallowing"),
        ("cant swallow gleevec", "crushing, splitting or chewing"),
    ],
)
def test_words_are_read_as_the_topic_that_is_meant(query: str, topic: str) -> None:
    read = [asked.topic for asked in read_question(name_index(), query).topics]
    particular = [each.id for each in read if not each.is_frame]
    assert topic in (particular[:1] or [each.id for each in read])


@pytest.mark.django_db
def test_a_page_is_not_said_to_lack_a_word_that_it_has() -> None:
    drug(
        text("Drink two glasses of water with each tablet."),
        text("A glass of milk is fine at breakfast with your partner."),
    )
    found = only_answer("how much water should my partner drink with gleevec at noon")
    assert found["status"] == "partly"
    assert found["missing"] == ["noon"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sti-571", "STI571", "Glivec", "imatinib mesylate"])
def test_a_question_names_a_medicine_in_any_way_that_the_lists_know(name: str) -> None:
    drug(text("Do not drink alcohol."))
    assert only_answer(f"can I drink wine with {name}")["status"] == "answered"


@pytest.mark.django_db
@pytest.mark.parametrize("drink", ["coffee", "milk", "orange juice", "water", "tea"])
def test_another_drink_is_not_answered_with_alcohol(drink: str) -> None:
    drug(text("Do not drink alcohol."), text("Drink a glass of water."))
    said = only_answer(f"can I drink {drink} with gleevec")
    assert "alcohol" not in str(said["passages"])
