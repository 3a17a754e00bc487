"""Word files of a page: who may have which, and what comes back from outside as notes."""

from io import BytesIO
from typing import Any

import docx
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import etree

from monographs.editions.models import Edition, LedgerEntry
from monographs.models import MonographPage
from monographs.redline import Op
from monographs.review.actions import AcceptSuggestion, AddNote, AnswerNote, Recall
from monographs.review.models import Note, Submission, Suggestion
from tests.factories import edit, make_image, make_monograph, make_user, publish, submit, with_figure
from tests.imports.google_docs import as_google_docs
from tests.imports.marked_files import EXPERT, NEW_WORD, MarkedFile, W
from tests.review.suggested_words import words_of_draft

pytestmark = pytest.mark.django_db
WORDS = "Take 5 mg each day with water."


@pytest.fixture(scope="module")
def page_pk(module_rows: None) -> int:
    """A page with an edition, and a text in review with a note."""
    writer = make_user("writer", "Medical writers")
    reviewer = make_user("reviewer", "Medical reviewers", credentials="PharmD")
    page = make_monograph(by=writer)
    publish(edit(page, writer, how_it_is_administered="Take 0.5 mg each day."), writer, reviewer)
    submission = submit(edit(page, writer, how_it_is_administered=WORDS), writer)
    note = AddNote(
        reviewer, submission, section="how_it_is_administered", body="Which water?", quote="with water"
    ).execute()
    AnswerNote(writer, note, body="Any.").execute()
    return page.pk


@pytest.fixture
def page(db: None, page_pk: int) -> MonographPage:
    """The page with an edition, and a text in review with a note."""
    return MonographPage.objects.get(pk=page_pk)


def in_review() -> str:
    return f"submission-{Submission.objects.get(status='in_review').pk}"


def text_file(page: Any, name: Any) -> str:
    return reverse("review:word_file", args=[page.translation_key, name])


def tracked_file(page: Any, a: Any, b: Any) -> str:
    return reverse("review:redline_word", args=[page.translation_key, a, b])


def coming_back(page: Any) -> str:
    return reverse("review:word_return", args=[page.translation_key])


def footer_of(data: bytes) -> str:
    return docx.Document(BytesIO(data)).sections[0].footer.paragraphs[0].text


def upload(client: Client, page: Any, data: bytes) -> Any:
    return client.post(coming_back(page), {"file": SimpleUploadedFile("back.docx", data)})


def test_the_text_in_review_goes_out_with_tracked_changes_and_notes(
    client: Client, page: Any, reviewer: Any
) -> None:
    client.force_login(reviewer)
    screen = client.get(reverse("review:review", args=[Submission.objects.get(status="in_review").pk]))
    assert tracked_file(page, 1, in_review()) in screen.content.decode()
    response = client.get(tracked_file(page, 1, in_review()))
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert response["Content-Disposition"].startswith('attachment; filename="testumab-1-submission-')
    marked = MarkedFile.of(response.content)
    body = marked.parts["word/document.xml"].decode()
    assert '<w:delText xml:space="preserve">0.5 mg</w:delText>' in body
    assert f'w:author="{Submission.objects.get(status="in_review").submitter_person.name}"' in body
    comments = docx.Document(BytesIO(response.content)).comments
    assert [(c.author, c.text) for c in comments] == [
        ("Reviewer Tester", "Which water?\nWriter Tester: Any.")
    ]
    assert "draft, not approved: submitted" in footer_of(response.content)


