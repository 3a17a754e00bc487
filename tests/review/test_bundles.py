"""Bundles: submissions that are signed as one, all or none."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import TaskState

from monographs.editions.ledger import Event
from monographs.editions.models import Edition, LedgerEntry, Publication, Signature
from monographs.editions.verify import verify
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import (
    AddNote,
    AddToBundle,
    MakeBundle,
    MarkAllRead,
    Recall,
    Return,
    ReturnBundle,
    Sign,
    SignBundle,
    TakeOut,
    TickStatement,
    WithdrawSuggestion,
)
from monographs.review.actions.read_marks import changes_digest
from monographs.review.models import MedicalReviewTask, ReviewBundle, Submission, SubmissionStatus
from monographs.review.progress import progress_of
from monographs.review.submission_state.bundle_progress import (
    bundle_hash,
    members_of_bundle,
    progress_of_many,
)
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, read_all, sign, submit
from tests.review.suggested_words import suggest

pytestmark = pytest.mark.django_db

NAMES = ("alphamab", "betamab", "gammamab")


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("emil", "Editors")


def bundled(editor: Any, writer: Any, *, names: Any = NAMES, **terms: Any) -> ReviewBundle:
    submissions = [submit(make_monograph(name, by=writer), writer, **terms) for name in names]
    return MakeBundle(editor, submissions, title="Renaming the class").execute()


def read_bundle(bundle: ReviewBundle, *readers: Any) -> list[Submission]:
    members = members_of_bundle(bundle)
    for member in members:
        read_all(member, *readers)
    return members


def sign_bundle(
    bundle: ReviewBundle, by: Any, *, seen: str = "", password: str = PASSWORD
) -> list[Submission]:
    members = members_of_bundle(bundle)
    return SignBundle(by, bundle, seen=seen or bundle_hash(members), password=password).execute()


def refusal(act: Any) -> PolicyError:
    with pytest.raises(PolicyError) as error:
        act()
    assert not Edition.objects.exists()
    return error.value


def test_one_act_signs_and_publishes_every_page(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer)
    read_bundle(bundle, reviewer)
    sign_bundle(bundle, reviewer)

    run_deferred_constraints()
    assert sorted(Edition.objects.values_list("slug", "number")) == [(name, 1) for name in NAMES]
    assert Publication.objects.filter(state="current").count() == len(NAMES)
    signatures = Signature.objects.all()
    assert len({signature.submission for signature in signatures}) == len(NAMES)
    assert {s.sha256 for s in signatures} == set(Edition.objects.values_list("sha256", flat=True))
    checked = LedgerEntry.objects.filter(event=Event.CHECKED)
    assert len(checked) == len(NAMES)
    assert all(str(bundle.uuid) in entry.body for entry in checked)
    assert LedgerEntry.objects.filter(event=Event.BUNDLED).count() == len(NAMES)
    assert verify()["signatures"] == len(NAMES)
    assert {s.status for s in members_of_bundle(bundle)} == {SubmissionStatus.SIGNED}


def test_a_page_that_cannot_be_signed_is_named_and_nothing_is_signed(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    """The reviewer wrote one page; another was not read."""
    own = submit(make_monograph("ownmab", by=reviewer), writer)
    others = [submit(make_monograph(name, by=writer), writer) for name in NAMES]
    bundle = MakeBundle(editor, [own, *others], title="Renaming").execute()
    for each in (own, *others[:2]):
        read_all(each, reviewer)

    found = refusal(lambda: sign_bundle(bundle, reviewer))
    assert found.rule == Rule.NOT_READ
    assert found.message.startswith("Nothing was signed, on none of the pages.")
    assert "“ownmab”: You changed this text" in found.message
    assert "“gammamab”: Not ready to sign. Read what changed" in found.message
    assert "alphamab" not in found.message
    assert not Signature.objects.exists()

    TakeOut(editor, bundle, own).execute()
    read_all(others[2], reviewer)
    sign_bundle(bundle, reviewer)
    run_deferred_constraints()
    assert Edition.objects.count() == len(NAMES)
    assert Submission.objects.get(pk=own.pk).is_open
    assert LedgerEntry.objects.filter(event=Event.UNBUNDLED, subject=str(own.key)).exists()


def test_a_text_of_a_bundle_is_not_signed_by_itself(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer)
    member = read_bundle(bundle, reviewer)[0]
    found = refusal(lambda: Sign(reviewer, member, password=PASSWORD, seen_sha256=member.sha256).execute())
    assert found.rule == Rule.IN_A_BUNDLE
    assert not Signature.objects.exists()


def test_no_route_publishes_a_part_of_a_bundle(editor: Any, writer: Any, reviewer: Any) -> None:
    """With its signatures in place, code ends the review of one page only."""
    bundle = bundled(editor, writer)
    read_bundle(bundle, reviewer)
    MedicalReviewTask.objects.update(signatures=2)
    sign_bundle(bundle, reviewer)
    MedicalReviewTask.objects.update(signatures=1)
    member = members_of_bundle(bundle)[0]
    state = TaskState.objects.get(pk=member.workflow_state.current_task_state_id)

    def approve() -> None:
        with transaction.atomic():
            state.approve(user=reviewer)

    assert refusal(approve).rule == Rule.BUNDLE_PART


def test_several_signatures_are_given_for_all_pages_each_time(
    editor: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    bundle = bundled(editor, writer)
    read_bundle(bundle, reviewer, reviewer2)
    sign_bundle(bundle, reviewer)
    assert not Edition.objects.exists()
    assert Signature.objects.count() == len(NAMES)
    assert refusal(lambda: sign_bundle(bundle, reviewer)).rule == Rule.ALREADY_SIGNED
    sign_bundle(bundle, reviewer2)
    run_deferred_constraints()
    assert Edition.objects.count() == len(NAMES)
    assert verify()["signatures"] == 2 * len(NAMES)


def test_who_signs_authenticates_again_and_is_no_writer(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer)
    read_bundle(bundle, reviewer)
    assert refusal(lambda: sign_bundle(bundle, reviewer, password="guess")).rule == Rule.WRONG_PASSWORD
    assert refusal(lambda: sign_bundle(bundle, writer)).rule == Rule.NOT_A_REVIEWER
    assert refusal(lambda: sign_bundle(bundle, editor)).rule == Rule.NOT_A_REVIEWER
    assert refusal(lambda: sign_bundle(bundle, reviewer, seen="0" * 64)).rule == Rule.STALE
    assert LedgerEntry.objects.filter(event=Event.REFUSED, subject=f"bundle {bundle.pk}").count() == 4
    assert not Signature.objects.exists()


def test_a_text_that_was_returned_or_recalled_keeps_the_bundle_until_it_is_taken_out(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    bundle = bundled(editor, writer)
    first, second, third = read_bundle(bundle, reviewer)
    Return(reviewer, first, reason="Wrong dose.").execute()
    Recall(writer, second).execute()
    found = refusal(lambda: sign_bundle(bundle, reviewer))
    assert "“alphamab”: This text is no longer in review: returned" in found.message
    assert "“betamab”: This text is no longer in review: recalled" in found.message
    for each in (first, second):
        TakeOut(editor, bundle, each).execute()
    sign_bundle(bundle, reviewer)
    run_deferred_constraints()
    assert [edition.slug for edition in Edition.objects.all()] == [third.document.slug]
    with pytest.raises(PolicyError, match="was published with the others"):
        TakeOut(editor, bundle, third).execute()


def test_all_texts_are_returned_with_one_reason(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer)
    seen = bundle_hash(members_of_bundle(bundle))
    assert refusal(lambda: ReturnBundle(writer, bundle, seen=seen, reason="No.").execute()).rule == (
        Rule.NOT_A_REVIEWER
    )
    ReturnBundle(reviewer, bundle, seen=seen, reason="The name is wrong.").execute()
    members = members_of_bundle(bundle)
    assert {(each.status, each.outcome) for each in members} == {("returned", "The name is wrong.")}
    assert not any(each.page.specific.is_frozen for each in members)


def test_only_editors_put_texts_together(editor: Any, writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph("alphamab", by=writer), writer)
    for person in (writer, reviewer):
        with pytest.raises(PolicyError) as error:
            MakeBundle(person, [submission], title="Mine").execute()
        assert error.value.rule == Rule.NOT_AN_EDITOR
    bundle = MakeBundle(editor, [submission], title="Ours").execute()
    for person in (writer, reviewer):
        with pytest.raises(PolicyError) as error:
            TakeOut(person, bundle, submission).execute()
        assert error.value.rule == Rule.NOT_AN_EDITOR


def test_only_texts_that_end_together_can_be_signed_as_one(
    editor: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    first = submit(make_monograph("alphamab", by=writer), writer)
    later = submit(
        make_monograph("betamab", by=writer), writer, publish_at=timezone.now() + timedelta(days=1)
    )
    signed = submit(make_monograph("gammamab", by=writer), writer)
    sign(signed, reviewer)
    MedicalReviewTask.objects.update(signatures=1)
    lighter = submit(make_monograph("deltamab", by=writer), writer)
    for other, words in (
        (later, "another date of publication"),
        (signed, "has a signature already"),
        (lighter, "other steps of review"),
    ):
        with pytest.raises(PolicyError, match=words):
            MakeBundle(editor, [first, other], title="Together").execute()
    MakeBundle(editor, [first], title="Alone").execute()
    with pytest.raises(PolicyError, match="is in another bundle"):
        MakeBundle(editor, [first], title="Again").execute()
    assert ReviewBundle.objects.count() == 1


def test_texts_are_put_into_a_bundle_that_is_there(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer, names=NAMES[:2])
    read_bundle(bundle, reviewer)
    seen = bundle_hash(members_of_bundle(bundle))
    later = submit(make_monograph("gammamab", by=writer), writer)
    AddToBundle(editor, bundle, [later]).execute()
    assert refusal(lambda: sign_bundle(bundle, reviewer, seen=seen)).rule == Rule.STALE
    read_all(later, reviewer)
    sign_bundle(bundle, reviewer)
    run_deferred_constraints()
    assert Edition.objects.count() == len(NAMES)


def test_nothing_is_put_into_a_bundle_that_cannot_take_it(
    editor: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    bundle = bundled(editor, writer, names=NAMES[:2])
    later, tomorrow = (make_monograph(name, by=writer) for name in ("gammamab", "deltamab"))
    fits = submit(later, writer)
    dated = submit(tomorrow, writer, publish_at=timezone.now() + timedelta(days=1))
    other = MakeBundle(
        editor, [submit(make_monograph("omegamab", by=writer), writer)], title="Other"
    ).execute()

    def put_in(*texts: Submission, by: Any = editor) -> PolicyError:
        return refusal(lambda: AddToBundle(by, bundle, texts).execute())

    assert put_in().message == "Tick the texts that are put in."
    assert put_in(fits, by=writer).rule == Rule.NOT_AN_EDITOR
    assert put_in(fits, dated).rule == Rule.BUNDLE_PART
    assert put_in(*members_of_bundle(other)).rule == Rule.IN_A_BUNDLE
    assert len(members_of_bundle(bundle)) == 2
    MedicalReviewTask.objects.update(signatures=2)
    read_bundle(bundle, reviewer)
    sign_bundle(bundle, reviewer)
    assert put_in(fits).rule == Rule.ALREADY_SIGNED


def test_progress_with_many_texts_is_the_progress_with_each(
    editor: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    page = make_monograph("alphamab", by=writer)
    publish(page, writer, reviewer)
    first = submit(edit(page, writer, how_it_works="It blocks PARP for weeks."), writer)
    second = submit(make_monograph("betamab", by=writer), writer)
    suggest(reviewer2, first, "weeks", "months")
    suggest(reviewer2, first, "blocks", "stops")
    AddNote(reviewer2, first, section="how_it_works", body="Why?").execute()
    AddNote(reviewer, first, section="how_it_works", body="And how?").execute()
    TickStatement(reviewer, second, statement=second.checklist[0], ticked=True).execute()
    MarkAllRead(reviewer, first, digest=changes_digest(progress_of(reviewer, first).to_read)).execute()
    bundle = MakeBundle(editor, [first, second], title="Renaming").execute()
    members = members_of_bundle(bundle)
    for user in (reviewer, reviewer2):
        assert progress_of_many(user, members) == {each.pk: progress_of(user, each) for each in members}


def test_an_open_suggestion_keeps_the_whole_bundle(
    editor: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    texts = [
        submit(edit(make_monograph(name, by=writer), writer, how_it_works="It works for weeks."), writer)
        for name in NAMES
    ]
    bundle = MakeBundle(editor, texts, title="Renaming the class").execute()
    suggestion = suggest(reviewer2, texts[1], "weeks", "months")
    read_bundle(bundle, reviewer)
    found = refusal(lambda: sign_bundle(bundle, reviewer))
    assert found.rule == Rule.OPEN_SUGGESTIONS
    assert "“betamab”: Not ready to sign. Suggestions are open" in found.message
    WithdrawSuggestion(reviewer2, suggestion).execute()
    sign_bundle(bundle, reviewer)
    run_deferred_constraints()
    assert Edition.objects.count() == len(NAMES)
