"""Citations: statements that cite sentences of a label, and which are flagged when it changes."""

import json
from typing import Any

import pytest
from django.test import Client

from monographs.accounts.actors import person_of
from monographs.document.page_statements import statements
from monographs.editions.cited_statements import cited_in_draft, cited_statements
from monographs.editions.models import LedgerEntry, Publication
from monographs.editions.queries import current_edition
from monographs.label_watch.citations import (
    ComparedStatement,
    cite,
    compared_statements,
    passages_by_key,
    remove_citations,
    standing_citations,
)
from monographs.label_watch.label_tasks import answered_bases, flagged_statements, refresh_label_tasks
from monographs.label_watch.models import Citation, LabelVersion, UpdateTask
from monographs.label_watch.storage import store_label
from monographs.labels import likely_passages, read_label
from monographs.models import MonographPage
from tests.factories import edit, publish, submit
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_answers import answer
from tests.labels.label_sources import result, section, spl

pytestmark = pytest.mark.django_db

ONE = SET_IDS[0]
BOX, DOSE, STUDY = (
    "Fever can be fatal.",
    "Give 28 mcg daily for 28 days.",
    "42 of 100 people had a remission.",
)


def store(version: int, *, box: str = BOX, dose: str = DOSE, study: str = STUDY) -> LabelVersion:
    """Store a version of the label with a box, a dose, and a study that no section is read for."""
    data = spl(
        section("34066-1", "Boxed warning", f"<paragraph>{box}</paragraph>"),
        section("34068-7", "Dosage", f"<paragraph>{dose} Store it cold.</paragraph>"),
        section("34092-7", "Studies", f"<paragraph>{study}</paragraph>"),
        version=str(version),
        set_id=ONE,
    )
    return store_label(data, read_label(data), "here")


@pytest.fixture
def page(published_medicine: MonographPage, writer: Any, reviewer: Any) -> MonographPage:
    """A page that patients read, which names version 3 of the label."""
    draft = published_medicine.get_latest_revision_as_object()
    edit(
        draft,
        writer,
        label_set_id=ONE,
        label_version="3",
        boxed_warning="A fever can kill.",
        how_it_works="Of 100 people, 42 had a remission.",
        how_it_is_administered="A pump gives 28 mcg a day for 28 days.",
    )
    publish(draft, writer, reviewer)
    return MonographPage.objects.get(pk=draft.pk)


def quote(page: MonographPage, words: str, sentence: str, version: int, by: Any = None) -> Citation:
    """Let the statement with ``words`` rest on the sentence of a stored version."""
    draft = page.get_latest_revision_as_object().to_document()
    (statement,) = [each for each in statements(draft) if each.words == words]
    label = LabelVersion.objects.get(set_id=ONE, version=version)
    (passage,) = [each for each in passages_by_key(label).values() if each.text == sentence]
    return cite(page.translation_key, statement, label, passage, person_of(by))


def flagged(page: MonographPage) -> list[str]:
    """The words of the statements that the page's open task flags."""
    refresh_label_tasks()
    task = UpdateTask.objects.filter(key=page.translation_key, closed_at=None).first()
    if task is None:
        return []
    found = [each.statement.words for each in flagged_statements(task)]
    assert found == [each["words"] for each in task.statements]
    return found


STUDY_WORDS, DOSE_WORDS = "Of 100 people, 42 had a remission.", "A pump gives 28 mcg a day for 28 days."


def test_exactly_the_statements_of_a_changed_sentence_are_flagged(page: MonographPage) -> None:
    store(3)
    quote(page, DOSE_WORDS, DOSE, 3)
    quote(page, STUDY_WORDS, STUDY, 3)
    store(4, dose=DOSE.replace("28 mcg", "9 mcg"))
    assert flagged(page) == [DOSE_WORDS]
    store(5)
    assert flagged(page) == [], "the sum of both steps is no change"
    store(6, study="Most people had a remission.")
    assert flagged(page) == [STUDY_WORDS]
    task = UpdateTask.objects.get(closed_at=None)
    assert (task.sections, task.change_class) == (["how_it_works"], "substance")
    store(7, study="", dose="Give 28 mcg daily, for 28 days (2.1).")
    assert flagged(page) == [STUDY_WORDS], "a sentence that is gone, and one with other punctuation"


def test_a_citation_is_followed_though_a_release_keyed_the_sentence_otherwise(page: MonographPage) -> None:
    store(3)
    quote(page, DOSE_WORDS, DOSE, 3)
    Citation.objects.update(passage="0" * 64)
    store(4, study="Most people had a remission.")
    assert flagged(page) == []
    store(5, dose=DOSE.replace("28 mcg", "9 mcg"))
    assert flagged(page) == [DOSE_WORDS]


