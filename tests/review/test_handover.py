"""Handing over the work of somebody who leaves: all of it at once, to people who can take it, or none."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from monographs.accounts.actors import person_of
from monographs.accounts.calendar_keys import make_key, owner_of_key
from monographs.core.db_clock import database_now, database_today
from monographs.editions.models import Edition, LedgerEntry
from monographs.editions.person import SYSTEM
from monographs.editions.verify import check_database
from monographs.models import MonographPage, reviewed_page_models
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions import ChangeTerms, DeclareConflict, NewTerms
from monographs.review.actions.change_terms import AskedChange
from monographs.review.actions.set_aside import SetAside
from monographs.review.handover import handover_form
from monographs.review.handover.hand_over import NOBODY, HandOver, HandoverRefused
from monographs.review.handover.leavers_work import WorkItem, WorkKind, work_of
from monographs.review.models import Notice, OutsideLink, Submission
from monographs.review.notifications.about_handover import MOST_LINES, work_taken_over
from monographs.review.notifications.recipients import people_of_edition
from monographs.review.outside_review.outside_actions import MakeOutsideLink, RevokeOutsideLink
from monographs.review.submission_state.submission_terms import terms_stamp
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, sign, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer2(site: Any) -> Any:
    return make_user("writer2", "Medical writers")


def hand_over(by: Any, leaver: Any, *, password: str = PASSWORD, **choices: Any) -> list[WorkItem]:
    """``choices`` are accounts by kind, or by an item's name with an underscore."""
    kinds = {WorkKind(name): pk_of(who) for name, who in choices.items() if name in set(WorkKind)}
    single = {
        name.replace("_", "-"): pk_of(who) for name, who in choices.items() if name not in set(WorkKind)
    }
    done = HandOver(by, leaver, choices=single, defaults=kinds, password=password).execute()
    run_deferred_constraints()
    return done


def pk_of(who: Any) -> int:
    return who.pk if isinstance(who, User) else int(who)


def ask(editor: Any, submission: Submission, *people: Any) -> None:
    terms = NewTerms("x" * 32, asked=AskedChange.ADD, reviewers=people)
    stamp = terms_stamp(submission, submission.reviewers.all())
    ChangeTerms(editor, submission, terms, seen=stamp).execute()