def test_a_file_has_an_entity_tag_until_the_text_or_a_note_changes(
    client: Client, page: Any, reviewer: Any
) -> None:
    client.force_login(reviewer)
    address = text_file(page, in_review())
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    AddNote(
        reviewer, Submission.objects.get(status="in_review"), section="how_it_works", body="Is this so?"
    ).execute()
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_editions_say_their_number_and_whether_patients_read_them(
    client: Client, writer: Any, reviewer: Any, figure_files: None
) -> None:
    page = with_figure(make_monograph("figurumab", by=writer), make_image("red", by=writer), writer)
    publish(page, writer, reviewer)
    client.force_login(writer)
    current = client.get(text_file(page, 1)).content
    edition = Edition.objects.get(key=page.translation_key)
    assert footer_of(current) == f"figurumab · edition 1 · SHA-256 {edition.sha256}"
    assert len(docx.Document(BytesIO(current)).inline_shapes) == 1
    assert "draft, not approved ·" in footer_of(client.get(text_file(page, "draft")).content)
    publish(edit(page, writer, how_it_works="Newer."), writer, reviewer)
    assert "edition 1, not what patients read now" in footer_of(client.get(text_file(page, 1)).content)


def test_files_are_for_those_who_may_read_the_text(client: Client, page: Any, writer: Any) -> None:
    addresses = [text_file(page, 1), text_file(page, "draft"), tracked_file(page, 1, in_review())]
    for address in (*addresses, coming_back(page)):
        assert "/login/" in client.get(address)["Location"]
    outsider = make_user("outsider")
    outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(outsider)
    assert {client.get(address).url for address in (*addresses, coming_back(page))} == {"/admin/"}
    client.force_login(writer)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    assert client.get(text_file(page, "submission-0")).status_code == 404


def marked_up(client: Client, page: Any) -> MarkedFile:
    marked = MarkedFile.of(client.get(tracked_file(page, 1, in_review())).content)
    marked.replace_word("p_how_it_works_1", tracked=True)
    marked.comment("p_who_should_take_it_1", "Everybody?")
    return marked


def test_what_cannot_be_read_of_a_file_from_outside_is_named(client: Client, page: Any, writer: Any) -> None:
    client.force_login(writer)
    marked = marked_up(client, page)
    run = marked.words_of("p_who_should_take_it_1")[-1]
    picture = etree.SubElement(etree.SubElement(etree.Element("x"), f"{W}r"), f"{W}drawing")
    run.addnext(marked.changed("ins", picture.getparent()))
    shown = upload(client, page, marked.data()).content.decode()
    assert "not taken over: a drawing." in " ".join(shown.split())


def test_remarks_from_outside_are_shown_and_taken_over_one_by_one(
    client: Client, page: Any, writer: Any
) -> None:
    client.force_login(writer)
    marked = marked_up(client, page)
    before = (LedgerEntry.objects.count(), page.latest_revision_id)
    shown = upload(client, page, marked.data())
    html = shown.content.decode()
    assert "1 proposed change and 1 comment" in " ".join(html.split())
    assert f"{EXPERT} (2026-05-06)" in html
    assert NEW_WORD in html
    assert "Everybody?" in html
    assert "Which water?" not in html  # a note of ours that went out as a comment
    assert LedgerEntry.objects.count() == before[0]
    change: Any = shown.context["changes"][0]
    comment: Any = shown.context["comments"][0]
    state = shown.context["state"]
    for remark in (change, comment, change):
        again = client.post(coming_back(page), {"state": state, "take": remark.id})
        assert again.status_code == 200
    notes = {note.section: note for note in Note.objects.filter(author=writer)}
    assert set(notes) == {"how_it_works", "who_should_take_it"}
    note = notes["how_it_works"]
    assert note.quote == marked.edits[0].old
    assert note.body.startswith(f"{EXPERT} (2026-05-06) proposes in a Word file “{NEW_WORD}")
    assert "Everybody?" in notes["who_should_take_it"].body
    assert note.submission == Submission.objects.get(status="in_review")
    assert again.content.decode().count("Taken over as a note</strong>") == 2
    page.refresh_from_db()
    assert page.latest_revision_id == before[1]
    # The notes are on the screen of the review like any other, beside their passages
    review = client.get(reverse("review:review", args=[note.submission.pk])).content.decode()
    assert f"note-{note.pk}" in review


