"""The demonstration pages meet the items of the understanding checklist, and people answered the others."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from devtools.understanding_checklist import AIMS, NO, NOT_APPLICABLE, TARGET, YES, Checklist, document
from home.demo.loader import CONTENT, DemoLoader
from monographs.document import MonographDocument
from monographs.rules.draft_check import DraftCheck, check_draft
from tests.rules.understanding_items import CHECKS

Pages = list[tuple[DraftCheck, MonographDocument]]

CHECKLIST = Checklist.load()
MEDICINES = sorted(path.stem for path in (CONTENT / "medicines").glob("*.toml") if "." not in path.stem)


@pytest.fixture(scope="module")
def pages(django_db_setup: Any, django_db_blocker: Any) -> Pages:
    """Each demonstration page on a medicine, checked. Nothing of it stays in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        checks = [check_draft(draft, published=None) for draft in DemoLoader().drafts()]
        transaction.set_rollback(True)
    found = [(check, check.document) for check in checks]
    assert {page.slug for _, page in found if page} == set(MEDICINES)
    return [(check, page) for check, page in found if isinstance(page, MonographDocument)]


@pytest.mark.extended
@pytest.mark.parametrize("item", CHECKS)
def test_every_page_meets_the_items_that_a_program_can_check(item: str, pages: Pages) -> None:
    wrong = [f"{page.slug}: {problem}" for check, page in pages for problem in CHECKS[item](check, page)]
    assert not wrong, "\n".join(wrong)


def test_each_item_is_answered_by_a_test_or_by_people() -> None:
    assert {item.id for item in CHECKLIST.items if item.test} == set(CHECKS)
    ids = {item.id for item in CHECKLIST.by_people}
    for slug, answers in CHECKLIST.answers.items():
        assert set(answers) == ids, slug
        for item, answer in answers.items():
            assert answer.value in (YES, NO, NOT_APPLICABLE), (slug, item)
            assert len(answer.reason.split()) > 1, (slug, item)


@pytest.mark.parametrize("slug", MEDICINES)
def test_each_page_reaches_the_aims(slug: str) -> None:
    assert not {score for score, aim in AIMS.items() if CHECKLIST.share(slug, score) < aim}


def test_the_document_is_written_from_the_answers() -> None:
    assert TARGET.read_text("utf-8") == document(CHECKLIST), "run make understanding-checklist"


def test_each_page_has_its_evidence() -> None:
    folder = Path(TARGET).parent / "label-evidence"
    assert {path.stem for path in folder.glob("*.md")} >= set(MEDICINES)
