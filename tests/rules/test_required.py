"""What keeps a draft from being submitted, with the place where it can be fixed."""

import json
from typing import Any

import pytest

from home.models import HomePage
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage
from monographs.rules.draft_check import submit_errors_of
from tests.factories import complete_sections, make_monograph, stream, text

pytestmark = pytest.mark.django_db


def problems(page: Any, published: Any = None) -> list[tuple[str, str]]:
    return [(problem.place, problem.message) for problem in submit_errors_of(page, published=published)]


def places(page: Any, published: Any = None) -> list[str]:
    return [place for place, _ in problems(page, published)]


def with_sections(page: MonographPage, sections: dict[str, Any]) -> MonographPage:
    page.sections = stream(sections)
    return page


def test_a_complete_draft_has_no_problems(site: Any) -> None:
    assert problems(make_monograph()) == []


def test_every_empty_section_is_named(site: Any) -> None:
    page = make_monograph(complete=False)
    assert places(page) == [
        "How it is administered",
        "How it works",
        "Common side effects",
        "Who should take it",
        "Who should not take it",
        "Commonly used with",
        "Commonly tested with",
    ]


def test_serious_effects_are_a_part_of_their_own(site: Any) -> None:
    sections = complete_sections()
    sections["common_side_effects"]["serious"] = {"introduction": "", "effects": []}
    assert places(with_sections(make_monograph(), sections)) == ["Serious side effects"]


def test_the_path_to_an_incomplete_block_is_given(site: Any) -> None:
    sections = complete_sections()
    sections["how_it_works"]["content"].append(
        {"type": "advice", "value": {"urgency": "", "text": "<p>Call.</p>"}}
    )
    sections["common_side_effects"]["common_effects"].append({"name": "", "explanation": "Nameless."})
    assert problems(with_sections(make_monograph(), sections)) == [
        ("How it works: Content: Advice box: Urgency", "This must be filled in."),
        ("Common side effects: Common side effects: Side effect 2: Name", "This must be filled in."),
    ]


def test_unknown_and_doubled_sources_are_named(site: Any) -> None:
    page = make_monograph()
    sections = complete_sections()
    sections["how_it_works"]["sources"] = "label, nhs"
    with_sections(page, sections)
    row = {"type": "source", "value": {"reference": "label", "title": "Twice", "publisher": ""}}
    page.sources = json.dumps([row, row])
    assert problems(page) == [
        ("How it works", "There is no source called “nhs”. Add it to the sources, or fix the name."),
        ("Sources", "Two sources are called “label”. Rename one."),
    ]


def test_a_later_edition_says_what_changed(site: Any) -> None:
    page = make_monograph(change_note="The dose.")
    published = page.to_document()
    assert problems(page, published) == [], "nothing has changed, so there is nothing to say"
    page.summary = "Other."
    assert "note of the edition before" in problems(page, published)[0][1]
    page.change_note = ""
    assert places(page, published) == ["What changed"]
    page.change_note = "The summary."
    assert problems(page, published) == []


def test_an_address_in_use_is_reported_before_review(site: Any) -> None:
    make_monograph("taken")
    page = make_monograph()
    page.slug = "taken"
    assert places(page) == ["Slug"]


def test_a_companion_names_something(site: Any) -> None:
    sections = complete_sections()
    sections["commonly_used_with"]["companions"] = [{"medicine": None, "name": "", "why": "Its reason."}]
    found = problems(with_sections(make_monograph(), sections))
    assert found == [
        (
            "Commonly used with: Medicines and treatments: Medicine or treatment 1: Name",
            "Choose a medicine or write a name.",
        )
    ]


def test_the_account_link_is_whole_or_absent(site: HomePage) -> None:
    site.organisation = "Example"
    site.account_label = "Sign in"
    assert places(site) == ["Account address"]


def test_other_pages_need_words_too(site: HomePage) -> None:
    classes = MonographIndexPage.objects.get(collection="classes")
    drug_class = classes.add_child(instance=DrugClassPage(title="A class", slug="a-class"))
    assert places(drug_class) == ["Body"]
    drug_class.body = json.dumps([text("Described.")])
    assert problems(drug_class) == []
    assert places(site) == ["Organisation"]
    assert problems(classes) == []


def test_a_page_that_is_no_valid_document_says_why(site: Any) -> None:
    page = make_monograph()
    page.slug = "not a slug!"
    assert places(page) == ["slug"]
