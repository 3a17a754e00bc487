"""The record knows which standard texts a medicine may include: database and both verifiers refuse others."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError

from devtools.synthetic.publisher import publish as publish_document
from monographs.document.models import StandardTextUse
from monographs.editions import publishing
from monographs.editions.ledger import head
from monographs.editions.models import Edition
from monographs.editions.paged_check import Head
from monographs.editions.record.edition_rules import EditionFacts, standard_texts_are_signed
from monographs.editions.record.record_index import LedgerReference, Record
from monographs.editions.verify import check_database
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.review.actions import Withdraw
from monographs.review.publication import integrity
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.export.both_verifiers import faults_of_both
from tests.factories import PASSWORD, make_monograph, publish, reword, sign, submit
from tests.public.published import monograph
from tests.review.standard_text_pages import include, signed

pytestmark = pytest.mark.django_db


def withdraw(report: Any, reviewer: Any) -> None:
    Withdraw(
        reviewer, report.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()


def sign_withdrawn_words(report: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch) -> Head:
    """Publish a medicine with words that were withdrawn meanwhile, and return the head before it."""
    page = make_monograph(by=writer)
    include(page, writer, signed(report))
    submission = submit(page, writer)
    withdraw(report, reviewer)
    withdrawn = head()
    for module in (publishing, integrity):
        monkeypatch.setattr(module, "check_standard_texts", lambda document: None)
    monkeypatch.setattr(publishing, "check_texts_in_use", lambda document: None)
    sign(submission, reviewer)
    return withdrawn


def test_the_database_refuses_words_that_were_withdrawn_before(
    report: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_withdrawn_words(report, writer, reviewer, monkeypatch)
    with pytest.raises(DatabaseError, match="a standard text in it was withdrawn before"):
        run_deferred_constraints()


def test_both_verifiers_name_words_that_were_withdrawn_before(
    report: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_trigger("editions_edition", "standard_texts_in_use")
    withdrawn = sign_withdrawn_words(report, writer, reviewer, monkeypatch)
    (fault,) = faults_of_both(tmp_path / "export")
    assert "standard text “Report side effects”, version 1, was withdrawn before it" in fault
    assert list(check_database(checkpoint=withdrawn).faults) == [fault]


def test_a_withdrawal_afterwards_and_a_later_version_are_no_fault(
    report: Any, writer: Any, reviewer: Any, tmp_path: Path
) -> None:
    page = make_monograph(by=writer)
    include(page, writer, signed(report))
    publish(page, writer, reviewer)
    withdraw(report, reviewer)
    reword(report, writer, "Write to the maker.")
    publish(report, writer, reviewer)
    other = make_monograph("otherumab", by=writer)
    include(other, writer, signed(report))
    publish(other, writer, reviewer)
    run_deferred_constraints()
    assert not faults_of_both(tmp_path / "export")


def edition_with(use: StandardTextUse, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """An edition that names ``use``, past what code and database ask of it."""
    monkeypatch.setattr(publishing, "check_standard_texts", lambda document: None)
    without_trigger("editions_edition", "must_be_signed")
    document = monograph("otherumab", brand_names=())
    return publish_document(document.model_copy(update={"standard_texts": (use,)}))


def test_both_verifiers_refuse_another_kind_of_edition_as_a_standard_text(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = publish_document(monograph())
    use = StandardTextUse(key=str(other.key), title=other.title, number=1, sha256=other.sha256)
    edition_with(use, monkeypatch)
    (fault,) = faults_of_both(tmp_path / "export")
    assert "standard text “testumab”, version 1, is no edition made before it" in fault


def test_a_standard_text_without_a_hash_is_no_edition_that_does_not_exist() -> None:
    use = {"key": "no page", "number": 1, "title": "Made up", "sha256": None}
    entry = LedgerReference(1, datetime.now(UTC), "", "")
    source: Any = SimpleNamespace(earlier_text=lambda *place: None)
    facts = EditionFacts({"id": 1}, entry, {"standard_texts": [use]}, None, [], source)
    (fault,) = standard_texts_are_signed(Record(), facts)
    assert "is no edition made before it" in fault
