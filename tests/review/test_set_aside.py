"""Setting a waiting draft aside, correcting what patients read, and merging the draft again."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from monographs.document import says
from monographs.editions.contributions import contributors_now, record_contribution
from monographs.editions.models import Edition, LedgerEntry, ReviewKind
from monographs.editions.person import Person
from monographs.editions.queries import current_edition, public_edition
from monographs.editions.verify import verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import ConditionPage, MonographIndexPage, MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import MergeDraft, Recall, SetAside, SignUnchanged, Withdraw
from monographs.review.actions.set_aside import merge_of
from monographs.review.draft_merge.merge_conflict import Choice, ConflictAnswer
from monographs.review.models import SetAsideDraft, SetAsideStatus, Submission
from monographs.review.set_aside_policy import open_set_aside
from tests.conftest import run_deferred_constraints
from tests.factories import (
    PASSWORD,
    make_image,
    make_monograph,
    make_user,
    publish,
    set_parts,
    sign,
    submit,
    text,
)
from tests.review.authored_drafts import CHANGED, latest
from tests.review.waiting_drafts import LONG, words_of, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("emil", "Editors")


@pytest.fixture
def page(published_medicine: MonographPage) -> MonographPage:
    """A page with an edition."""
    return published_medicine


def set_aside(page: Any, by: Any) -> SetAsideDraft:
    row = MonographPage.objects.get(pk=page.pk)
    return SetAside(by, row, seen=row.latest_revision_id).execute()


def merge(page: Any, by: Any, **answers: ConflictAnswer) -> SetAsideDraft:
    row = MonographPage.objects.get(pk=page.pk)
    aside = open_set_aside(row.translation_key)
    return MergeDraft(
        by, row, row=aside.pk if aside else 0, seen=row.latest_revision_id, answers=answers
    ).execute()


def merge_choosing(page: Any, by: Any, choice: Choice) -> SetAsideDraft:
    row = MonographPage.objects.get(pk=page.pk)
    conflicts = merge_of(open_set_aside(row.translation_key), row).conflicts
    assert conflicts
    return merge(page, by, **{each.name: ConflictAnswer(choice) for each in conflicts})


def correct(page: Any, by: Any, reviewer: Any, section: str = "how_it_is_administered") -> Submission:
    """Correct one word of the public text, and have it signed."""
    write(page, by, section, f"About {section}!", note="A mark was corrected.")
    return publish(page, by, reviewer, kind=ReviewKind.CORRECTION, reason="A slip.")


def excluded(page: Any) -> set[str]:
    return {person.username for person in contributors_now(page.translation_key)}


# The whole way


def test_a_correction_is_signed_while_a_long_draft_waits_and_is_merged_into_it(
    page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, editor)
    edition = current_edition(page.translation_key)
    assert says(latest(page).to_document(), edition.sha256)
    assert LONG in str(aside.revision.content)
    correct(page, editor, reviewer)
    public = public_edition(page.translation_key)
    assert public.number == 2
    assert "administered!" in public.canonical
    assert LONG not in public.canonical
    merged = merge(page, writer)
    assert (merged.status, merged.closer["username"]) == (SetAsideStatus.MERGED, "writer")
    assert LONG in words_of(page, "how_it_works")
    assert "administered!" in words_of(page, "how_it_is_administered")
    assert latest(page).change_note == "A long change."
    assert current_edition(page.translation_key).number == 2, "a merge publishes nothing"
    publish(page, writer, reviewer)
    run_deferred_constraints()
    third = public_edition(page.translation_key)
    assert LONG in third.canonical
    assert "administered!" in third.canonical
    assert verify()["editions"] == 3
    events = set(LedgerEntry.objects.values_list("event", flat=True))
    assert {"draft_set_aside", "draft_merged"} <= events


def test_a_draft_is_taken_up_again_as_it_was(page: MonographPage, writer: Any, editor: Any) -> None:
    before = write(page, writer, "how_it_works", LONG).get_latest_revision().content
    set_aside(page, editor)
    merged = merge(page, editor)
    fields = ("sections", "sources", "title", "summary", "change_note", "brand_names")
    assert [merged.merged_revision.content[f] for f in fields] == [before[f] for f in fields]
    assert open_set_aside(page.translation_key) is None


# Whose the words are


def test_who_sets_aside_or_merges_is_no_author(page: MonographPage, writer: Any, site: Any) -> None:
    both = make_user("both", "Editors", "Medical reviewers")
    write(page, writer, "how_it_works", LONG)
    set_aside(page, both)
    correct(page, writer, both)
    merge(page, both)
    assert excluded(page) == {"writer"}
    publish(page, writer, both)


def test_the_author_of_the_waiting_draft_may_sign_the_correction_and_not_the_merged_draft(
    page: MonographPage, writer: Any, reviewer: Any, site: Any
) -> None:
    author = make_user("author", "Medical reviewers", "Editors")
    write(page, author, "how_it_works", LONG)
    set_aside(page, writer)
    correct(page, writer, author)
    merge(page, writer)
    assert "author" in excluded(page)
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, author)
    sign(submission, reviewer)


@pytest.mark.parametrize("removed", ["paragraph", "block", "last words"])
def test_who_removed_something_in_the_waiting_draft_may_not_sign_it_merged(
    page: MonographPage, writer: Any, reviewer: Any, removed: str
) -> None:
    remover = make_user("remover", "Medical reviewers", "Editors")
    three = ["One sentence about it.", "Another one follows here.", "The last sentence of all."]
    set_parts(page, writer, "how_it_works", [text(words) for words in three])
    write(page, writer, "how_it_works", *three)
    publish(page, writer, reviewer)
    match removed:
        case "paragraph":
            write(page, remover, "how_it_works", three[0], three[2])
        case "last words":
            write(page, remover, "how_it_works", three[0], three[1], "The last sentence.")
        case _:
            draft = latest(page)
            stored = draft.sections.get_prep_value()
            (section,) = (child for child in stored if child["type"] == "how_it_works")
            del section["value"]["content"][1]
            draft.sections = json.dumps(stored)
            draft.change_note = "Shorter."
            draft.save_revision(user=remover, clean=False)
    set_aside(page, writer)
    correct(page, writer, remover)
    merge(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer, change_note="Shorter."), remover)


def test_a_removal_beside_a_corrected_passage_is_still_its_authors(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    """The correction rewrites the passage after what the draft had removed."""
    remover = make_user("remover", "Medical reviewers", "Editors")
    write(page, writer, "how_it_works", "Do not drive.", "It works slowly.", "Ask your team.")
    publish(page, writer, reviewer)
    write(page, remover, "how_it_works", "It works slowly.", "Ask your team.")
    set_aside(page, writer)
    write(page, writer, "how_it_works", "Do not drive.", "It works slowly!", "Ask your team.", note="A mark.")
    publish(page, writer, remover)
    merge(page, writer)
    assert words_of(page, "how_it_works") == "<p>It works slowly!</p><p>Ask your team.</p>"
    assert "remover" in excluded(page)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer, change_note="Shorter."), remover)


def test_an_unsigned_correction_that_is_merged_stays_its_authors(
    page: MonographPage, writer: Any, reviewer: Any, site: Any
) -> None:
    corrector = make_user("corrector", "Medical reviewers", "Editors")
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    write(page, corrector, "who_should_take_it", "Adults with a disease of the blood.")
    merge(page, writer)
    assert {"writer", "corrector"} <= excluded(page)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), corrector)


def test_words_that_both_have_are_still_of_who_wrote_them_first(
    page: MonographPage, writer: Any, site: Any
) -> None:
    corrector = make_user("corrector", "Medical reviewers", "Editors")
    author = make_user("author", "Medical reviewers", "Editors")
    write(page, author, "how_it_works", LONG)
    set_aside(page, writer)
    write(page, corrector, "how_it_works", LONG)
    merge(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), author)


@pytest.mark.parametrize("corrected", [False, True], ids=["before", "after a correction"])
@pytest.mark.parametrize("changed", [False, True], ids=["as it was", "with one more word"])
@pytest.mark.parametrize("removed", ["word", "paragraph"])
def test_who_removed_something_in_a_draft_that_is_restored_instead_of_merged_may_not_sign_it(
    page: MonographPage, writer: Any, reviewer: Any, removed: str, changed: bool, corrected: bool
) -> None:
    remover = make_user("remover", "Medical reviewers", "Editors")
    whole = ["Swallow it whole.", "Do not take it with milk.", "Ask your team."]
    shorter = [whole[0], "Do take it with milk.", whole[2]] if removed == "word" else [whole[0], whole[2]]
    write(page, writer, "how_it_works", *whole)
    publish(page, writer, reviewer)
    write(page, remover, "how_it_works", *shorter)
    waiting = latest(page).get_latest_revision()
    set_aside(page, writer)
    if corrected:
        correct(page, writer, remover)
    waiting.as_object().save_revision(user=writer, clean=False)
    if changed:
        write(page, writer, "how_it_works", "Always swallow it whole.", *shorter[1:])
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer, change_note="Shorter."), remover)


@pytest.mark.parametrize("corrected", [False, True], ids=["before", "after a correction"])
def test_a_suggestion_that_was_accepted_counts_for_a_draft_that_is_restored_until_it_is_gone(
    page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any, corrected: bool
) -> None:
    write(page, writer, "how_it_works", LONG)
    waiting = latest(page).get_latest_revision()
    suggester = Person(reviewer2.pk, reviewer2.get_username(), "Reviewer2 Tester")
    record_contribution(page.translation_key, suggester, "")
    set_aside(page, writer)
    if corrected:
        correct(page, writer, reviewer)
    before = latest(page).get_latest_revision()
    waiting.as_object().save_revision(user=writer, clean=False)
    assert "reviewer2" in excluded(page)
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer2)
    if corrected:
        Recall(writer, submission).execute()
        before.as_object().save_revision(user=writer, clean=False)
        write(page, writer, "how_it_works", "Another sentence.")
        sign(submit(page, writer), reviewer2)


@pytest.mark.parametrize("choice", [Choice.BASE, Choice.OURS, Choice.THEIRS, Choice.ANEW])
def test_who_answers_a_conflict_is_an_author(
    page: MonographPage, writer: Any, reviewer: Any, choice: Choice
) -> None:
    both = make_user("both", "Editors", "Medical reviewers")
    write(page, writer, "how_it_works", LONG)
    write(page, writer, "who_should_take_it", "Adults with a disease of the blood.")
    set_aside(page, writer)
    write(page, writer, "how_it_works", "It was corrected.", note="Corrected.")
    publish(page, writer, reviewer)
    row = MonographPage.objects.get(pk=page.pk)
    (conflict,) = merge_of(open_set_aside(row.translation_key), row).conflicts
    merge(page, both, **{conflict.name: ConflictAnswer(choice, "Words of my own.")})
    expected = {
        Choice.BASE: "About how_it_works.",
        Choice.OURS: LONG,
        Choice.THEIRS: "It was corrected.",
        Choice.ANEW: "Words of my own.",
    }
    assert expected[choice] in words_of(page, "how_it_works")
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), both)


def test_a_suggestion_that_was_accepted_before_counts_after_the_merge(
    page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    record_contribution(
        page.translation_key, Person(reviewer2.pk, reviewer2.get_username(), "Reviewer2 Tester"), ""
    )
    set_aside(page, writer)
    correct(page, writer, reviewer)
    merge(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer2)


@pytest.mark.parametrize("what", ["condition", "image", "link"])
def test_who_deletes_what_the_draft_set_aside_used_may_not_sign_it(
    page: MonographPage, writer: Any, reviewer: Any, what: str
) -> None:
    deleter = make_user("deleter", "Medical reviewers", superuser=True)
    parent = MonographIndexPage.objects.get(collection="conditions")
    condition = parent.add_child(instance=ConditionPage(title="Myeloma", slug="myeloma"))
    image = make_image("red", by=writer)
    match what:
        case "condition":
            draft = latest(page)
            draft.conditions = [condition]
            draft.save_revision(user=writer)
        case "image":
            figure = {"image": image.pk, "alt": "A pump.", "caption": ""}
            set_parts(page, writer, "how_it_works", [text("Words."), {"type": "figure", "value": figure}])
        case _:
            write(page, writer, "how_it_works", f'Of <a linktype="page" id="{condition.pk}">myeloma</a>.')
    set_aside(page, writer)
    correct(page, writer, reviewer)
    client = Client()
    client.force_login(deleter)
    gone = image if what == "image" else condition
    name = "wagtailimages:delete" if what == "image" else "wagtailadmin_pages:delete"
    client.post(reverse(name, args=[gone.pk]))
    assert not type(gone).objects.filter(pk=gone.pk).exists()
    merge(page, writer)
    assert "deleter" in excluded(page)


# Refusals


def test_only_a_draft_that_waits_is_set_aside(page: MonographPage, writer: Any) -> None:
    with pytest.raises(PolicyError, match="says what patients read"):
        set_aside(page, writer)
    assert not SetAsideDraft.objects.exists()


def test_a_second_draft_is_not_set_aside(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    write(page, writer, "who_should_take_it", LONG)
    with pytest.raises(PolicyError) as refusal:
        set_aside(page, writer)
    assert refusal.value.rule == Rule.ALREADY_SET_ASIDE
    assert SetAsideDraft.objects.count() == 1


def test_a_page_in_review_is_recalled_first(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match="Recall the text first"):
        set_aside(page, writer)
    Recall(writer, submission).execute()
    set_aside(page, writer)
    write(page, writer, "who_should_take_it", "Adults.")
    submit(page, writer)
    with pytest.raises(PolicyError, match="Recall the text first"):
        merge(page, writer)
    assert open_set_aside(page.translation_key)


def test_a_page_without_a_public_text_is_not_corrected(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.BEING_CHECKED, note="x", password=PASSWORD
    ).execute()
    with pytest.raises(PolicyError) as refusal:
        set_aside(page, writer)
    assert refusal.value.rule == Rule.NOT_PUBLIC


def test_a_draft_of_a_page_that_is_withdrawn_meanwhile_is_merged_and_not_public(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.BEING_CHECKED, note="x", password=PASSWORD
    ).execute()
    merge(page, writer)
    assert LONG in words_of(page, "how_it_works")
    assert public_edition(page.translation_key) is None


def test_what_was_changed_meanwhile_is_not_merged_unseen(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    row = MonographPage.objects.get(pk=page.pk)
    seen = row.latest_revision_id
    write(page, writer, "who_should_take_it", "Adults.")
    with pytest.raises(PolicyError, match="changed meanwhile"):
        MergeDraft(writer, row, row=aside.pk, seen=seen, answers={}).execute()
    assert "Adults." in words_of(page, "who_should_take_it")
    assert open_set_aside(page.translation_key)


def test_an_open_conflict_stores_nothing(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    write(page, writer, "how_it_works", "It was corrected.")
    revisions = Revision.objects.count()
    with pytest.raises(PolicyError) as refusal:
        merge(page, writer)
    assert refusal.value.rule == Rule.OPEN_CONFLICTS
    assert Revision.objects.count() == revisions
    merge_choosing(page, writer, Choice.OURS)
    with pytest.raises(PolicyError) as refusal:
        merge(page, writer)
    assert refusal.value.rule == Rule.NOT_SET_ASIDE


def test_a_draft_is_merged_into_its_own_page_only(page: MonographPage, writer: Any, reviewer: Any) -> None:
    other = make_monograph("otherumab", by=writer)
    publish(other, writer, reviewer)
    for each in (page, other):
        write(each, writer, "how_it_works", LONG)
    theirs = set_aside(other, writer)
    set_aside(page, writer)
    row = MonographPage.objects.get(pk=page.pk)
    with pytest.raises(PolicyError) as refusal:
        MergeDraft(writer, row, row=theirs.pk, seen=row.latest_revision_id, answers={}).execute()
    assert refusal.value.rule == Rule.STALE
    assert SetAsideDraft.objects.filter(status="open").count() == 2


def test_who_may_not_edit_the_page_can_do_neither(page: MonographPage, writer: Any) -> None:
    person = make_user("stranger")
    write(page, writer, "how_it_works", LONG)
    with pytest.raises(PolicyError):
        set_aside(page, person)
    set_aside(page, writer)
    with pytest.raises(PolicyError):
        merge(page, person)


def test_a_rewritten_draft_is_not_merged(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    content = {**aside.revision.content, "summary": "Rewritten."}
    Revision.objects.filter(pk=aside.revision_id).update(content=content)
    with pytest.raises(PolicyError, match="tell an operator"):
        merge(page, writer)


def test_no_stored_draft_that_says_the_public_text_is_refused(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    row = MonographPage.objects.get(pk=page.pk)
    page.revisions.exclude(pk=row.latest_revision_id).delete()
    with pytest.raises(PolicyError, match="None of the stored drafts"):
        set_aside(page, writer)
    assert LONG in words_of(page, "how_it_works")


# What keeps it


def test_revisions_of_a_draft_that_is_set_aside_are_not_purged(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    write(page, writer, "how_it_works", "It was corrected.")
    call_command("purge_revisions")
    kept = {aside.revision_id, aside.base_revision_id}
    assert set(Revision.objects.filter(pk__in=kept).values_list("pk", flat=True)) == kept
    with pytest.raises(ProtectedError):
        aside.revision.delete()
    merge_choosing(page, writer, Choice.OURS)
    assert LONG in words_of(page, "how_it_works")


def test_what_was_set_aside_stays_in_the_database(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    changes = [
        "DELETE FROM review_setasidedraft",
        "UPDATE review_setasidedraft SET revision_id = base_revision_id",
        "UPDATE review_setasidedraft SET contributors = '[]'",
        "UPDATE review_setasidedraft SET status = 'merged'",
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    merge(page, writer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE review_setasidedraft SET status = 'open'")
    aside.refresh_from_db()
    assert aside.status == SetAsideStatus.MERGED


def test_nothing_to_change_is_not_signed_while_a_draft_is_set_aside(
    page: MonographPage, writer: Any, reviewer2: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    edition = Edition.objects.get(key=page.translation_key)
    with pytest.raises(PolicyError, match="set aside"):
        SignUnchanged(
            reviewer2, latest(page), seen_sha256=edition.sha256, ticked=[], password=PASSWORD
        ).execute()


# Wagtail's own routes


def test_wagtails_history_revert_and_comparison_lose_nothing(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    client = Client()
    client.force_login(writer)
    assert client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).status_code == 200
    compared = reverse(
        "wagtailadmin_pages:revisions_compare", args=[page.pk, aside.base_revision_id, aside.revision_id]
    )
    assert client.get(compared).status_code == 200
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, aside.revision_id])
    assert client.get(revert).status_code == 200
    unschedule = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, aside.revision_id])
    client.post(unschedule)
    aside.revision.as_object().save_revision(user=writer)  # what a revert saves
    merged = merge(page, writer)
    assert merged.revision.content["sections"] == aside.revision.content["sections"]
    assert LONG in words_of(page, "how_it_works")


def test_an_open_editor_does_not_overwrite_the_draft_that_is_set_aside(
    page: MonographPage, writer: Any
) -> None:
    waiting = write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    with pytest.raises(PermissionDenied, match="stays as it is"):
        waiting.save_revision(user=writer, overwrite_revision=aside.revision)
    aside.revision.refresh_from_db()
    assert LONG in str(aside.revision.content)
