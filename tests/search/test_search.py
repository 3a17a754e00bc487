"""Search results: which pages, in which order, and why."""

from typing import Any

import pytest
from django.test import Client

from monographs.document import SectionType
from monographs.document.models import Identifiers
from monographs.public.models import Passage
from monographs.public.search.service import MAX_QUERY_LENGTH, find_pages, search
from tests.public.published import (
    condition,
    drug_class,
    home,
    monograph,
    publish,
    reference,
    section,
    sections,
    soup,
    text,
)

pytestmark = pytest.mark.django_db


def names(query: str, **options: Any) -> list[str]:
    return [result["name"] for result in search(query, **options)["results"]]


def why(query: str, place: int = 0) -> dict[str, Any]:
    reason: dict[str, Any] = search(query)["results"][place]["why"]
    return reason


def with_text(name: str, words: str, kind: SectionType = SectionType.HOW_IT_WORKS, **fields: Any) -> Any:
    others = [s for s in sections() if s.type is not kind]
    return monograph(name, brand_names=(), sections=(*others, section(kind, text(words))), **fields)


@pytest.mark.parametrize("typed", ["ibrutinib", "IBRUTINIB", " Ibru-tinib ", "íbrutinib"])
def test_a_name_typed_exactly_comes_first_whatever_its_case_accents_and_spaces(typed: str) -> None:
    publish(monograph("ibrutinib", brand_names=("Imbruvica",)))
    publish(monograph("aaa", brand_names=("Ibrutinib Plus",)))
    publish(monograph("pirtoibrutinib", brand_names=()))
    assert names(typed) == ["ibrutinib", "aaa", "pirtoibrutinib"]
    assert search(typed)["corrected"] is None


def test_a_brand_typed_exactly_comes_before_longer_names() -> None:
    publish(monograph("zanolimus", brand_names=("Taxol",)))
    publish(monograph("taxolimus", brand_names=()))
    assert names("taxol") == ["zanolimus", "taxolimus"]
    assert why("taxol") == {
        "kind": "brand_name",
        "label": "Taxol",
        "heading": "",
        "urgency": None,
        "text": [],
    }


def test_beginnings_come_before_what_is_inside_a_name() -> None:
    publish(monograph("xtumab", brand_names=("Other",)))
    publish(monograph("otherumab", brand_names=("Túma-Brand",)))
    publish(condition("Tumabitis", slug="tumabitis"))
    assert names("TUMA b") == ["otherumab", "Tumabitis", "xtumab"]


@pytest.mark.parametrize("code", ["L01FX07", "l01fx07", "1597262", "4FR53SIF3A"])
def test_a_code_finds_its_medicine_and_says_so(code: str) -> None:
    identifiers = Identifiers(rxcui=("1597262",), atc="L01FX07", unii="4FR53SIF3A")
    publish(monograph("blinatumomab", identifiers=identifiers))
    assert names(code) == ["blinatumomab"]
    assert why(code)["kind"] == "code"


@pytest.mark.parametrize("code", ["L01FX08", "1597263"])
def test_a_code_that_is_nearly_right_is_another_code(code: str) -> None:
    publish(monograph("blinatumomab", identifiers=Identifiers(rxcui=("1597262",), atc="L01FX07")))
    assert names(code) == []


def test_a_development_code_in_the_text_is_found() -> None:
    publish(with_text("venetoclax", "In trials it was called XYZ-199."))
    assert names("XYZ-199") == ["venetoclax"]
    assert {"text": "XYZ-199", "marked": True} in why("xyz-199")["text"]


def test_a_class_is_found_and_then_its_medicines() -> None:
    of, treats = drug_class(), condition()
    for document in (of, treats):
        publish(document)
    publish(monograph("aumab", drug_class=reference(of), conditions=(reference(treats),), sections=()))
    publish(monograph("bumab", sections=()))
    assert names("testing antibodies") == ["Testing antibodies", "aumab"]
    assert why("testing antibodies", 1) == {
        "kind": "class",
        "label": "Testing antibodies",
        "heading": "",
        "urgency": None,
        "text": [],
    }
    assert names("leukemia") == ["Test leukemia", "aumab"]
    assert why("leukemia", 1)["kind"] == "condition"


def test_one_word_of_a_longer_name_is_found_also_misspelt() -> None:
    publish(condition("Acute lymphoblastic leukemia", slug="all"))
    assert names("lymphoblastic") == ["Acute lymphoblastic leukemia"]
    assert names("limfoblastik") == ["Acute lymphoblastic leukemia"]
    assert names("leukaemia") == ["Acute lymphoblastic leukemia"]


