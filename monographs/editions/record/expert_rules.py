"""Signatures of outside experts as both verifiers read them: each needs an invitation in the ledger.

An expert signs one submission at one step. The invitation names who vouches for them: who recorded their name
and credentials, who confirmed these, and who sent the invitation. None of them may have written the text, or
signed it as well: else two signatures could be one person's.
"""

from collections.abc import Iterable, Iterator

from monographs.editions.record.json_values import Row, utc_time
from monographs.editions.record.record_index import Entry, LedgerReference, Record
from monographs.editions.record.text_writers import NamedPeople

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


def vouchers_stand_apart(
    record: Record, signature: Row, signed: int, writers: NamedPeople, others: Iterable[Row]
) -> Iterator[str]:
    """Those who invited an outside expert to sign neither wrote nor signed the text.

    ``signed`` is the ledger entry of the signature, ``others`` are the other signatures of the text.
    """
    if not is_of_expert(signature):
        return
    named = [entry.data["vouchers"] for entry in _invitations(record, signature, signed)]
    apart = [vouchers for vouchers in named if not any(writers.has(each["id"], each) for each in vouchers)]
    if named and not apart:
        yield f"signature {signature['id']} is of an outside expert for whom somebody vouches who wrote it"
    signers = NamedPeople({**each, "id": each["user_id"]} for each in others)
    if apart and all(any(signers.has(each["id"], each) for each in vouchers) for vouchers in apart):
        yield f"signature {signature['id']} is of an outside expert for whom somebody vouches who signed it"


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
