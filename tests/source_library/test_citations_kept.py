"""A citation follows its statement through every way in which a text changes, or somebody is told.

It is not lost or moved to another statement without a word, and reviewers see where the words were others.
"""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.editions.queries import current_edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.review.actions import AcceptSuggestion, Recall, ReplaceWords, Restore, Return, Withdraw
from monographs.review.labels_of_pages.lost_statements import lost_statements
from monographs.review.models import Submission, Suggestion
from monographs.source_library.models import LibrarySource, SourceCitation
from monographs.source_library.source_citations import standing_source_citations
from tests.conftest import as_user
from tests.factories import PASSWORD, edit, publish, submit
from tests.imports.marked_files import MarkedFile
from tests.label_watch.test_citing_screens import text
from tests.review.authored_drafts import latest
from tests.review.suggested_words import suggest
from tests.review.test_find_replace import change as word_change
from tests.review.test_word_files import coming_back, tracked_file, upload
from tests.review.unpublished_drafts import correct, merge, set_aside, write
from tests.source_library.library import add_source
from tests.source_library.test_statement_screens import PLACE, post
from tests.source_library.test_statement_sources import (
    WORKS,
    cite,
    citing,
    editor,
    page,
    recorded,
    source,
)

__all__ = ["editor", "page", "source"]
pytestmark = pytest.mark.django_db

STOPS = WORKS.replace("blocks", "stops")
OTHER = "It stops the growth of blood vessels."
#: A text that nobody would take for ``WORKS``.
NOTHING_LIKE = "Ask your care team how this medicine works."


def lost(page: MonographPage) -> list[tuple[str, tuple[str, ...]]]:
    """The cited statements that the newest draft has lost, as its editor says them."""
    key = page.translation_key
    standing = (standing_source_citations(key),)
    found = lost_statements(key, latest(page).to_document(), current_edition(key), standing)
    return [(each.words, each.cited) for section in found.values() for each in section]


def review_of(submission: Submission, reviewer: Any) -> str:
    return text(as_user(reviewer).get(reverse("review:review", args=[submission.pk])).content.decode())