def test_words_of_the_text_are_marked_under_their_heading_and_lead_to_the_section(client: Client) -> None:
    publish(with_text("aumab", "It may make your eyes sensitive to sunlight."))
    [result] = search("sensitivity sunlight")["results"]
    assert result["anchor"] == "how-it-works"
    assert result["why"]["kind"] == "text"
    assert result["why"]["heading"] == "How it works"
    assert [run["text"] for run in result["why"]["text"] if run["marked"]] == ["sensitive", "sunlight"]
    page = soup(client, "/search/?q=sensitivity+sunlight")
    assert page.select_one(".found a")["href"] == "/medicines/aumab/#how-it-works"
    assert [mark.get_text() for mark in page.select(".found mark")] == ["sensitive", "sunlight"]


def test_a_question_about_a_medicine_finds_the_section_that_answers_it() -> None:
    kind = SectionType.PREGNANCY_AND_BREASTFEEDING
    publish(with_text("lenalidomide", "It can harm a baby before birth.", kind))
    publish(with_text("otherumab", "Pregnancy is no reason to stop it.", kind))
    for typed in ("lenalidomide pregnancy", "is lenalidomide safe in pregnancy"):
        first = search(typed)["results"][0]
        assert (first["name"], first["anchor"]) == ("lenalidomide", "pregnancy-and-breastfeeding")


def test_a_misspelt_name_in_a_question_is_corrected() -> None:
    kind = SectionType.PREGNANCY_AND_BREASTFEEDING
    document = with_text("lenalidomide", "It can harm a baby before birth.", kind)
    publish(document.model_copy(update={"brand_names": ("Revlimid",)}))
    found = search("revlamid pregnancy")
    assert found["corrected"] == "Revlimid pregnancy"
    assert found["results"][0]["anchor"] == "pregnancy-and-breastfeeding"


@pytest.mark.parametrize(
    ("typed", "meant", "name"),
    [
        ("blinatumumab", "blinatumomab", "blinatumomab"),
        ("blincito", "Blincyto", "blinatumomab"),
        ("revlamid", "Revlimid", "lenalidomide"),
        ("gleevac", "Gleevec", "imatinib"),
        ("ven-clex-ta", "Venclexta", "venetoclax"),
        ("ven clecks ta", "Venclexta", "venetoclax"),
    ],
)
def test_a_misheard_name_is_found_and_the_page_shows_the_correction(
    client: Client, typed: str, meant: str, name: str
) -> None:
    brands = {
        "blinatumomab": "Blincyto",
        "lenalidomide": "Revlimid",
        "imatinib": "Gleevec",
        "dexamethasone": "Decadron",
        "venetoclax": "Venclexta",
    }
    for title, brand in brands.items():
        publish(monograph(title, brand_names=(brand,)))
    found = search(typed)
    # “ven-clex-ta” is the name itself apart from hyphens, so there is nothing to correct
    assert found["corrected"] == (None if typed == "ven-clex-ta" else meant)
    assert found["results"][0]["name"] == name
    words = soup(client, f"/search/?q={typed}").get_text()
    assert (f"Showing results for {meant}" in words) is (typed != "ven-clex-ta")


def test_what_was_typed_can_be_searched_for_exactly(client: Client) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",)))
    page = soup(client, "/search/?q=gleevac")
    [exactly] = [a["href"] for a in page.select("main a") if "exactly" in a.get_text()]
    assert exactly == "/search/?q=gleevac&exact=1"
    page = soup(client, exactly)
    assert "Nothing found for “gleevac”" in page.get_text()
    assert [a["href"] for a in page.select("main a") if "like" in a.get_text()] == ["/search/?q=gleevac"]


def test_a_word_that_occurs_in_texts_is_not_corrected() -> None:
    publish(with_text("aumab", "Call if you get a fever."))
    publish(monograph("feverix", brand_names=(), sections=()))
    assert search("fevers")["corrected"] is None
    assert names("fevers")[0] == "aumab"


def test_nothing_found_offers_a_to_z_and_how_to_ask_but_no_other_name(client: Client) -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",)))
    page = soup(client, "/search/?q=gxyvqho")
    words = page.main.get_text()
    assert "Nothing found for “gxyvqho”" in words
    assert "ask your pharmacist or care team" in words
    assert page.select('main a[href="/medicines/"]')
    assert page.select('main .letters a[href="/medicines/?letter=I"]')
    assert page.select(".found a") == []


