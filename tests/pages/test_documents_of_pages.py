"""A page's document: equal for equal content, and not affected by later changes in the admin."""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from monographs.blocks.image_snapshot import snapshot_image
from monographs.document import SECTION_HEADINGS, canonical_bytes
from monographs.document.parts import Figure
from monographs.editions.figure_files import figure_bytes, store_figure
from monographs.editions.verify import VerificationError, verify
from monographs.models import ConditionPage, MonographIndexPage, MonographPage
from monographs.pages.refusals import PolicyError
from tests.factories import (
    complete_sections,
    edit,
    make_image,
    make_monograph,
    make_user,
    replace_picture,
    sign,
    stream,
    submit,
    with_figure,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figure_files")]


def test_equal_content_is_equal_bytes_whoever_saved_it_and_whenever(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    before = canonical_bytes(page.to_document())
    draft = page.get_latest_revision_as_object()
    draft.sections = json.dumps(
        [{"type": c["type"], "value": c["value"]} for c in draft.sections.get_prep_value()]
    )
    revision = draft.save_revision(user=reviewer)
    assert canonical_bytes(revision.as_object().to_document()) == before


def test_sections_are_in_the_fixed_order_whatever_the_order_in_the_editor(writer: Any) -> None:
    page = make_monograph(by=writer)
    before = page.document_hash()
    page.sections = stream(dict(reversed(complete_sections().items())))
    assert page.document_hash() == before
    assert [s.heading for s in page.to_document().sections] == [
        SECTION_HEADINGS[s.type] for s in page.to_document().sections
    ]


def test_a_new_monograph_opens_with_the_seven_required_sections_in_order(
    medicines: MonographIndexPage,
) -> None:
    page = MonographPage(title="x", slug="x")
    assert [child.block_type for child in page.sections] == [
        "how_it_is_administered",
        "how_it_works",
        "common_side_effects",
        "who_should_take_it",
        "who_should_not_take_it",
        "commonly_used_with",
        "commonly_tested_with",
    ]
    for child in page.sections:
        assert child.block.meta.help_text, child.block_type
    assert len({type(child.block) for child in page.sections}) == 7


def test_replacing_an_image_does_not_change_a_signed_document(
    writer: Any, reviewer: Any, settings: Any
) -> None:
    chosen = make_image("red")
    page = with_figure(make_monograph(by=writer), chosen, writer)
    submission = submit(page, writer)
    figure = next(p for p in submission.document.all_parts() if isinstance(p, Figure))
    with storages["figures"].open(figure.file_name) as stored:
        signed_bytes = stored.read()
    assert (figure.width, figure.height, figure.alt) == (20, 10, "A pump.")
    sign(submission, reviewer)
    chosen.title = "Something else"
    replace_picture(chosen, "blue")

    with storages["figures"].open(figure.file_name) as stored:
        assert stored.read() == signed_bytes
    assert page.get_latest_revision_as_object().document_hash() != submission.sha256


def test_an_image_replaced_during_review_stops_the_signature(writer: Any, reviewer: Any) -> None:
    chosen = make_image("red")
    submission = submit(with_figure(make_monograph(by=writer), chosen, writer), writer)
    replace_picture(chosen, "blue")
    with pytest.raises(PolicyError, match="a picture or a name"):
        sign(submission, reviewer)


def test_links_to_pages_are_stored_by_key(writer: Any) -> None:
    other = make_monograph("otherumab", by=writer)
    page = make_monograph(by=writer)
    link = f'<a linktype="page" id="{other.pk}">the other</a>'
    deleted = '<a linktype="page" id="99999">a deleted one</a>'
    draft = edit(page, writer, how_it_works=f"See {link}, {link} and {deleted}.")
    document = draft.to_document()
    html = document.sections[1].parts[0].html
    kept = f'<a data-page="{other.translation_key}">the other</a>'
    assert html == f"<p>See {kept}, {kept} and a deleted one.</p>"
    assert document.linked_keys() == [str(other.translation_key)]


def test_parts_for_one_condition_and_companions_become_plain_data(writer: Any) -> None:
    conditions = MonographIndexPage.objects.get(collection="conditions")
    condition = conditions.add_child(
        instance=ConditionPage(title="Multiple myeloma", slug="multiple-myeloma")
    )
    other = make_monograph("otherumab", by=writer)
    page = make_monograph(by=writer)
    sections = complete_sections()
    sections["who_should_take_it"]["content"].append(
        {
            "type": "for_condition",
            "value": {"condition": condition.pk, "content": [{"type": "text", "value": "<p>Only here.</p>"}]},
        }
    )
    sections["commonly_used_with"]["companions"] = [
        {"medicine": other.pk, "name": "", "why": "together"},
        {"medicine": None, "name": "Fluids", "why": ""},
    ]
    page.sections = stream(sections)
    document = page.to_document()
    by_type = {s.type: s for s in document.sections}
    special = by_type["who_should_take_it"].parts[-1]
    assert (special.condition_name, special.parts[0].html) == ("Multiple myeloma", "<p>Only here.</p>")
    companions = by_type["commonly_used_with"].parts[-1].items
    assert [(c.name, c.page) for c in companions] == [
        ("otherumab", str(other.translation_key)),
        ("Fluids", None),
    ]


def test_a_half_finished_draft_saves(medicines: MonographIndexPage, writer: Any) -> None:
    page = medicines.add_child(instance=MonographPage(title="halfumab", slug="halfumab"))
    page.save_revision(user=writer, clean=False)
    assert page.to_document().sections == ()


def test_no_role_may_publish_unpublish_or_move_a_reviewed_page(
    published_medicine: Any, writer: Any, reviewer: Any, superuser: Any
) -> None:
    page = published_medicine
    page = MonographPage.objects.get(pk=page.pk)
    for user in (writer, reviewer, superuser, make_user("editor", "Editors")):
        tester = page.permissions_for_user(user)
        assert not any(
            [
                tester.can_publish(),
                tester.can_unpublish(),
                tester.can_delete(),
                tester.can_move(),
                tester.can_set_view_restrictions(),
                tester.can_publish_subpage(),
                tester.can_submit_for_moderation(),
            ]
        )


def test_a_page_added_as_live_is_not_live(medicines: MonographIndexPage) -> None:
    page = medicines.add_child(instance=MonographPage(title="sneakumab", slug="sneakumab", live=True))
    page.refresh_from_db()
    assert not page.live


def test_a_picture_from_a_phone_is_a_jpeg(writer: Any) -> None:
    snapshot = snapshot_image(make_image("red", kind="MPO"))
    assert snapshot.media_type == "image/jpeg"


def test_a_figures_file_must_match_its_hash(writer: Any, reviewer: Any) -> None:
    submission = submit(with_figure(make_monograph(by=writer), make_image("red"), writer), writer)
    figure = submission.document.figures()[0]
    good = figure_bytes(figure.file_name)
    storage = storages["figures"]
    storage.delete(figure.file_name)
    storage.save(figure.file_name, ContentFile(b"something else"))
    with pytest.raises(PolicyError, match="A picture is not as it was submitted"):
        sign(submission, reviewer)
    store_figure(figure, good)
    sign(submission, reviewer)
    assert verify()["editions"] == 1
    storage.delete(figure.file_name)
    with pytest.raises(VerificationError, match=r"figure file .* is missing"):
        verify()
