"""Putting the newer source into the drafts of all pages with the older one, as a bundle for review."""

import json
import re
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.document.page_statements import statements
from monographs.editions.models import Edition, ReviewKind
from monographs.editions.person import SYSTEM
from monographs.editions.queries import current_edition
from monographs.label_watch.citations import cite, passages_by_key
from monographs.label_watch.models import Citation
from monographs.label_watch.storage import store_label
from monographs.labels import read_label
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import long_day_text
from monographs.review.actions import ReplaceSource, SignBundle, SourceReplacement
from monographs.review.actions.replace_source import HAS_BOTH, NOT_IN_DRAFT
from monographs.review.bundles import draft_batch
from monographs.review.models import ReviewBundle, Submission
from monographs.review.policy import excluded_users
from monographs.review.sources_of_pages.source_tasks import refresh_source_tasks
from monographs.review.submission_state.bundle_progress import bundle_hash, members_of_bundle
from monographs.source_library.models import LibrarySource, SourceTask
from tests.conftest import as_user
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, read_all, submit
from tests.label_watch.label_service import SET_IDS, label_xml
from tests.source_library.library import add_source, change_source, use_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("editor", "Editors")


@pytest.fixture
def older(writer: Any) -> LibrarySource:
    return add_source("The guideline of 2025", by=writer)


@pytest.fixture
def pages(older: LibrarySource, writer: Any, reviewer: Any) -> list[MonographPage]:
    """Three public pages with the older source."""
    found = []
    for name in ("anumab", "bnumab", "cnumab"):
        page = make_monograph(name, by=writer)
        publish(use_source(page, older, writer, seen=str(days_ago(90))), writer, reviewer)
        found.append(MonographPage.objects.get(pk=page.pk))
    return found


@pytest.fixture
def newer(older: LibrarySource, pages: Any, writer: Any) -> LibrarySource:
    source = add_source("The guideline of 2026", by=writer, published_on=days_ago(30))
    change_source(older, writer, superseded_by=source)
    return source


def days_ago(number: int) -> date:
    return database_today() - timedelta(days=number)


def address_of(older: LibrarySource) -> str:
    return reverse("sources:replace", args=[older.pk])


def revision_of(page: Any) -> int:
    return MonographPage.objects.get(pk=page.pk).latest_revision_id


def sent(newer: LibrarySource, pages: Any, **more: Any) -> dict[str, Any]:
    return {
        "newer": newer.pk,
        "page": [f"{page.pk}:{revision_of(page)}" for page in pages],
        "seen_on": str(days_ago(9)),
        "change_note": "It names the guideline of 2026.",
        "reason": "The guideline was renewed.",
        "review_kind": "full_review",
        **more,
    }


def change(older: LibrarySource, newer: LibrarySource, **more: Any) -> SourceReplacement:
    said = {"title": "Newer", "change_note": "Newer.", "reason": "Renewed.", "seen_on": database_today()}
    return SourceReplacement(older=older, newer=newer, review_kind=ReviewKind.FULL_REVIEW, **{**said, **more})


def test_editors_replace_it_on_all_pages_and_one_review_changes_them_at_one_moment(
    older: LibrarySource, newer: LibrarySource, pages: Any, editor: Any, reviewer: Any
) -> None:
    refresh_source_tasks()
    assert SourceTask.objects.filter(closed_at=None).count() == 3
    source_page = as_user(editor).get(reverse("source_library:inspect", args=[older.pk]))
    assert address_of(older) in source_page.content.decode()
    answer = as_user(editor).post(address_of(older), sent(newer, pages))
    assert "In review: 3 pages" in answer.content.decode()
    bundle = ReviewBundle.objects.get()
    members = members_of_bundle(bundle)
    assert [member.title for member in members] == ["anumab", "bnumab", "cnumab"]
    for page in pages:
        edition = current_edition(page.translation_key)
        assert edition is not None
        assert edition.document.sources[0].title == older.title, "nothing is public without signatures"
        assert excluded_users(page.translation_key).contains(editor.pk, editor.username)
    for member in members:
        read_all(member, reviewer)
    SignBundle(reviewer, bundle, seen=bundle_hash(members), password=PASSWORD).execute()
    for page in pages:
        edition = Edition.objects.get(key=page.translation_key, number=2)
        (shown,) = edition.document.sources
        assert (shown.title, str(shown.date_seen)) == (newer.title, str(days_ago(9)))
        assert all(section.sources == (1,) for section in edition.document.sections)
    refresh_source_tasks()
    assert set(SourceTask.objects.values_list("outcome", flat=True)) == {"edition"}
    left = as_user(editor).get(address_of(older)).content.decode()
    assert "No page uses the older one any more." in left


