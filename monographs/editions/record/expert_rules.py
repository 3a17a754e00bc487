"""Signatures of outside experts as both verifiers read them: each needs an invitation in the ledger.

An expert signs one submission at one step. The invitation names who vouches for them: who recorded their name
and credentials, who confirmed these, and who sent the invitation. None of them may have written the text.
"""

from collections.abc import Iterator

from monographs.editions.record.json_values import Row, utc_time
from monographs.editions.record.record_index import Entry, LedgerReference, Record
from monographs.editions.record.signer_names import keys_of_person

#: How the sign-in name of every outside expert begins. No form accepts the colon, and no signature is
#: without a sign-in name, so the row itself says whose signature it is.
OUTSIDE = "outside:"
#: How an outside expert proves who they are, as signatures store it.
BY_CODE = "code sent to the recorded address"
#: The name of who acts without an account where nobody does: a script.
SCRIPT = "system"


def is_of_expert(signature: Row) -> bool:
    """Whether a signature says that an outside expert gave it, by its sign-in name or its proof."""
    return signature["username"].startswith(OUTSIDE) or signature["method"] == BY_CODE


def is_unnamed(writer: Row) -> bool:
    """Whether somebody without an account wrote, who may be anybody; a script may not."""
    return not (writer["id"] or writer["username"] or writer.get("name") == SCRIPT)


def invitation_is_kept(record: Record, entry: Entry) -> Iterator[str]:
    """Invitations to sign, and their ends, are compared with the signatures of their page."""
    if entry.event == "outside_link_made" and entry.data.get("signer"):
        record.invitations[entry.data["submission"]].append(entry)
    elif entry.event == "outside_link_revoked":
        record.revoked_links.setdefault(entry.data["link"], entry.seq)
    yield from ()


def expert_was_invited(record: Record, row: Row, entry: LedgerReference) -> Iterator[str]:
    """An outside expert signed by a code, at the step of an invitation that had not ended."""
    if not is_of_expert(row):
        return
    if not (row["username"].startswith(OUTSIDE) and row["method"] == BY_CODE):
        yield "it is of an outside expert without a code, or by a code of somebody who is none"
    elif not any(_invitations(record, row, entry.seq)):
        yield "its signer, an outside expert, was not invited to sign this text at this step"


def no_voucher_wrote(
    record: Record, signature: Row, signed: int, ids: set[int], keys: set[str]
) -> Iterator[str]:
    """A signature of an outside expert rests on an invitation by people who did not write the text.

    ``signed`` is the ledger entry of the signature; ``ids`` and ``keys`` are of those who wrote the text.
    """
    if not is_of_expert(signature):
        return
    invitations = list(_invitations(record, signature, signed))
    if invitations and not any(
        all(each["id"] not in ids and keys.isdisjoint(keys_of_person(each)) for each in found["vouchers"])
        for found in (entry.data for entry in invitations)
    ):
        yield f"signature {signature['id']} is of an outside expert for whom somebody vouches who wrote it"


def _invitations(record: Record, signature: Row, signed: int) -> Iterator[Entry]:
    """Yield the invitations by which the signature could be given."""
    for entry in record.invitations[signature["submission"]]:
        signer = entry.data["signer"]
        if (
            entry.seq < signed < record.revoked_links.get(entry.data["link"], signed + 1)
            and entry.subject == signature["key"]
            and (signer["id"], signer["username"]) == (signature["user_id"], signature["username"])
            and entry.data["step"] == signature["step"]
            and entry.data["vouchers"]
            and utc_time(signature["signed_at"]) < utc_time(entry.data["expires_at"])
        ):
            yield entry
