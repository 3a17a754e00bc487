"""Every change of an exported record is found and named, even with a rewritten manifest."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.export.bundles import Bundle, Row, verify

#: One worker exports the record once for all of them.
pytestmark = pytest.mark.xdist_group("export")

A_DAY = "2001-01-01T00:00:00.000000Z"


def first_edition(bundle: Bundle) -> Row:
    return bundle.row("editions", slug="testumab", number=1)


def signature_of(bundle: Bundle, edition: Row, step: str = "Medical review") -> Row:
    return bundle.row("signatures", submission=edition["submission"], step=step)


def byte_of_an_edition(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    text = edition["canonical"].replace("Fever", "Feves")
    bundle.change("editions", {"canonical": text}, id=edition["id"])
    return rf"edition {edition['id']} \(testumab/1\): its text does not match its hash"


def text_and_hash_of_an_edition(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    forge_text(bundle, edition)
    return rf"edition {edition['id']} \(testumab/1\): sha256 differs from ledger entry"


def forge_text(bundle: Bundle, edition: Row) -> tuple[str, str]:
    """Other words in an edition, its page and its row's hash; the old and the new hash."""
    text = edition["canonical"].replace("Fever", "Feves")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    bundle.change("editions", {"canonical": text, "sha256": sha256}, id=edition["id"])
    page = bundle.folder / "editions" / f"{edition['slug']}-{edition['number']}.html"
    page.write_text(page.read_text().replace("Fever", "Feves").replace(edition["sha256"], sha256))
    return edition["sha256"], sha256


