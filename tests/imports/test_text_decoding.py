"""Texts in other encodings are decoded rightly, or refused with what to do."""

import pytest

from monographs.imports.errors import ImportRefused
from monographs.imports.input_files import read_bytes
from monographs.imports.text_decoding import decode_text

PAGE = "testumab (Testivo)\n\nHow it works\n\nIt’s “50 µg” at 38 °C – 2½ tablets, café® • Sjögren’s.\n"
PLAIN = "testumab (Testivo)\n\nHow it works\n\nTake 5 mg.\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize("text", [PAGE, PLAIN])
def test_every_form_of_unicode_is_read_with_or_without_its_mark(encoding: str, text: str) -> None:
    assert decode_text(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (PAGE, "cp1252", "Windows-1252"),
        ("How it works\nGive 50 µg daily.", "cp1252", "Windows-1252"),
        ("How it works\nIt’s fine.", "cp1252", "Windows-1252"),
        ("How it works\nnaïve and Müller", "iso8859-1", "Windows-1252"),
        ("How it works\n5 m² for 10\xa0days", "iso8859-1", "Windows-1252"),
        ("How it works\nIt’s “50 µg” at 38 °C – café", "mac_roman", "Mac OS Roman"),
        ("How it works\n≥ 5 mg and ≤ 10 mg", "mac_roman", "Mac OS Roman"),
        ("How it works\n50 µg at 38 °C", "cp437", "code page 437"),
    ],
)
def test_encodings_of_one_byte_are_read_where_they_are_certain(text: str, encoding: str, name: str) -> None:
    decoded = decode_text(text.encode(encoding))

    assert (decoded.text, decoded.encoding) == (text, name)
    assert name in decoded.remarks[0].message
    assert decoded.remarks[0].quote


REFUSED = {
    "a lone accent": b"How it works\nna\x8bve",
    "Russian": "How it works\nПринимать 5 мг".encode("cp1251"),  # noqa: RUF001
    "Japanese": "How it works\n日本語 5 mg".encode("shift_jis"),
    "Polish": "How it works\nżółć 5 mg".encode("cp1250"),
    "two encodings": "How it works\ncafé ".encode() + b"50 \xb5g",
    "UTF-8 that was cut": "How it works\ncafé 5 µ".encode()[:-1],
    "UTF-16 that was cut": PLAIN.encode("utf-16")[:-1],
    "zero bytes": b"How it works\n5\x00 mg",
    "a program": bytes(range(256)) * 4,
    "a lost character": "How it works\n50 \ufffdg".encode(),
    "a lost character in another encoding": "How it works\n50 ï¿½g".encode(),
    "a lost character read wrongly": "How it works\ndonâ€\ufffdt".encode(),
    "a control": b"How it works\n5\x07 mg",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_uncertain_or_damaged_is_refused_with_what_to_do(kind: str) -> None:
    with pytest.raises(ImportRefused, match=r"UTF-8|plain text"):
        read_bytes(REFUSED[kind], "testumab.txt")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("donâ€™t", "don’t"),
        ("SjÃ¶gren", "Sjögren"),
        ("â‰¥ 5 Âµg", "≥ 5 µg"),
        ("5Â mg", "5 mg"),
        ("5\x9610", "5–10"),
    ],
)
def test_mojibake_is_repaired_and_named(wrong: str, right: str) -> None:
    parsed = read_bytes(f"testumab (Testivo)\n\nHow it works\n\n{wrong}\n".encode(), "testumab.txt")
    [[block]] = parsed.sections.values()
    assert getattr(block, "text", "") == right
    assert [(remark.undone, remark.result) for remark in block.remarks] == [(wrong, right)]
