"""The screens of a draft set aside: setting it aside, reading it, merging it, and where it is said."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Revision

from monographs.editions.models import Edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.redline import Op
from monographs.review.actions import Withdraw
from monographs.review.actions.set_aside import SetAside
from monographs.review.dashboard.rows import DashboardFilter, rows
from monographs.review.draft_merge.merge_conflict import ABSENT, Conflict, ConflictKind
from monographs.review.models import SetAsideDraft
from monographs.review.screens.versions import UNFINISHED
from monographs.review.set_aside.conflict_texts import conflict_texts, place_name
from tests.factories import PASSWORD, make_user, publish, submit
from tests.review.authored_drafts import latest
from tests.review.unpublished_drafts import LONG, words_of, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(published_medicine: MonographPage, writer: Any) -> MonographPage:
    """A page with an edition and a draft that waits."""
    write(published_medicine, writer, "how_it_works", LONG)
    return MonographPage.objects.get(pk=published_medicine.pk)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, page: Any) -> str:
    return reverse(f"review:set_aside:{name}", args=[page.pk])


def set_aside(page: Any, by: Any) -> SetAsideDraft:
    row = MonographPage.objects.get(pk=page.pk)
    return SetAside(by, row, seen=row.latest_revision_id).execute()


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def fields_of(response: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the hidden values of the form of a merge, and the names of the fields of its conflicts."""
    form = response.context["form"]
    hidden = {name: form[name].initial for name in ("seen", "row")}
    return hidden, [name for name in form.fields if name not in hidden]


