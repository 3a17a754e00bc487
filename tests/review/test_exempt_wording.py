"""Which accepted suggestions are exempt as wording, so that their author may sign the text."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from monographs.editions.models import LedgerEntry
from monographs.pages.refusals import PolicyError
from monographs.review.actions import AcceptSuggestion, ConfirmExemption, Recall, SetExemption
from monographs.review.models import Submission, Suggestion, SuggestionExemption
from monographs.review.suggestions.suggestion_policy import bar_notice, bar_notice_for, newest_exemption
from tests.factories import edit, get_or_make_user, make_monograph, make_user, publish, sign, submit
from tests.review.suggested_words import draft_of, suggest, words_of_draft

pytestmark = pytest.mark.django_db

WORDS = "It slows the growth of cancer cells over many weeks. Most people feel fine afterwards."
NOTE = "A name changed."
#: Each adds words that a correction may add; together they say something new.
STEPS = (
    ("afterwards.", "afterwards. Lemon juice clears rashes."),
    ("rashes.", "rashes and rinsing heals sores."),
    ("sores.", "sores, even deep ugly ones."),
)


@pytest.fixture(scope="module")
def submission_pk(module_rows: None) -> int:
    """A text in review whose page has an edition already."""
    writer = make_user("writer", "Medical writers")
    reviewer = make_user("reviewer", "Medical reviewers", credentials="PharmD")
    make_user("reviewer2", "Medical reviewers", credentials="MD")
    make_user("editor", "Editors")
    make_user("editor2", "Editors")
    page = edit(make_monograph(by=writer), writer, how_it_works=WORDS)
    publish(page, writer, reviewer)
    return submit(edit(page, writer, change_note=NOTE), writer).pk


@pytest.fixture
def submission(db: None, submission_pk: int) -> Submission:
    return Submission.objects.get(pk=submission_pk)


@pytest.fixture
def exempt_wording(submission: Submission, editor: Any) -> None:
    exempt_by_two(editor, "Typing errors.")


def exempt_by_two(proposer: Any, reason: str) -> None:
    """Let ``proposer`` propose that wording is exempt, and a second editor confirm it."""
    second = get_or_make_user("editor2", "Editors")
    ConfirmExemption(second, SetExemption(proposer, allowed=True, reason=reason).execute()).execute()


def accepted(suggestion: Suggestion, writer: Any) -> Suggestion:
    """Take the text back and accept the suggestion."""
    Recall(writer, Submission.objects.get(pk=suggestion.submission_id)).execute()
    return AcceptSuggestion(writer, Suggestion.objects.get(pk=suggestion.pk)).execute()


def again(submission: Submission, writer: Any) -> Submission:
    """Submit the draft as it is now."""
    return submit(draft_of(submission.page), writer)


@pytest.mark.parametrize(
    ("change", "exempt"),
    [
        (("slows", "slosw"), True),
        (("over many weeks", "over many more weeks"), False),
        (("It slows", "It does not slow"), False),
        (("weeks", "weeks, at 5 mg"), False),
        (("over many weeks", "twice over many weeks"), False),
        (("Most people", "Few people"), False),
        (("afterwards", "afterwards, or call us today"), False),
        (("afterwards", "afterwards, or call us at once"), False),
    ],
)
def test_wording_is_exempt_where_an_editor_decided_so(
    submission: Submission, writer: Any, reviewer: Any, editor: Any, change: tuple[str, str], exempt: bool
) -> None:
    exempt_by_two(editor, "Typing errors.")
    entries = LedgerEntry.objects.filter(event="suggestion_exemption").order_by("seq")
    assert ['"confirms":null' in entry.body for entry in entries] == [True, False]
    suggestion = suggest(reviewer, submission, *change)
    assert suggestion.wording_only is exempt
    assert accepted(suggestion, writer).exempt is exempt
    submitted = again(submission, writer)
    if exempt:
        sign(submitted, reviewer)
    else:
        with pytest.raises(PolicyError, match="words of yours"):
            sign(submitted, reviewer)


def test_the_exemption_is_set_by_editors_only_and_does_not_look_back(
    submission: Submission, writer: Any, reviewer: Any, editor: Any
) -> None:
    for other in (writer, reviewer):
        with pytest.raises(PolicyError, match="Only editors"):
            SetExemption(other, allowed=True, reason="For me.").execute()
    with pytest.raises(PolicyError, match="already"):
        SetExemption(editor, allowed=False, reason="As it is.").execute()
    with pytest.raises(PolicyError, match="Say why"):
        SetExemption(editor, allowed=True, reason="").execute()
    suggestion = suggest(reviewer, submission, "slows", "slosw")
    accepted(suggestion, writer)
    exempt_by_two(editor, "Typing errors.")
    with pytest.raises(PolicyError, match="words of yours"):
        sign(again(submission, writer), reviewer)


@pytest.mark.usefixtures("exempt_wording")
def test_several_suggestions_together_are_compared_with_the_edition(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    found = []
    for step in STEPS:
        found.append(accepted(suggest(reviewer, submission, *step), writer).exempt)
        submission = again(submission, writer)
    assert words_of_draft(submission.page)[0].endswith("heals sores, even deep ugly ones.")
    assert found == [True, False, False]
    with pytest.raises(PolicyError, match="words of yours"):
        sign(submission, reviewer)


@pytest.mark.parametrize(("signer", "exempt"), [("reviewer", False), ("reviewer2", True)])
@pytest.mark.usefixtures("exempt_wording")
def test_an_edition_that_only_their_author_signed_makes_no_room_for_more(
    submission: Submission, writer: Any, reviewer: Any, request: Any, signer: str, exempt: bool
) -> None:
    assert accepted(suggest(reviewer, submission, *STEPS[0]), writer).exempt
    sign(again(submission, writer), request.getfixturevalue(signer))
    page = edit(draft_of(submission.page), writer, change_note="Another name changed.")
    suggestion = suggest(reviewer, submit(page, writer), *STEPS[1])
    assert suggestion.wording_only is exempt
    assert accepted(suggestion, writer).exempt is exempt


@pytest.mark.usefixtures("exempt_wording")
def test_a_note_on_what_changed_is_never_wording(submission: Submission, writer: Any, reviewer: Any) -> None:
    suggestion = suggest(reviewer, submission, NOTE, "The heart warning no longer applies.", section="page")
    assert suggestion.place == "change_note"
    assert not accepted(suggestion, writer).exempt
    with pytest.raises(PolicyError, match="words of yours"):
        sign(again(submission, writer), reviewer)


@pytest.mark.usefixtures("exempt_wording")
def test_nothing_is_wording_where_the_writer_changed_more(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    Recall(writer, submission).execute()
    edit(submission.page.specific, writer, change_note=NOTE, how_it_is_administered="Take 5 mg.")
    suggestion = suggest(reviewer, again(submission, writer), "slows", "slosw")
    assert not suggestion.wording_only


def test_nothing_is_exempt_on_a_page_without_an_edition(writer: Any, reviewer: Any, editor: Any) -> None:
    exempt_by_two(editor, "Typing errors.")
    page = edit(make_monograph("newumab", by=writer), writer, how_it_works=WORDS)
    suggestion = suggest(reviewer, submit(page, writer), "slows", "slosw")
    assert not suggestion.wording_only
    assert not accepted(suggestion, writer).exempt


@pytest.mark.parametrize("by_name", [False, True])
def test_nobody_is_exempt_by_their_own_decision(submission: Submission, writer: Any, by_name: bool) -> None:
    """Also not an account that was made again under the same sign-in name."""
    decider = make_user("decider", "Medical reviewers", "Editors", credentials="MD")
    exempt_by_two(decider, "For me.")
    if by_name:
        decider.delete()
        decider = make_user("decider", "Medical reviewers", credentials="MD")
    suggestion = suggest(decider, submission, "slows", "slosw")
    assert suggestion.wording_only
    row = Suggestion.objects.filter(pk=suggestion.pk)
    with pytest.raises(IntegrityError, match="not exempt"), transaction.atomic():
        row.update(status="accepted", exempt=True)
    assert bar_notice_for(decider) == bar_notice(exempt=False)
    assert not accepted(suggestion, writer).exempt
    with pytest.raises(PolicyError, match="words of yours"):
        sign(again(submission, writer), decider)


def test_another_reviewer_is_exempt_by_an_editors_decision(
    submission: Submission, writer: Any, reviewer: Any
) -> None:
    decider = make_user("decider", "Medical reviewers", "Editors", credentials="MD")
    exempt_by_two(decider, "Typing errors.")
    assert bar_notice_for(reviewer) == bar_notice(exempt=True)
    assert accepted(suggest(reviewer, submission, "slows", "slosw"), writer).exempt


@pytest.mark.parametrize("who", ["proposer", "confirmer"])
def test_neither_of_the_two_is_exempt(submission: Submission, writer: Any, who: str) -> None:
    roles = ("Medical reviewers", "Editors")
    people = {role: make_user(role, *roles, credentials="MD") for role in ("proposer", "confirmer")}
    proposal = SetExemption(people["proposer"], allowed=True, reason="Typing errors.").execute()
    ConfirmExemption(people["confirmer"], proposal).execute()
    suggestion = suggest(people[who], submission, "slows", "slosw")
    row = Suggestion.objects.filter(pk=suggestion.pk)
    with pytest.raises(IntegrityError, match="not exempt"), transaction.atomic():
        row.update(status="accepted", exempt=True)
    assert not accepted(suggestion, writer).exempt


def test_a_proposal_exempts_nothing_until_somebody_else_confirms_it(
    submission: Submission, writer: Any, reviewer: Any, editor: Any
) -> None:
    proposal = SetExemption(editor, allowed=True, reason="Typing errors.").execute()
    newer = make_user("newer", "Editors")
    for user, words in ((editor, "You proposed this"), (newer, "newer than this"), (writer, "Only editors")):
        with pytest.raises(PolicyError, match=words):
            ConfirmExemption(user, proposal).execute()
    with pytest.raises(PolicyError, match="proposed already"):
        SetExemption(editor, allowed=True, reason="Again.").execute()
    row = SuggestionExemption(allowed=True, reason="x", by=proposal.by, confirms=proposal)
    with pytest.raises(IntegrityError, match="somebody else confirms"), transaction.atomic():
        row.save()
    suggestion = suggest(reviewer, submission, "slows", "slosw")
    with pytest.raises(IntegrityError, match="not exempt"), transaction.atomic():
        Suggestion.objects.filter(pk=suggestion.pk).update(status="accepted", exempt=True)
    assert not accepted(suggestion, writer).exempt


def test_one_editor_declines_a_proposal_or_ends_the_exemption(submission: Submission, editor: Any) -> None:
    second = get_or_make_user("editor2", "Editors")
    proposal = SetExemption(editor, allowed=True, reason="Typing errors.").execute()
    SetExemption(second, allowed=False, reason="No.").execute()
    with pytest.raises(PolicyError, match="does not wait any more"):
        ConfirmExemption(second, proposal).execute()
    exempt_by_two(editor, "Typing errors.")
    decision = newest_exemption()
    assert decision is not None
    assert decision.allowed
    SetExemption(second, allowed=False, reason="Enough.").execute()
    decision = newest_exemption()
    assert decision is not None
    assert not decision.allowed
