"""Who removed something of the signed text cannot sign what lacks it, however it was written over since."""

from typing import Any

import pytest

from monographs.pages.refusals import PolicyError
from monographs.review.actions import Restore
from tests.factories import (
    complete_sections,
    edit,
    make_image,
    make_monograph,
    publish,
    set_parts,
    sign,
    stream,
    submit,
    text,
)
from tests.review.authored_drafts import CHANGED, latest, with_parts

pytestmark = pytest.mark.django_db

Parts = list[dict[str, Any]]
FIRST, SECOND = text("Take the first one now."), text("Take the second one later.")
#: The parts of a section before the signature, those that were signed, and a rewording of the first.
LOST: dict[str, tuple[Parts, Parts, Parts]] = {
    "a paragraph": ([SECOND], [FIRST, SECOND], [text("Always take the second one later.")]),
    "its place": ([SECOND, FIRST], [FIRST, SECOND], [text("Always take the second one later."), FIRST]),
    "a word": ([text("Do take it.")], [text("Do not take it.")], [text("You do take it.")]),
    "a link": (
        [text('See <a href="https://one.org">this</a> page.')],
        [text('See <a href="https://two.org">this</a> page.')],
        [text('Then see <a href="https://one.org">this</a> page.')],
    ),
    "an item": (
        [text("</p><ul><li>One.</li></ul><p>")],
        [text("</p><ul><li>One.</li><li>Two.</li></ul><p>")],
        [text("</p><ul><li>Only one.</li></ul><p>")],
    ),
    "an urgency": (
        [{"type": "advice", "value": {"urgency": "next_visit", "text": "<p>A dry mouth.</p>"}}],
        [{"type": "advice", "value": {"urgency": "call_today", "text": "<p>A dry mouth.</p>"}}],
        [{"type": "advice", "value": {"urgency": "next_visit", "text": "<p>If a dry mouth.</p>"}}],
    ),
}


def refused(page: Any, writer: Any, reviewer: Any) -> None:
    """Require that ``reviewer`` cannot sign the draft, which ``writer`` submits."""
    edit(page, writer)
    with pytest.raises(PolicyError, match=CHANGED):
        sign(submit(page, writer), reviewer)


@pytest.mark.parametrize("lost", LOST)
def test_a_draft_from_before_the_signature_hides_nobody(
    lost: str, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    older, signed, reworded = LOST[lost]
    page = make_monograph(by=writer)
    with_parts(page, writer, *older)
    revision = latest(page).get_latest_revision()
    with_parts(page, writer, *signed)
    publish(page, writer, reviewer2)
    with_parts(page, writer, *signed, text("Something else."))
    revision.as_object().save_revision(user=reviewer, previous_revision=revision)
    with_parts(page, writer, *reworded)
    refused(page, writer, reviewer)


def test_a_figure_that_is_lost_with_an_older_draft(
    writer: Any, reviewer: Any, reviewer2: Any, figure_files: Any
) -> None:
    value = {"image": make_image("red", by=writer).pk, "alt": "A pump.", "caption": "The pump."}
    page = make_monograph(by=writer)
    with_parts(page, writer, SECOND)
    revision = latest(page).get_latest_revision()
    with_parts(page, writer, {"type": "figure", "value": value}, SECOND)
    publish(page, writer, reviewer2)
    revision.as_object().save_revision(user=reviewer, previous_revision=revision)
    with_parts(page, writer, text("Always take the second one later."))
    refused(page, writer, reviewer)


def with_effects(page: Any, by: Any, *names: str) -> None:
    """Save side effects that are all equally frequent."""
    sections = complete_sections()
    effects = [{"name": name, "frequency": "common"} for name in names]
    sections["common_side_effects"]["common_effects"] = effects
    draft = latest(page)
    draft.sections = stream(sections)
    draft.save_revision(user=by, clean=False)


@pytest.mark.parametrize("left", [("Fever", "Cough"), ("Cough", "Rash", "Fever")])
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_row_between_rows_that_end_alike(
    writer: Any, reviewer: Any, reviewer2: Any, left: tuple[str, ...], is_signed: bool
) -> None:
    page = make_monograph(by=writer)
    with_effects(page, writer, "Fever", "Rash", "Cough")
    if is_signed:
        publish(page, writer, reviewer2)
    with_effects(page, reviewer, *left)
    refused(page, writer, reviewer)


def test_a_signed_paragraph_put_into_another_section(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works="Adults who are not pregnant.")
    publish(page, writer, reviewer2)
    edit(page, reviewer, who_should_take_it="Adults who are not pregnant.")
    edit(page, writer, who_should_take_it="Most adults who are not pregnant.")
    refused(page, writer, reviewer)


def test_who_puts_back_what_they_removed_may_sign(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    page = make_monograph(by=writer)
    with_parts(page, writer, FIRST, SECOND)
    publish(page, writer, reviewer2)
    set_parts(page, reviewer, "how_it_works", [SECOND])
    edit(page, writer, who_should_take_it="Adults.")
    set_parts(page, reviewer, "how_it_works", [text("About how_it_works."), FIRST, SECOND])
    edit(page, writer, who_should_take_it="All adults.")
    sign(submit(page, writer), reviewer)


def test_a_restored_edition_that_no_draft_says(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    """What the draft lacks of it was signed, and is signed again: who removed it may not sign the draft."""
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works="Do not take it with milk.")
    publish(page, writer, reviewer2)
    edit(page, reviewer, how_it_works="Take it.")
    publish(page, writer, reviewer2)
    page.refresh_from_db()
    page.revisions.exclude(pk=page.latest_revision_id).delete()  # purge_revisions
    sign(Restore(writer, page, number=1, reason="It was right.").execute(), reviewer2)
    refused(page, writer, reviewer)
