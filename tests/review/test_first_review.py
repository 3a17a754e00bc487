"""A first edition is read once, as patients will see it; round two opens with the reviewer's own notes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from monographs.core.db_clock import database_now
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import AddNote, AnswerNote, Claim, Release, ResolveNote, Return
from monographs.review.models import ReviewClaim, Submission, SubmissionView
from monographs.review.review_context import review_context_for
from monographs.review.screens.document_parts import SERIOUS, DocumentPart, parts_of_rows, section_ids
from tests.conftest import as_user
from tests.factories import edit, make_monograph, make_user, read_all, sign, submit

pytestmark = pytest.mark.django_db


def screen(submission: Submission, by: Any) -> str:
    return as_user(by).get(reverse("review:review", args=[submission.pk])).content.decode()


def test_each_section_of_a_first_edition_is_shown_once_as_on_the_page(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    text = screen(submission, reviewer)
    frames = re.findall(r'<iframe[^>]* src="([^"]+)"', text)
    document = submission.document
    wanted = ["rest", *section_ids(document)]
    assert frames == [f"{reverse('review:document', args=[submission.pk])}?part={name}" for name in wanted]
    assert "The whole text, as patients will see it" in text
    assert "What changed</h2>" not in text
    assert text.count("Mark as read") == len(review_context_for(reviewer, submission).progress.to_read)


def test_the_parts_together_are_the_whole_page(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    address = reverse("review:document", args=[submission.pk])
    client = as_user(reviewer)
    whole = client.get(address).content.decode()
    sections = re.findall(r'<section class="(?:section|boxed-warning)[^"]*" id="([^"]+)"', whole)
    parts = [DocumentPart.of(submission.document, name) for name in section_ids(submission.document)]
    shown = [each for part in parts if part for each in part.shows]
    assert SERIOUS in sections
    assert sorted(shown) == sorted(sections)
    rest = DocumentPart.of(submission.document, "rest")
    assert rest is not None
    assert set(rest.hides) == set(shown)
    one = client.get(address, {"part": "how-it-works"}).content.decode()
    assert "main *:not(#how-it-works, #how-it-works *, :has(#how-it-works))" in one
    for name in ("", "made-up", "x{}</style>"):
        assert client.get(address, {"part": name}).content.decode() == whole


def test_a_page_without_sections_is_shown_whole_beside_its_first_part(writer: Any) -> None:
    from home.models import InformationPage  # noqa: PLC0415

    page = InformationPage(
        title="Who pays", slug="who-pays", body='[{"type": "text", "value": "<p>We do.</p>"}]'
    )
    page.set_url_path(None)
    document = page.to_document()
    assert parts_of_rows(document, ["page", "body"]) == {"page": ""}


def test_a_later_edition_is_still_compared(published_medicine: Any, writer: Any, reviewer2: Any) -> None:
    edit(published_medicine, writer, how_it_works="Other.")
    text = screen(submit(published_medicine, writer), reviewer2)
    assert "What changed</h2>" in text
    assert "?part=" not in text


@pytest.fixture
def round_two(writer: Any, reviewer: Any) -> Submission:
    """A text that came back after ``reviewer`` had read all of it and left a note, which was answered."""
    page = make_monograph(by=writer)
    first = submit(page, writer)
    screen(first, reviewer)
    read_all(first, reviewer)
    note = AddNote(reviewer, first, section="how_it_works", body="Is this so?").execute()
    Return(reviewer, first, reason="See the note.").execute()
    AnswerNote(writer, note, body="It is; I named the source.").execute()
    edit(page, writer, who_should_take_it="Other people.")
    return submit(page, writer)


def test_round_two_opens_with_ones_own_notes_and_their_answers(
    round_two: Submission, reviewer: Any, reviewer2: Any
) -> None:
    text = screen(round_two, reviewer)
    own = text[text.index('id="own-notes"') : text.index('id="what-changed"')]
    assert "Is this so?" in own
    assert "It is; I named the source." in own
    assert 'id="own-notes"' not in screen(round_two, reviewer2)


def test_round_two_folds_what_was_read_and_is_the_same(
    round_two: Submission, reviewer: Any, reviewer2: Any
) -> None:
    context = review_context_for(reviewer, round_two)
    # The note is open, another text is new, and the page's own row has another note of changes
    assert {row.anchor for row in context.expanded_rows} == {"page", "how_it_works", "who_should_take_it"}
    assert context.has_settled
    ResolveNote(reviewer, context.own_notes[0].note, body="").execute()
    later = review_context_for(reviewer, round_two)
    assert "how_it_works" not in {row.anchor for row in later.expanded_rows}
    other = review_context_for(reviewer2, round_two)
    assert not other.collapsed_rows, "who has not read it has nothing folded"


def test_after_an_edition_everything_that_changed_is_open_again(
    round_two: Submission, writer: Any, reviewer: Any
) -> None:
    context = review_context_for(reviewer, round_two)
    ResolveNote(reviewer, context.own_notes[0].note, body="").execute()
    sign(round_two, reviewer)
    page = round_two.page.specific
    edit(page, writer, how_it_works="Changed for the next edition.")
    context = review_context_for(reviewer, submit(page, writer))
    assert not context.own_notes
    assert not context.has_settled


def test_a_claim_is_shown_expires_and_keeps_nobody_from_signing(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    as_user(reviewer).post(reverse("review:claim", args=[submission.pk]), {"act": "claim"})
    for other in (reviewer2, writer):
        assert "Reviewer Tester has claimed this text" in screen(submission, other)
        assert "Claimed by Reviewer Tester" in as_user(other).get(reverse("review:queue")).content.decode()
    assert "You have claimed this text" in screen(submission, reviewer)
    with pytest.raises(PolicyError, match="has claimed this text until") as refusal:
        Claim(reviewer2, submission).execute()
    assert refusal.value.rule == Rule.CLAIMED
    ReviewClaim.objects.update(until=database_now() - timedelta(seconds=1))
    assert "has claimed" not in screen(submission, reviewer2)
    Claim(reviewer2, submission).execute()
    sign(submission, reviewer)  # over the claim of another
    submission.refresh_from_db()
    assert not submission.is_open


def test_a_claim_is_released_by_its_holder_or_an_editor(
    writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    with pytest.raises(PolicyError, match="Only members of"):
        Claim(writer, submission).execute()
    for by in (reviewer, editor):
        Claim(reviewer, submission).execute()
        with pytest.raises(PolicyError, match="Only Reviewer Tester or an editor"):
            Release(reviewer2, submission).execute()
        Release(by, submission).execute()
        assert not ReviewClaim.objects.exists()
    Release(reviewer2, submission).execute()  # nothing to release


def test_who_looks_at_a_text_is_shown_to_those_who_review_or_write(
    writer: Any, reviewer: Any, reviewer2: Any, django_assert_max_num_queries: Any
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    address = reverse("review:looking", args=[submission.pk])
    client, other = as_user(reviewer), as_user(reviewer2)
    assert client.post(address).json() == {"people": []}
    other.post(address)
    with django_assert_max_num_queries(12):  # nine are the admin's own
        answer = other.post(address)
    assert answer.json() == {"people": ["Reviewer Tester"]}
    assert "Open now on other screens: Reviewer Tester" in screen(submission, reviewer2)
    SubmissionView.objects.update(last_at=database_now() - timedelta(minutes=2))
    assert other.post(address).json() == {"people": []}
    assert as_user(make_user("stranger")).post(address).status_code == 302
    assert client.get(address).status_code == 405
    sign(submission, reviewer)
    assert other.post(address).json() == {"people": []}


def test_class_and_condition_pages_have_checklists_of_their_own(
    published_medicine: Any, writer: Any, reviewer2: Any
) -> None:
    from monographs.review.progress import active_statements  # noqa: PLC0415

    lists = {kind: active_statements(kind) for kind in ("monograph", "drug_class", "condition", "home")}
    assert len({tuple(statements) for statements in lists.values()}) == len(lists)
    assert not any("Doses" in each for kind in ("drug_class", "condition", "home") for each in lists[kind])
