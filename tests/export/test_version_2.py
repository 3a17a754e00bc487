"""The record of a release that knew version 2 of documents, in this release."""

from pathlib import Path

import pytest

from monographs.document import CanonicalText, parse_document
from monographs.editions.export.verifier_program import verifier_program
from tests.export.bundles import run_isolated
from tests.export.old_record import OldRecord, stored_version

VERSION_2 = OldRecord(Path(__file__).parent / "version_2")


def test_the_record_is_of_version_2_and_is_read() -> None:
    for row in VERSION_2.editions:
        text = CanonicalText(row["canonical"])
        assert (stored_version(text.canonical), text.sha256) == (2, row["sha256"])
        document = parse_document(text.canonical)
        assert getattr(document, "standard_texts", ()) == ()


@pytest.mark.parametrize("own", [True, False])
def test_the_record_verifies_with_its_own_program_and_with_todays(own: bool, tmp_path: Path) -> None:
    folder = VERSION_2.folder / "record"
    program = folder / "verify_export.py"
    if not own:
        program = tmp_path / "verify_export.py"
        program.write_text(verifier_program())
    result = run_isolated(folder, "--anchor", VERSION_2.head, program=program, where=tmp_path / "empty")
    assert (result.returncode, result.stdout[:3]) == (0, "OK "), result.stdout
