"""An export is compared with a signed checkpoint that was kept elsewhere."""

from pathlib import Path

import pytest

from monographs.editions.checkpoints.keys import SigningKey, new_key
from monographs.editions.record.merkle_tree import leaf_hash, tree_root
from monographs.editions.record.signed_note import SignedNote, TreeHead
from tests.export.bundles import Bundle, verify

#: One worker exports the record once for all of them.
pytestmark = pytest.mark.xdist_group("export")
COLUMNS = ("seq", "at", "prev_hash", "event", "subject", "body")


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return new_key("medicines.example.org/ledger")


def checkpoint(bundle: Bundle, key: SigningKey, size: int, folder: Path) -> Path:
    """A file with the checkpoint of the first ``size`` entries."""
    rows = bundle.rows("ledger")[:size]
    leaves = [leaf_hash("\n".join(str(row[column]) for column in COLUMNS).encode()) for row in rows]
    text = TreeHead(key.public.name, size, tree_root(leaves)).text()
    file = folder / "kept.checkpoint"
    file.write_text(SignedNote(text, (key.sign(text),)).whole())
    return file


def test_an_export_that_begins_with_the_signed_entries_is_good(
    bundle: Bundle, key: SigningKey, tmp_path: Path
) -> None:
    for size in (1, len(bundle.rows("ledger"))):
        file = checkpoint(bundle, key, size, tmp_path)
        status, answer = verify(bundle, "--anchor", file, "--key", key.public.text())
        assert (status, answer[:3]) == (0, "OK "), answer


def test_a_rewritten_chain_and_a_cut_end_are_found(bundle: Bundle, key: SigningKey, tmp_path: Path) -> None:
    file = checkpoint(bundle, key, len(bundle.rows("ledger")), tmp_path)
    rows = bundle.rows("ledger")
    bundle.write_chain([{**rows[0], "subject": "other"}, *rows[1:]])
    bundle.rewrite_manifest()
    status, answer = verify(bundle, "--anchor", file, "--key", key.public.text())
    assert status == 1
    assert f"its first {len(rows)} entries differ from the checkpoint" in answer
    bundle.write_chain(rows[:-1])
    bundle.rewrite_manifest()
    status, answer = verify(bundle, "--anchor", file, "--key", key.public.text())
    assert status == 1
    assert f"ledger entry {len(rows)}: missing (the checkpoint has it)" in answer


def test_a_checkpoint_of_another_key_is_no_anchor(bundle: Bundle, key: SigningKey, tmp_path: Path) -> None:
    file = checkpoint(bundle, key, 3, tmp_path)
    assert verify(bundle, "--anchor", file)[0] == 2
    assert verify(bundle, "--anchor", file, "--key", new_key(key.public.name).public.text())[0] == 2