def test_pages_that_are_not_as_patients_read_them_are_left_out_with_the_reason(
    older: LibrarySource, newer: LibrarySource, pages: Any, editor: Any, writer: Any
) -> None:
    waiting, in_review, both = pages
    edit(waiting, writer, summary="Unfinished.")
    submit(edit(in_review, writer, summary="Submitted."), writer)
    draft = MonographPage.objects.get(pk=both.pk).get_latest_revision_as_object()
    draft.sources = json.dumps(
        [
            *draft.sources.get_prep_value(),
            {"type": "library", "value": {"reference": "newer", "source": newer.pk}},
        ]
    )
    draft.save_revision(user=writer)
    MonographPage.objects.filter(pk=both.pk).update(has_unpublished_changes=False)
    shown = as_user(editor).get(address_of(older))
    assert [row.obstacle for row in shown.context["left_out"]] == [
        "Its draft differs from what patients read: submit or revert that first.",
        "It is in review.",
        HAS_BOTH,
    ]
    assert shown.context["possible"] == []
    for page in pages:
        with pytest.raises(PolicyError):
            ReplaceSource(editor, page, change(older, newer), revision=revision_of(page)).execute()
    assert Submission.objects.filter(status="in_review").count() == 1


def test_a_draft_without_the_source_is_left_as_it_is(
    older: LibrarySource, newer: LibrarySource, pages: Any, editor: Any, writer: Any
) -> None:
    with pytest.raises(PolicyError, match=NOT_IN_DRAFT):
        ReplaceSource(
            editor, pages[0], change(add_source("X", by=writer, superseded_by=newer), newer),
            revision=revision_of(pages[0]),
        ).execute()  # fmt: skip


