"""Real labels, where there are any beside the repository: nothing is lost, and their history is told."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from devtools.label_replay import ReplaySummary, read_marks, replay
from monographs.document.html import sanitise
from monographs.labels import LabelRefused, LabelText, label_contents, read_label
from tests.labels.damaged_files import read_with_damage
from tests.labels.label_sources import REAL
from tests.labels.word_extraction import lost_words

MARKS = Path(__file__).with_name("marked_steps.toml")
pytestmark = [
    pytest.mark.extended,
    pytest.mark.skipif(not REAL.is_dir(), reason="there are no real labels beside the repository"),
]
RESULTS = Path(settings.BASE_DIR) / "benchmarks" / "results" / "label_replay.md"
#: What writes the results.
REPLAY = (
    ".venv/bin/python manage.py replay_labels ../shared/labels/openfda "
    "--marks tests/labels/marked_steps.toml > benchmarks/results/label_replay.md"
)
#: Steps marked as quiet that ask somebody to act, of all that are marked (decision 46).
FALSE_ALARMS, QUIET_STEPS = 3, 33


def test_every_word_of_the_sample_is_read():
    refused: Counter[str] = Counter()
    paths = [
        *sorted((REAL / "spl").iterdir()),
        *sorted((REAL / "openfda").iterdir())[::10],
        *REAL.glob("*.zip"),
    ]
    for path in paths:
        for content in label_contents(path):
            try:
                label = read_label(content.data)
            except LabelRefused as error:
                refused["animals" if "animals" in str(error) else str(error)[:29]] += 1
                continue
            assert lost_words(content.data, label) == [], content.name
            for section in label.walk():
                for block in section.blocks:
                    assert not isinstance(block, LabelText) or sanitise(block.html) == block.html
    assert refused == {"animals": 1, "this is the label of a device": 1}


def test_no_grave_step_of_any_that_was_marked_is_missed_and_quiet_ones_are_quiet():
    marks = read_marks(MARKS)
    summary = ReplaySummary()
    rows = []
    for step in replay(REAL / "openfda", marks):
        summary.add(step)
        rows.append(step.row)
    assert sum(summary.pairs.values()) == len(marks), "every marked step was replayed"
    assert summary.missed == 0
    assert summary.quiet == QUIET_STEPS
    assert summary.false_alarms <= FALSE_ALARMS
    known = RESULTS.read_text("utf-8").splitlines()
    assert [row for row in rows if row not in known] == [], f"{REPLAY} writes them anew"


def test_damaged_copies_of_all_real_labels_are_labels_or_clear_errors():
    sound = read_with_damage(REAL, mutations=2_000)
    assert sound["read"] > 140
