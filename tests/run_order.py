"""Which modules a run imports, and the order in which workers take its tests."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.hazard_proofs import EXTENDED, EXTENDED_RUN

TESTS = Path(__file__).parent

#: Seconds that long tests and groups of one worker take, measured on two cores: by group, test or module.
#: Only their order matters; what is not listed takes ``USUAL`` seconds a test.
SECONDS = {
    "access_control": 200,
    "crash": 170,
    "export": 100,
    "demonstration": 90,
    "roles": 100,
    "proxy": 60,
    "resilience": 60,
    "container": 40,
    "varnish": 40,
    "tamperings": 40,
    "stateful/test_state_machine.py": 85,
    "forms/test_every_form.py": 75,
    "browser/test_review_admin.py": 30,
    "browser/test_walk.py::test_every_reader_finds_every_answer_in_two_taps_and_three_screens": 45,
    "browser/test_public_pages.py::test_axe_finds_nothing_on_any_page_in_any_mode": 45,
    "browser/test_dashboard.py::test_nothing_grave_for_axe_and_nothing_beside_the_screen": 15,
    "public/test_surrogate_keys.py": 30,
    "public/test_fuzz.py": 30,
    "browser/test_review_flow.py": 28,
    "editions/test_paged_check_processes.py": 20,
    "browser/test_work_kept.py": 7,
    "browser/test_second_factor.py": 10,
    "api/test_openapi.py": 25,
    "races/test_races.py": 20,
    "search/test_accuracy.py": 20,
    "search/test_listings.py": 15,
    "imports/test_every_word.py": 15,
    "labels/test_real_labels.py": 20,
    "imports/test_every_word_of_word.py": 10,
    "browser/test_import_preview.py": 20,
    "browser/test_paste.py::test_every_clipboard_is_stored_as_it_shows_and_undone_in_one_click": 30,
    "browser/test_editor.py": 6,
    "browser/test_long_editor.py": 20,
    "browser/test_paste.py": 6,
    "browser/test_table_editor.py": 6,
    "browser/test_dashboard.py": 10,
    "browser/test_customers_page.py": 10,
    "deployment/test_scheduler.py": 15,
    "deployment/test_backup.py": 12,
    "deployment/test_make_run.py": 30,
    "deployment/test_worker_metrics.py::test_workers_add_up_and_a_replaced_one_loses_nothing": 10,
    "deployment/test_watch_loop.py": 8,
    "redline/test_nothing_hidden.py": 14,
    "redline/test_correction.py": 10,
    "export/test_sample_record.py": 10,
    "releases/test_mixed_versions.py": 15,
    "releases/test_upgrade.py": 10,
    "public/test_headings.py": 7,
    "search/test_generate_monographs.py": 5,
}
USUAL = 0.2


def sort_longest_first(items: list[pytest.Item]) -> None:
    """Put the longest groups and tests first, so that no worker begins one when the others have ended.

    Needs xdist's ``--no-loadscope-reorder``: xdist would begin with the groups of most tests.
    """
    sizes = Counter(map(_group, items))
    seconds = {item: _seconds(item, sizes) for item in items}
    items.sort(key=seconds.__getitem__, reverse=True)


def _seconds(item: pytest.Item, sizes: Counter[str]) -> float:
    if group := _group(item):
        return SECONDS.get(group, sizes[group] * USUAL)
    module = str(item.path.relative_to(TESTS))
    test = f"{module}::{item.name.partition('[')[0]}"
    return SECONDS.get(test, SECONDS.get(module, USUAL))


def _group(item: pytest.Item) -> str:
    marker = item.get_closest_marker("xdist_group")
    return str(marker.args[0]) if marker else ""


def is_left_out(path: Path, config: pytest.Config) -> bool:
    """Whether no test below ``path`` can be selected, so that a single test or the extended ones start soon.

    A module is read for the name in ``-k test_…``, or for what makes a test an extended one.
    """
    name = config.option.keyword.lower()
    if re.fullmatch(r"test_\w+", name):
        return not any(name in _text(module).lower() for module in _modules(path))
    if config.option.markexpr == EXTENDED_RUN and path.suffix == ".py":
        return not may_be_extended(path)
    return False


def may_be_extended(module: Path) -> bool:
    """Whether a module, or the fixtures of its folder, mark tests as extended or let Hypothesis choose."""
    if module.relative_to(TESTS).parts[0] in EXTENDED:
        return True
    texts = [_text(each) for each in (module, module.parent / "conftest.py") if each.exists()]
    return any(word in text for text in texts for word in ("mark.extended", "hypothesis"))


def _modules(path: Path) -> list[Path]:
    if path.is_dir():
        return list(path.rglob("*.py"))
    return [path] if path.suffix == ".py" else []


def _text(module: Path) -> str:
    return f"{module.relative_to(TESTS)} {module.read_text('utf-8')}"
