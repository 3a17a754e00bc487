"""Checkpoints are signed heads, each of which extends the one before."""

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from monographs.editions.checkpoints.checkpoint import add_cosignatures, make_checkpoint, whole_note
from monographs.editions.checkpoints.entry_tree import ledger_size
from monographs.editions.checkpoints.keys import SigningKey, new_key, write_key
from monographs.editions.ledger import head
from monographs.editions.models import Checkpoint, LedgerEntry
from monographs.editions.record.signed_note import COSIGNATURE, NoteRefused, parse_note, parse_tree_head
from tests.editions.test_figures import file_size_limit

pytestmark = pytest.mark.usefixtures("db", "long_ledger", "signing")


def cosigned(checkpoint: Checkpoint, witness: SigningKey) -> str:
    text = parse_note(checkpoint.note).text
    return checkpoint.note + witness.sign(text, seconds=1_790_000_000).line()


def verify(*arguments: Any) -> str:
    out = StringIO()
    call_command("ledger", "verify", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def rewrite_entry(seq: int) -> None:
    """Change an entry, and forge the chain from there, as the owner of the database could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE editions_ledgerentry SET subject = 'z' WHERE seq = %s", [seq])
        cursor.execute("SET LOCAL session_replication_role = origin")


def cut_after(seq: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM editions_ledgerentry WHERE seq > %s", [seq])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_checkpoint_says_how_many_entries_there_are(log_key: SigningKey) -> None:
    out = StringIO()
    call_command("ledger", "checkpoint", stdout=out)
    lines = out.getvalue().split("\n")
    assert lines[0] == log_key.public.name
    assert lines[1] == str(ledger_size())
    assert lines[3] == ""
    assert lines[4].startswith("— medicines.example.org/ledger ")


def test_without_new_entries_the_last_checkpoint_is_returned(add_entries: Callable[[int], None]) -> None:
    first = make_checkpoint()
    assert make_checkpoint().note == first.note
    add_entries(1)
    assert make_checkpoint().size == first.size + 1
    assert Checkpoint.objects.count() == 2


@pytest.mark.parametrize("seq", [2, 520])
def test_a_rewritten_entry_is_found(seq: int, add_entries: Callable[[int], None], tmp_path: Path) -> None:
    kept = tmp_path / "kept.checkpoint"
    kept.write_text(whole_note(make_checkpoint()))
    rewrite_entry(seq)
    add_entries(1)
    with pytest.raises(CommandError) as refusal:
        verify("--anchor", str(kept))
    assert f"its first {Checkpoint.objects.get().size} entries differ from the checkpoint kept" in str(
        refusal.value
    )
    assert "differ from the stored checkpoint" in str(refusal.value)
    if seq > 512:  # not in a block that is stored, so that no fork of it is signed either
        with pytest.raises(CommandError, match="they were changed since"):
            call_command("ledger", "checkpoint", stdout=StringIO())
    else:
        assert "ledger block 0: differs from the entries" in str(refusal.value)


def test_a_cut_end_is_found(tmp_path: Path) -> None:
    kept = tmp_path / "kept.checkpoint"
    size = make_checkpoint().size
    kept.write_text(make_checkpoint().note)
    cut_after(size - 1)
    with pytest.raises(CommandError, match="its end was cut off"):
        call_command("ledger", "checkpoint", stdout=StringIO())
    with pytest.raises(CommandError, match=f"ledger entry {size}: missing .the checkpoint kept elsewhere"):
        verify("--anchor", str(kept))


def test_a_checkpoint_is_an_anchor(tmp_path: Path, add_entries: Callable[[int], None]) -> None:
    kept = tmp_path / "kept.checkpoint"
    kept.write_text(make_checkpoint().note)
    add_entries(3)
    assert verify("--anchor", str(kept)).startswith("OK ")


def test_a_checkpoint_of_another_ledger_is_no_anchor(tmp_path: Path) -> None:
    kept = tmp_path / "kept.checkpoint"
    other = new_key("medicines.example.org/ledger")
    text = parse_note(make_checkpoint().note).text
    kept.write_text(f"{text}\n{other.sign(text).line()}")
    with pytest.raises(CommandError, match="is not signed by a key of that name that is trusted"):
        verify("--anchor", str(kept))


def test_two_heads_in_one_file_are_both_compared(tmp_path: Path, add_entries: Callable[[int], None]) -> None:
    kept = tmp_path / "heads"
    lines = ["{} {}".format(*head())]
    add_entries(1)
    lines.append("{} {}".format(*head()))
    kept.write_text("\n".join(lines) + "\n")
    assert verify("--anchor", str(kept)).startswith("OK ")
    kept.write_text(f"1 {'0' * 64}\n{lines[1]}\n")
    with pytest.raises(CommandError, match="ledger entry 1: differs from the head kept elsewhere"):
        verify("--anchor", str(kept))


def test_a_signed_checkpoint_is_no_verified_head(tmp_path: Path) -> None:
    kept = tmp_path / "kept.checkpoint"
    kept.write_text(make_checkpoint().note)
    with pytest.raises(CommandError, match="name a signed checkpoint with --anchor"):
        verify("--checkpoint", str(kept))


def test_cosignatures_of_trusted_witnesses_are_kept(witness: SigningKey, tmp_path: Path) -> None:
    checkpoint = make_checkpoint()
    file = tmp_path / "cosigned"
    stranger = new_key("witness.example.net/w2", COSIGNATURE)
    file.write_text(cosigned(checkpoint, witness) + stranger.sign("x", seconds=1).line())
    for _ in range(2):
        out = StringIO()
        call_command("ledger", "cosigned", str(file), stdout=out)
        assert out.getvalue() == "1 signatures of witnesses hold.\n"
    assert whole_note(checkpoint) == cosigned(checkpoint, witness)


def test_a_cosignature_that_does_not_hold_is_refused(witness: SigningKey) -> None:
    checkpoint = make_checkpoint()
    wrong = witness.sign("other\n1\nx\n", seconds=1).line()
    with pytest.raises(NoteRefused, match="is not of this text"):
        add_cosignatures(checkpoint.note + wrong)


def test_a_cosigned_checkpoint_that_was_never_made_is_refused(
    log_key: SigningKey, witness: SigningKey
) -> None:
    text = f"{log_key.public.name}\n3\n{'A' * 43}=\n"
    note = f"{text}\n{log_key.sign(text).line()}{witness.sign(text, seconds=1).line()}"
    with pytest.raises(NoteRefused, match="this ledger made no such checkpoint of 3 entries"):
        add_cosignatures(note)


def test_a_former_key_signed_what_it_signed(
    log_key: SigningKey, tmp_path: Path, settings: Any, add_entries: Callable[[int], None]
) -> None:
    kept = tmp_path / "kept.checkpoint"
    kept.write_text(make_checkpoint().note)
    write_key(new_key(log_key.public.name), tmp_path / "new.key")
    settings.LEDGER_KEY_FILE = str(tmp_path / "new.key")
    with pytest.raises(CommandError, match="is not signed by a key"):
        verify("--anchor", str(kept))
    settings.LEDGER_FORMER_KEYS = [log_key.public.text()]
    assert verify("--anchor", str(kept)).startswith("OK ")
    add_entries(1)
    assert parse_tree_head(parse_note(make_checkpoint().note).text).size == ledger_size()


def test_a_key_is_made_for_its_owner_alone(tmp_path: Path, settings: Any) -> None:
    file, out = tmp_path / "new.key", StringIO()
    call_command("ledger", "new_key", str(file), stdout=out)
    assert os.stat(file).st_mode & 0o777 == 0o600
    assert out.getvalue().startswith("127.0.0.1:8000/ledger+")
    settings.LEDGER_KEY_FILE = str(file)
    shown = StringIO()
    call_command("ledger", "key", stdout=shown)
    assert shown.getvalue() == out.getvalue()
    with pytest.raises(CommandError, match="File exists"):
        call_command("ledger", "new_key", str(file))


def test_half_a_key_is_not_left_on_a_full_disk(tmp_path: Path) -> None:
    with file_size_limit(20), pytest.raises(CommandError, match="too large"):
        call_command("ledger", "new_key", str(tmp_path / "new.key"))
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.key"]


def test_a_file_that_is_no_text_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG")
    with pytest.raises(CommandError, match="picture is no checkpoint"):
        call_command("ledger", "cosigned", str(tmp_path / "picture"))


@pytest.mark.parametrize(("content", "message"), [(None, "LEDGER_KEY_FILE"), ("x", "no secret key")])
def test_without_a_key_the_message_says_how_to_make_one(
    content: str | None, message: str, tmp_path: Path, settings: Any
) -> None:
    settings.LEDGER_KEY_FILE = ""
    if content:
        (tmp_path / "broken").write_text(content)
        settings.LEDGER_KEY_FILE = str(tmp_path / "broken")
    with pytest.raises(CommandError, match=message):
        call_command("ledger", "checkpoint", stdout=StringIO())
    assert LedgerEntry.objects.exists()


@pytest.mark.parametrize("option", ["anchor", "checkpoint"])
def test_a_file_of_a_key_is_no_head_and_is_not_shown(tmp_path: Path, option: str) -> None:
    with pytest.raises(CommandError, match="a line is no number and SHA-256 hash") as refused:
        call_command("ledger", "verify", **{option: tmp_path / "ledger.key"}, stdout=StringIO())
    assert "PRIVATE" not in str(refused.value)
