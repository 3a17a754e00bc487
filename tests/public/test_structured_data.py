"""Structured data and metadata of public pages."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monographs.document import MonographDocument, SectionType
from monographs.document.models import Identifiers
from monographs.document.parts import Advice, ConditionPart, DoDont, Urgency
from monographs.document.render_context import RenderContext
from monographs.public.schema_org import DESCRIPTION_LENGTH, description, medicine_terms
from tests.document.numbered import Numbered, check
from tests.document.strategies import monographs
from tests.public.published import (
    condition,
    drug_class,
    home,
    information,
    key,
    monograph,
    publish,
    reference,
    section,
    sections,
    soup,
    text,
    withdraw,
)
from tests.public.vocabulary import TYPES, faults

PATH = "/medicines/testumab/"


def data(client: Client, path: str = PATH) -> Any:
    """Return the structured data of a page, or None."""
    blocks = soup(client, path).find_all("script", src=False)
    assert len(blocks) <= 1
    if not blocks:
        return None
    assert blocks[0].attrs == {"type": "application/ld+json"}
    return json.loads(blocks[0].string)


def meta(page: Any) -> dict[str, str]:
    return {
        tag.get("property") or tag.get("name"): tag["content"] for tag in page.find_all("meta", content=True)
    }


def full() -> Any:
    group = drug_class()
    publish(group)
    advice = Advice(urgency=Urgency.CALL_TODAY, urgency_label=Urgency.CALL_TODAY.label, html="<p>Call us</p>")
    apart = ConditionPart(condition=key(), condition_name="myeloma", parts=(text("Not with a fever."),))
    pregnancy = section(
        SectionType.PREGNANCY_AND_BREASTFEEDING, advice, DoDont(do=("Tell us",), dont=("Wait",)), apart
    )
    return monograph(
        drug_class=reference(group),
        sections=(*sections(), pregnancy),
        identifiers=Identifiers(
            rxcui=("1597262", "1597267"), atc="L01FX07", unii="4FR53SIF3A", label_set_id="38b482a8-960b"
        ),
    )


def test_the_structured_data_of_a_monograph(client: Client) -> None:
    edition = publish(full())
    page = data(client)
    assert page["@context"] == "https://schema.org"
    assert page["@type"] == "MedicalWebPage"
    assert page["url"].endswith(PATH)
    assert page["version"] == 1
    assert page["lastReviewed"] == edition.last_reviewed.isoformat()
    assert page["dateModified"] == edition.effective_at.isoformat()
    assert page["reviewedBy"] == [{"@type": "Person", "name": "Rosa Reviewer", "honorificSuffix": "PharmD"}]
    assert [source["name"] for source in page["citation"]] == ["The label", "A textbook"]
    medicine = page["about"]
    assert "Drug" in medicine["@type"]
    assert medicine["nonProprietaryName"] == "testumab"
    assert medicine["proprietaryName"] == ["Testra"]
    assert medicine["drugClass"]["name"] == "Testing antibodies"
    assert medicine["drugClass"]["url"].endswith("/classes/testing-antibodies/")
    assert medicine["mechanismOfAction"] == ["How it works: It wakes T cells."]
    assert medicine["administrationRoute"] == ["By mouth"]
    assert [effect["name"] for effect in medicine["adverseOutcome"]] == ["Fever"]
    assert medicine["seriousAdverseOutcome"][0]["name"] == "Seizure"
    assert medicine["seriousAdverseOutcome"][0]["description"].startswith(
        "Call 911 now: Serious side effects: Seizure: "
    )
    assert medicine["contraindication"] == ["Who should not take it: Anyone allergic to it."]
    assert medicine["warning"] == ["Most serious warnings: It can cause a severe reaction."]
    assert medicine["pregnancyWarning"] == [
        "Call your care team today: Pregnancy and breastfeeding: Call us.",
        "Pregnancy and breastfeeding: Do: Tell us.",
        "Pregnancy and breastfeeding: Do not: Wait.",
        "Pregnancy and breastfeeding: For myeloma: Not with a fever.",
    ]
    assert medicine["labelDetails"].endswith("setid=38b482a8-960b")
    assert medicine["rxcui"] == ["1597262", "1597267"]
    assert [(code["codingSystem"], code["codeValue"]) for code in medicine["code"]] == [
        ("ATC", "L01FX07"),
        ("UNII", "4FR53SIF3A"),
    ]


def test_every_term_is_defined_by_schema_org(client: Client) -> None:
    publish(full())
    assert list(faults(data(client))) == []
    bare = monograph("bareumab", sections=(), sources=(), routes=(), brand_names=(), summary="")
    publish(bare)
    assert list(faults(data(client, "/medicines/bareumab/"))) == []
    assert "warning" not in data(client, "/medicines/bareumab/")["about"]


def test_home_classes_and_conditions_say_what_they_list_who_publishes_and_where_they_are(
    client: Client,
) -> None:
    publish(home())
    group, disease = drug_class(), condition()
    publish(group)
    publish(disease)
    publish(monograph(drug_class=reference(group), conditions=(reference(disease),)))
    site = data(client, "/")
    assert (site["@type"], site["name"]) == ("WebSite", "Example Foundation")
    assert list(faults(site)) == []
    for document, kind, above in (
        (group, "DrugClass", "Drug classes"),
        (disease, "MedicalCondition", "Conditions"),
        (monograph(), "Drug", "Medicines A to Z"),
    ):
        page = data(client, document.path)
        assert list(faults(page)) == []
        assert kind in page["about"]["@type"]
        assert page["publisher"] == site["publisher"]
        way = page["breadcrumb"]["itemListElement"]
        assert [place["name"] for place in way] == ["Example Foundation", above, document.title]
        assert [place["position"] for place in way] == [1, 2, 3]
        for place in way:
            assert client.get("/" + place["item"]["@id"].split("/", 3)[3]).status_code == 200
    for document in (group, disease):
        (medicine,) = data(client, document.path)["about"]["drug"]
        assert (medicine["name"], medicine["proprietaryName"]) == ("testumab", ["Testra"])
        assert medicine["url"].endswith(PATH)


def strings(value: Any) -> Iterator[str]:
    """Every text in structured data that says something of its own; a name is beside its description."""
    match value:
        case dict():
            for term, inner in value.items():
                if term != "name":
                    yield from strings(inner)
        case list():
            for inner in value:
                yield from strings(inner)
        case str():
            yield value


@pytest.mark.all_examples
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(monographs, st.data())
def test_structured_data_and_descriptions_keep_urgency_negation_and_lists(
    document: MonographDocument, drawn: st.DataObject
) -> None:
    numbered = Numbered(document, drawn.draw).document
    said = [*strings(medicine_terms(numbered, PATH)), description(numbered)]
    for words in said:
        check(words, numbered)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"about": {"@type": "Drug", "adverseOutcome": {"@type": "MedicalEntity"}}},
            "no property adverseOutcome",
        ),
        ({"about": {"@type": "Medicament"}}, "no type Medicament"),
        ({"lastReviewed": "yesterday"}, "lastReviewed is not Date"),
        ({"reviewedBy": {"@type": "Drug"}}, "reviewedBy is not Organization or Person"),
        ({"reviewdBy": "Rosa"}, "no property reviewdBy"),
    ],
)
def test_the_check_finds_what_schema_org_does_not_know(change: Any, fault: str) -> None:
    assert any(fault in found for found in faults({"@type": "MedicalWebPage", **change}))


def test_the_definitions_name_their_source() -> None:
    file = json.loads((Path(__file__).parent / "schema_org.json").read_text())
    assert "schema-dts" in file["source"]
    assert "CC BY-SA" in file["licence"]
    assert {"Drug", "MedicalWebPage"} <= set(TYPES)


def test_no_text_can_end_the_block_it_is_in(client: Client) -> None:
    nasty = "</script><script>alert(1)</script><!-- \u2028 &"
    publish(monograph(summary=nasty, brand_names=(nasty,)))
    content = client.get(PATH).content.decode()
    assert content.count("<script") == 2  # with the script that shares a section
    assert "alert(1)</script>" not in content
    assert data(client)["about"]["proprietaryName"] == [nasty]
    assert data(client)["description"] == nasty


def test_only_the_current_edition_is_described(client: Client) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"summary": "testumab helps."}))
    assert data(client)["version"] == 2
    for number in (1, 2):
        old = soup(client, f"{PATH}editions/{number}/")
        assert old.find("script") is None
        assert old.find("meta", property="og:title") is None
    for path in ("/", "/medicines/", "/medicines/none/", f"{PATH}editions/", "/search/?q=test"):
        assert data(client, path) is None


def test_a_withdrawn_page_has_no_structured_data(client: Client) -> None:
    withdraw(publish(full()))
    content = client.get(PATH).content.decode()
    assert "ld+json" not in content
    assert "og:title" not in content


def test_a_shared_link_shows_title_summary_and_site(client: Client) -> None:
    publish(home())
    publish(monograph(title="testumab", summary="It says “5 < 6” & more."))
    said = meta(soup(client, PATH))
    assert said["description"] == said["og:description"] == "It says “5 < 6” & more."
    assert said["og:title"] == "testumab"
    assert said["og:url"].endswith(PATH)
    assert said["og:site_name"] == "Example Foundation"
    assert said["og:type"] == "article"
    assert not any("image" in name for name in said if name)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (condition(), "/conditions/test-leukemia/"),
        (drug_class(), "/classes/testing-antibodies/"),
        (information(), "/about/how-we-write/"),
        (home(), "/"),
    ],
)
def test_every_signed_page_has_a_description(client: Client, document: Any, path: str) -> None:
    publish(document)
    assert meta(soup(client, path))["description"] == document.summary


def test_without_a_summary_the_first_words_describe_a_page() -> None:
    long = condition(summary="", body=(text("A blood disease. " * 30),))
    said = description(long)
    assert said.startswith("A blood disease. A blood")
    assert said.endswith(" …")
    assert len(said) <= DESCRIPTION_LENGTH + 2
    assert description(condition(summary="", body=(text("Short."),))) == "Short."
    assert description(condition(summary="", body=())) == ""


def test_every_page_leads_to_the_feed(client: Client) -> None:
    publish(monograph())
    for path in ("/", PATH, f"{PATH}editions/", "/search/", "/medicines/none/"):
        link = soup(client, path).find("link", type="application/atom+xml")
        assert link["href"] == "/updates.atom"
        assert link["rel"] == ["alternate"]


def test_a_draft_is_not_described() -> None:
    draft = RenderContext.draft(monograph(), links={}, site=None, figures={})
    page = BeautifulSoup(render_to_string(draft.template, draft.as_template_context()), "html.parser")
    assert page.find("script") is None
    assert page.find("meta", property="og:url") is None
