"""Changed files of an export, and changes that only a head kept elsewhere shows."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.export.bundle_edits import check_named, first_edition, forge_text
from tests.export.bundles import Bundle, verify

#: One worker exports the record once for all of them.
pytestmark = pytest.mark.xdist_group("export")


def word_on_a_page(bundle: Bundle) -> str:
    page = bundle.folder / "editions" / "testumab-2.html"
    page.write_text(page.read_text().replace("Seizure", "Tickle"))
    return r"edition \d+ \(testumab/2\): editions/testumab-2.html does not show what it says: 'Seizure'"


def name_on_a_page(bundle: Bundle) -> str:
    page = bundle.folder / "editions" / "testumab-2.html"
    page.write_text(page.read_text().replace("Reviewer2 Tester", "Professor Tester"))
    return r"edition .*: editions/testumab-2.html does not show what it says: 'Reviewer2 Tester'"


def figure_file(bundle: Bundle) -> str:
    file = next((bundle.folder / "figures").iterdir())
    file.write_bytes(file.read_bytes() + b"\0")
    return rf"edition \d+ \(testumab/1\): figure file {file.name} is missing or does not match"


def figure_of_no_edition(bundle: Bundle) -> str:
    (bundle.folder / "figures" / f"{'0' * 64}.png").write_bytes(b"")
    return "figures/0{64}.png: belongs to no edition"


def page_of_no_edition(bundle: Bundle) -> str:
    (bundle.folder / "editions" / "testumab-9.html").write_text("<p>Trust me.</p>")
    return "editions/testumab-9.html: belongs to no edition"


@pytest.mark.parametrize(
    "tamper",
    [
        word_on_a_page,
        name_on_a_page,
        figure_file,
        figure_of_no_edition,
        page_of_no_edition,
    ],
)
def test_a_changed_file_is_named(bundle: Bundle, tamper: Callable[[Bundle], str]) -> None:
    check_named(bundle, tamper)


def test_a_tail_cut_so_that_all_agrees_is_found_with_a_head_kept_elsewhere(bundle: Bundle) -> None:
    last = bundle.row("editions", slug="lastumab")
    rows = bundle.rows("ledger")
    kept = [row for row in rows if row["subject"] != last["key"]]
    cut = len(rows) - len(kept)
    assert rows[:-cut] == kept, "the last page's entries are the ledger's last"
    bundle.write("ledger", kept)
    for name, column in (
        ("editions", "key"),
        ("signatures", "key"),
        ("publications", "key"),
        ("contributions", "key"),
        ("retractions", "key"),
    ):
        bundle.write(name, [row for row in bundle.rows(name) if row[column] != last["key"]])
    (bundle.folder / "editions" / "lastumab-1.html").unlink()
    bundle.rewrite_manifest()

    assert verify(bundle)[0] == 0, "a chain alone cannot show that its tail was cut"
    status, answer = verify(bundle, "--anchor", bundle.head)
    assert (status, answer) == (
        1,
        f"FAULT ledger entry {len(rows)}: missing (the head kept elsewhere names it)\n",
    )


def test_a_rewritten_chain_is_found_with_a_head_kept_elsewhere(bundle: Bundle) -> None:
    old, new = forge_text(bundle, first_edition(bundle))
    bundle.replace_everywhere(old, new)
    for row in bundle.rows("signatures"):
        stated = hashlib.sha256(row["statement"].encode()).hexdigest()
        bundle.replace_everywhere(row["statement_sha256"], stated)
    bundle.change_entries(lambda event, data: None)
    bundle.rewrite_manifest()

    assert verify(bundle)[0] == 0, "nothing within a folder can show that all of it was rewritten"
    status, answer = verify(bundle, "--anchor", bundle.head)
    seq = bundle.head.split()[0]
    assert (status, answer) == (1, f"FAULT ledger entry {seq}: differs from the head kept elsewhere\n")


def test_a_file_changed_without_a_new_manifest_is_named(bundle: Bundle) -> None:
    bundle.change("signatures", {"name": "Somebody Else"})
    status, answer = verify(bundle)
    assert status == 1
    assert answer.startswith("FAULT signatures.jsonl: does not match its hash in the manifest\n")
    assert "FAULT signature 1: name differs from ledger entry" in answer


@pytest.mark.parametrize(("name", "value"), [("counts", {}), ("head", {"seq": 1, "hash": "0" * 64})])
def test_a_manifest_of_another_record_is_named(bundle: Bundle, name: str, value: Any) -> None:
    file = bundle.folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), name: value}))
    assert verify(bundle) == (1, f"FAULT manifest.json: its “{name}” differs from the record\n")
