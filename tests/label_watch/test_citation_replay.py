"""A page that cites one version of its label, through the versions after it: who is flagged at each step.

What the product flags is compared with the raw JSON of the labels, which a few lines of the tests read. With
real labels beside the repository the page is the demonstration's, else all is in words of our own.
"""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from monographs.document.page_statements import statements
from monographs.editions.cited_statements import cited_statements
from monographs.editions.models import Edition
from monographs.editions.person import SYSTEM
from monographs.label_watch.citations import (
    ChangedSentence,
    cite,
    compared_statements,
    passages_by_key,
    standing_citations,
)
from monographs.label_watch.label_tasks import flagged_statements, refresh_label_tasks
from monographs.label_watch.models import LabelVersion, UpdateTask
from monographs.label_watch.storage import store_label
from monographs.labels import label_contents, likely_passages, read_label
from tests.labels.label_sources import REAL, SET_ID, result
from tests.labels.raw_sentences import RawLabel
from tests.public.published import monograph, publish, section, text
from tests.redline.monograph_texts import demonstration_monographs

pytestmark = pytest.mark.django_db

FIRST, SCORE, MOST = 25, 0.3, 3
TEXTS = {
    25: ("Give 28 mcg daily for 28 days.", "Of 100 people, 42 had a remission.", "Fever can be fatal (5.1)."),
    28: ("Give 9 mcg daily for 28 days.", "Of 100 people, 42 had a remission.", "Fever can be fatal (5.2)."),
    29: ("Give 9 mcg daily for 28 days.", "Of 100 people, 42 had a remission.", "Fever can be FATAL."),
    31: ("Give 9 mcg daily for 28 days.", "Most people had a remission.", "Fever can be fatal."),
    32: ("Give 9 mcg daily for 28 days.", "Most people had a remission.", "Fever can harm."),
}


def own_labels() -> Iterator[bytes]:
    """Versions of a label of our own."""
    for version, (dose, study, box) in TEXTS.items():
        fields = {"dosage_and_administration": dose, "clinical_studies": study, "boxed_warning": box}
        yield json.dumps(result(version, **fields)).encode()


def cited_page(document: Any, data: bytes) -> tuple[Edition, LabelVersion]:
    """Publish a page that names the first version, each statement citing the likeliest passages of it."""
    label = store_label(data, read_label(data), "here")
    named = {"label_set_id": label.set_id, "label_version": str(label.version)}
    identifiers = document.identifiers.model_copy(update=named)
    edition = publish(document.model_copy(update={"identifiers": identifiers}))
    passages = passages_by_key(label)
    for statement in statements(document):
        likely = likely_passages(statement.words, statement.section, tuple(passages.values()))
        for each in sorted(likely, key=lambda each: -each.score)[:MOST]:
            if each.score >= SCORE:
                cite(edition.key, statement, label, each.passage, SYSTEM)
    return edition, label


def replay(document: Any, labels: list[bytes]) -> dict[tuple[int, int], int]:
    """Check each step, and the sum of all; return the number of flagged statements of each."""
    edition, first = cited_page(document, labels[0])
    raw = {first.version: RawLabel(labels[0])}
    found, versions = {}, [first]
    for data in labels[1:]:
        versions.append(store_label(data, read_label(data), "here"))
        raw[versions[-1].version] = RawLabel(data)
    citing = cited_statements(document, standing_citations(edition.key))
    cited = {citation.passage for each in citing for citation in each.citations}
    texts = {key: passage.text for key, passage in passages_by_key(first).items() if key in cited}
    for old, new in [*pairwise(versions), (first, versions[-1])]:
        bases, newest = {first.set_id: old.version}, {first.set_id: new}
        flagged = [each for each in compared_statements(citing, bases, newest) if each.changed]
        changed = [sentence for each in flagged for sentence in each.changed]
        check_step(changed, texts, raw[old.version], raw[new.version])
        found[old.version, new.version] = len(flagged)
    refresh_label_tasks()
    task = UpdateTask.objects.filter(key=edition.key, closed_at=None).first()
    total = found[first.version, versions[-1].version]
    assert (len(flagged_statements(task)) if task else 0) == total
    assert total > 0
    return found


def check_step(
    changed: list[ChangedSentence], texts: dict[str, str], before: RawLabel, after: RawLabel
) -> None:
    """Each flagged sentence did change, and each that only the old version says is flagged."""
    for each in changed:
        assert not after.has_as_it_was(each.old), each.old
    flagged = {each.citation.passage for each in changed}
    gone = {key for key, said in texts.items() if before.says(said) and not after.says(said)}
    assert [texts[key] for key in gone - flagged] == []


def test_each_step_of_our_own_labels_flags_what_it_changed() -> None:
    parts = {
        "how_it_is_administered": "A pump gives 28 mcg a day for 28 days.",
        "how_well_it_works": "42 of 100 people had a remission.",
        "boxed_warning": "A fever can be fatal.",
    }
    document = monograph(
        "testumab", sections=tuple(section(name, text(words)) for name, words in parts.items())
    )
    steps = replay(document, list(own_labels()))
    assert steps == {
        (25, 28): 1, (28, 29): 0, (29, 31): 1, (31, 32): 1, (25, 32): 3,
    }  # fmt: skip
    assert SET_ID in {each.set_id for each in LabelVersion.objects.all()}


@pytest.mark.extended
@pytest.mark.skipif(not REAL.is_dir(), reason="there are no real labels beside the repository")
def test_the_demonstration_page_replayed_on_real_labels() -> None:
    (document,) = [each for each in demonstration_monographs() if each.title == "blinatumomab"]
    files = sorted((REAL / "openfda").glob("blinatumomab.*.json"))
    labels = {read_label(each.data).version: each.data for path in files for each in label_contents(path)}
    steps = replay(document, [labels[version] for version in sorted(labels)])
    assert list(steps) == [(25, 28), (28, 29), (29, 31), (31, 32), (32, 34), (25, 34)]
    assert (steps[29, 31], steps[31, 32]) == (0, 0), "only the layout changed"
