"""The templates of public pages also render drafts, for the preview and the review."""

from django.template.loader import render_to_string

from monographs.document.models import BaseDocument
from monographs.document.parts import Figure
from monographs.document.render_context import RenderContext
from tests.public.published import (
    condition,
    drug_class,
    home,
    information,
    monograph,
    sections,
)


def draft(document: BaseDocument, **figures: str) -> str:
    context = RenderContext.draft(document, links={}, site=home(), figures=figures)
    return render_to_string(context.template, context.as_template_context())


def test_every_kind_of_draft_is_marked_and_claims_no_reviewer() -> None:
    for document in (monograph(), drug_class(), condition(), information(), home()):
        html = draft(document)
        assert "Draft, not reviewed" in html
        assert "Who reviewed" not in html
        assert "Last reviewed" not in html
        assert '<meta name="robots" content="noindex">' in html


def test_a_drafts_figure_is_served_by_the_admin() -> None:
    figure = Figure(sha256="a" * 64, media_type="image/png", width=4, height=3, alt="A pump")
    html = draft(monograph(sections=sections(figure)), **{"a" * 64: "/admin/media/pump.png"})
    assert 'src="/admin/media/pump.png"' in html
