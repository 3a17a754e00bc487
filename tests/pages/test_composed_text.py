"""A page is stored with composed characters, and with no other change."""

import json

import pytest

from monographs.models import MonographPage
from monographs.pages.composed_text import compose_texts


def page(text: str, title: str = "testumab") -> MonographPage:
    block = {"type": "text", "value": f"<p>{text}</p>"}
    sections = [{"type": "how_it_works", "value": {"content": [block], "sources": ""}}]
    return MonographPage(title=title, brand_names=[title], sections=json.dumps(sections))


def text_of(draft: MonographPage) -> str:
    return str(draft.sections.get_prep_value()[0]["value"]["content"][0]["value"])


@pytest.mark.django_db
def test_texts_and_names_are_composed():
    draft = page("Me\u0301nie\u0300re", title="te\u0301stumab")
    compose_texts(draft)
    assert (draft.title, draft.brand_names) == ("t\xe9stumab", ["t\xe9stumab"])
    assert text_of(draft) == "<p>M\xe9ni\xe8re</p>"


@pytest.mark.django_db
def test_a_stroke_after_a_tag_does_not_change_the_tag():
    draft = page("\u03385 <b>\u0338mg</b> e\u0301")
    compose_texts(draft)
    assert text_of(draft) == "<p>\u03385 <b>\u0338mg</b> \xe9</p>"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["1\xad2", "５ mg", "ﬁne", "10⁸", "5\xa0mg", "1\u200b0"])  # noqa: RUF001
def test_nothing_else_is_changed_in_silence(text):
    draft = page(text)
    compose_texts(draft)
    assert text_of(draft) == f"<p>{text}</p>"
