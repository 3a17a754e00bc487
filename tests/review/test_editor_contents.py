"""The editor's table of contents, what changed in a section, and why a text came back."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.document import REQUIRED_SECTIONS, SECTION_ORDER
from monographs.models import MonographPage
from monographs.redline import Status, changed_sections, redline
from monographs.review.actions import AcceptSuggestion, ChosenWords, Recall, Return, Suggest
from monographs.review.editor.contents import ContentsRow
from tests.conftest import as_user
from tests.factories import edit, make_monograph, make_user, publish, submit
from tests.review.test_editor import PLACE, ask, form_of, note_on, stored

pytestmark = pytest.mark.django_db


def rows_of(answer: Any) -> dict[str, str]:
    """Return the state of each row of the table of contents in an answer, by anchor."""
    states: dict[str, str] = answer.json()["states"]
    return states


def test_states_are_said_in_words_the_most_urgent_first() -> None:
    row = ContentsRow("x", "X", errors=2, to_write=1, advice=1, notes=1, is_empty=True, change=Status.ADDED)
    assert row.state == "2 to fix, 1 open note, empty, 1 advice, added"
    assert ContentsRow("x", "X", to_write=1, notes=2).state == "2 open notes, 1 to write"
    assert ContentsRow("x", "X", suggestions=2).state == "2 suggestions"
    assert ContentsRow("x", "X").state == ""


def test_each_section_stands_in_the_order_of_the_editor_with_its_state(writer: Any) -> None:
    page = make_monograph(by=writer)
    answer = ask(writer, page, form_of(page, "Take 5.0 mg."))
    states = rows_of(answer)
    present = [child.block_type for child in page.get_latest_revision_as_object().sections]
    assert list(states) == ["title", *present, "sources"]
    assert states[PLACE] == "1 to fix"
    assert "changed" not in " ".join(states.values()), "there is no edition to compare with"
    html = answer.json()["contents"]
    for section in SECTION_ORDER:
        assert (f'data-contents-go="{section.value}"' in html) == (section.value in present)
        assert (f'data-contents-add="{section.value}"' in html) == (section.value not in present)


def test_an_emptied_section_is_called_empty_and_a_missing_one_is_offered(writer: Any) -> None:
    page = make_monograph(by=writer)
    form = form_of(page)
    form = {name: value.replace("About how_it_works.", "") for name, value in form.items()}
    assert rows_of(ask(writer, page, form))[PLACE].startswith("empty")
    html = ask(writer, page, form_of(page, **{"sections-0-deleted": "1"})).json()["contents"]
    assert html.count("data-contents-add=") == len(SECTION_ORDER) - len(REQUIRED_SECTIONS) + 1
    assert html.count(">required<") == 1


def test_a_section_that_differs_from_the_last_edition_says_how(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    assert "changed" not in " ".join(rows_of(ask(writer, page, form_of(page))).values())
    answer = ask(writer, page, form_of(page, "It works in another way."))
    assert rows_of(answer)[PLACE].endswith("changed")
    assert "What changed since edition 1" in answer.json()["places"][PLACE]

    before = stored()
    address = reverse("review:editor:changes", args=[page.pk, PLACE])
    shown = as_user(writer).post(address, form_of(page, "It works in another way.")).json()["html"]
    assert "<ins" in shown
    assert "another way" in shown
    assert as_user(writer).post(address, form_of(page)).json()["html"] == "", "it says again what it said"
    whole = reverse("review:editor:changes", args=[page.pk, "title"])
    renamed = form_of(page, summary="Another summary.")
    assert "Another summary" in as_user(writer).post(whole, renamed).json()["html"]
    assert stored() == before


def test_changes_are_compared_for_those_who_may_edit_and_where_there_is_an_edition(writer: Any) -> None:
    page = make_monograph(by=writer)
    address = reverse("review:editor:changes", args=[page.pk, PLACE])
    assert as_user(writer).post(address, form_of(page)).status_code == 404
    assert as_user(writer).get(address).status_code == 405
    guest = make_user("guest")
    guest.user_permissions.add(Permission.objects.get(codename="access_admin"))
    script = {"headers": {"X-Requested-With": "XMLHttpRequest"}}
    assert as_user(guest).post(address, form_of(page), **script).status_code == 403
    incomplete = form_of(page)
    del incomplete["sections-count"]
    assert as_user(writer).post(address, incomplete).status_code == 400


def test_what_counts_as_changed_is_what_the_redline_shows(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    old = page.to_document()
    edit(page, writer, how_it_works="Other.", living_with_it="New.", summary="Other.", change_note="")
    new = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object().to_document()
    for pair in ((old, new), (new, old), (old, old)):
        shown = {section.anchor: section.status for section in redline(*pair).changed}
        assert changed_sections(*pair) == shown


def test_the_reason_of_a_return_and_open_notes_stand_at_the_top(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    note = note_on(page, writer, reviewer, quote="About how_it_works.")
    submission = note.submission
    assert "Returned" not in ask(writer, page, form_of(page)).json()["top"], "it is in review"
    Return(reviewer, submission, reason="One thing is unclear.").execute()
    top = ask(writer, page, form_of(page)).json()["top"]
    for words in ("Returned by Reviewer Tester", "One thing is unclear.", "1 open note", "Is this the label"):
        assert words in top
    assert f'data-editor-show="{PLACE}" data-editor-excerpt="About how_it_works."' in top
    assert "1 open note" in rows_of(ask(writer, page, form_of(page)))[PLACE]
    again = submit(page, writer)
    Recall(writer, again).execute()
    assert "Returned" not in ask(writer, page, form_of(page)).json()["top"], "the last one was recalled"


def test_suggestions_that_wait_stand_at_the_top_and_in_the_contents(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    chosen = ChosenWords(PLACE, "About")
    suggestion = Suggest(
        reviewer, submission.key, chosen, words="All about", reason="Plainer.", submission=submission
    ).execute()
    Return(reviewer, submission, reason="See the suggestion.").execute()
    answer = ask(writer, page, form_of(page))
    assert "1 suggestion" in rows_of(answer)[PLACE]
    for words in ("1 suggestion to answer", "Reviewer Tester: Plainer.", "“About how_it_works.”"):
        assert words in answer.json()["top"]
    AcceptSuggestion(writer, suggestion).execute()
    answer = ask(writer, page, form_of(page))
    assert "suggestion" not in rows_of(answer)[PLACE] + answer.json()["top"].replace(
        "See the suggestion.", ""
    )


def test_the_contents_cost_one_query_however_long_the_page(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    asked = []
    for text in ("It works.", "It works in another way. " * 40):
        form = form_of(page, text)
        ask(writer, page, form)
        with CaptureQueriesContext(connection) as queries:
            ask(writer, page, form)
        asked.append(len(queries))
        own = [q["sql"] for q in queries if 'FROM "review_submission"' in q["sql"]]
        assert len(own) == 1
    assert asked[0] == asked[1]


def test_the_editor_itself_opens_with_as_many_queries_for_a_long_page(writer: Any) -> None:
    short, long = make_monograph("shortumab", by=writer), make_monograph("longumab", by=writer)
    edit(long, writer, **{section.value: "About it. " * 50 for section in SECTION_ORDER})
    client, asked = as_user(writer), []
    for page in (short, long):
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
