"""Names of signers as both verifiers read them: whether they can be seen, and which are one person's."""

import unicodedata

from monographs.editions.record.json_values import Row

#: What a signature's statement repeats of its columns.
STATED = ("sha256", "submission", "step", "meaning", "name", "credentials", "field")
#: Characters that show nothing, as ranges of code points.
INVISIBLE = (
    (0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160),
    (0x1680, 0x1680), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2000, 0x200F), (0x2028, 0x202F),
    (0x205F, 0x206F), (0x2800, 0x2800), (0x3000, 0x3000), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)  # fmt: skip


def signature_is_named(signature: Row) -> bool:
    """Whether a signature shows who gave it, and with which credentials."""
    shown = (signature["name"], signature["credentials"])
    return all(any(not _is_invisible(ord(c)) for c in text) for text in shown)


def _is_invisible(code: int) -> bool:
    return any(first <= code <= last for first, last in INVISIBLE)


def keys_of_person(person: Row) -> set[str]:
    """Keys of a sign-in name; people who share one are one person. Old rows have the name only."""
    name = unicodedata.normalize("NFKC", person["username"]).casefold()
    stored = person.get("sign_in_keys") or ()
    return {*stored, name} - {""}