def test_everything_goes_to_named_people_and_the_account_ends(
    writer: Any,
    writer2: Any,
    reviewer: Any,
    editor: Any,
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    owned, drafted = make_monograph("ownedumab", by=writer), make_monograph("draftumab", by=writer)
    Page.objects.filter(pk=owned.pk).update(owner=writer)
    submission = submit(make_monograph("sentumab", by=writer), writer)
    feed = make_key(writer)
    client.force_login(writer)
    assert client.get("/admin/").status_code == 200
    kinds = [(item.kind, item.title) for item in work_of(writer)]
    assert kinds == [
        (WorkKind.PAGE, "draftumab"),
        (WorkKind.PAGE, "ownedumab"),
        (WorkKind.PAGE, "sentumab"),
        (WorkKind.SUBMITTED, "sentumab"),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        hand_over(editor, writer, page=writer2, submitted=writer2)
    assert set(Page.objects.filter(owner=writer2).values_list("pk", flat=True)) >= {owned.pk, drafted.pk}
    submission.refresh_from_db()
    assert (submission.submitted_by, submission.submitter_person.username) == (writer2, "writer")
    assert work_of(writer2)
    assert not User.objects.get(pk=writer.pk).is_active
    assert owner_of_key(feed) is None
    assert client.get("/admin/").status_code == 302, "the session has ended"
    (email,) = [each for each in mail.outbox if "take over" in each.subject]
    assert email.to == ["writer2@example.org"]
    assert "ownedumab: the page, with its reminders and tasks, is yours" in email.body
    entry = LedgerEntry.objects.get(event="handed_over")
    assert entry.subject == f"account:{writer.pk}"
    assert {item["to"]["username"] for item in json.loads(entry.body)["data"]["items"]} == {"writer2"}
    assert not policy.user_can_sign(writer, submission).allowed
    assert policy.excluded_users(submission.key).contains(writer.pk, "writer"), "their words stay theirs"
    assert not check_database().faults


def test_who_cannot_review_is_refused_at_each_item_and_nothing_changes(
    writer: Any, writer2: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    wrote = make_monograph("wroteumab", by=writer)
    edit(wrote, reviewer2, how_it_works="Words of the second reviewer.")
    interest = make_monograph("interestumab", by=writer)
    DeclareConflict(
        reviewer2, interest.translation_key, reviewer2, reason="Shares.", starts_on=database_today()
    ).execute()
    submissions = [submit(page, writer) for page in (wrote, interest, make_monograph("freeumab", by=writer))]
    for submission in submissions:
        ask(editor, submission, reviewer)
    with pytest.raises(HandoverRefused) as refused:
        hand_over(editor, reviewer, review=reviewer2)
    assert refused.value.reasons == {
        f"review-{submissions[0].pk}": "Reviewer2 Tester wrote in it.",
        f"review-{submissions[1].pk}": "Reviewer2 Tester has a conflict of interest.",
    }
    assert User.objects.get(pk=reviewer.pk).is_active
    assert all(reviewer in submission.reviewers.all() for submission in submissions)
    with pytest.raises(HandoverRefused) as refused:
        hand_over(editor, reviewer, review=writer2)
    assert set(refused.value.reasons.values()) == {"Writer2 Tester is no reviewer of its step."}
    with pytest.raises(HandoverRefused) as refused:
        hand_over(editor, reviewer)
    assert set(refused.value.reasons.values()) == {"Choose who takes it over."}

    nobody = {f"review_{submission.pk}": NOBODY for submission in submissions[:2]}
    hand_over(editor, reviewer, review=reviewer2, **nobody)
    asked = [list(submission.reviewers.all()) for submission in submissions]
    assert asked == [[], [], [reviewer2]]


def test_pages_of_people_who_stay_remain_theirs(
    writer: Any, writer2: Any, editor: Any, client: Client
) -> None:
    shared, orphan = make_monograph("sharedumab", by=writer2), make_monograph("orphanumab", by=writer)
    Page.objects.filter(pk=shared.pk).update(owner=writer2)
    edit(shared, writer, how_it_works="A sentence by who leaves.")
    gone = make_user("gone", "Medical writers")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    Page.objects.filter(pk=orphan.pk).update(owner=gone)
    assert [item.title for item in work_of(writer)] == ["orphanumab"]
    hand_over(editor, writer, page=editor)
    assert Page.objects.get(pk=shared.pk).owner == writer2
    assert Page.objects.get(pk=orphan.pk).owner == editor


def test_drafts_that_are_set_aside_are_handed_over(
    writer: Any, writer2: Any, reviewer: Any, editor: Any
) -> None:
    page, other = (make_monograph(name, by=writer2) for name in ("asideumab", "otherumab"))
    for each, by in ((page, writer), (other, writer2)):
        publish(each, writer2, reviewer)
        edit(each, by, how_it_works="A long sentence that waits.")
        row = MonographPage.objects.get(pk=each.pk)
        SetAside(writer2, row, seen=row.latest_revision_id).execute()
        publish(edit(each, writer2, how_it_works="A correction."), writer2, reviewer)
    Page.objects.filter(pk__in=[page.pk, other.pk]).update(owner=None)
    (item,) = work_of(writer)
    assert (item.title, item.what) == ("asideumab", "a draft that is set aside")
    hand_over(editor, writer, page=editor)
    assert Page.objects.get(pk=page.pk).owner == editor
    Page.objects.filter(pk=other.pk).update(owner=editor)
    assert {each.title: each.what for each in work_of(writer2)} == {}
    assert {each.title: each.what for each in work_of(editor)} == {
        "asideumab": "the page is theirs, and a draft that is set aside",
        "otherumab": "the page is theirs, and a draft that is set aside",
    }


def test_pages_that_they_locked_are_unlocked_listed_and_recorded(
    writer: Any, writer2: Any, editor: Any, client: Client
) -> None:
    locked, other = make_monograph("lockedumab", by=writer2), make_monograph("otherumab", by=writer2)
    Page.objects.filter(pk__in=[locked.pk, other.pk]).update(owner=writer2, locked=True, locked_by=writer)
    Page.objects.filter(pk=other.pk).update(locked_by=writer2)
    client.force_login(editor)
    shown = client.get(f"/admin/handover/{writer.pk}/").content.decode()
    assert "lockedumab" in shown
    assert "otherumab" not in shown
    hand_over(editor, writer)
    assert not Page.objects.get(pk=locked.pk).locked
    assert Page.objects.get(pk=other.pk).locked
    data = json.loads(LedgerEntry.objects.get(event="handed_over").body)["data"]
    assert data["unlocked"] == [{"id": locked.pk, "title": "lockedumab"}]


def test_links_that_they_made_for_outside_experts_end(
    writer: Any, reviewer: Any, editor: Any, superuser: Any, client: Client
) -> None:
    submission = submit(make_monograph("sentumab", by=writer), writer)
    key = MakeOutsideLink(editor, submission, expert="Dr. X", days=7).execute()
    MakeOutsideLink(superuser, submission, expert="Dr. Y", days=7).execute()
    RevokeOutsideLink(superuser, OutsideLink.objects.get(expert="Dr. X")).execute()
    MakeOutsideLink(editor, submission, expert="Dr. Z", days=7).execute()
    assert client.get(f"/admin/outside-review/?key={key}").status_code == 410
    hand_over(superuser, editor)
    assert list(OutsideLink.objects.filter(revoked_at=None).values_list("expert", flat=True)) == ["Dr. Y"]
    entries = LedgerEntry.objects.filter(event="outside_link_revoked").order_by("pk")
    ended = [json.loads(entry.body)["data"]["expert"] for entry in entries]
    assert ended == ["Dr. X", "Dr. Z"], "each once"
    assert not check_database().faults


def test_a_submitted_text_goes_to_nobody_who_reviews_it(
    writer: Any, writer2: Any, reviewer: Any, reviewer2: Any, editor: Any, superuser: Any
) -> None:
    User.objects.filter(pk__in=[reviewer.pk, reviewer2.pk]).update(is_superuser=True)  # may edit the page
    reviewer.refresh_from_db()
    asked = submit(make_monograph("askedumab", by=writer), writer, reviewers=[reviewer])
    signed = submit(
        make_monograph("signedumab", by=writer), writer, publish_at=database_now() + timedelta(days=3)
    )
    sign(signed, reviewer)
    with pytest.raises(HandoverRefused) as refused:
        hand_over(editor, writer, page=writer2, submitted=reviewer)
    assert refused.value.reasons == {
        f"submitted-{asked.pk}": "Reviewer Tester is asked to review it.",
        f"submitted-{signed.pk}": "Reviewer Tester has signed it.",
    }
    asked.reviewers.add(writer)
    with pytest.raises(HandoverRefused) as refused:
        hand_over(editor, writer, page=writer2, submitted=reviewer2, review=reviewer2)
    assert refused.value.reasons == {f"review-{asked.pk}": "Reviewer2 Tester becomes its submitter."}
    hand_over(editor, writer, page=writer2, submitted=writer2, review=reviewer2)


def test_whoever_leaves_twice_is_reported_twice(writer: Any, writer2: Any, editor: Any) -> None:
    for name in ("firstumab", "secondumab"):
        User.objects.filter(pk=writer.pk).update(is_active=True)
        writer.refresh_from_db()
        Page.objects.filter(pk=make_monograph(name, by=writer).pk).update(owner=writer)
        hand_over(editor, writer, page=writer2)
    notices = Notice.objects.filter(event="taken_over", user=writer2).order_by("pk")
    assert ["secondumab" in notice.text for notice in notices] == [False, True]


def test_pages_are_handed_over_in_a_fixed_number_of_queries(writer: Any, writer2: Any, editor: Any) -> None:
    asked = []
    for count in (1, 5):
        leaver = make_user(f"leaver{count}", "Medical writers")
        for number in range(count):
            page = make_monograph(f"ownedumab{count}{number}", by=writer2)
            Page.objects.filter(pk=page.pk).update(owner=leaver)
        ContentType.objects.get_for_models(*reviewed_page_models())
        with CaptureQueriesContext(connection) as queries:
            hand_over(editor, leaver, page=writer2)
        asked.append(len(queries))
    assert asked[1] == asked[0]


def test_the_email_of_a_long_list_names_the_first_and_counts_the_others(writer2: Any, editor: Any) -> None:
    work = [f"page {number}" for number in range(MOST_LINES + 3)]
    work_taken_over(person_of(editor), SYSTEM, "1/now", {writer2.pk: work})
    text = Notice.objects.get(event="taken_over").text
    assert f"- page {MOST_LINES - 1}\n- and 3 more\n" in text
    assert f"page {MOST_LINES}" not in text


def test_tasks_and_reminders_follow_the_page(writer: Any, writer2: Any, reviewer: Any, editor: Any) -> None:
    page = make_monograph("ownedumab", by=writer)
    Page.objects.filter(pk=page.pk).update(owner=writer)
    publish(page, writer, reviewer)
    hand_over(editor, writer, page=writer2)
    assert writer2.pk in people_of_edition(Edition.objects.get())


@pytest.mark.parametrize("who", ["writer", "reviewer", "editor"])
def test_who_may_not_hand_over(who: str, writer: Any, reviewer: Any, editor: Any, client: Client) -> None:
    user = {"writer": writer, "reviewer": reviewer, "editor": editor}[who]
    leaver = editor if who == "editor" else (reviewer if who == "writer" else writer)
    with pytest.raises(PolicyError) as refused:
        hand_over(user, leaver)
    assert refused.value.rule == (Rule.OWN_PROPOSAL if who == "editor" else Rule.NOT_AN_EDITOR)
    client.force_login(user)
    assert client.get(f"/admin/handover/{leaver.pk}/").status_code in (302, 403)
    assert User.objects.get(pk=leaver.pk).is_active


def test_an_editor_does_not_end_an_administrator(editor: Any, superuser: Any) -> None:
    with pytest.raises(PolicyError, match="Only an administrator"):
        hand_over(editor, superuser)
    with pytest.raises(PolicyError) as refused:
        hand_over(superuser, editor, password="guess")
    assert refused.value.rule == Rule.WRONG_PASSWORD


def test_one_screen_shows_everything_and_keeps_what_was_chosen(
    writer: Any, writer2: Any, reviewer: Any, reviewer2: Any, editor: Any, client: Client
) -> None:
    submission = submit(make_monograph("sentumab", by=writer), writer, reviewers=[reviewer])
    address = f"/admin/handover/{reviewer.pk}/"
    client.force_login(editor)
    assert "Who is asked to review instead?" in client.get(address).content.decode()
    form = {"all-review": writer2.pk, "password": PASSWORD}
    refused = client.post(address, form)
    assert refused.status_code == 403
    assert "Writer2 Tester is no reviewer of its step." in refused.content.decode()
    assert f'<option value="{writer2.pk}" selected>' in refused.content.decode()
    wrong = client.post(address, {**form, "password": "guess"})
    assert "password is not right" in wrong.content.decode()
    done = client.post(address, {**form, f"review-{submission.pk}": reviewer2.pk}, follow=True)
    assert "Handed over: 1 thing." in done.content.decode()
    assert list(submission.reviewers.all()) == [reviewer2]
    assert client.get(address).status_code in (302, 403), "the account has ended"


@pytest.mark.parametrize("count", [1, 5])
def test_the_number_of_queries_does_not_depend_on_the_number_of_texts(
    count: int, writer: Any, reviewer: Any, editor: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        submit(
            make_monograph(f"sentumab{number}", by=writer),
            writer,
            reviewers=[reviewer],
            due_on=database_today() + timedelta(days=number),
        )
    client.force_login(editor)
    ContentType.objects.get_for_models(*reviewed_page_models())  # known to a server that runs
    with django_assert_max_num_queries(31):
        assert client.get(f"/admin/handover/{reviewer.pk}/").status_code == 200


def test_editors_find_everybody_in_one_list(
    writer: Any, editor: Any, superuser: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(editor)
    with django_assert_max_num_queries(22):
        page = client.get("/admin/handover/").content.decode()
    assert f'href="/admin/handover/{writer.pk}/"' in page
    for nobody in (editor, superuser):  # oneself, and an administrator
        assert f'href="/admin/handover/{nobody.pk}/"' not in page
    assert "This is your own account: another editor or administrator ends it." in page
    assert "Only an administrator ends an administrator’s account." in page
    assert "none, administrator" not in page
    client.force_login(writer)
    assert client.get("/admin/handover/").status_code in (302, 403)


def listed(client: Client, leaver: Any, **form: Any) -> list[str]:
    """Return the items that have a field of their own."""
    address = reverse("handover:handover", args=[leaver.pk])
    response = client.post(address, form) if form else client.get(address)
    return re.findall(r'name="(page-\d+)"', response.content.decode())


def test_of_a_long_list_some_are_listed_and_others_are_looked_for(
    writer: Any, writer2: Any, editor: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover_form, "MOST_LISTED", 2)
    pages = {title: make_monograph(title, by=writer) for title in ("aumab", "bumab", "cumab", "dumab")}
    Page.objects.filter(pk__in=[page.pk for page in pages.values()]).update(owner=writer)
    name = {title: f"page-{page.pk}" for title, page in pages.items()}
    client.force_login(editor)
    assert listed(client, writer) == [name["aumab"], name["bumab"]]
    chosen = {name["aumab"]: str(editor.pk), "all-page": str(writer2.pk)}
    kept = {"kept_text": str(uuid4())}
    response = client.post(
        reverse("handover:handover", args=[writer.pk]), {"act": "find", "find": "DU", **chosen, **kept}
    )
    assert response.cookies["kept-text-done"].value == kept["kept_text"], "the page has all that was chosen"
    found = response.content.decode()
    assert re.findall(r'name="(page-\d+)"', found) == [name["aumab"], name["dumab"]]
    assert "2 more, not listed here, go to whom you choose for all of them." in found
    assert found.count(f'<option value="{writer2.pk}" selected>') == 1
    assert found.count(f'<option value="{editor.pk}" selected>') == 1
    assert Page.objects.filter(owner=writer).count() == 4, "nothing was handed over yet"
    form = {**chosen, name["dumab"]: str(editor.pk), "find": "DU", "password": PASSWORD}
    client.post(reverse("handover:handover", args=[writer.pk]), form)
    owners = {title: Page.objects.get(pk=page.pk).owner for title, page in pages.items()}
    assert owners == {"aumab": editor, "bumab": writer2, "cumab": writer2, "dumab": editor}


def test_items_that_cannot_be_taken_over_are_listed_first(
    writer: Any, editor: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover_form, "MOST_LISTED", 1)
    pages = [make_monograph(title, by=writer) for title in ("aumab", "bumab", "cumab", "dumab")]
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(owner=writer)
    client.force_login(editor)
    form = {f"page-{page.pk}": str(editor.pk) for page in pages[:2]} | {"password": PASSWORD}
    response = client.post(reverse("handover:handover", args=[writer.pk]), form)
    said = response.content.decode()
    assert response.status_code == 403
    assert said.count("Choose who takes it over.") == 1
    assert "1 more cannot be taken over: choose somebody else for all of them." in said
    assert re.findall(r'name="(page-\d+)"', said) == [f"page-{page.pk}" for page in pages[:3]]
