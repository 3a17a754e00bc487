"""What signers tick depends on the kind of page."""

import json
from typing import Any

import pytest

from monographs.document.models import DOCUMENT_TYPES
from monographs.models import DrugClassPage, MonographIndexPage
from monographs.review.models import ChecklistStatement
from monographs.review.progress import active_statements
from tests.factories import make_monograph, submit

pytestmark = pytest.mark.django_db

BODY = json.dumps([{"type": "text", "value": "<p>These medicines find cancer cells.</p>"}])
SOURCES = "The sources named say what the text says."


def test_every_kind_of_document_can_have_statements_of_its_own() -> None:
    kinds = {kind for kind, _ in ChecklistStatement._meta.get_field("kind").choices}
    assert kinds == {""} | {each.model_fields["kind"].default for each in DOCUMENT_TYPES}


def test_a_statement_about_doses_is_not_asked_for_a_class(site: Any, writer: Any) -> None:
    classes = MonographIndexPage.objects.get(collection="classes")
    drug_class = classes.add_child(
        instance=DrugClassPage(
            title="Antibodies", slug="antibodies", summary="Short.", change_note="First.", body=BODY
        )
    )
    drug_class.save_revision(user=writer)
    asked = {
        kind: submit(page, writer).checklist
        for kind, page in (("monograph", make_monograph(by=writer)), ("drug_class", drug_class))
    }
    assert [len(statements) for statements in asked.values()] == [3, 2]
    assert asked["drug_class"] == ["What is said here is true of every medicine in the class.", SOURCES]
    assert asked["monograph"][-1] == SOURCES
    assert "Doses" in asked["monograph"][0]


def test_a_statement_without_a_kind_is_asked_for_every_page(site: Any) -> None:
    for document_type in DOCUMENT_TYPES:
        assert SOURCES in active_statements(document_type.model_fields["kind"].default)