def test_a_short_query_is_not_corrected() -> None:
    publish(monograph("imatinib", brand_names=("Gleevec",)))
    assert names("xy") == []
    assert names("im") == ["imatinib"]


def test_superseded_words_and_names_are_found_by_nothing() -> None:
    document = with_text("aumab", "It glows in the dark.").model_copy(update={"brand_names": ("Oldbrand",)})
    publish(document)
    assert names("Oldbrand") == names("glows") == ["aumab"]
    newer = with_text("aumab", "It shines.", key=document.key)
    publish(newer.model_copy(update={"brand_names": ("Newname",)}))
    assert names("Oldbrand", exact=True) == names("glows") == []
    assert names("newname") == names("shines") == ["aumab"]


def test_an_edition_that_is_not_public_yet_is_found_by_nothing() -> None:
    publish(with_text("aumab", "It glows in the dark."), current=False)
    assert names("aumab") == names("glows") == []


def test_a_medicine_that_moved_is_found_where_it_is_now() -> None:
    document = monograph("aumab", sections=())
    publish(document)
    publish(document.model_copy(update={"slug": "new-place"}))
    assert [r["path"] for r in search("aumab")["results"]] == ["/medicines/new-place/"]


def test_a_manipulated_index_changes_no_text_that_is_shown() -> None:
    edition = publish(with_text("aumab", "It shines."))
    Passage.objects.filter(edition=edition).update(words="'poison':1A")
    [result] = search("poison")["results"]
    shown = "".join(run["text"] for run in result["why"]["text"])
    assert shown
    assert shown in edition.document.model_dump_json()
    Passage.objects.filter(edition=edition).update(section="nowhere")
    assert search("poison")["results"][0]["why"]["heading"] == ""


BAD = [
    "",
    "\x00",
    "aumab\x00",
    "a" * 10_000,
    "!!!",
    "%",
    "%25%5f_",
    "\\",
    "'; DROP TABLE editions_edition; --",
    "💊",
    "💊 aumab",
    "\u202ebamua",
    "بلیناتوموماب",
    "&",
    "a & | ! ( ) : * <->",
    "'a' <-> 'b'",
    '"unclosed',
    "aumab:*",
    "-aumab",
    "\ud7ff\ufffe",
    "\ue000aumab\ue001",
    "a " * 200,
    "ﬁ ½ ² Ⅷ",
    "the of and",
]


@pytest.mark.parametrize("query", BAD)
def test_any_input_is_answered(client: Client, query: str) -> None:
    publish(with_text("aumab", "It glows \\ in 'the' dark &amp; &lt;5 mg: a|b."))
    publish(home())
    for path in ("/search/", "/search/suggest"):
        for more in ({}, {"exact": "1"}):
            response = client.get(path, {"q": query, **more})
            assert response.status_code == 200
            assert response["X-Robots-Tag"] == "noindex"
    assert len(search(query)["query"]) <= MAX_QUERY_LENGTH


def test_a_search_takes_one_query_and_one_more_to_highlight_words(django_assert_num_queries: Any) -> None:
    for name in ("aumab", "bumab", "cumab"):
        publish(with_text(name, "It glows in the dark."))
    search("warm")
    for query in ("aumab exact", "aumap", "nothing like it", ""):
        with django_assert_num_queries(1):
            search(query, exact=True)
    for query in ("glows", "glowing dark"):
        with django_assert_num_queries(2):
            assert len(search(query)["results"]) == 3


def test_the_fields_of_the_answer() -> None:
    publish(monograph("aumab", brand_names=("Abrand",), summary="About it."))
    found = search("abrand")
    assert found["query"] == "abrand"
    assert found["corrected"] is None
    assert (found["known_but_absent"], found["did_you_mean"], found["other_medicines"]) == (None, [], [])
    assert found["results"][0] == {
        "slug": "aumab",
        "name": "aumab",
        "brand_names": ["Abrand"],
        "path": "/medicines/aumab/",
        "anchor": "",
        "kind": "monograph",
        "summary": "About it.",
        "why": {"kind": "brand_name", "label": "Abrand", "heading": "", "urgency": None, "text": []},
        "withdrawn": None,
    }


def test_a_long_list_of_results_is_cut_and_says_so(client: Client) -> None:
    for number in range(31):
        publish(monograph(f"aumab-{number:02}", brand_names=(), sections=()))
    found, _ = find_pages("aumab")
    assert (len(found.results), found.truncated) == (30, True)
    assert "Type more of the name" in soup(client, "/search/?q=aumab").main.get_text()
