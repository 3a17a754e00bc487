"""The demonstration content follows the house rules."""

from typing import Any

import pytest

from monographs.editions.models import Edition
from monographs.rules.checks import consistency, misspelt_words, other_pages, repetition
from monographs.rules.draft_check import findings_of, findings_of_submission
from monographs.rules.draft_queries import drafts
from monographs.rules.models import PublishedFact
from monographs.rules.page_facts import WORD

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


#: Rules that must be silent on texts that people have read carefully, even without the words of public pages.
SILENT = {
    rule.name for module in (consistency, misspelt_words, other_pages, repetition) for rule in module.RULES
}


@pytest.mark.extended
def test_rules_on_consistency_and_spelling_say_nothing_about_it(demonstration: Any) -> None:
    with_words = PublishedFact.objects.filter(kind=WORD)
    assert with_words.exists()
    with_words.delete()
    found = [
        (edition.title, finding.rule, finding.message)
        for edition in Edition.objects.all()
        for finding in findings_of_submission(edition.document, edition.key)
        if finding.rule in SILENT
    ]
    assert found == []