def inputs_of(response: Any, name: str) -> list[str]:
    """Return the start tags of the fields with a name."""
    return re.findall(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', text_of(response))


def test_a_draft_is_set_aside_from_the_editor_and_merged_again(page: MonographPage, writer: Any) -> None:
    client = client_of(writer)
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert address("correct", page) in text_of(client.get(editor))
    screen = client.get(address("correct", page))
    assert "Set the draft aside and correct the public text" in text_of(screen)
    assert "A long new explanation" in text_of(screen)
    answer = client.post(address("correct", page), {"seen": page.latest_revision_id}, follow=True)
    assert answer.redirect_chain == [(editor, 302)]
    opened = text_of(answer)
    assert "A draft of this page was set aside by Writer Tester" in opened
    assert address("merge", page) in opened
    assert address("correct", page) not in opened
    assert "About how_it_works." in words_of(page, "how_it_works")
    shown = text_of(client.get(address("draft", page)))
    assert "It stems from edition 1" in shown
    assert "A long new explanation" in shown
    merging = client.get(address("merge", page))
    assert "Nothing has to be chosen" in text_of(merging)
    form = merging.context["form"]
    answer = client.post(address("merge", page), {name: form[name].value() for name in ("seen", "row")})
    assert answer.url == editor
    assert LONG in words_of(page, "how_it_works")
    assert Edition.objects.count() == 1
    assert "The last one was merged by Writer Tester" in text_of(client.get(address("draft", page)))
    assert "The last one was merged by Writer Tester" in text_of(client.get(address("merge", page)))


def test_conflicts_are_shown_with_all_texts_and_answered(page: MonographPage, writer: Any) -> None:
    set_aside(page, writer)
    write(page, writer, "how_it_works", "It was <b>corrected</b>.", note="Corrected.")
    client = client_of(writer)
    screen = client.get(address("merge", page))
    html = text_of(screen)
    assert "1 place to decide" in html
    assert "How it works" in html
    assert "About how_it_works." in html
    assert "corrected" in html
    hidden, (choice, words) = fields_of(screen)
    refused = client.post(address("merge", page), hidden)
    assert refused.status_code == 400
    assert "Choose one of these texts." in text_of(refused)
    (first, *_, anew) = inputs_of(refused, choice)
    assert "autofocus" in first
    for each in (first, anew):
        assert 'aria-invalid="true"' in each
        assert f"id_{choice}_error" in each
    refused = client.post(address("merge", page), {**hidden, choice: "anew", words: " "})
    assert "Write the words, or choose another text." in text_of(refused)
    (area,) = inputs_of(refused, words)
    assert "autofocus" in area
    assert 'aria-invalid="true"' in area
    assert f'aria-describedby="id_{words}_error"' in area
    assert f'<div id="id_{words}_error">' in text_of(refused)
    assert SetAsideDraft.objects.get().is_open
    client.post(address("merge", page), {**hidden, choice: "anew", words: "Words & more"})
    assert "<p>Words &amp; more</p>" in words_of(page, "how_it_works")


def test_a_conflict_shows_what_each_draft_changed_in_the_text_before(
    published_medicine: MonographPage, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    write(page, writer, "how_it_works", "It blocks a protein. Take one tablet a day.")
    publish(page, writer, reviewer)
    write(page, writer, "how_it_works", "It blocks a protein. Take two tablets a day.")
    set_aside(page, writer)
    write(
        page, writer, "how_it_works", "It blocks a protein of the cell. Take one tablet a day.", note="Word."
    )
    screen = client_of(writer).get(address("merge", page))
    html = text_of(screen)
    assert "css/redline.css" in html
    base, waiting, corrected = screen.context["form"].texts[0].choices
    assert (base.lines, waiting.texts, corrected.texts) == ([], [], [])
    assert base.texts == ["<p>It blocks a protein. Take one tablet a day.</p>"]
    assert [line.text(Op.INSERTED) for line in waiting.lines] == [
        "It blocks a protein. Take one tablet a day."
    ]
    assert [line.text(Op.DELETED) for line in waiting.lines] == [
        "It blocks a protein. Take two tablets a day."
    ]
    assert html.count('class="redline__del"') == 1
    assert html.count('class="redline__ins"') == 2
    for aloud in ("deleted:", "end of deleted.", "inserted:", "end of inserted."):
        assert f'<span class="redline__aloud" data-not-text>{aloud}' in html or f", {aloud}" in html
    assert "dose or number changed" in html


def test_a_deletion_shows_what_is_deleted_and_what_is_new_is_shown_whole() -> None:
    old, new = "<p>Old words.</p>", "<p>Old, new words.</p>"
    deleted = Conflict("n", ("x",), ConflictKind.DELETED, old, ABSENT, new)
    added = Conflict("n", ("x",), ConflictKind.CHANGED, ABSENT, "<p>One.</p>", "<p>Other.</p>")
    plain = Conflict("n", ("summary",), ConflictKind.CHANGED, "A & B.", "", "A & C.")
    first, second, third = conflict_texts([deleted, added, plain])
    gone, changed = first.choices
    assert gone.texts == ["(deleted)"]
    assert [(line.op, line.text(Op.INSERTED)) for line in gone.lines] == [(Op.DELETED, "Old words.")]
    assert [line.op for line in changed.lines] == [Op.CHANGED]
    assert [(each.texts, each.lines) for each in second.choices] == [
        (["<p>One.</p>"], []),
        (["<p>Other.</p>"], []),
    ]
    base, emptied, reworded = third.choices
    assert base.texts == ["<p>A &amp; B.</p>"]
    assert (emptied.texts, [line.op for line in emptied.lines]) == (["(nothing)"], [Op.DELETED])
    assert [line.text(Op.DELETED) for line in reworded.lines] == ["A & C."]


def test_a_draft_that_changed_meanwhile_is_shown_again(page: MonographPage, writer: Any) -> None:
    writer2 = make_user("writer2", "Medical writers")
    set_aside(page, writer)
    client = client_of(writer)
    hidden, _ = fields_of(client.get(address("merge", page)))
    write(page, writer2, "how_it_works", "It was corrected.")
    answer = client.post(address("merge", page), hidden)
    assert answer.status_code == 400, "there is a conflict now"
    _, (choice, _) = fields_of(answer)
    answer = client.post(address("merge", page), {**hidden, choice: "set_aside"})
    assert answer.status_code == 403
    assert "changed meanwhile" in text_of(answer)
    assert "It was corrected." in words_of(page, "how_it_works")
    refused = client.post(address("correct", page), {"seen": 1})
    assert refused.status_code == 403
    assert "set aside already" in text_of(refused)


def test_answers_stay_with_their_conflict_when_another_one_appears(page: MonographPage, writer: Any) -> None:
    """What a browser keeps is put back by the names of fields."""
    write(page, writer, "who_should_take_it", LONG)
    set_aside(page, writer)
    write(page, writer, "how_it_works", "It was corrected.", note="Corrected.")
    client = client_of(writer)
    hidden, (choice, words) = fields_of(client.get(address("merge", page)))
    answers = {choice: "anew", words: "Words of my own."}
    write(page, writer, "who_should_take_it", "Adults, corrected.", note="Corrected.")
    _, names = fields_of(client.get(address("merge", page)))
    assert len(names) == 4, "there are two conflicts now"
    assert {choice, words} < set(names)
    (other,) = (name for name in names if name.startswith("choice_") and name != choice)
    answer = client.post(address("merge", page), {**hidden, **answers, other: "set_aside"})
    assert answer.status_code == 403
    form = answer.context["form"]
    assert (form[choice].value(), form[words].value(), form[other].value()) == (
        "anew",
        "Words of my own.",
        "set_aside",
    )
    write(page, writer, "how_it_works", "It was corrected again.", note="Corrected.")
    _, names = fields_of(client.get(address("merge", page)))
    assert choice not in names, "the answer was about other texts"
    assert other in names


def test_a_merged_draft_that_cannot_be_stored_keeps_the_answers(
    page: MonographPage, writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_aside(page, writer)
    write(page, writer, "how_it_works", "It was corrected.", note="Corrected.")
    client = client_of(writer)
    hidden, (choice, words) = fields_of(client.get(address("merge", page)))

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ValidationError("No.")

    monkeypatch.setattr(MonographPage, "save_revision", refuse)
    answer = client.post(address("merge", page), {**hidden, choice: "anew", words: "Words of my own."})
    assert answer.status_code == 403
    assert "The merged draft cannot be stored: No." in text_of(answer)
    assert answer.context["form"][words].value() == "Words of my own."


def test_a_draft_rewritten_in_the_database_is_said_once(page: MonographPage, writer: Any) -> None:
    aside = set_aside(page, writer)
    client = client_of(writer)
    hidden, _ = fields_of(client.get(address("merge", page)))
    content = {**aside.revision.content, "summary": "Rewritten."}
    Revision.objects.filter(pk=aside.revision_id).update(content=content)
    for answer in (client.get(address("merge", page)), client.post(address("merge", page), hidden)):
        assert text_of(answer).count("tell an operator") == 1
        assert "changed meanwhile" not in text_of(answer)
    assert answer.status_code == 403


def test_a_page_in_review_says_to_recall_it_first(page: MonographPage, writer: Any) -> None:
    submission = submit(page, writer)
    client = client_of(writer)
    review = reverse("review:review", args=[submission.pk])
    html = text_of(client.get(address("correct", page)))
    assert f'Recall it first: <a href="{review}">' in html
    assert "Set the draft aside and" not in html


def test_while_a_text_is_in_review_the_draft_set_aside_is_only_shown(
    page: MonographPage, writer: Any
) -> None:
    set_aside(page, writer)
    write(page, writer, "how_it_is_administered", "About how_it_is_administered!", note="A mark.")
    submission = submit(page, writer)
    review = reverse("review:review", args=[submission.pk])
    client = client_of(writer)
    shown = text_of(client.get(address("draft", page)))
    assert "While a text of this page is in review, the draft set aside cannot be merged." in shown
    assert f'<a href="{review}">Open its review</a>' in shown
    assert "Recall it first" not in shown
    assert "Recall it first" in text_of(client.get(address("merge", page)))


def test_an_unfinished_draft_is_said_in_the_same_words_on_each_screen(
    page: MonographPage, writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfinished(*args: Any) -> None:
        raise ValueError("Unfinished.")

    monkeypatch.setattr(MonographPage, "resolve", unfinished)
    client = client_of(writer)
    compared = client.get(reverse("review:compare", args=[page.translation_key, "1", "draft"]), follow=True)
    for answer in (client.get(address("correct", page)), compared):
        assert UNFINISHED in text_of(answer)


def test_what_is_said_of_a_page_that_is_withdrawn(page: MonographPage, writer: Any, reviewer: Any) -> None:
    set_aside(page, writer)
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.BEING_CHECKED, note="x", password=PASSWORD
    ).execute()
    client = client_of(writer)
    for name in ("draft", "merge", "correct"):
        assert "withdrawn or retired" in text_of(client.get(address(name, page)))


def test_review_record_and_dashboard_say_that_a_draft_is_set_aside(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    set_aside(page, writer)
    write(page, writer, "how_it_is_administered", "About how_it_is_administered!", note="A mark.")
    submission = submit(page, writer)
    client = client_of(reviewer)
    said = "Another draft of this page was set aside by Writer Tester"
    assert said in text_of(client.get(reverse("review:review", args=[submission.pk])))
    assert said in text_of(client.get(reverse("review:record", args=[page.translation_key])))
    (row,) = rows(writer, DashboardFilter(words="testumab"))
    assert row.note == "Another draft is set aside"


def test_a_published_page_with_a_draft_aside_counts_as_a_draft(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    set_aside(page, writer)
    write(page, writer, "how_it_is_administered", "About how_it_is_administered!", note="A mark.")
    publish(page, writer, reviewer)
    (row,) = rows(writer, DashboardFilter(words="testumab"))
    assert row.stage == "draft"
    assert row.note == "Changed since edition 2. Another draft is set aside"


@pytest.mark.parametrize("name", ["draft", "correct", "merge"])
def test_who_may_not_edit_the_page_sees_no_draft(page: MonographPage, writer: Any, name: str) -> None:
    set_aside(page, writer)
    stranger = make_user("stranger")
    for method in ("get", "post"):
        answer = getattr(client_of(stranger), method)(address(name, page))
        assert answer.status_code in (302, 403, 405)
        assert LONG not in answer.content.decode()
    assert SetAsideDraft.objects.get().is_open


def test_the_screens_ask_a_fixed_number_of_queries(page: MonographPage, writer: Any) -> None:
    client = client_of(writer)
    set_aside(page, writer)
    write(page, writer, "how_it_works", "It was corrected.", note="Corrected.")
    client.get(address("merge", page))
    counts = []
    for section in ("who_should_take_it", "commonly_used_with"):
        with CaptureQueriesContext(connection) as queries:
            screen = client.get(address("merge", page))
        counts.append(len(queries))
        assert screen.context["form"].texts
        write(page, writer, section, "About more of it.", note="Corrected.")
    assert counts[0] == counts[1]
    assert counts[0] <= 40


def test_places_have_names() -> None:
    assert (
        place_name(("sections", "how_it_works", "content", "advice", "text")) == "How it works, Advice, Text"
    )
    assert place_name(("drug_class",)) == "Drug class"
    assert place_name(("sections",)) == "Sections"
    assert ConflictKind.ORDER.value == "order"


def test_the_latest_draft_is_what_the_editor_opens(page: MonographPage, writer: Any) -> None:
    set_aside(page, writer)
    assert latest(page).get_latest_revision().pk != SetAsideDraft.objects.get().revision_id
