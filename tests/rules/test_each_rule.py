"""Every rule flags the cases it must flag, and not the others."""

from dataclasses import replace
from typing import Any

import pytest

from monographs.document.models import BaseDocument
from monographs.rules.check_context import CheckContext
from monographs.rules.document_check import check_document
from monographs.rules.page_facts import FEVER, PHONE
from monographs.rules.published_facts import SharedFact
from monographs.rules.registry import RULES
from monographs.rules.site_names import BrandSpelling, SiteNames
from tests.rules.cases import CASES, CHECKS, SOURCE_FAULTS
from tests.rules.documents import KEY, monograph
from tests.rules.label_cases import LABEL_CASES, LABEL_SUMMARY

OTHER_KEY = "0f5a3c60-7a5e-4c5e-9b0e-2f0d8a1c9e11"
CONTEXT = CheckContext(
    site=SiteNames(
        names=frozenset({"testumab", "Testra", "imatinib", "Gleevec", "Immunomodulatory medicines"}),
        brands={"testra": "testumab", "gleevec": "imatinib"},
        spellings={"gleevec": (BrandSpelling("Gleevec", "imatinib", OTHER_KEY),)},
    ),
    shared={
        (FEVER, FEVER): (
            SharedFact("100.4", 3, KEY, "imatinib", "when_to_get_help", "When to get help", "100.4°F"),
        ),
        (PHONE, "fda"): (
            SharedFact("8003321088", 2, KEY, "imatinib", "living_with_it", "Living", "1-800-332-1088"),
        ),
    },
    links={check.address: check for check in CHECKS},
    sources=SOURCE_FAULTS,
)
CHECKED_IN_A_TEXT = [rule.name for rule in RULES if rule.check]


#: Only the cases of these rules are of a page that follows a label.
WITH_LABEL = replace(CONTEXT, labels=(LABEL_SUMMARY,))


def rules_broken_by(rule: str, case: BaseDocument | str) -> set[str]:
    document = monograph(case) if isinstance(case, str) else case
    context = WITH_LABEL if rule in LABEL_CASES else CONTEXT
    return {finding.rule for finding in check_document(document, context=context)}


def cases(which: int) -> list[Any]:
    return [
        pytest.param(rule, case, id=f"{rule}-{number}")
        for rule, both in CASES.items()
        for number, case in enumerate(both[which], start=1)
    ]


def test_every_rule_has_texts_it_flags_and_texts_it_does_not() -> None:
    assert sorted(CASES) == sorted(CHECKED_IN_A_TEXT)
    assert {name for name, (bad, good) in CASES.items() if len(bad) < 3 or len(good) < 3} == set()


@pytest.mark.parametrize(("rule", "case"), cases(0))
def test_a_rule_flags_its_bad_example(rule: str, case: BaseDocument | str) -> None:
    assert rule in rules_broken_by(rule, case)


@pytest.mark.parametrize(("rule", "case"), cases(1))
def test_a_rule_does_not_flag_its_good_example(rule: str, case: BaseDocument | str) -> None:
    assert rule not in rules_broken_by(rule, case)


def test_a_plain_complete_text_breaks_no_rule() -> None:
    assert check_document(monograph(), context=CONTEXT) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_reason_a_source_and_an_example(rule: Any) -> None:
    assert all((rule.title, rule.why, rule.source, rule.bad, rule.good))
    assert rule.bad != rule.good


def test_names_of_rules_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_excerpts_are_words_of_the_text() -> None:
    words = "<p>Take <strong>10mg</strong>&nbsp;of it BID.</p><ul><li>CRS is changed by us.</li></ul>"
    found = check_document(monograph(words), context=CONTEXT)
    excerpts = [(f.rule, f.excerpt) for f in found]
    assert excerpts == [
        ("number-touches-unit", "10mg"),
        ("latin-directions", "BID"),
        ("unexplained-abbreviation", "BID"),
        ("unexplained-abbreviation", "CRS"),
        ("passive-voice", "is changed"),
    ]