def column_of_an_edition(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    bundle.change("editions", {"reason": "Another reason."}, id=edition["id"])
    return rf"edition {edition['id']} \(testumab/1\): reason differs from ledger entry \d+"


def signature_moved(bundle: Bundle) -> str:
    signature, other = signature_of(bundle, first_edition(bundle)), bundle.row("editions", slug="lastumab")
    moved = {name: other[name] for name in ("key", "submission", "sha256")}
    bundle.change("signatures", moved, id=signature["id"])
    return rf"signature {signature['id']}: key differs from ledger entry"


def signers_name(bundle: Bundle) -> str:
    signature = signature_of(bundle, first_edition(bundle))
    bundle.change("signatures", {"name": "Somebody Else"}, id=signature["id"])
    return rf"signature {signature['id']}: name differs from ledger entry \d+"


def signers_name_as_patients_read_it(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    reviewers = [{**reviewer, "credentials": "MD, PhD"} for reviewer in edition["reviewers"]]
    bundle.change("editions", {"reviewers": reviewers}, id=edition["id"])
    return rf"edition {edition['id']} \(testumab/1\): reviewers differs from ledger entry"


def row_removed_from(name: str, fault: str) -> Callable[[Bundle], str]:
    def remove(bundle: Bundle) -> str:
        rows = bundle.rows(name)
        gone = rows.pop(len(rows) // 2)
        bundle.write(name, rows)
        return fault.format(**gone)

    return remove


def tail_of_the_ledger(bundle: Bundle) -> str:
    bundle.write("ledger", bundle.rows("ledger")[:-3])
    return r"signature \d+: not in the ledger"


def publication_pointed_elsewhere(bundle: Bundle) -> str:
    older = bundle.row("editions", slug="testumab", number=2)
    bundle.change("publications", {"edition_id": older["id"]}, path="/medicines/testumab-new/")
    return "publication /medicines/testumab-new/: edition_id differs from ledger entry"


def publication_of_another_page_in_a_forged_chain(bundle: Bundle) -> str:
    other, path = bundle.row("editions", slug="lastumab"), "/medicines/testumab-new/"
    bundle.change("publications", {"edition_id": other["id"]}, path=path)
    forged = {"edition": other["id"], "number": other["number"], "sha256": other["sha256"]}
    bundle.change_entries(
        lambda event, data: (
            data.update(forged) if (event, data.get("path")) == ("publication", path) else None
        )
    )
    return f"publication {path}: points to an edition of another page"


def time_of_a_signature(bundle: Bundle) -> str:
    signature = signature_of(bundle, first_edition(bundle))
    bundle.change("signatures", {"signed_at": A_DAY}, id=signature["id"])
    return rf"signature {signature['id']}: signed_at differs from ledger entry"


def time_of_a_ledger_entry(bundle: Bundle) -> str:
    bundle.change("ledger", {"at": A_DAY}, seq=3)
    return r"ledger entry 3 \(\w+\): its content does not match its hash"


def time_of_a_ledger_entry_in_a_forged_chain(bundle: Bundle) -> str:
    rows = bundle.rows("ledger")
    rows[4]["at"] = A_DAY
    bundle.write_chain(rows)
    return f"ledger entry 5: its time {A_DAY} is before that of entry 4"


def time_of_a_signature_in_a_forged_chain(bundle: Bundle) -> str:
    signature = signature_of(bundle, first_edition(bundle))
    bundle.change("signatures", {"signed_at": A_DAY}, id=signature["id"])
    bundle.change_entries(
        lambda event, data: data.update(signed_at=A_DAY) if data.get("signature") == signature["id"] else None
    )
    return rf"signature {signature['id']}: signed_at is {A_DAY}, but its ledger entry is of"


def date_of_the_last_review_in_a_forged_chain(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    change_with_forged_chain(bundle, edition, next_due="2099-01-01")
    return rf"edition {edition['id']} \(testumab/1\): last_reviewed or next_due does not follow"


def contributor_made_the_signer_in_a_forged_chain(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    signature = signature_of(bundle, edition)
    people = [{"id": signature["user_id"], "username": signature["username"], "name": "Writer Tester"}]
    change_with_forged_chain(bundle, edition, contributors=people)
    return rf"edition {edition['id']} \(testumab/1\): step “Medical review” has 0 of 1 signatures"


def signers_name_in_a_forged_chain(bundle: Bundle) -> str:
    """Another name in the signature and its entry: the statement that was signed has the old one."""
    signature = signature_of(bundle, first_edition(bundle))
    bundle.change("signatures", {"name": "Somebody Else"}, id=signature["id"])
    bundle.change_entries(
        lambda event, data: (
            data.update(name="Somebody Else") if data.get("signature") == signature["id"] else None
        )
    )
    return rf"signature {signature['id']}: its columns differ from its statement"


def statement_of_a_signer(bundle: Bundle) -> str:
    signature = signature_of(bundle, first_edition(bundle))
    statement = signature["statement"].replace("PharmD", "MD")
    bundle.change("signatures", {"statement": statement}, id=signature["id"])
    return rf"signature {signature['id']}: its statement does not match its hash"


def statement_left_out_in_a_forged_chain(bundle: Bundle) -> str:
    signature = bundle.rows("signatures")[-1]
    bundle.change("signatures", {"statement": "", "statement_sha256": ""}, id=signature["id"])
    bundle.change_entries(
        lambda event, data: (
            data.update(statement_sha256="") if data.get("signature") == signature["id"] else None
        )
    )
    return rf"ledger entry \d+: signature {signature['id']} states nothing about its signer"


def contributor_who_looks_like_the_signer_in_a_forged_chain(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    keys = {"sign_in_keys": signature_of(bundle, edition)["sign_in_keys"]}
    contribution = bundle.row("contributions", key=edition["key"], after_edition=0)
    bundle.change("contributions", keys, id=contribution["id"])
    bundle.change_entries(
        lambda event, data: data.update(keys) if data.get("contribution") == contribution["id"] else None
    )
    return rf"edition {edition['id']} \(testumab/1\): step “Medical review” has 0 of 1 signatures"


def change_with_forged_chain(bundle: Bundle, edition: Row, **columns: Any) -> None:
    """Change columns of an edition, with a forged chain in which its entry agrees."""
    bundle.change("editions", columns, id=edition["id"])
    bundle.change_entries(
        lambda event, data: (
            data.update(columns) if (event, data.get("edition")) == ("edition", edition["id"]) else None
        )
    )


def retraction_of_another_contribution(bundle: Bundle) -> str:
    retraction = bundle.rows("retractions")[0]
    other = bundle.row("contributions", username="writer", key=retraction["key"])
    changes = {name: other[name] for name in ("user_id", "username")} | {"contribution_id": other["id"]}
    bundle.change("retractions", changes, id=retraction["id"])
    return rf"retraction {retraction['id']}: contribution_id differs from ledger entry"


def retraction_of_another_contribution_in_a_forged_chain(bundle: Bundle) -> str:
    retraction = bundle.rows("retractions")[0]
    other = bundle.row("contributions", username="writer", key=retraction["key"])
    bundle.change("retractions", {"contribution_id": other["id"]}, id=retraction["id"])
    bundle.change_entries(
        lambda event, data: (
            data.update(contribution=other["id"]) if data.get("retraction") == retraction["id"] else None
        )
    )
    return rf"retraction {retraction['id']}: is not of contribution {other['id']}"


def retractions_left_out_of_a_forged_chain(bundle: Bundle) -> str:
    bundle.write("retractions", [])
    bundle.write_chain([row for row in bundle.rows("ledger") if row["event"] != "retracted"])
    return r"edition \d+ \(lastumab/1\): step “Second reading” has 0 of 1 signatures"


def retraction_after_the_edition_in_a_forged_chain(bundle: Bundle) -> str:
    rows = bundle.rows("ledger")
    late = [row for row in rows if row["event"] == "retracted"]
    bundle.write_chain([row for row in rows if row["event"] != "retracted"] + late)
    bundle.change_entries(lambda event, data: None)
    return r"(ledger entry \d+: its time|edition \d+ \(lastumab/1\): step “Second reading” has 0 of 1)"


def fewer_steps_than_submitted_in_a_forged_chain(bundle: Bundle) -> str:
    """One signature where two were required, as if the workflow had always had one step."""
    edition = first_edition(bundle)
    second = signature_of(bundle, edition, step="Second reading")
    bundle.write("signatures", [row for row in bundle.rows("signatures") if row["id"] != second["id"]])
    without = [row for row in bundle.rows("ledger") if f'"signature":{second["id"]},' not in row["body"]]
    assert len(bundle.rows("ledger")) - len(without) == 1
    bundle.write_chain(without)
    kept = "Medical review"
    change_with_forged_chain(
        bundle,
        edition,
        steps=[step for step in edition["steps"] if step["step"] == kept],
        reviewers=[reviewer for reviewer in edition["reviewers"] if reviewer["step"] == kept],
    )
    return rf"edition {edition['id']} \(testumab/1\): this text was not submitted, or for other steps"


def a_step_that_needs_fewer_signatures_in_a_forged_chain(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    change_with_forged_chain(bundle, edition, steps=[{**step, "signatures": 0} for step in edition["steps"]])
    return rf"edition {edition['id']} \(testumab/1\): this text was not submitted, or for other steps"


def submission_left_out_of_a_forged_chain(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    rows = bundle.rows("ledger")
    kept = [r for r in rows if not (r["event"] == "submitted" and edition["submission"] in r["body"])]
    assert len(rows) - len(kept) == 1
    bundle.write_chain(kept)
    return rf"edition {edition['id']} \(testumab/1\): this text was not submitted, or for other steps"


def row_changed_with_a_second_entry(bundle: Bundle) -> str:
    """What an owner of the database could do without breaking the chain: change a row, append an entry."""
    edition = first_edition(bundle)
    forge_text(bundle, edition)
    rows = bundle.rows("ledger")
    entry = next(
        row for row in rows if row["event"] == "edition" and f'"edition":{edition["id"]},' in row["body"]
    )
    rows.append({**rows[-1], "event": "edition", "subject": entry["subject"], "body": entry["body"]})
    bundle.write_chain(rows)
    return rf"ledger entry {len(rows)}: records edition {edition['id']} a second time"


def what_a_signer_ticked_in_a_forged_chain(bundle: Bundle) -> str:
    bundle.change_entries(lambda event, data: data["statements"].pop() if event == "checked" else None)
    return r"ledger entry \d+: signature \d+ without “.+” ticked"


def what_a_signer_read_removed_from_a_forged_chain(bundle: Bundle) -> str:
    rows = bundle.rows("ledger")
    rows.remove(next(row for row in rows if row["event"] == "checked"))
    bundle.write_chain(rows)
    return r"ledger entry \d+: signature \d+ has no earlier “checked” entry"


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
        byte_of_an_edition,
        text_and_hash_of_an_edition,
        column_of_an_edition,
        signature_moved,
        signers_name,
        signers_name_as_patients_read_it,
        pytest.param(row_removed_from("ledger", "ledger entry {seq}: missing"), id="row of the ledger"),
        pytest.param(
            row_removed_from("signatures", "signature {id}: in the ledger but no longer in signatures"),
            id="row of the signatures",
        ),
        pytest.param(
            row_removed_from(
                "editions", "earlier number is missing|edition {id}: in the ledger but no longer"
            ),
            id="row of the editions",
        ),
        pytest.param(
            row_removed_from("publications", "publication {path}: in the ledger but no longer"),
            id="row of the publications",
        ),
        pytest.param(
            row_removed_from("figures", r"edition {edition_id} .*its list of figures differs"), id="figure"
        ),
        tail_of_the_ledger,
        publication_pointed_elsewhere,
        publication_of_another_page_in_a_forged_chain,
        time_of_a_signature,
        time_of_a_ledger_entry,
        time_of_a_ledger_entry_in_a_forged_chain,
        time_of_a_signature_in_a_forged_chain,
        date_of_the_last_review_in_a_forged_chain,
        contributor_made_the_signer_in_a_forged_chain,
        pytest.param(
            row_removed_from("retractions", "retraction {id}: in the ledger but no longer"),
            id="row of the retractions",
        ),
        retraction_of_another_contribution,
        retraction_of_another_contribution_in_a_forged_chain,
        retractions_left_out_of_a_forged_chain,
        retraction_after_the_edition_in_a_forged_chain,
        contributor_who_looks_like_the_signer_in_a_forged_chain,
        signers_name_in_a_forged_chain,
        statement_of_a_signer,
        statement_left_out_in_a_forged_chain,
        fewer_steps_than_submitted_in_a_forged_chain,
        a_step_that_needs_fewer_signatures_in_a_forged_chain,
        submission_left_out_of_a_forged_chain,
        row_changed_with_a_second_entry,
        what_a_signer_ticked_in_a_forged_chain,
        what_a_signer_read_removed_from_a_forged_chain,
        word_on_a_page,
        name_on_a_page,
        figure_file,
        figure_of_no_edition,
        page_of_no_edition,
    ],
)
def test_tampering_is_found_and_named_without_an_anchor(
    bundle: Bundle, tamper: Callable[[Bundle], str]
) -> None:
    fault = tamper(bundle)
    bundle.rewrite_manifest()
    status, answer = verify(bundle)
    assert status == 1
    assert re.search(f"^FAULT .*(?:{fault})", answer, re.MULTILINE), answer


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
