"""Contributions are decided by what the page says, not by the user of a revision."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import LogContext
from wagtail.models import Comment, Revision

from monographs.editions.models import Contribution
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Recall
from tests.factories import (
    edit,
    make_image,
    make_monograph,
    make_user,
    publish,
    replace_picture,
    sign,
    submit,
    text,
    with_figure,
)

pytestmark = pytest.mark.django_db


def contributors(page: Any) -> list[str]:
    rows = Contribution.objects.filter(key=page.translation_key).order_by("pk")
    return list(rows.values_list("username", flat=True))


def test_each_change_of_the_text_has_its_contributor(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer, how_it_works="A comma, more.")
    assert contributors(page) == ["writer", "reviewer"]


def test_saving_without_a_change_is_no_contribution(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    page.save_revision(user=reviewer)
    assert contributors(page) == ["writer"]


def test_undoing_ones_own_change_is_recorded(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    first = page.document_hash()
    edit(page, reviewer, change_note="", how_it_works="Other.")
    edit(page, reviewer, change_note="", how_it_works="About how_it_works.")
    assert MonographPage.objects.get().get_latest_revision_as_object().document_hash() == first
    assert contributors(page) == ["writer", "reviewer", "reviewer"]


def test_overwriting_a_revision_is_a_contribution(writer: Any) -> None:
    page = make_monograph(by=writer)
    draft = MonographPage.objects.get().get_latest_revision_as_object()
    draft.summary = "Other."
    draft.save_revision(user=writer, overwrite_revision=draft.get_latest_revision())
    assert contributors(page) == ["writer", "writer"]


def test_the_acting_user_contributes_beside_the_revisions_user(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    draft = MonographPage.objects.get().get_latest_revision_as_object()
    draft.summary = "Other."
    with LogContext(user=reviewer):
        draft.save_revision(user=writer)
    assert set(contributors(page)) == {"writer", "reviewer"}


def test_a_change_without_a_revision_counts_for_the_submitter(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    revision = page.get_latest_revision()
    content = {**revision.content, "summary": "Slipped in by SQL."}
    Revision.objects.filter(pk=revision.pk).update(content=content)
    both = make_user("both", "Medical writers", "Medical reviewers")
    submission = submit(MonographPage.objects.get(), both)
    assert contributors(page) == ["writer", "both"]
    with pytest.raises(PolicyError, match="You changed this text"):
        sign(submission, both)


def test_commenting_in_the_editor_leaves_a_reviewer_free_to_sign(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    revisions = Revision.objects.count()
    draft = MonographPage.objects.get().get_latest_revision_as_object()
    draft.wagtail_admin_comments.add(
        Comment(page=draft, user=reviewer, text="Is this right?", contentpath="summary")
    )
    draft.save_revision(user=reviewer)
    assert Revision.objects.count() == revisions + 1
    assert contributors(page) == ["writer"]
    sign(submit(page, writer), reviewer)


def test_contributions_start_anew_after_an_edition(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer2, how_it_works="Helped along.")
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="Next.")
    submission = submit(page, writer)
    sign(submission, reviewer2)


def test_recalling_keeps_the_contributors(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer, how_it_works="By the reviewer.")
    Recall(writer, submit(page, writer)).execute()
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match="You changed this text"):
        sign(submission, reviewer)


@pytest.fixture
def drug_class(site: Any) -> DrugClassPage:
    """A class without an edition."""
    classes = MonographIndexPage.objects.get(collection="classes")
    return classes.add_child(instance=DrugClassPage(title="Old name", slug="class"))


def test_a_name_changed_without_a_revision_counts_for_the_submitter(
    writer: Any, drug_class: DrugClassPage
) -> None:
    page = make_monograph(by=writer, drug_class=drug_class)
    DrugClassPage.objects.filter(pk=drug_class.pk).update(title="New name")
    submission = submit(page, make_user("second", "Medical writers"))
    assert submission.document.drug_class.name == "New name"
    assert contributors(page) == ["writer", "second"]


def test_a_user_who_renamed_a_class_in_a_draft_cannot_sign_a_text_with_the_name(
    writer: Any, reviewer: Any, drug_class: DrugClassPage
) -> None:
    page = make_monograph(by=writer, drug_class=drug_class)
    drug_class.title = "Words of the reviewer"
    drug_class.save()
    drug_class.save_revision(user=reviewer, clean=False)
    submission = submit(page, writer)
    assert submission.document.drug_class.name == "Words of the reviewer"
    with pytest.raises(PolicyError, match="You changed this text"):
        sign(submission, reviewer)


def test_a_signed_name_has_no_indirect_contributors(
    writer: Any, reviewer: Any, reviewer2: Any, drug_class: DrugClassPage
) -> None:
    drug_class.body = json.dumps([text("Described.")])
    drug_class.save_revision(user=reviewer)
    publish(drug_class, writer, reviewer2)
    page = make_monograph(by=writer, drug_class=DrugClassPage.objects.get())
    publish(page, writer, reviewer)


def test_a_user_who_replaced_an_image_cannot_sign_a_text_with_it(
    writer: Any, reviewer: Any, figure_files: Any
) -> None:
    picture = make_image("red", by=writer)
    page = with_figure(make_monograph(by=writer), picture, writer)
    with LogContext(user=reviewer):
        replace_picture(picture, "blue")
    edit(page, writer, who_should_take_it="Another word.")
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match="You changed this text"):
        sign(submission, reviewer)


def test_a_copy_has_the_contributors_of_its_original(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=reviewer)
    edit(page, writer, how_it_works="One word.")
    editor = make_user("editor", "Editors")
    form = {
        "new_title": "copyumab",
        "new_slug": "copyumab",
        "new_parent_page": str(page.get_parent().pk),
        "copy_subpages": "",
        "alias": "",
    }
    client = Client()
    client.force_login(editor)
    assert client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), form).status_code == 302
    copy = MonographPage.objects.get(slug="copyumab")
    assert {"writer", "reviewer", "editor"} >= set(contributors(copy)) >= {"writer", "reviewer"}
    submission = submit(copy, writer)
    with pytest.raises(PolicyError, match="You changed this text"):
        sign(submission, reviewer)


def test_restored_text_has_its_earlier_contributors(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, reviewer2, change_note="", how_it_works="Words of the second reviewer.")
    edit(page, writer, change_note="", how_it_works="Words of the writer.")
    publish(page, writer, reviewer)
    edit(page, writer, change_note="", how_it_works="Words of the second reviewer.")
    assert "reviewer2" in contributors(page)[-3:]


def test_a_new_account_with_the_same_username_is_the_same_contributor(writer: Any, reviewer: Any) -> None:
    author = make_user("phoenix", "Medical writers", "Medical reviewers")
    page = make_monograph(by=author)
    author.username = "ashes"
    author.save()
    again = make_user("phoenix", "Medical reviewers")
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match="You changed this text"):
        sign(submission, again)