def test_a_change_from_outside_is_taken_over_as_a_suggestion(
    client: Client, page: Any, writer: Any, reviewer: Any
) -> None:
    """Its author is whoever takes it over; the comment and a new paragraph can only be notes."""
    client.force_login(reviewer)
    marked = marked_up(client, page)
    marked.add_paragraph("p_how_it_works_1", tracked=True)
    shown = upload(client, page, marked.data())
    changes = shown.context["changes"]
    assert sorted(bool(each.chosen) for each in changes) == [False, True]
    assert not any(each.chosen for each in shown.context["comments"])
    (change,) = (each for each in changes if each.chosen)
    (added,) = (each for each in changes if not each.chosen)
    state = shown.context["state"]
    refused = client.post(coming_back(page), {"state": state, "take": f"suggestion-{added.id}"})
    assert refused.status_code == 403
    for _ in range(2):
        again = client.post(coming_back(page), {"state": state, "take": f"suggestion-{change.id}"})
    assert again.content.decode().count("Taken over as a suggestion</strong>") == 1
    suggestion = Suggestion.objects.get()
    assert (suggestion.author, suggestion.outsider) == (reviewer, f"{EXPERT} (2026-05-06)")
    assert suggestion.passage == marked.edits[0].old
    assert NEW_WORD in suggestion.new_words
    Recall(writer, Submission.objects.get(status="in_review")).execute()
    AcceptSuggestion(writer, suggestion).execute()
    assert marked.edits[0].new in words_of_draft(page)


def test_a_file_that_is_not_of_this_page_or_was_tampered_with_is_refused(
    client: Client, page: Any, writer: Any
) -> None:
    client.force_login(writer)
    other = make_monograph("otherumab", by=writer)
    foreign = client.get(text_file(other, "draft")).content
    refused = upload(client, page, foreign)
    assert refused.status_code == 400
    assert "made of another page" in refused.content.decode()
    assert upload(client, page, b"words").status_code == 400
    assert client.post(coming_back(page), {}).status_code == 400
    other_text = MarkedFile.of(client.get(text_file(page, "draft")).content)
    for _ in range(1001):
        other_text.add_paragraph("p_how_it_works_1", tracked=False)
    assert "more than 1,000 places" in upload(client, page, other_text.data()).content.decode()
    state = upload(client, other, foreign).context["state"]
    for stale in (state, "nonsense"):
        answer = client.post(coming_back(page), {"state": stale, "take": "x"})
        assert answer.status_code == 400
        assert "choose the file again" in answer.content.decode()


def test_a_file_of_an_earlier_draft_is_compared_with_that_draft(client: Client, writer: Any) -> None:
    page = make_monograph("draftumab", by=writer)
    client.force_login(writer)
    data = client.get(text_file(page, "draft")).content
    edit(page, writer, how_it_works="Much later words.")
    shown = upload(client, page, data)
    assert (shown.context["changes"], shown.context["is_known"]) == ([], True)
    unknown = MarkedFile.of(data)
    unknown.parts["docProps/custom.xml"] = b"<Properties/>"
    unknown.parts["word/footer1.xml"] = f'<w:ftr xmlns:w="{W[1:-1]}"/>'.encode()
    shown = upload(client, page, unknown.data())
    assert "Much later words." in {change.line.text(Op.INSERTED) for change in shown.context["changes"]}
    assert "does not say of which text it was made" in shown.content.decode()


def test_a_file_that_came_through_google_docs_is_matched_by_its_words(
    client: Client, page: Any, writer: Any
) -> None:
    client.force_login(writer)
    shown = upload(client, page, as_google_docs(marked_up(client, page).data()))
    assert shown.context["is_known"]
    (change,) = shown.context["changes"]
    assert NEW_WORD in change.line.text(Op.DELETED)
    assert change.by.startswith(EXPERT)
    assert [each.words for each in shown.context["comments"]] == ["Everybody?"]
    assert "found by their words" in " ".join(shown.content.decode().split())
