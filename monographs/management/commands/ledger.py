from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from monographs.core.work_progress import progress_on
from monographs.editions.anchor import AnchorUnreadable, read_anchor
from monographs.editions.checkpoints.checkpoint import (
    ForkRefused,
    add_cosignatures,
    make_checkpoint,
    whole_note,
)
from monographs.editions.checkpoints.head_copies import publish_head
from monographs.editions.checkpoints.keys import KeyMissing, new_key, signing_key, write_key
from monographs.editions.checkpoints.proofs import EditionUnknown, edition_named, proof_of
from monographs.editions.export import ExportRefused, write_export
from monographs.editions.export.verifier_program import PROOF_MODULES, verifier_program
from monographs.editions.ledger import head
from monographs.editions.record.signed_note import NoteRefused
from monographs.editions.verify import VerificationError, verify

REFUSALS = (AnchorUnreadable, EditionUnknown, ExportRefused, ForkRefused, KeyMissing, NoteRefused, OSError)


class Command(BaseCommand):
    help = (
        "Verify the ledger and what it covers (verify), print its head, to be stored outside this system "
        "(head), sign it and store it elsewhere (checkpoint, publish_head), prove that an edition is in it "
        "(prove), or export everything to a folder that can be verified on another machine (export)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("verify", help="verify the chain, editions, signatures and publications")
        check.add_argument("--anchor", type=Path, help="an earlier output of `ledger head`, or a checkpoint")
        check.add_argument(
            "--checkpoint",
            type=Path,
            help="a file with the head up to which an earlier run found no fault: check what came after it",
        )
        check.add_argument("--jobs", type=int, default=1, help="processes that check pages at once (1)")
        actions.add_parser("head", help="print the last sequence number and hash")
        actions.add_parser("checkpoint", help="print the head as a signed checkpoint, with its cosignatures")
        actions.add_parser(
            "publish_head",
            help="sign the head, ask witnesses and authority, store it at every place of LEDGER_HEAD_TO",
        )
        cosigned = actions.add_parser("cosigned", help="store the signatures of witnesses on a checkpoint")
        cosigned.add_argument("file", type=Path, help="the checkpoint as the witness returned it")
        prove = actions.add_parser("prove", help="write a proof that an edition is in the ledger")
        prove.add_argument("edition", help="slug/number, e.g. imatinib/3; without a number the newest one")
        prove.add_argument("--folder", type=Path, default=Path(), help="where to write it (here)")
        key = actions.add_parser("new_key", help="make a key for checkpoints, and print its public key")
        key.add_argument("file", type=Path, help="a new file, which only its owner can read")
        key.add_argument("--origin", help="the ledger's name, e.g. medicines.example.org/ledger")
        actions.add_parser("key", help="print the public key, for those who check proofs")
        export = actions.add_parser(
            "export", help="write the whole record, and a program that verifies it, to a folder"
        )
        export.add_argument("folder", type=Path, help="a folder that is empty or does not exist")
        verifier = actions.add_parser("verifier", help="print the program that exports contain")
        verifier.add_argument("--proofs", action="store_true", help="verify_proof.py, which checks proofs")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except REFUSALS as error:
            raise CommandError(str(error)) from error

    def _head(self, options: dict[str, Any]) -> None:
        seq, digest = head()
        self.stdout.write(f"{seq} {digest}")

    def _verifier(self, options: dict[str, Any]) -> None:
        program = verifier_program(PROOF_MODULES) if options["proofs"] else verifier_program()
        self.stdout.write(program, ending="")

    def _checkpoint(self, options: dict[str, Any]) -> None:
        self.stdout.write(whole_note(make_checkpoint()), ending="")

    def _publish_head(self, options: dict[str, Any]) -> None:
        checkpoint, results = publish_head()
        for result in results:
            self.stdout.write(
                f"{'FAILED' if result.problem else 'OK'} {result.place} {result.problem}".rstrip()
            )
        if failed := sum(bool(result.problem) for result in results):
            raise CommandError(f"{failed} of {len(results)} failed; see above.")
        if not settings.LEDGER_HEAD_TO:
            raise CommandError("LEDGER_HEAD_TO names no place to store the head at.")
        self.stdout.write(
            f"Head of {checkpoint.size} entries stored at {len(settings.LEDGER_HEAD_TO)} places."
        )

    def _cosigned(self, options: dict[str, Any]) -> None:
        try:
            count = add_cosignatures(options["file"].read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['file']} is no checkpoint: {error}.") from error
        if not count:
            raise CommandError("No key of LEDGER_WITNESS_KEYS signed this checkpoint; nothing was stored.")
        self.stdout.write(f"{count} signatures of witnesses hold.")

    def _prove(self, options: dict[str, Any]) -> None:
        edition = edition_named(options["edition"])
        proof = proof_of(edition)
        for suffix, text in ((".tlog-proof", proof), (".json", edition.canonical)):
            file = options["folder"] / f"{edition.slug}-{edition.number}{suffix}"
            stream = file.open("w", encoding="utf-8", newline="")
            try:
                with stream:
                    stream.write(text)
            except OSError:
                file.unlink()  # half a proof proves nothing
                raise
            self.stdout.write(f"Wrote {file}")

    def _new_key(self, options: dict[str, Any]) -> None:
        host = settings.BASE_URL.partition("://")[2].replace("+", "")
        key = new_key(options["origin"] or f"{host}/ledger")
        write_key(key, options["file"])
        self.stdout.write(key.public.text())

    def _key(self, options: dict[str, Any]) -> None:
        self.stdout.write(signing_key().public.text())

    def _verify(self, options: dict[str, Any]) -> None:
        if options["jobs"] < 1:
            raise CommandError("--jobs must be at least 1.")
        checkpoint = read_anchor(options["checkpoint"])
        if checkpoint.checkpoints:
            raise CommandError(
                "--checkpoint takes the output of `ledger head` after a verification; name a signed "
                "checkpoint with --anchor."
            )
        kept = read_anchor(options["anchor"])
        again = "Nothing was changed. To check less at a time, see --checkpoint."
        try:
            with progress_on(self.stderr, again) as progress:
                checked = verify(
                    checkpoint=checkpoint.last, jobs=options["jobs"], progress=progress, kept=kept
                )
        except VerificationError as error:
            raise CommandError("\n".join(f"FAULT {fault}" for fault in error.faults)) from error
        self.stdout.write("OK " + _listed(checked))

    def _export(self, options: dict[str, Any]) -> None:
        folder: Path = options["folder"]
        with progress_on(self.stderr, "Nothing was written.") as progress:
            written = write_export(folder, progress)
        self.stdout.write(f"Wrote {folder}: {_listed(written.counts)}. Head {written.seq} {written.hash}")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
