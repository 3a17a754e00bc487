"""Notes, keys and signatures are those that other programs write and read."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.editions.checkpoints.keys import (
    SigningKey,
    is_signature,
    new_key,
    parse_signing_key,
)
from monographs.editions.record.ed25519 import ORDER, is_signature_of
from monographs.editions.record.signed_note import (
    COSIGNATURE,
    NoteRefused,
    TreeHead,
    parse_note,
    parse_tree_head,
    parse_verifier_key,
    verified_signatures,
)

#: The example of golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp"
    "RZb6KE6RyyBwJnAM=\n"
)
#: Tests 1 and 3 of RFC 8032, section 7.1: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def test_a_note_of_another_program_is_read_and_verified() -> None:
    key = parse_verifier_key(GO_KEY)
    assert key.text() == GO_KEY
    note = parse_note(GO_NOTE)
    assert note.whole() == GO_NOTE
    for check in (is_signature, is_signature_of):
        assert [signed.key for signed in verified_signatures(note, [key], check)] == [key]


def test_a_key_of_another_program_signs_as_it_does() -> None:
    key = parse_signing_key(GO_SECRET)
    assert key.secret_text() == GO_SECRET
    assert parse_note(GO_NOTE).signatures == (key.sign(parse_note(GO_NOTE).text),)


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_signatures_of_the_standard_hold(public: str, message: str, signature: str) -> None:
    values = [bytes.fromhex(text) for text in (public, message, signature)]
    assert is_signature_of(*values)
    assert is_signature(*values)


def test_two_programs_say_the_same_of_changed_signatures() -> None:
    public, message, signature = (bytes.fromhex(text) for text in RFC_8032[1])
    scalar = int.from_bytes(signature[32:], "little")
    changed = [bytes([*signature[:at], signature[at] ^ 1, *signature[at + 1 :]]) for at in (0, 31, 32, 63)]
    changed += [signature[:32] + (scalar + ORDER).to_bytes(32, "little"), signature[:-1], signature + b"\0"]
    changed += [b"\xff" * 64, bytes(64)]
    for one in changed:
        assert not is_signature_of(public, message, one)
        assert not is_signature(public, message, one)
    assert not is_signature_of(public, message + b"x", signature)
    assert not is_signature_of(bytes([*public[:-1], public[-1] ^ 1]), message, signature)
    assert not is_signature_of(b"\xff" * 32, message, signature)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no signature\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAAA\n",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n— na me AAAAAAA=\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— name AAAAAAB=\n",
        "text\n\n— name AAAAAAA=",
        "te\txt\n\n— name AAAAAAA=\n",
        "text\r\n\n— name AAAAAAA=\n",
        "text\n\n" + "— name AAAAAAA=\n" * 101,
        "x" * 100_001 + "\n\n— name AAAAAAA=\n",
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        parse_note(text)


@pytest.mark.parametrize("size", ["-1", "01", "1.0", "", " 1", "1 ", "\u0661", str(2**63), "1" * 30])
def test_a_number_of_entries_has_one_spelling(size: str) -> None:
    root = base64.b64encode(bytes(32)).decode()
    with pytest.raises(NoteRefused):
        parse_tree_head(f"origin\n{size}\n{root}\n")


@pytest.mark.parametrize(
    "text",
    [
        "origin\n1\n{}\nmore\n",
        "\n1\n{}\n",
        "origin\n1\n{}",
        "origin\n1\nAAAA\n",
        "origin\n1\n{}x\n",
        "1\n{}\n",
    ],
)
def test_a_checkpoint_has_three_lines(text: str) -> None:
    with pytest.raises(NoteRefused):
        parse_tree_head(text.format(base64.b64encode(bytes(32)).decode()))


def test_a_checkpoint_is_read_as_it_is_written() -> None:
    head = TreeHead("example.org/log", 7, hashlib.sha256(b"").digest())
    assert parse_tree_head(head.text()) == head


@pytest.mark.parametrize(
    "key", ["", "a+b", GO_KEY[:-1], GO_KEY.replace("c7", "c8"), GO_KEY.replace("+A", "+B", 1)]
)
def test_a_key_with_a_typing_error_is_refused(key: str) -> None:
    with pytest.raises(NoteRefused):
        parse_verifier_key(key)


def test_a_refused_secret_is_not_repeated() -> None:
    with pytest.raises(NoteRefused) as refusal:
        parse_signing_key(GO_SECRET[:-1] + "0")
    assert GO_SECRET[40:60] not in str(refusal.value)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_a_name_that_notes_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(NoteRefused):
        new_key(name)


@given(st.integers(0, 2**63 - 1))
def test_a_witness_signs_with_its_time(seconds: int) -> None:
    key: SigningKey = new_key("witness.example.net/w", COSIGNATURE)
    text = TreeHead("example.org/log", 7, bytes(32)).text()
    note = parse_note(f"{text}\n{key.sign(text, seconds).line()}")
    assert verified_signatures(note, [key.public], is_signature)[0].time == seconds
