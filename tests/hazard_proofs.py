"""Fails a complete run if a hazard of the safety case is not proved by tests that passed in it.

Hooks of pytest, imported by ``conftest``. A run of some tests only proves nothing and is not judged.
"""

import ast
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest

from devtools.safety_case import Hazard, hazards

ROOT = Path(__file__).resolve().parent.parent
#: Folders all of whose tests are long-running; others mark single tests or modules.
EXTENDED = {"browser", "crash", "deployment", "releases", "resilience"}
DEFAULT_RUN = "not extended and not mutation"
EXTENDED_RUN = "extended or (hypothesis and not all_examples)"
#: Outcomes by test, without parameters: the worst one counts.
_outcomes: dict[str, str] = {}
_WORST = ("passed", "skipped", "failed")


def record_outcome(nodeid: str, outcome: str, outcomes: dict[str, str]) -> None:
    """Keep the worst outcome of a test and its parameters."""
    name = nodeid.split("[", maxsplit=1)[0].split("@", maxsplit=1)[0]
    before = outcomes.get(name, "passed")
    outcomes[name] = max(before, outcome, key=_WORST.index)


@cache
def is_extended(test: str) -> bool:
    """Whether a test is run by ``make test-extended``, by its folder or its marks."""
    path, _, name = test.partition("::")
    if Path(path).parts[1] in EXTENDED:
        return True
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    marks = [
        *(node.value for node in tree.body if isinstance(node, ast.Assign) and _assigns_marks(node)),
        *(
            decorator
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.name == name
            for decorator in node.decorator_list
        ),
    ]
    return any("mark.extended" in ast.unparse(mark) for mark in marks)


def _assigns_marks(node: ast.Assign) -> bool:
    return ast.unparse(node.targets[0]) == "pytestmark"


def is_defined(test: str) -> bool:
    """Whether a test of this name exists."""
    path, _, name = test.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    return any(
        isinstance(node, ast.FunctionDef) and node.name == name
        for node in ast.parse(file.read_text("utf-8")).body
    )


def unproven(
    log: Iterable[Hazard], outcomes: Mapping[str, str], *, extended: bool, strict: bool
) -> list[str]:
    """Return a line for each test of a controlled hazard that should have passed in this run and did not.

    A skipped test (a browser is missing) counts only with ``strict``.
    """
    accepted = {"passed"} if strict else {"passed", "skipped"}
    return [
        f"{hazard.id} {hazard.title}: {test} {outcomes.get(test, 'was not run')}"
        for hazard in log
        if not hazard.open
        for test in hazard.tests
        if is_extended(test) is extended and outcomes.get(test) not in accepted
    ]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Record each outcome, also those of xdist's workers."""
    if report.when == "call" or report.outcome != "passed":
        record_outcome(report.nodeid, report.outcome, _outcomes)


def _is_complete(config: pytest.Config) -> bool:
    """Whether this is all of ``make test``, or all of ``make test-extended``."""
    option = config.option
    partial = option.keyword or option.deselect or option.collectonly or getattr(option, "lf", False)
    return (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and not partial
        and option.markexpr in (DEFAULT_RUN, EXTENDED_RUN)
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a complete run in which a hazard is not proved, and say which."""
    config = session.config
    if hasattr(config, "workerinput") or not _is_complete(config):
        return
    missing = unproven(
        hazards(),
        _outcomes,
        extended=config.option.markexpr == EXTENDED_RUN,
        strict=os.environ.get("CI", "") == "true",
    )
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if missing and reporter:
        reporter.write_line("")
        reporter.write_line("Hazards of the safety case without proof in this run:", red=True)
        for line in missing:
            reporter.write_line(f"  {line}")
    if missing and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
