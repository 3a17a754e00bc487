"""Who deletes or renames what a text takes from elsewhere contributes to it."""

from typing import Any

import pytest
from wagtail.log_actions import LogContext

from monographs.models import ConditionPage, MonographIndexPage
from monographs.pages.refusals import PolicyError
from tests.factories import (
    complete_sections,
    edit,
    make_image,
    make_monograph,
    make_user,
    publish,
    sign,
    stream,
    submit,
    text,
    with_figure,
)
from tests.review.authored_drafts import CHANGED, latest, with_parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def condition(site: Any) -> ConditionPage:
    """A condition without an edition."""
    conditions = MonographIndexPage.objects.get(collection="conditions")
    return conditions.add_child(instance=ConditionPage(title="Myeloma", slug="myeloma"))


@pytest.mark.parametrize("how", ["conditions", "for_condition", "companion", "link"])
def test_who_deletes_what_a_text_names_cannot_sign_it(
    writer: Any, reviewer2: Any, condition: ConditionPage, how: str
) -> None:
    both = make_user("both", "Editors", "Medical reviewers")
    page = make_monograph(by=writer)
    deleted: Any = make_monograph("otherumab", by=writer) if how == "companion" else condition
    sections = complete_sections()
    if how == "for_condition":
        value = {"condition": condition.pk, "content": [text("Only then.")]}
        sections["how_it_works"]["content"].append({"type": "for_condition", "value": value})
    elif how == "companion":
        sections["commonly_used_with"]["companions"] = [{"medicine": deleted.pk, "name": "", "why": "Why."}]
    elif how == "link":
        link = f'See <a linktype="page" id="{condition.pk}">the disease</a>.'
        sections["how_it_works"]["content"].append(text(link))
    draft = latest(page)
    draft.sections = stream(sections)
    if how == "conditions":
        draft.conditions = [condition]
    draft.save_revision(user=writer, clean=False)
    publish(page, writer, reviewer2)
    with LogContext(user=both):
        deleted.delete()
    if how in ("for_condition", "companion"):  # the writer removes what is left of the block
        with_parts(page, writer)
    edit(page, writer)
    submission = submit(page, writer)
    assert str(deleted.translation_key) not in submission.canonical
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, both)
    sign(submission, reviewer2)


def test_who_deletes_an_image_cannot_sign_the_text_without_it(
    writer: Any, reviewer: Any, reviewer2: Any, figure_files: Any
) -> None:
    image = make_image("red", by=writer)
    page = with_figure(make_monograph(by=writer), image, writer)
    publish(page, writer, reviewer2)
    with LogContext(user=reviewer):
        image.delete()
    with_parts(page, writer)
    edit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


def test_deleting_what_no_text_names_bars_nobody(
    writer: Any, reviewer: Any, condition: ConditionPage
) -> None:
    page = make_monograph(by=writer)
    with LogContext(user=reviewer):
        condition.delete()
    sign(submit(page, writer), reviewer)


def test_who_renames_a_row_without_a_revision_cannot_sign_a_text_with_the_name(
    writer: Any, reviewer: Any, condition: ConditionPage
) -> None:
    page = make_monograph(by=writer)
    draft = latest(page)
    draft.conditions = [condition]
    draft.save_revision(user=writer, clean=False)
    condition.title = "Words of the reviewer"
    with LogContext(user=reviewer):
        condition.save()
    submission = submit(page, writer)
    assert "Words of the reviewer" in submission.canonical
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submission, reviewer)
