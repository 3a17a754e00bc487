"""Days in sentences have the project's one form (``presentation.moments``), nowhere that of machines."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[2]
#: Modules with days in the form of machines that no sentence has; the reason of each.
ALLOWED = {
    "monographs/editions/checkpoints/time_stamps.py": "output of a command, to the second",
    "monographs/editions/export/verify_proof.py": "output of a program without Django, to the second",
    "monographs/feedback/reports.py": "name of a file",
    "monographs/management/commands/check_links.py": "output of a command",
    "monographs/management/commands/restore.py": "output of a command",
    "monographs/presentation/moments.py": "a clock time as it is typed",
    "monographs/presentation/word_file/word_content.py": "an attribute of a Word file",
    "monographs/review/dashboard/calendar_month.py": "part of an address",
    "monographs/review/due_reviews/due_selection.py": "part of an address",
    "monographs/review/dashboard/views.py": "name of a file",
    "monographs/review/label_tasks/coverage_views.py": "names of files",
    "monographs/review/label_tasks/task_views.py": "name of a file",
    "monographs/review/models/claim.py": "shown in Django's shell only",
    "monographs/review/notifications/about_labels.py": "what a notice is compared by",
    "monographs/review/sources/source_list.py": "name of a file",
    "monographs/review/sources/source_task_views.py": "name of a file",
    "monographs/review/team/period_views.py": "name of a file",
    "monographs/rules/source_faults.py": "what an answer about a source is compared by",
}


def machine_days(source: str) -> Iterator[str]:
    """Yield the formats of f-strings that write a day as machines do."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            form = ast.unparse(node.format_spec)
            if "%Y-%m" in form:
                yield form


def modules() -> Iterator[Path]:
    """Yield the modules of the site that are no migrations."""
    for package in ("monographs", "home"):
        for path in sorted((BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(BASE_DIR)


def test_no_sentence_has_a_day_as_machines_write_it() -> None:
    found = {str(module) for module in modules() if any(machine_days((BASE_DIR / module).read_text()))}
    assert sorted(found - set(ALLOWED)) == []
    assert sorted(set(ALLOWED) - found) == []


def test_templates_show_times_in_utc_and_not_in_the_zone_of_an_account() -> None:
    """Django's filters use the zone that Wagtail activates; ``moment`` does not (``moment_tags``)."""
    by_account = re.compile(r"\|(?:date|time)(?::[\"'][^\"']*[HhGgiP]|\s*\}\})|\|timesince|\|naturaltime")
    templates = (path for path in (BASE_DIR / "templates").rglob("*.*") if path.suffix in (".html", ".txt"))
    found = {str(path.relative_to(BASE_DIR)): by_account.findall(path.read_text()) for path in templates}
    assert {name: uses for name, uses in found.items() if uses} == {}


@pytest.mark.parametrize("source", ['f"since {day:%Y-%m-%d}"', 'f"on {at:%Y-%m-%d %H:%M}, {n}"'])
def test_such_a_day_is_recognised(source: str) -> None:
    assert list(machine_days(source))
