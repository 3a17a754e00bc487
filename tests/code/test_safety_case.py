"""The safety case: complete, up to date, and each controlled hazard proved."""

from dataclasses import replace

import pytest

from devtools.safety_case import LIKELIHOODS, SEVERITIES, TARGET, Rating, document, hazards
from tests.hazard_proofs import is_defined, is_extended, record_outcome, unproven

LOG = hazards()
LEAST = 40


def test_the_document_is_written_from_the_hazard_log() -> None:
    assert TARGET.read_text("utf-8") == document(LOG), "run make safety-case"


def test_there_are_at_least_forty_hazards_each_with_its_own_number() -> None:
    assert len(LOG) >= LEAST
    assert [hazard.id for hazard in LOG] == [f"H{number:02}" for number in range(1, len(LOG) + 1)]
    assert len({hazard.title for hazard in LOG}) == len(LOG)


@pytest.mark.parametrize("hazard", LOG, ids=lambda hazard: hazard.id)
def test_a_hazard_is_controlled_and_proved_or_open_with_a_reason(hazard) -> None:
    assert hazard.causes
    assert hazard.effect.endswith(".")
    for rating in (hazard.before, hazard.after):
        assert rating.severity in SEVERITIES
        assert rating.likelihood in LIKELIHOODS
    assert hazard.after.severity == hazard.before.severity
    assert hazard.after.risk <= hazard.before.risk
    missing = [test for test in hazard.tests if not is_defined(test)]
    assert not missing, f"no such test: {missing}"
    if not hazard.open:
        assert hazard.tests, "a hazard without a test is open: say why in `open`"
        assert hazard.controls


def test_the_matrix_is_that_of_the_guidance() -> None:
    assert Rating("catastrophic", "very low").risk == 3
    assert Rating("major", "medium").risk == 3
    assert Rating("minor", "low").risk == 1
    assert Rating("catastrophic", "high").risk == 5


def test_a_hazard_whose_test_failed_or_did_not_run_is_found() -> None:
    hazard = next(each for each in LOG if not each.open and not any(map(is_extended, each.tests)))
    passed = dict.fromkeys(hazard.tests, "passed")
    arguments = {"extended": False, "strict": True}
    assert unproven([hazard], passed, **arguments) == []
    first = hazard.tests[0]
    for outcome in ("failed", "skipped"):
        [line] = unproven([hazard], {**passed, first: outcome}, **arguments)
        assert line == f"{hazard.id} {hazard.title}: {first} {outcome}"
    assert "was not run" in unproven([hazard], {}, **arguments)[0]
    assert unproven([hazard], {**passed, first: "skipped"}, extended=False, strict=False) == []
    assert unproven([hazard], {}, extended=True, strict=True) == []
    assert unproven([replace(hazard, open="Later.")], {}, **arguments) == []


def test_the_worst_outcome_of_all_parameters_counts() -> None:
    outcomes: dict[str, str] = {}
    for nodeid, outcome in (("a::t[1]", "passed"), ("a::t[2]@group", "failed"), ("a::t[3]", "passed")):
        record_outcome(nodeid, outcome, outcomes)
    assert outcomes == {"a::t": "failed"}


def test_tests_of_the_extended_run_are_known_by_folder_and_mark() -> None:
    assert is_extended(
        "tests/crash/test_web_killed.py::test_a_killed_web_process_leaves_the_old_state_or_the_new_one"
    )
    assert is_extended(
        "tests/setup/test_setup_and_demo.py::test_the_demonstration_is_signed_like_everything_else"
    )
    assert not is_extended("tests/setup/test_setup_and_demo.py::test_no_group_may_publish")
