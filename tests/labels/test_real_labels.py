"""Real labels, where there are any beside the repository: nothing is lost, and their history is told."""

from collections import Counter
from pathlib import Path

import pytest

from devtools.label_replay import ReplaySummary, read_marks, replay
from monographs.document.html import sanitise
from monographs.labels import LabelRefused, LabelText, label_contents, read_label
from tests.labels.label_sources import REAL
from tests.labels.word_extraction import lost_words

MARKS = Path(__file__).with_name("marked_steps.toml")
pytestmark = [
    pytest.mark.extended,
    pytest.mark.skipif(not REAL.is_dir(), reason="there are no real labels beside the repository"),
]
#: Labels of few versions and of each class, so that the test is short; the command replays all.
REPLAYED = (
    "azacitidine",
    "belinostat",
    "blinatumomab",
    "duvelisib",
    "gilteritinib",
    "pegloticase",
    "vincristine",
)


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


def test_no_grave_step_of_the_sample_is_missed_and_quiet_ones_are_quiet():
    marks = read_marks(MARKS)
    summary = ReplaySummary()
    for step in replay(REAL / "openfda", marks, REPLAYED):
        summary.add(step)
    assert sum(summary.pairs.values()) > 8
    assert summary.missed == 0
    assert summary.false_alarms <= 2
