"""A file is imported over a page that exists: what its statements rest on, and what a file cannot hold."""

import json
from typing import Any

import pytest

from monographs.editions.cited_statements import cited_in_draft
from monographs.editions.queries import current_edition
from monographs.label_watch.citations import standing_citations
from monographs.models import MonographPage
from monographs.review.labels_of_pages.lost_statements import lost_statements
from monographs.source_library.models import LibrarySource, SourceCitation
from monographs.source_library.source_citations import standing_source_citations
from tests.factories import edit, make_monograph, publish
from tests.label_watch.test_citations import DOSE, ONE, STUDY, quote, store
from tests.review.authored_drafts import latest
from tests.source_library.library import add_source, use_source
from tests.source_library.test_statement_sources import WORKS, cite, citing

pytestmark = pytest.mark.django_db

TESTED = "It slows the growth of blood vessels."


@pytest.fixture
def source(writer: Any) -> LibrarySource:
    return add_source(by=writer)


@pytest.fixture
def page(writer: Any, reviewer: Any) -> MonographPage:
    """A page that patients read, with two statements under *How it works*."""
    page = make_monograph("testumab", by=writer)
    edit(page, writer, how_it_works=WORKS, who_should_take_it=TESTED)
    publish(page, writer, reviewer)
    return MonographPage.objects.get(pk=page.pk)


def imported(run: Any, text_file: Any, *lines: str) -> Any:
    ran = run(text_file("\n\n".join(["testumab", *lines])), user="writer")
    assert ran.ok, ran.lines
    return ran


def test_statements_of_a_file_keep_the_sources_they_cite(run, text_file, page, source, writer):
    cite(page, source, writer)
    cite(page, source, writer, TESTED)
    edition = current_edition(page.translation_key)
    imported(run, text_file, "How it works", WORKS, "Who should take it", TESTED.replace("slows", "stops"))
    assert citing(page) == [
        (WORKS, [source.title], False),
        (TESTED.replace("slows", "stops"), [source.title], True),
    ]
    assert set(SourceCitation.objects.values_list("edition", flat=True)) == {edition.pk}
    assert current_edition(page.translation_key) == edition


def test_a_statement_that_a_file_does_not_have_is_told_as_lost(run, text_file, page, source, writer):
    cite(page, source, writer)
    imported(run, text_file, "How it works", "Ask your care team how this medicine works.")
    key = page.translation_key
    standing = (standing_source_citations(key),)
    lost = lost_statements(key, latest(page).to_document(), current_edition(key), standing)
    assert [each.words for each in lost["how_it_works"]] == [WORKS]
    assert not citing(page)


def test_sources_of_the_library_stay_on_the_list(run, text_file, source, writer, reviewer):
    page = use_source(make_monograph("testumab", by=writer), source, writer)
    publish(page, writer, reviewer)
    before = latest(page).sources.get_prep_value()
    ran = imported(run, text_file, "How it works", "In a new way.")
    assert latest(page).sources.get_prep_value() == before
    assert "the sources of “How it works” must be set again" in ran.line


def test_statements_of_a_file_keep_the_sentences_of_labels_they_cite(run, text_file, page, writer):
    edit(page, writer, label_set_id=ONE, label_version="3")
    store(3)
    quote(page, WORKS, STUDY, 3, writer)
    quote(page, TESTED, DOSE, 3, writer)
    imported(run, text_file, "How it works", WORKS, "Who should take it", TESTED.replace("slows", "stops"))
    key = page.translation_key
    found = cited_in_draft(latest(page).to_document(), standing_citations(key), current_edition(key))
    assert [(each.statement.words, each.reworded) for each in found] == [
        (WORKS, False),
        (TESTED.replace("slows", "stops"), True),
    ]


def with_parts(page: MonographPage, writer: Any) -> None:
    """Save a draft with parts of which a file has words only."""
    draft = latest(page)
    stored = draft.sections.get_prep_value()
    for child in stored:
        if child["type"] == "common_side_effects":
            child["value"]["common_effects"] = [
                {"type": "item", "id": "1", "value": {"name": "Rash", "urgency": "call_today"}},
                {"type": "item", "id": "2", "value": {"name": "Cold hands"}},
            ]
        if child["type"] == "commonly_used_with":
            child["value"]["companions"] = [
                {"type": "item", "id": "1", "value": {"name": "Samplomycin", "why": "x"}}
            ]
        if child["type"] == "how_it_works":
            child["value"]["content"] += [
                {"type": "advice", "value": {"urgency": "call_today", "text": "<p>Call.</p>"}},
                {"type": "do_dont", "value": {"do": ["Rest"], "dont": []}},
            ]
    draft.sections = json.dumps(stored)
    draft.save_revision(user=writer, clean=False)


def test_parts_that_a_file_replaces_by_words_are_told(run, text_file, page, writer):
    """An urgency or a link to another medicine is not in a file's words, so it would be lost unseen."""
    with_parts(page, writer)
    lines = (
        "How it works",
        "So.",
        "Common side effects",
        "• Rash\n• Cold hands",
        "Commonly used with",
        "So.",
    )
    ran = imported(run, text_file, *lines)
    told = {
        "“How it works” had what a file does not have: Advice box, Do and do not; add it again",
        "“Common side effects” had what a file does not have: what is said of 2 side effects besides",
        "“Commonly used with” had what a file does not have: Medicines and treatments",
    }
    for each in told:
        assert each in ran.line


def test_nothing_is_told_of_text_and_tables(run, text_file, page, writer):
    ran = imported(run, text_file, "How it works", "So.", "Commonly used with", "So.")
    assert "a file does not have" not in ran.line
