"""A proof shows that an edition is in the ledger, on a machine without this software."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from monographs.editions.checkpoints.checkpoint import add_cosignatures, make_checkpoint
from monographs.editions.checkpoints.keys import SigningKey
from monographs.editions.export.verifier_program import PROOF_MODULES, verifier_program
from monographs.editions.models import Edition
from monographs.editions.record.signed_note import parse_note
from tests.editions.test_figures import file_size_limit
from tests.export.bundles import run_isolated

pytestmark = pytest.mark.usefixtures("db", "long_ledger", "signing")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    file, out = tmp_path / "verify_proof.py", StringIO()
    call_command("ledger", "verifier", "--proofs", stdout=out)
    file.write_text(out.getvalue())
    return file


def edition_number(number: int) -> Edition:
    return Edition.objects.get(kind="monograph", number=number)


def check(program: Path, *arguments: str | Path) -> tuple[int, str]:
    done = run_isolated(*arguments, program=program, where=program.with_name("nowhere"))
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def prove(name: str, folder: Path) -> tuple[Path, Path]:
    out = StringIO()
    call_command("ledger", "prove", name, "--folder", str(folder), stdout=out)
    proof, text = (Path(line.removeprefix("Wrote ")) for line in out.getvalue().splitlines())
    return proof, text


def test_each_edition_is_proved_offline(
    program: Path, tmp_path: Path, log_key: SigningKey, witness: SigningKey
) -> None:
    checkpoint = make_checkpoint()
    text = parse_note(checkpoint.note).text
    add_cosignatures(checkpoint.note + witness.sign(text, seconds=1_790_000_000).line())
    key = ("--key", log_key.public.text())
    for number in (1, 2, 3):
        edition = edition_number(number)
        proof, stored = prove(f"{edition.slug}/{number}", tmp_path)
        assert proof.stat().st_size < 10_000
        status, words = check(program, proof, *key, "--witness", witness.public.text(), "--text", stored)
        assert (status, words[:3]) == (0, "OK "), words
        assert f"edition {number}, SHA-256 {edition.sha256}" in words
        assert "seen by witness.example.net/w1 at 2026-09-21" in words
        pretty = tmp_path / "pretty.json"
        pretty.write_text(json.dumps(json.loads(edition.canonical), indent=2))
        assert check(program, proof, *key, "--text", pretty)[0] == 0
    other = tmp_path / f"{edition.slug}-1.json"
    status, words = check(program, proof, *key, "--text", other)
    assert status == 1
    assert "is not the text that was signed" in words


def test_a_proof_without_the_witnesses_it_needs_is_refused(
    program: Path, tmp_path: Path, log_key: SigningKey, witness: SigningKey
) -> None:
    proof, _ = prove(edition_number(3).slug, tmp_path)
    arguments = (program, proof, "--key", log_key.public.text())
    assert check(*arguments)[0] == 0
    assert check(*arguments, "--witness", witness.public.text()) == (
        1,
        "FAULT 0 trusted witnesses signed, and 1 must\n",
    )


def test_wrong_arguments_are_told_from_faults(program: Path, tmp_path: Path, log_key: SigningKey) -> None:
    proof, _ = prove(edition_number(3).slug, tmp_path)
    assert check(program, proof, "--key", "none")[0] == 2
    assert check(program, tmp_path / "none", "--key", log_key.public.text())[0] == 2


def test_a_new_edition_gets_a_new_checkpoint(tmp_path: Path) -> None:
    proof, _ = prove(edition_number(1).path + "1", tmp_path)
    assert proof.read_text().startswith("c2sp.org/tlog-proof@v1\nextra ")


def test_half_a_proof_is_not_left_on_a_full_disk(tmp_path: Path) -> None:
    with file_size_limit(200), pytest.raises(CommandError, match="too large"):
        prove(edition_number(1).path + "1", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.key"]


def test_what_cannot_be_written_to_is_left(tmp_path: Path) -> None:
    edition = edition_number(1)
    (tmp_path / f"{edition.slug}-1.tlog-proof").symlink_to(tmp_path)
    with pytest.raises(CommandError, match="Is a directory"):
        prove(edition.path + "1", tmp_path)
    assert (tmp_path / f"{edition.slug}-1.tlog-proof").is_symlink()


@pytest.mark.parametrize("name", ["nobody/1", "nobody", "", "/"])
def test_an_unknown_edition_is_named_as_it_should_be(name: str) -> None:
    with pytest.raises(CommandError, match="Name it as slug/number"):
        call_command("ledger", "prove", name)


def test_the_program_has_no_line_of_the_service(program: Any) -> None:
    assert "cryptography" not in verifier_program(PROOF_MODULES).partition("def ")[0]