@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_others_than_editors_cannot(
    who: str, older: LibrarySource, newer: LibrarySource, pages: Any, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    assert "Make the drafts" not in as_user(user).get(address_of(older)).content.decode()
    inspect = reverse("source_library:inspect", args=[older.pk])
    assert address_of(older) not in as_user(user).get(inspect).content.decode()
    assert as_user(user).post(address_of(older), sent(newer, pages)).status_code in (302, 403)
    with pytest.raises(PolicyError) as refused:
        ReplaceSource(user, pages[0], change(older, newer), revision=revision_of(pages[0])).execute()
    assert refused.value.rule == Rule.NOT_AN_EDITOR
    assert not ReviewBundle.objects.exists()


def test_the_day_is_one_on_which_somebody_can_have_looked_at_it(
    older: LibrarySource, newer: LibrarySource, pages: Any, editor: Any
) -> None:
    wrong = {
        "": "This field is required",
        str(days_ago(31)): f"It is of {long_day_text(days_ago(30))}",
        str(days_ago(-1)): "That day is to come",
    }
    for day, message in wrong.items():
        answer = as_user(editor).post(address_of(older), sent(newer, pages, seen_on=day))
        assert (answer.status_code, message in answer.content.decode()) == (400, True)
    with pytest.raises(PolicyError, match="to come"):
        ReplaceSource(
            editor, pages[0], change(older, newer, seen_on=days_ago(-1)), revision=revision_of(pages[0])
        ).execute()
    assert not ReviewBundle.objects.exists()


def test_only_the_newest_source_takes_its_place(
    older: LibrarySource, newer: LibrarySource, pages: Any, editor: Any
) -> None:
    newest = add_source("The guideline of 2027", by=editor)
    change_source(newer, editor, superseded_by=newest)
    answer = as_user(editor).post(address_of(older), sent(newer, pages))
    assert (answer.status_code, "Another source supersedes it" in answer.content.decode()) == (400, True)
    assert "Tick the pages" in as_user(editor).post(address_of(older), sent(newest, [])).content.decode()
    with pytest.raises(PolicyError) as refused:
        ReplaceSource(editor, pages[0], change(older, newer), revision=revision_of(pages[0])).execute()
    assert refused.value.rule == Rule.STALE
    change_source(newest, editor, gone_since=database_today())
    assert as_user(editor).get(address_of(older)).status_code == 404


def test_many_pages_are_changed_in_steps_into_one_bundle(
    older: LibrarySource, newer: LibrarySource, pages: Any, editor: Any
) -> None:
    with mock.patch.object(draft_batch, "MOST_AT_ONCE", 2):
        shown = as_user(editor).post(address_of(older), sent(newer, pages)).content.decode()
        assert "1 more page" in shown
        assert f'name="seen_on" value="{days_ago(9)}"' in shown
        bundle = ReviewBundle.objects.get()
        as_user(editor).post(address_of(older), sent(newer, pages[2:], bundle=bundle.pk))
    assert Submission.objects.filter(bundle=bundle).count() == 3


def test_a_page_that_cites_the_older_label_says_so_and_goes_on_citing_it(
    writer: Any, reviewer: Any, editor: Any
) -> None:
    """Its statements were compared with that version; a newer one may say something else."""
    label = store_label(label_xml(3), read_label(label_xml(3)), "here")
    values = {"kind": "label", "scheme": "set_id", "identifier": SET_IDS[0]}
    old = add_source("Label, version 3", **values, version="3", by=writer)
    for name in ("anumab", "bnumab"):
        publish(use_source(make_monograph(name, by=writer), old, writer), writer, reviewer)
    cited = MonographPage.objects.get(title="anumab")
    edition = current_edition(cited.translation_key)
    assert edition is not None
    passage = next(iter(passages_by_key(label).values()))
    cite(cited.translation_key, statements(edition.document)[0], label, passage, SYSTEM)
    new = add_source("Label, version 4", **values, version="4", by=writer)
    change_source(old, writer, superseded_by=new)
    shown = " ".join(as_user(editor).get(address_of(old)).content.decode().split())
    assert "anumab: 1 statement cites version 3, and go on citing it" not in shown
    assert "anumab: 1 statement cites version 3, and goes on citing it" in shown
    box = re.compile(r'<input type="checkbox" name="page" value="[\d:]+"( checked)?> <span>(\w+)')
    assert box.findall(shown) == [("", "anumab"), (" checked", "bnumab")], "nobody moves it by mistake"
    as_user(editor).post(address_of(old), sent(new, [cited]))
    assert Submission.objects.get(status="in_review").document.sources[0].title == new.title
    (citation,) = Citation.objects.all()
    assert (citation.label, citation.removed_at) == (label, None)


def test_the_number_of_queries_does_not_depend_on_the_number_of_pages(
    older: LibrarySource, newer: LibrarySource, pages: Any, editor: Any, writer: Any, reviewer: Any
) -> None:
    def queries() -> int:
        client = Client()
        client.force_login(editor)
        client.get(address_of(older))
        with CaptureQueriesContext(connection) as captured:
            client.get(address_of(older))
        return len(captured)

    few = queries()
    for name in ("dnumab", "enumab"):
        publish(use_source(make_monograph(name, by=writer), older, writer), writer, reviewer)
    assert queries() == few
