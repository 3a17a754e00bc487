"""What contradicts itself is found and named even in a ledger whose whole chain was forged."""

from collections.abc import Callable

import pytest

from tests.export.bundle_edits import (
    A_DAY,
    change_with_forged_chain,
    check_named,
    first_edition,
    forge_text,
    signature_of,
)
from tests.export.bundles import Bundle

#: One worker exports the record once for all of them.
pytestmark = pytest.mark.xdist_group("export")


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


@pytest.mark.parametrize(
    "tamper",
    [
        publication_of_another_page_in_a_forged_chain,
        time_of_a_ledger_entry_in_a_forged_chain,
        time_of_a_signature_in_a_forged_chain,
        date_of_the_last_review_in_a_forged_chain,
        contributor_made_the_signer_in_a_forged_chain,
        signers_name_in_a_forged_chain,
        statement_left_out_in_a_forged_chain,
        contributor_who_looks_like_the_signer_in_a_forged_chain,
        retraction_of_another_contribution_in_a_forged_chain,
        retractions_left_out_of_a_forged_chain,
        retraction_after_the_edition_in_a_forged_chain,
        fewer_steps_than_submitted_in_a_forged_chain,
        a_step_that_needs_fewer_signatures_in_a_forged_chain,
        submission_left_out_of_a_forged_chain,
        row_changed_with_a_second_entry,
        what_a_signer_ticked_in_a_forged_chain,
        what_a_signer_read_removed_from_a_forged_chain,
    ],
)
def test_a_forged_chain_is_named(bundle: Bundle, tamper: Callable[[Bundle], str]) -> None:
    check_named(bundle, tamper)
