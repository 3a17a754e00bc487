"""Every change of an exported row is found and named, even with a rewritten manifest."""

from collections.abc import Callable

import pytest

from tests.export.bundle_edits import (
    A_DAY,
    check_named,
    first_edition,
    forge_text,
    row_removed_from,
    signature_of,
)
from tests.export.bundles import Bundle

#: One worker exports the record once for all of them.
pytestmark = pytest.mark.xdist_group("export")


def byte_of_an_edition(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    text = edition["canonical"].replace("Fever", "Feves")
    bundle.change("editions", {"canonical": text}, id=edition["id"])
    return rf"edition {edition['id']} \(testumab/1\): its text does not match its hash"


def text_and_hash_of_an_edition(bundle: Bundle) -> str:
    edition = first_edition(bundle)
    forge_text(bundle, edition)
    return rf"edition {edition['id']} \(testumab/1\): sha256 differs from ledger entry"


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


def tail_of_the_ledger(bundle: Bundle) -> str:
    bundle.write("ledger", bundle.rows("ledger")[:-3])
    return r"signature \d+: not in the ledger"


def publication_pointed_elsewhere(bundle: Bundle) -> str:
    older = bundle.row("editions", slug="testumab", number=2)
    bundle.change("publications", {"edition_id": older["id"]}, path="/medicines/testumab-new/")
    return "publication /medicines/testumab-new/: edition_id differs from ledger entry"


def time_of_a_signature(bundle: Bundle) -> str:
    signature = signature_of(bundle, first_edition(bundle))
    bundle.change("signatures", {"signed_at": A_DAY}, id=signature["id"])
    return rf"signature {signature['id']}: signed_at differs from ledger entry"


def time_of_a_ledger_entry(bundle: Bundle) -> str:
    bundle.change("ledger", {"at": A_DAY}, seq=3)
    return r"ledger entry 3 \(\w+\): its content does not match its hash"


def statement_of_a_signer(bundle: Bundle) -> str:
    signature = signature_of(bundle, first_edition(bundle))
    statement = signature["statement"].replace("PharmD", "MD")
    bundle.change("signatures", {"statement": statement}, id=signature["id"])
    return rf"signature {signature['id']}: its statement does not match its hash"


def retraction_of_another_contribution(bundle: Bundle) -> str:
    retraction = bundle.rows("retractions")[0]
    other = bundle.row("contributions", username="writer", key=retraction["key"])
    changes = {name: other[name] for name in ("user_id", "username")} | {"contribution_id": other["id"]}
    bundle.change("retractions", changes, id=retraction["id"])
    return rf"retraction {retraction['id']}: contribution_id differs from ledger entry"


def wording_of_a_sentence(bundle: Bundle) -> str:
    sentence = bundle.rows("sentences")[0]
    bundle.change("sentences", {"wording": "All is well."}, id=sentence["id"])
    return rf"sentence {sentence['id']}: (wording differs from ledger entry|its columns or its hash differ)"


def reason_of_an_answer(bundle: Bundle) -> str:
    answer = bundle.rows("label_answers")[0]
    bundle.change("label_answers", {"reason": "Nothing is wrong."}, id=answer["id"])
    return rf"label answer {answer['id']}: (reason differs from ledger entry|its columns or its hash differ)"


def last_day_of_a_conflict(bundle: Bundle) -> str:
    conflict = bundle.rows("conflicts")[0]
    bundle.change("conflicts", {"ends_on": "2026-01-02"}, id=conflict["id"])
    return rf"conflict {conflict['id']}: ends_on differs from ledger entry"


def end_of_another_conflict(bundle: Bundle) -> str:
    end, other = bundle.rows("conflict_ends")[0], bundle.rows("conflicts")[0]
    bundle.change("conflict_ends", {"conflict_id": other["id"]}, id=end["id"])
    return rf"conflict end {end['id']}: conflict_id differs from ledger entry"


@pytest.mark.parametrize(
    "tamper",
    [
        byte_of_an_edition,
        text_and_hash_of_an_edition,
        column_of_an_edition,
        signature_moved,
        signers_name,
        signers_name_as_patients_read_it,
        tail_of_the_ledger,
        publication_pointed_elsewhere,
        time_of_a_signature,
        time_of_a_ledger_entry,
        statement_of_a_signer,
        retraction_of_another_contribution,
        wording_of_a_sentence,
        reason_of_an_answer,
        last_day_of_a_conflict,
        end_of_another_conflict,
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
            row_removed_from("retractions", "retraction {id}: in the ledger but no longer"),
            id="row of the retractions",
        ),
        pytest.param(
            row_removed_from("sentences", "sentence {id}: in the ledger but no longer"),
            id="row of the sentences",
        ),
        pytest.param(
            row_removed_from("label_answers", "label answer {id}: in the ledger but no longer"),
            id="row of the label answers",
        ),
        pytest.param(
            row_removed_from("conflicts", "conflict {id}: in the ledger but no longer"),
            id="row of the conflicts",
        ),
        pytest.param(
            row_removed_from("figures", r"edition {edition_id} .*its list of figures differs"), id="figure"
        ),
    ],
)
def test_a_changed_row_is_named(bundle: Bundle, tamper: Callable[[Bundle], str]) -> None:
    check_named(bundle, tamper)
