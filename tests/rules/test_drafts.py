"""Rules that only a draft can break, and the number of queries for a draft."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from monographs.models import MonographPage
from monographs.rules.draft_check import findings_of, findings_of_submission, submit_errors_of
from monographs.rules.models import LinkCheck
from monographs.rules.registry import RULES
from monographs.rules.site_names import site_names
from tests.factories import complete_sections, make_image, make_monograph, stream, text, with_figure
from tests.rules.cases import CASES

pytestmark = pytest.mark.django_db
Change = Callable[[MonographPage], Any]


def sections(**changed: dict[str, Any]) -> Change:
    """Set complete sections, with these fields changed."""

    def change(page: MonographPage) -> None:
        found = complete_sections()
        for name, value in changed.items():
            found[name] |= value
        page.sections = stream(found)

    return change


def fields(**changed: Any) -> Change:
    """Set fields of the page."""

    def change(page: MonographPage) -> None:
        for name, value in changed.items():
            setattr(page, name, value)

    return change


def sources(*references: str) -> Change:
    """Set sources with these short names."""
    rows = [
        {"type": "source", "value": {"reference": r, "title": f"Source {n}", "publisher": "FDA"}}
        for n, r in enumerate(references)
    ]
    return fields(sources=json.dumps(rows))


def unreadable_picture(page: MonographPage) -> None:
    image = make_image("red")
    Path(image.file.path).write_bytes(b"no picture")
    with_figure(page, image)


ADVICE_BOX = {"type": "advice", "value": {"urgency": "", "text": "<p>Call.</p>"}}
WHOLE_BOX = {"type": "advice", "value": {"urgency": "call_911", "text": "<p>Call.</p>"}}
DRAFT_CASES: dict[str, tuple[list[Change], list[Change]]] = {
    "unfinished-field": (
        [
            sections(how_it_works={"content": [text("It works."), ADVICE_BOX]}),
            sections(commonly_used_with={"companions": [{"medicine": None, "name": "", "why": "Why."}]}),
            fields(title="x" * 256),
        ],
        [
            sections(how_it_works={"content": [WHOLE_BOX]}),
            sections(commonly_used_with={"companions": [{"medicine": None, "name": "Rest", "why": ""}]}),
            fields(brand_names=[], pronunciation=""),
        ],
    ),
    "unreadable-draft": (
        [fields(slug="not a slug!"), fields(review_interval_months=0), unreadable_picture],
        [
            fields(slug="a-slug"),
            fields(review_interval_months=1),
            lambda p: with_figure(p, make_image("red")),
        ],
    ),
    "change-note": (
        [
            fields(summary="Other.", change_note=""),
            fields(summary="Other."),
            sections(how_it_works={"content": [text("Differently.")]}),
        ],
        [
            lambda page: None,
            fields(summary="Other.", change_note="The summary."),
            fields(change_note="Another note."),
        ],
    ),
    "source-names": (
        [
            sources("label", "label"),
            sections(how_it_works={"sources": "label, nhs"}),
            sources("leaflet"),
        ],
        [
            sources("label", "nhs"),
            sections(how_it_works={"sources": "LABEL , label"}),
            sources(" Label "),
        ],
    ),
}


def broken(page: MonographPage, change: Change) -> set[str]:
    """The rules that a draft breaks after ``change``; the text before it is published."""
    published = page.to_document()
    change(page)
    return {finding.rule for finding in findings_of(page, published=published)}


def cases(which: int) -> list[Any]:
    return [
        pytest.param(rule, change, id=f"{rule}-{number}")
        for rule, both in DRAFT_CASES.items()
        for number, change in enumerate(both[which], start=1)
    ]


def test_every_rule_is_tested_here_or_with_texts() -> None:
    # “name-in-use” needs a public page: tests/review/test_public_names.py; “withdrawn-text” a standard text:
    # tests/review/test_standard_texts.py
    assert {rule.name for rule in RULES} == {*CASES, *DRAFT_CASES, "name-in-use", "withdrawn-text"}
    assert all(len(bad) >= 3 <= len(good) for bad, good in DRAFT_CASES.values())


@pytest.mark.parametrize(("rule", "change"), cases(0))
def test_a_rule_flags_a_bad_draft(site: Any, figure_files: None, rule: str, change: Change) -> None:
    assert rule in broken(make_monograph(change_note="First."), change)


@pytest.mark.parametrize(("rule", "change"), cases(1))
def test_a_rule_does_not_flag_a_good_draft(site: Any, figure_files: None, rule: str, change: Change) -> None:
    assert rule not in broken(make_monograph(change_note="First."), change)


def test_findings_come_in_the_order_of_the_page(site: Any) -> None:
    page = make_monograph()
    page.summary = "Take 5.0 mg."
    found = complete_sections(how_it_is_administered="Take 10mg.", how_it_works="Take .5 mg and 6.0 mg.")
    found["commonly_tested_with"]["sources"] = "nhs"
    page.sections = stream(found)
    stops = [(f.anchor, f.rule) for f in findings_of(page, published=None) if f.stops]
    assert stops == [
        ("summary", "trailing-zero"),
        ("how_it_is_administered", "number-touches-unit"),
        ("how_it_works", "naked-decimal"),
        ("how_it_works", "trailing-zero"),
        ("commonly_tested_with", "section-without-source"),
        ("commonly_tested_with", "source-names"),
    ]


def test_submit_errors_are_the_findings_that_stop_a_draft(site: Any) -> None:
    page = make_monograph()
    page.sections = stream(complete_sections(how_it_works="The dose of 10mg is taken by a patient."))
    findings = findings_of(page, published=None)
    assert [f.rule for f in findings if not f.stops] == ["incomplete-source", "passive-voice"][::-1]
    problem, *others = submit_errors_of(page, published=None)
    assert others == []
    assert (problem.place, problem.anchor) == ("How it works", "how_it_works")
    assert "“10mg”" in problem.message


def test_names_of_other_pages_do_not_count_in_reading_grades(site: Any) -> None:
    name = "immunoglobulinumabotinib"
    words = f"The {name} is a pill and the {name} helps you. You take {name} at night. " * 3
    page = make_monograph()
    page.sections = stream(complete_sections(how_it_works=words))
    hard = {"reading-grade-section", "hard-sentence"}
    assert hard & {f.rule for f in findings_of(page, published=None)}
    make_monograph("other", brand_names=[name])
    assert not hard & {f.rule for f in findings_of(page, published=None)}


def test_links_are_flagged_by_their_last_check(site: Any) -> None:
    page = make_monograph()
    page.sections = stream(
        complete_sections(how_it_works='<a href="https://example.org/gone">The leaflet</a> says so.')
    )
    assert "shaky-link" not in {f.rule for f in findings_of(page, published=None)}
    LinkCheck.objects.create(
        address="https://example.org/gone",
        outcome="gone",
        checked_at=timezone.now(),
        first_failed_at=timezone.now(),
    )
    assert "shaky-link" in {f.rule for f in findings_of(page, published=None)}


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def test_a_long_text_needs_no_more_queries_than_a_short_one(site: Any) -> None:
    short, long = make_monograph("short"), make_monograph("long")
    long.sections = stream(complete_sections(**dict.fromkeys(complete_sections(), "Take 10mg BID. " * 200)))
    findings_of(short, published=None)
    counts = [queries(lambda page=page: findings_of(page, published=None)) for page in (short, long)]
    assert counts[0] == counts[1]


def test_a_submitted_text_costs_five_queries(site: Any, django_assert_num_queries: Any) -> None:
    page = make_monograph()
    page.sections = stream(complete_sections(how_it_works='See <a href="https://example.org/">it</a>.'))
    document = page.to_document()
    site_names()  # two more queries after a change of a name
    with django_assert_num_queries(5):
        findings_of_submission(document, page.translation_key)
