"""Who is told that a draft was set aside, that it can be merged, and that it is not merged."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from monographs.core.db_clock import database_now
from monographs.models import MonographPage
from monographs.review.models import Notice, NoticePreference
from monographs.review.notifications.about_drafts import settled_draft_notices
from monographs.review.notifications.digest import send_digests
from monographs.review.notifications.events import NoticeEvent
from monographs.review.team.team_summary import items_needing_attention
from tests.conftest import as_user
from tests.factories import make_user, publish
from tests.notifications.conftest import Mailbox, plain
from tests.review.unpublished_drafts import LONG, correct, leave, merge, set_aside, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(published_medicine: MonographPage, writer: Any) -> MonographPage:
    """A page with an edition and a draft of ``writer``."""
    write(published_medicine, writer, "how_it_works", LONG)
    return published_medicine


def told(event: NoticeEvent) -> list[str]:
    return sorted(Notice.objects.filter(event=event).values_list("user__username", flat=True))


def test_who_wrote_a_draft_is_told_that_it_was_set_aside(
    page: MonographPage, writer: Any, editor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        set_aside(page, editor)
    assert told(NoticeEvent.DRAFT_SET_ASIDE) == ["writer"]
    (notice,) = Notice.objects.filter(event=NoticeEvent.DRAFT_SET_ASIDE)
    assert notice.subject == "Your draft was set aside: testumab"
    assert notice.path == f"/admin/review/draft-set-aside/{page.pk}/"
    assert f"{editor.get_full_name()} set the draft of “testumab” aside" in notice.text
    (email,) = [each for each in mail.outbox if each.subject == notice.subject]
    assert email.to == [writer.email]
    assert "You get this email because you wrote in this draft." in email.body
    assert as_user(writer).get(notice.path).status_code == 200


def test_who_sets_their_own_draft_aside_is_told_nothing(page: MonographPage, writer: Any) -> None:
    set_aside(page, writer)
    assert told(NoticeEvent.DRAFT_SET_ASIDE) == []


def test_who_wrote_it_is_asked_to_merge_it_when_the_correction_is_public(
    page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    set_aside(page, editor)
    assert told(NoticeEvent.DRAFT_TO_MERGE) == []
    correct(page, editor, reviewer)
    assert told(NoticeEvent.DRAFT_TO_MERGE) == ["writer"]
    (notice,) = Notice.objects.filter(event=NoticeEvent.DRAFT_TO_MERGE)
    assert notice.subject == "Merge your draft now: testumab"
    assert "patients read edition 2 now" in notice.text
    assert notice.path == f"/admin/review/draft-set-aside/{page.pk}/merge/"
    write(page, editor, "who_should_take_it", "About who_should_take_it!", note="Another mark.")
    publish(page, editor, reviewer)
    assert told(NoticeEvent.DRAFT_TO_MERGE) == ["writer", "writer"], "each edition says so again"


def test_editors_are_asked_where_nobody_is_left_who_wrote_it(
    page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    set_aside(page, editor)
    writer.is_active = False
    writer.save()
    correct(page, editor, reviewer)
    assert told(NoticeEvent.DRAFT_TO_MERGE) == [editor.get_username()]


def test_nobody_is_asked_to_merge_what_is_not_set_aside(
    page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    set_aside(page, editor)
    merge(page, editor)
    publish(page, writer, reviewer)
    assert told(NoticeEvent.DRAFT_TO_MERGE) == []


def test_who_wrote_it_is_told_that_it_is_not_merged_and_why(
    page: MonographPage, writer: Any, editor: Any
) -> None:
    set_aside(page, editor)
    leave(page, editor, "The label changed.")
    assert told(NoticeEvent.DRAFT_LEFT) == ["writer"]
    (notice,) = Notice.objects.filter(event=NoticeEvent.DRAFT_LEFT)
    assert "> The label changed." in notice.text
    assert notice.path == f"/admin/pages/{page.pk}/history/"


def test_a_digest_does_not_ask_for_what_was_done(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    NoticePreference.objects.create(user=writer, digest=True)
    set_aside(page, editor)
    correct(page, editor, reviewer)
    assert settled_draft_notices(Notice.objects.all()) == set()
    leave(page, editor)
    settled = Notice.objects.filter(event__in=[NoticeEvent.DRAFT_SET_ASIDE, NoticeEvent.DRAFT_TO_MERGE])
    assert settled_draft_notices(Notice.objects.all()) == {notice.pk for notice in settled}
    send_digests()
    email = plain(mailbox.one("writer"))
    assert "Your draft is not merged" in email
    assert "Merge it into the text as it is now" not in email


def test_a_draft_that_is_set_aside_for_long_is_named_to_editors(
    page: MonographPage, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_aside(page, editor)
    label = "drafts set aside for over 14 days"

    def named(days: int) -> list[Any]:
        now = database_now() + timedelta(days=days, minutes=1)
        monkeypatch.setattr("monographs.review.team.team_summary.database_now", lambda: now)
        return [each for each in items_needing_attention()[1] if each.label == label]

    assert named(13) == []
    (row,) = named(14)
    assert row.count == 1
    assert row.details[0].startswith("testumab: for ")
    assert row.url == f"{reverse('dashboard:index')}?set_aside=yes"
    listed = as_user(editor).get(row.url)
    assert "testumab" in listed.content.decode()
    leave(page, make_user("other", "Editors"))
    assert named(14) == []
