"""The demonstration content follows the house rules."""

from typing import Any

import pytest

from monographs.editions.models import Edition
from monographs.rules.draft_check import findings_of, findings_of_submission
from monographs.rules.draft_queries import drafts

#: Pieces of advice that the content does not follow. Lower it when you fix one.
ADVICE_LEFT = 3


@pytest.mark.extended
def test_demonstration_content_has_no_errors_and_little_advice(demonstration: Any) -> None:
    found = [f for draft in drafts() for f in findings_of(draft, published=None)]
    assert [f for f in found if f.stops] == []
    assert len(found) <= ADVICE_LEFT, [f"{f.place}: {f.message} {f.excerpt}" for f in found]
    for edition in Edition.objects.all():
        findings = findings_of_submission(edition.document, edition.key)
        assert [f for f in findings if f.stops] == []
