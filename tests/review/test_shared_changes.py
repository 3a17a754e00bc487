"""Marks on a bundle: all changes of a page at once, and a change that several pages share."""

import json
from typing import Any
from uuid import UUID

import pytest

from monographs.document import SECTION_HEADINGS, MonographDocument
from monographs.document.parts import Urgency
from monographs.editions.models import Edition
from monographs.pages.refusals import PolicyError
from monographs.redline import redline
from monographs.review.actions import MakeBundle, MarkAllRead, MarkSameRead, TakeOut
from monographs.review.actions.read_marks import changes_digest
from monographs.review.models import ReviewBundle, Submission
from monographs.review.progress import Progress, progress_of
from monographs.review.submission_state.bundle_progress import (
    bundle_hash,
    members_of_bundle,
    progress_of_many,
    same_changes,
)
from tests.factories import edit, make_monograph, make_user, publish, submit
from tests.review.test_bundles import NAMES, bundled

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("emil", "Editors")


def test_all_changes_of_a_page_are_marked_as_read_at_once(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer, names=NAMES[:1])
    (member,) = members_of_bundle(bundle)
    sections = progress_of(reviewer, member).to_read
    with pytest.raises(PolicyError):
        MarkAllRead(reviewer, member, digest=changes_digest(sections[1:])).execute()
    MarkAllRead(reviewer, member, digest=changes_digest(sections)).execute()
    assert not progress_of(reviewer, member).unread


def same_and_another(editor: Any, writer: Any, reviewer: Any) -> tuple[ReviewBundle, list[Submission]]:
    """Put four changed pages together, of which the first two change the same words in the same way."""
    words = ("It blocks PARP.", "It blocks PARP.", "It blocks CD20.", "It blocks PARP.")
    texts = []
    for name, how in zip((*NAMES, "deltamab"), words, strict=True):
        page = edit(make_monograph(name, by=writer), writer, how_it_works="It blocks CD19.")
        publish(page, writer, reviewer)
        more = {"summary": "A medicine for blood cancer."} if name == "deltamab" else {}
        texts.append(
            submit(edit(page, writer, change_note="One word is new.", how_it_works=how, **more), writer)
        )
    return MakeBundle(editor, texts, title="Renaming").execute(), texts


def test_a_change_that_pages_share_is_marked_once(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle, texts = same_and_another(editor, writer, reviewer)
    progress = progress_of_many(reviewer, members_of_bundle(bundle))
    first, second, *others = (each.pk for each in texts)
    assert same_changes(progress) == [(first, second)]
    digest = changes_digest(section for pk in (first, second) for section in progress[pk].to_read)
    seen = bundle_hash(members_of_bundle(bundle))
    assert MarkSameRead(reviewer, bundle, seen=seen, digest=digest).execute() == texts[:2]
    progress = progress_of_many(reviewer, members_of_bundle(bundle))
    assert [bool(progress[pk].unread) for pk in (first, second, *others)] == [False, False, True, True]


def test_a_shared_change_that_was_not_on_the_screen_is_not_marked(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    bundle, texts = same_and_another(editor, writer, reviewer)
    progress = progress_of_many(reviewer, members_of_bundle(bundle))
    seen = bundle_hash(members_of_bundle(bundle))
    lone = changes_digest(progress[texts[2].pk].to_read)
    with pytest.raises(PolicyError, match="not part of the text in review"):
        MarkSameRead(reviewer, bundle, seen=seen, digest=lone).execute()
    digest = changes_digest(section for text in texts[:2] for section in progress[text.pk].to_read)
    with pytest.raises(PolicyError):
        MarkSameRead(writer, bundle, seen=seen, digest=digest).execute()
    TakeOut(editor, bundle, texts[1]).execute()
    with pytest.raises(PolicyError, match="changed since you opened it"):
        MarkSameRead(reviewer, bundle, seen=seen, digest=digest).execute()
    assert not progress_of(reviewer, texts[0]).read


SECTION = "how_it_works"


def effect(name: str, urgency: Urgency) -> dict[str, Any]:
    return {"name": name, "urgency": urgency, "urgency_label": urgency.label, "what_to_do": "Rest."}


def words(*paragraphs: str) -> dict[str, Any]:
    return {"kind": "text", "html": "".join(f"<p>{each}</p>" for each in paragraphs)}


def effects(*items: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "effects", "group": "common", "items": list(items)}


def advice(urgency: Urgency, *paragraphs: str) -> dict[str, Any]:
    return words(*paragraphs) | {
        "kind": "advice",
        "urgency": urgency,
        "urgency_label": urgency.label,
    }


def companion(name: str, why: str) -> dict[str, Any]:
    return {"kind": "companions", "items": [{"name": name, "why": why}]}


NOW, LATER = Urgency.CALL_TODAY, Urgency.NEXT_VISIT


@pytest.mark.parametrize(
    "pages",
    [
        [
            (effects(effect("Fever", LATER)), effects(effect("Fever", NOW))),
            (effects(effect("Bleeding", LATER)), effects(effect("Bleeding", NOW))),
        ],
        [
            (
                advice(NOW, "Watch for this:", "a dry mouth."),
                advice(LATER, "Watch for this:", "a dry mouth."),
            ),
            (advice(NOW, "Watch for this:", "blood."), advice(LATER, "Watch for this:", "blood.")),
        ],
        [
            (companion("Aspirin", "It helps."), companion("Aspirin", "It harms.")),
            (companion("Warfarin", "It helps."), companion("Warfarin", "It harms.")),
        ],
        [
            (words("Take one.", "Wash.", "Call us."), words("Wash.", "Take one.", "Call us.")),
            (
                words("Stop.", "Take one.", "Open it.", "Wash."),
                words("Stop.", "Wash.", "Take one.", "Open it."),
            ),
        ],
        [
            (words("If you feel well:", "Rest."), words("If you feel well:", "Take two.", "Rest.")),
            (words("Never do this:", "Rest."), words("Never do this:", "Take two.", "Rest.")),
        ],
        [
            (words("If you feel well:", "Take one."), words("If you feel well:", "Take two.")),
            (words("Never do this:", "Take one."), words("Never do this:", "Take two.")),
        ],
    ],
    ids=["urgency of an effect", "urgency of a box", "why", "move", "insertion", "replacement"],
)
def test_what_another_line_gives_its_meaning_is_not_shared(pages: Any) -> None:
    progress = {n: progress_between(*parts) for n, parts in enumerate(pages)}
    assert same_changes(progress) == []
    again = {n: progress_between(*pages[0]) for n in range(2)}
    assert same_changes(again) == [(0, 1)]


def progress_between(old: dict[str, Any], new: dict[str, Any]) -> Progress:
    compared = redline(*(document_of(part) for part in (old, new)))
    edition = Edition(number=1)
    return Progress(edition, compared, compared.changed, {}, (), {}, (), ())


def document_of(part: dict[str, Any]) -> MonographDocument:
    section = {"type": SECTION, "heading": SECTION_HEADINGS[SECTION], "parts": [part], "sources": []}
    data = {"kind": "monograph", "key": str(UUID(int=1)), "slug": "a", "title": "a", "sections": [section]}
    return MonographDocument.model_validate_json(
        json.dumps(data | {"summary": "", "sources": [], "review_interval_months": 12})
    )


def test_first_editions_share_no_change(editor: Any, writer: Any, reviewer: Any) -> None:
    bundle = bundled(editor, writer)
    assert same_changes(progress_of_many(reviewer, members_of_bundle(bundle))) == []
