"""Damaged files: each is read or refused with a reason, and nothing else happens."""

import json
import time
from pathlib import Path

from monographs.labels import LabelRefused, compare_labels, passages_of, read_label
from tests.labels.damaged_files import read_with_damage
from tests.labels.label_sources import PRODUCT, result, section, spl
from tests.labels.mutations import mutated
from tests.labels.test_openfda import FLAT
from tests.labels.test_openfda import TABLE as FEED_TABLE
from tests.labels.test_spl import TABLE

SOUND = [
    spl(
        section(
            "34084-4",
            "6 Effects",
            f"<paragraph>Rash.</paragraph>{TABLE}",
            inside=[section("42229-5", "6.1", "Any.")],
        ),
        section("34066-1", "Box", "<list><item>It bleeds<footnote>Much.</footnote></item></list>"),
        product=PRODUCT.format(application="BLA123456"),
    ),
    json.dumps(
        result(
            boxed_warning="WARNING It bleeds. Stop it.",
            dosage_and_administration=f"2 DOSAGE Give it. {FLAT}",
            dosage_and_administration_table=[FEED_TABLE],
            use_in_specific_populations="8 USE Advise. 8.2 Lactation Do not breastfeed while it runs in.",
            nursing_mothers="8.2 Lactation Do not breastfeed while it runs in.",
        )
    ).encode(),
]


def test_a_damaged_file_is_a_label_or_a_clear_error():
    read = refused = 0
    reasons: list[str] = []
    for data in mutated(SOUND, 120, seed=17):
        start = time.process_time()
        try:
            label = read_label(data)
        except LabelRefused as error:
            refused += 1
            reasons.append(str(error))
        else:
            read += 1
            passages_of(label)
            assert compare_labels(label, label).changes == ()
        assert time.process_time() - start < 5
    assert all(len(reason) > 20 for reason in reasons)
    assert read > 10
    assert refused > 40


def test_reading_damaged_files_takes_little_memory(tmp_path: Path):
    for number, data in enumerate(SOUND):
        (tmp_path / f"{number}.{'xml' if data.startswith(b'<') else 'json'}").write_bytes(data)
    assert read_with_damage(tmp_path, mutations=300)["read"] == len(SOUND)
