"""Lists nested too deeply are refused at their block, and named where a draft has them already."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.rich_text import RichText

from monographs.blocks.parts import AdviceBlock, TextBlock
from monographs.blocks.sections import SeriousEffectsBlock
from monographs.document.html import MAX_LIST_LEVELS
from monographs.models import MonographPage
from monographs.rules.draft_check import findings_of
from tests.conftest import as_user
from tests.factories import complete_sections, make_monograph, publish, stream

WORDS = f"{MAX_LIST_LEVELS + 1} levels deep here; at most {MAX_LIST_LEVELS} are allowed"


def nested(levels: int) -> str:
    return "<ul><li>a" * levels + "</li></ul>" * levels


def test_a_text_block_refuses_and_says_what_to_do() -> None:
    with pytest.raises(ValidationError, match=WORDS):
        TextBlock().clean(RichText(nested(MAX_LIST_LEVELS + 1)))
    TextBlock().clean(RichText(nested(MAX_LIST_LEVELS)))


def test_an_advice_box_and_the_serious_effects_refuse_at_their_text() -> None:
    deep = RichText(nested(MAX_LIST_LEVELS + 1))
    with pytest.raises(ValidationError) as advice:
        AdviceBlock().clean({"urgency": "call_911", "text": deep})
    assert WORDS in str(advice.value.block_errors["text"])
    block = SeriousEffectsBlock()
    with pytest.raises(ValidationError) as serious:
        block.clean({"introduction": deep, "effects": block.child_blocks["effects"].to_python([])})
    assert WORDS in str(serious.value.block_errors["introduction"])


@pytest.mark.django_db
@pytest.mark.parametrize("levels", [MAX_LIST_LEVELS + 1, 3000])
def test_a_draft_that_has_them_already_is_reported_wherever_it_is_opened(
    levels: int, site: Any, writer: Any
) -> None:
    page = make_monograph(by=writer)
    sections = complete_sections()
    sections["how_it_works"]["content"] = [{"type": "text", "value": nested(levels)}]
    page.sections = stream(sections)
    page.save_revision(user=writer)
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert f"{levels} levels deep here" in " ".join(f.message for f in findings_of(draft, published=None))
    client = as_user(writer)
    for address in (
        reverse("review:submit", args=[page.pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        reverse("review:record", args=[page.translation_key]),
        "/admin/board/",
    ):
        assert client.get(address, follow=True).status_code == 200, address


@pytest.mark.django_db
def test_the_deepest_list_that_is_allowed_is_published(
    site: Any, writer: Any, reviewer: Any, client: Any
) -> None:
    page = make_monograph(by=writer)
    sections = complete_sections()
    sections["how_it_works"]["content"] = [{"type": "text", "value": nested(MAX_LIST_LEVELS)}]
    page.sections = stream(sections)
    page.save_revision(user=writer)
    publish(page, writer, reviewer)
    assert client.get("/medicines/testumab/").status_code == 200
    assert client.get("/medicines/testumab/leaflet.pdf").getvalue().startswith(b"%PDF")