def test_a_sentence_is_followed_in_the_source_that_it_was_cited_from(page: MonographPage) -> None:
    store(3)
    quote(page, STUDY_WORDS, STUDY, 3)
    data = json.dumps({**result(4, boxed_warning=BOX), "set_id": ONE}).encode()
    store_label(data, read_label(data), "another crawl, which lacks the study")
    store(4)
    assert flagged(page) == []


def test_a_page_without_citations_is_asked_by_section_only(page: MonographPage) -> None:
    store(3)
    store(4, study="Most people had a remission.")
    assert (flagged(page), UpdateTask.objects.get().outcome) == ([], "quiet")
    store(5, dose="Give 9 mcg daily for 28 days.")
    assert flagged(page) == []
    assert UpdateTask.objects.get(closed_at=None).sections == ["how_it_is_administered"]


def test_what_was_answered_is_where_the_next_change_starts(page: MonographPage, reviewer: Any) -> None:
    store(3)
    quote(page, STUDY_WORDS, STUDY, 3)
    store(4, study="43 of 100 people had a remission.")
    assert flagged(page) == [STUDY_WORDS]
    answer(reviewer, UpdateTask.objects.get(closed_at=None))
    store(5, study="43 of 100 people had a remission.", dose="Give 9 mcg daily for 28 days.")
    assert flagged(page) == [], "the sentence that took its place stands"
    store(6, study="44 of 100 people had a remission.")
    assert flagged(page) == [STUDY_WORDS]


def test_a_removed_citation_counts_for_patients_text_until_the_next_edition(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    store(3)
    citation = quote(page, STUDY_WORDS, STUDY, 3)
    remove_citations([citation], person_of(writer))
    store(4, study="Most people had a remission.")
    assert flagged(page) == [STUDY_WORDS]
    draft = page.get_latest_revision_as_object().to_document()
    edition = current_edition(page.translation_key)
    assert cited_in_draft(draft, standing_citations(page.translation_key), edition) == []
    publish(edit(page, writer), writer, reviewer)
    assert flagged(page) == []


def test_a_reworded_statement_keeps_its_citations_until_it_has_its_own(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    store(3)
    quote(page, STUDY_WORDS, STUDY, 3, by=writer)

    def compared() -> list[ComparedStatement]:
        draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object().to_document()
        found = cited_in_draft(
            draft, standing_citations(page.translation_key), current_edition(page.translation_key)
        )
        return compared_statements(found, answered_bases(page.translation_key))

    edit(page, writer, how_it_works="Of 100 people, 42 were in remission.")
    assert [(each.statement.words, each.reworded) for each in compared()] == [
        ("Of 100 people, 42 were in remission.", True)
    ]
    assert not compared()[0].changed
    store(4, study="Most people had a remission.")
    assert compared()[0].gravest.new == "Most people had a remission."
    submission = submit(page, writer)
    entry = LedgerEntry.objects.filter(event="submitted", subject=str(page.translation_key)).latest("seq")
    (cited,) = json.loads(entry.body)["data"]["rests_on"]
    assert (cited["set_id"], cited["version"], cited["section"]) == (ONE, 3, "how_it_works")
    assert "remission" not in json.dumps(cited), "the record names sentences by their hashes"
    exact = cited_statements(submission.document, standing_citations(page.translation_key))
    assert [each.statement.key for each in exact] == [cited["statement"]]


def test_a_citation_changes_neither_the_text_nor_the_edition(page: MonographPage, writer: Any) -> None:
    before = Publication.objects.get(key=page.translation_key).edition
    text = page.get_latest_revision_as_object().to_document()
    store(3)
    quote(page, STUDY_WORDS, STUDY, 3, by=writer)
    assert page.get_latest_revision_as_object().to_document() == text
    assert Publication.objects.get(key=page.translation_key).edition == before
    assert STUDY not in Client().get(f"/medicines/{page.slug}/").content.decode()


def test_the_likeliest_passages_share_numbers_and_come_from_the_sections_codes_first() -> None:
    passages = tuple(passages_by_key(store(3, dose=f"{DOSE} Wait 14 days between bags.")).values())
    likely = likely_passages(DOSE_WORDS, "how_it_is_administered", passages)
    assert likely[0].passage.text == DOSE
    assert [each.is_mapped for each in likely] == sorted((each.is_mapped for each in likely), reverse=True)
    of_study = likely_passages(STUDY_WORDS, "how_it_works", passages)
    assert (of_study[0].passage.text, of_study[0].is_mapped) == (STUDY, False)
    assert likely_passages("Zebras gallop.", "how_it_works", passages) == []
