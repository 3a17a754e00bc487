"""What is not known of a package is told, never taken for good."""

import json

from devtools.supply_chain.audit import GOOD, UNKNOWN, VULNERABLE, audit_of

KNOWN = {"name": "django", "version": "5.2", "vulns": []}
SKIPPED = {"name": "wagtail", "skip_reason": "Dependency not found on PyPI and could not be audited"}
VULNS = [{"id": "CVE-2026-1", "fix_versions": ["5.2.1"]}]
WANTED = {"django", "wagtail"}


def answer(*rows: object) -> str:
    return json.dumps({"dependencies": rows, "fixes": []})


def test_all_known_and_none_vulnerable_is_good() -> None:
    assert audit_of(answer(KNOWN, {**KNOWN, "name": "wagtail"}), WANTED) == (
        GOOD,
        ["2 of 2 packages could be looked up."],
    )


def test_a_vulnerability_is_told_with_the_version_that_fixes_it() -> None:
    status, lines = audit_of(answer({**KNOWN, "vulns": VULNS}, SKIPPED), WANTED)
    assert status == VULNERABLE
    assert lines[0] == "VULNERABLE django 5.2: CVE-2026-1, fixed in 5.2.1"


def test_a_package_that_was_skipped_is_unknown() -> None:
    status, lines = audit_of(answer(KNOWN, SKIPPED), WANTED)
    assert status == UNKNOWN
    assert lines == [
        "UNKNOWN wagtail: Dependency not found on PyPI and could not be audited",
        "1 of 2 packages could be looked up.",
    ]


def test_a_package_that_is_not_in_the_answer_is_unknown() -> None:
    assert audit_of(answer(KNOWN), WANTED).status == UNKNOWN


def test_no_answer_is_unknown() -> None:
    for text in ("", "null", "[]", '{"dependencies": [{}]}'):
        status, lines = audit_of(text, WANTED, "error: no network\n")
        assert (status, lines) == (
            UNKNOWN,
            ["UNKNOWN all packages: pip-audit gave no data (error: no network)"],
        )
