"""What works on words knows those of standard texts: read like all others, and nobody’s to change here."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from monographs.editions.models import Edition
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.redline import redline
from monographs.review.models import Notice
from monographs.review.replacement.word_pattern import WordPattern
from monographs.review.replacement.word_search import search_drafts
from monographs.review.team.team_summary import items_needing_attention
from monographs.rules.text_index import TextIndex
from tests.factories import (
    make_monograph,
    make_standard_text,
    make_user,
    publish,
    reword,
    set_parts,
    standard_text_block,
    submit,
    text,
)
from tests.review.suggested_words import suggest

pytestmark = pytest.mark.django_db

SECTION = "how_it_works"
WORDS = "Call the number on the box."


@pytest.fixture
def report(site: Any, writer: Any, reviewer: Any) -> Any:
    page = make_standard_text("Report side effects", by=writer, words=WORDS)
    publish(page, writer, reviewer)
    return page


@pytest.fixture
def medicine(report: Any, writer: Any, reviewer: Any) -> MonographPage:
    page = make_monograph(by=writer)
    version = standard_text_block(Edition.objects.get(key=report.translation_key))
    set_parts(page, writer, SECTION, [text("It works."), version])
    publish(page, writer, reviewer)
    return MonographPage.objects.get(pk=page.pk)


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_find_and_replace_leaves_them_alone(medicine: Any) -> None:
    editor = make_user("editor", "Editors")
    found = search_drafts(editor, WordPattern("the number"))
    assert [(each.page.title, bool(each.hits)) for each in found.pages] == [("Report side effects", True)]


def test_no_suggestion_changes_them_and_the_refusal_says_where_instead(
    medicine: Any, report: Any, writer: Any, reviewer: Any
) -> None:
    version = standard_text_block(Edition.objects.get(key=report.translation_key))
    draft = set_parts(medicine, writer, SECTION, [text("It works well."), version])
    draft.change_note = "Better."
    draft.save_revision(user=writer)
    submission = submit(medicine, writer)
    with pytest.raises(PolicyError, match="the standard text “Report side effects”, version 1") as refused:
        suggest(reviewer, submission, "the number", "this number")
    assert refused.value.rule == Rule.NO_SUCH_PLACE
    screen = browser(reviewer).get(reverse("review:passages_to_change", args=[submission.pk, SECTION]))
    assert reverse("standard_texts:text", args=[report.translation_key]) in screen.content.decode()
    assert WORDS not in screen.content.decode()


def test_rules_and_redlines_read_them(medicine: Any, report: Any, writer: Any, reviewer: Any) -> None:
    before = Edition.objects.get(key=medicine.translation_key).document
    assert WORDS in [passage.text for passage in TextIndex(before).passages]
    reword(report, writer, "Call the number on the bag.")
    publish(report, writer, reviewer)
    newest = Edition.objects.of(report.translation_key)[0]
    after = set_parts(
        medicine, writer, SECTION, [text("It works."), standard_text_block(newest)]
    ).to_document()
    changed = {
        section.anchor: "".join(run.text for line in section.lines for run in line.runs if line.changed)
        for section in redline(before, after).changed
    }
    assert "box" in changed[SECTION]
    assert "bag" in changed[SECTION]
    assert "Report side effects, version" in changed["page"]


def test_a_word_file_has_them(medicine: Any, writer: Any) -> None:
    address = reverse("review:word_file", args=[medicine.translation_key, "1"])
    response = browser(writer).get(address)
    content = b"".join(response) if response.streaming else response.content
    with ZipFile(BytesIO(content)) as file:
        assert WORDS in file.read("word/document.xml").decode()


def test_an_import_keeps_the_block(medicine: Any, report: Any, tmp_path: Path) -> None:
    file = tmp_path / "testumab.txt"
    file.write_text(f"testumab\n\nHow it works\n\nIt works in another way.\n\n{WORDS}\n")
    call_command("import_monographs", str(file), verbosity=0)
    draft = MonographPage.objects.get(pk=medicine.pk).get_latest_revision_as_object()
    document = draft.to_document()
    assert [use.title for use in document.standard_texts] == ["Report side effects"]
    section = next(each for each in document.sections if each.type == SECTION)
    assert "It works in another way." in section.parts[0].html
    assert section.parts[-1].html == f"<p>{WORDS}</p>"


def test_editors_are_told_of_a_new_version_and_see_who_has_other_words(
    medicine: Any, report: Any, writer: Any, reviewer: Any
) -> None:
    editor = make_user("editor", "Editors")
    reword(report, writer, "Write to the maker.")
    publish(report, writer, reviewer)
    (notice,) = Notice.objects.filter(user=editor, event="published")
    assert "Version 2 of the standard text “Report side effects” is signed." in notice.text
    assert "1 page that patients read has other words of it" in notice.text
    assert "/standard-texts/report-side-effects/" not in notice.text
    _, attention = items_needing_attention()
    (row,) = [each for each in attention if each.label == "uses of an older standard text"]
    assert (row.count, row.details) == (1, ("Report side effects, version 2: 1 page",))


def test_the_record_says_before_a_withdrawal_where_it_is_used(
    medicine: Any, report: Any, reviewer: Any
) -> None:
    shown = browser(reviewer).get(reverse("review:record", args=[report.translation_key])).content.decode()
    assert "<li>testumab</li>" in shown
    assert "no text with it can be submitted" in shown
    assert "/standard-texts/report-side-effects/" not in shown