def test_two_statements_that_are_reworded_keep_each_its_own(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    """The words that are likest go first, whichever was cited first."""
    second = "It blocks an enzyme of the blood cells."
    other = add_source("Another guideline", by=writer)
    write(page, writer, PLACE, second, WORKS)
    cite(page, source, writer, second)
    cite(page, other, writer, WORKS)
    write(page, writer, PLACE, WORKS.replace("an", "one"), second.replace("an", "some"))
    assert {words: titles for words, titles, _ in citing(page)} == {
        WORKS.replace("an", "one"): [other.title],
        second.replace("an", "some"): [source.title],
    }


def test_a_statement_that_was_made_of_two_rests_on_what_both_rested_on(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    second = "It blocks an enzyme of the blood cells."
    other = add_source("Another guideline", by=writer)
    write(page, writer, PLACE, WORKS, second)
    cite(page, source, writer)
    cite(page, source, writer, second)
    cite(page, other, writer, second)
    joined = "It blocks an enzyme of the blood and cancer cells."
    write(page, writer, PLACE, joined)
    ((words, titles, reworded),) = citing(page)
    assert (words, sorted(titles), reworded) == (joined, sorted([source.title, other.title]), True)
    assert lost(page) == []
    review = review_of(submit(page, writer), reviewer)
    assert WORKS in review
    assert second in review
    assert "cited before" not in review
    ((words, titles, reworded),) = citing(page)
    assert (sorted(titles), reworded) == (sorted([source.title, other.title]), False)


def test_a_source_that_new_words_lack_is_told(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    """Two statements become one, whose own citations are those of the first; the second had one more."""
    second = "It blocks an enzyme of the blood cells."
    write(page, writer, PLACE, WORKS, second)
    cite(page, source, writer)
    cite(page, source, writer, second)
    joined = "It blocks an enzyme of the blood and cancer cells."
    write(page, writer, PLACE, joined)
    submission = submit(page, writer)
    row, other = SourceCitation.objects.get(words=second), add_source("Another guideline", by=writer)
    row.pk, row.source = None, other
    row.save()
    assert lost(page) == [(second, (str(source), str(other)))]
    assert f"Rested on {source}; {other}." in review_of(submission, reviewer)


def test_a_deleted_statement_leaves_no_citation_to_another_and_its_loss_is_told(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    write(page, writer, PLACE, OTHER)
    assert citing(page) == []
    assert lost(page) == [(WORKS, (str(source),))]
    answer = post(writer, MonographPage.objects.get(pk=page.pk), "findings").json()
    assert "1 cited before is gone" in text(answer["places"][PLACE])
    assert WORKS in text(answer["places"][PLACE])
    assert "Cited, and not in the text any more 1" in text(answer["panel"])
    shown = review_of(submit(page, writer), reviewer)
    assert "1 cited before is gone" in shown
    assert f"Rested on {source}." in shown


def test_nothing_is_told_once_an_edition_has_no_such_statement(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    publish(edit(page, writer, how_it_works=NOTHING_LIKE), writer, reviewer)
    assert (citing(page), lost(page)) == ([], [])


def test_a_reviewer_reads_the_words_that_were_cited_beside_the_new_ones(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    """Submission gives the new words a citation of their own; that the words changed is told all the same."""
    cite(page, source, writer)
    negated = WORKS.replace("blocks", "does not block")
    for words in (STOPS, negated):
        edit(page, writer, how_it_works=words)
        submission = submit(page, writer)
        shown = review_of(submission, reviewer)
        assert "1 reworded since" in shown
        assert f"words have changed since it was cited. Before: {WORKS}" in shown
        assert (citing(page), lost(page)) == ([(words, [source.title], False)], [])
        Return(reviewer, submission, reason="Look again.").execute()
    publish(page, writer, reviewer)
    assert "reworded since" not in review_of(submission, reviewer)


def test_a_statement_that_was_not_touched_is_not_said_to_be_reworded(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    write(page, writer, PLACE, WORKS, OTHER)
    shown = review_of(submit(page, writer), reviewer)
    assert "1 statement rests on a label or source" in shown
    assert "reworded since" not in shown
    assert "cited before" not in shown


def test_a_removed_source_stays_removed_after_the_words_were_submitted(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    edit(page, writer, how_it_works=STOPS)
    Return(reviewer, submit(page, writer), reason="It does not say so.").execute()
    statement = SourceCitation.objects.latest("pk").statement
    post(writer, MonographPage.objects.get(pk=page.pk), "cite", statement=statement, remove_source=source.pk)
    assert (citing(page), lost(page)) == ([], [])


def test_a_statement_that_moves_to_another_section_takes_its_sources_along(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    cite(page, source, writer)
    edit(page, writer, how_it_works=NOTHING_LIKE, who_should_take_it=WORKS)
    assert citing(page) == [(WORKS, [source.title], True)]
    edit(page, writer, who_should_take_it=STOPS)
    assert (citing(page), lost(page)) == ([], [(WORKS, (str(source),))])


def test_a_statement_that_patients_read_already_takes_over_nothing(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    write(page, writer, PLACE, WORKS, STOPS)
    publish(page, writer, reviewer)
    cite(page, source, writer)
    write(page, writer, PLACE, STOPS)
    assert (citing(page), lost(page)) == ([], [(WORKS, (str(source),))])


def test_an_accepted_suggestion_keeps_the_sources_and_the_reviewer_is_told(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    submission = submit(page, writer, nothing_to_change=True)
    suggestion = suggest(reviewer, submission, "blocks", "stops")
    Recall(writer, submission).execute()
    AcceptSuggestion(writer, suggestion).execute()
    assert citing(page) == [(STOPS, [source.title], True)]
    assert f"Before: {WORKS}" in review_of(submit(edit(page, writer), writer), reviewer)


def test_a_suggestion_that_says_another_thing_takes_no_source_along(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    submission = submit(page, writer, nothing_to_change=True)
    suggestion = suggest(reviewer, submission, WORKS, NOTHING_LIKE)
    Recall(writer, submission).execute()
    AcceptSuggestion(writer, suggestion).execute()
    assert (citing(page), lost(page)) == ([], [(WORKS, (str(source),))])


def test_a_word_file_goes_out_and_back_and_its_changes_keep_the_sources(
    client: Client, page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    submission = submit(page, writer, nothing_to_change=True)
    address = tracked_file(page, 1, f"submission-{submission.pk}")
    client.force_login(reviewer)
    marked = MarkedFile.of(client.get(address).content)
    unchanged = upload(client, page, marked.data())
    assert not unchanged.context["changes"]
    marked.replace_word("p_how_it_works_1", tracked=True)
    shown = upload(client, page, marked.data())
    (change,) = shown.context["changes"]
    client.post(coming_back(page), {"state": shown.context["state"], "take": f"suggestion-{change.id}"})
    assert citing(page) == [(WORKS, [source.title], False)]
    Recall(writer, submission).execute()
    AcceptSuggestion(writer, Suggestion.objects.get()).execute()
    ((words, titles, reworded),) = citing(page)
    assert (titles, reworded) == ([source.title], True)
    assert words != WORKS


def test_find_and_replace_tells_the_reviewer_of_cited_words(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any, editor: Any
) -> None:
    words = "Ask your care team about it."
    publish(edit(page, writer, how_it_works=words), writer, reviewer)
    cite(page, source, writer, words)
    now = MonographPage.objects.get(pk=page.pk)
    ReplaceWords(editor, now, word_change(), revision=now.latest_revision_id, numbers={0}).execute()
    assert f"Before: {words}" in review_of(Submission.objects.get(status="in_review"), reviewer)


def test_a_restored_edition_has_the_sources_of_its_statements_again(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any, editor: Any
) -> None:
    cite(page, source, writer)
    publish(edit(page, writer, how_it_works=NOTHING_LIKE), writer, reviewer)
    submission = Restore(
        editor, MonographPage.objects.get(pk=page.pk), number=1, reason="It was right."
    ).execute()
    assert [each["source"] for each in recorded(page)] == [source.pk]
    assert "1 statement rests on a label or source" in review_of(submission, reviewer)


def test_a_draft_of_public_words_is_set_aside_corrected_and_merged_with_its_sources(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any, editor: Any
) -> None:
    cite(page, source, writer)
    write(page, writer, PLACE, STOPS, OTHER)
    other = add_source("Another guideline", by=writer)
    cite(page, other, writer, OTHER)
    set_aside(page, editor)
    assert citing(page) == [(WORKS, [source.title], False)]
    assert lost(page) == [], "what a draft set aside cites is not lost"
    correct(page, editor, reviewer)
    merge(page, writer)
    assert citing(page) == [(STOPS, [source.title], True), (OTHER, [other.title], False)]
    assert lost(page) == []


def test_a_correction_of_cited_words_is_merged_into_the_draft_with_their_sources(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any, editor: Any
) -> None:
    cite(page, source, writer)
    write(page, writer, "how_it_is_administered", "A longer text that takes weeks to write.")
    set_aside(page, editor)
    corrected = WORKS.replace(".", "!")
    write(page, editor, PLACE, corrected, note="A mark was corrected.")
    publish(page, editor, reviewer, kind="correction", reason="A slip.")
    merge(page, writer)
    assert (citing(page), lost(page)) == ([(corrected, [source.title], False)], [])


def test_a_copy_cites_nothing_which_its_form_says(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    cite(page, source, writer)
    shown = as_user(writer).get(reverse("wagtailadmin_pages:copy", args=[page.pk])).content.decode()
    assert "its statements rest on no label and no source" in text(shown)
    copy = MonographPage.objects.get(pk=page.pk).copy(update_attrs={"slug": "copy"}, keep_live=False)
    assert (citing(copy), lost(copy)) == ([], [])
    assert citing(page) == [(WORKS, [source.title], False)]


def test_a_statement_said_twice_keeps_its_sources_until_both_are_gone(
    page: MonographPage, source: LibrarySource, writer: Any
) -> None:
    cite(page, source, writer)
    write(page, writer, PLACE, WORKS, WORKS)
    assert citing(page) == [(WORKS, [source.title], False)]
    write(page, writer, PLACE, NOTHING_LIKE, WORKS)
    assert (citing(page), lost(page)) == ([(WORKS, [source.title], False)], [])


def test_a_page_that_patients_read_no_more_keeps_what_its_draft_cites(
    page: MonographPage, source: LibrarySource, writer: Any, reviewer: Any
) -> None:
    cite(page, source, writer)
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.BEING_CHECKED, note="x", password=PASSWORD
    ).execute()
    assert (citing(page), lost(page)) == ([(WORKS, [source.title], False)], [])
