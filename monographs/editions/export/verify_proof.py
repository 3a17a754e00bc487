#!/usr/bin/env python3
"""Check a proof of an edition on a machine that has Python 3.11 or later and nothing else.

    python verify_proof.py PROOF --key KEY [--witness KEY …] [--quorum N] [--text FILE]

PROOF is a .tlog-proof file (c2sp.org/tlog-proof). KEY is the ledger's public key as its operator gives it
("name+id+key"), not taken from the same place as the proof. With --witness, keys of witnesses; --quorum is
how many of them must have signed (1 if any is named). With --text, a file with the edition's text, which must
be what was signed.

Prints "OK …" and exits with status 0, or prints "FAULT …" and exits with status 1. Wrong arguments exit
with status 2.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from monographs.editions.record.ed25519 import is_signature_of
from monographs.editions.record.signed_note import NoteRefused, Signed, parse_verifier_key
from monographs.editions.record.tree_proof import ProvenEdition, is_text_of, proven_edition


def described(proven: ProvenEdition) -> list[str]:
    """What a proof shows, as lines for people."""
    edition, head = proven.edition, proven.head
    reviewers = ", ".join(str(person.get("name", "?")) for person in edition.get("reviewers", []))
    return [
        f"{edition.get('title')}, edition {edition.get('number')}, SHA-256 {edition['sha256']}",
        f"signed by {reviewers}" if reviewers else "the entry names no reviewer",
        f"recorded {proven.at} in {head.origin}, a ledger of {head.size} entries at that time or later",
        *(_signer(one) for one in proven.signed),
    ]


def _signer(one: Signed) -> str:
    if one.time is None:
        return f"signed by {one.key.name}"
    moment = datetime.fromtimestamp(min(one.time, 253_402_300_799), UTC)  # the end of the year 9999
    return f"seen by {one.key.name} at {moment:%Y-%m-%d %H:%M:%S} UTC"


def printable(text: str) -> str:
    """``text`` with control characters escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def main() -> int:
    """Check the proof named on the command line."""
    parser = argparse.ArgumentParser(description="Check a proof of an edition.")
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", action="append", required=True, help="a public key of the ledger")
    parser.add_argument("--witness", action="append", default=[], help="a public key of a witness")
    parser.add_argument("--quorum", type=int, help="how many witnesses must have signed")
    parser.add_argument("--text", type=Path, help="the edition's text, to be compared")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a TextIOWrapper
    try:
        keys = [parse_verifier_key(text) for text in arguments.key]
        witnesses = [parse_verifier_key(text) for text in arguments.witness]
        text = arguments.text.read_bytes() if arguments.text else None
        proof = arguments.proof.read_text(encoding="utf-8")
    except (NoteRefused, OSError, UnicodeError) as error:
        parser.error(printable(str(error)))
    quorum = arguments.quorum if arguments.quorum is not None else min(1, len(witnesses))
    try:
        proven = proven_edition(proof, keys, is_signature_of, witnesses, quorum)
        if text is not None and not is_text_of(proven.edition, text):
            raise NoteRefused(f"{arguments.text} is not the text that was signed")
    except NoteRefused as refusal:
        sys.stdout.write(f"FAULT {printable(str(refusal))}\n")
        return 1
    sys.stdout.write("OK " + "\n   ".join(printable(line) for line in described(proven)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
