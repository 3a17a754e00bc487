"""Repair of mojibake: UTF-8 that a program has read in another encoding, such as “â€™” for “’”.

A run of characters is repaired only if it is what a sequence of UTF-8 looks like in one of the encodings
below, byte by byte, and no language has such a run: its first character stands for a lead byte, the others
for as many continuation bytes (0x80 to 0xBF) as that lead byte needs (RFC 3629, section 3).
"""

import re
from functools import lru_cache

#: Encodings in which UTF-8 is read by mistake, and the lead bytes of the sequences that are repaired.
#: C2 to CF: accents, signs, Greek; E2 and EF: punctuation, mathematical signs, ligatures; F0: emoji. Not C4
#: and C5, “Ä” and “Å”, which stand before quotes and dashes in real texts. In code page 850 most lead bytes
#: are letters, therefore fewer.
_ENCODINGS = {
    "cp1252": (0xC2, 0xC3, 0xCE, 0xCF, 0xE2, 0xEF, 0xF0),
    "mac_roman": (0xC2, 0xC3, 0xCE, 0xE2, 0xEF),
    "cp437": (0xC2, 0xC3, 0xCE, 0xE2),
    "cp850": (0xC2, 0xC3, 0xE2),
}
#: Lead bytes by the length of their sequence, and continuation bytes.
_LENGTHS = {2: range(0xC2, 0xE0), 3: range(0xE0, 0xF0), 4: range(0xF0, 0xF5)}
_LATER = range(0x80, 0xC0)
#: Damaged in a way that does not say which character was meant.
_BROKEN = re.compile(
    r"â€(?:\ufffd|(?=[\s.,;:!?)]|$))|Ã\ufffd|Ã(?=[\s\w])(?<=[a-z]Ã)|\u201aÄ(?=[\s.,;:!?)]|$)|ï¿½|√\ufffd"
    # codes of web pages and of email
    r"|&(?:#\d{2,6}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,8}\d{0,2});|(?:=[89A-F][0-9A-F]){2,}"
)
#: “Â” before a space: a no-break space, whose second half became an ordinary space.
_SPACE = re.compile(r"(?<=[\w%.,;:)])Â(?=[ \xa0])|(?<=[ \xa0])Â(?=[ \xa0])")


def _length(lead: int) -> int:
    """Return the number of bytes of a sequence of UTF-8 that begins with ``lead``."""
    return next(length for length, leads in _LENGTHS.items() if lead in leads)


@lru_cache(maxsize=8)
def _to_byte(encoding: str) -> dict[str, int]:
    table: dict[str, int] = {}
    for byte in range(0x80, 0x100):
        try:
            table[bytes([byte]).decode(encoding)] = byte
        except UnicodeDecodeError:
            table[chr(byte)] = byte  # what browsers do with the five codes that Windows-1252 leaves open
    if encoding == "cp1252":  # and where a program took it for ISO 8859-1
        table |= {chr(byte): byte for byte in range(0x80, 0xA0)}
    return table


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    parts: list[str] = []
    for encoding, leads in _ENCODINGS.items():
        table = _to_byte(encoding)
        later = re.escape("".join(c for c, byte in table.items() if byte in _LATER))
        for char, byte in table.items():
            if byte in leads:
                parts.append(f"{re.escape(char)}[{later}]{{{_length(byte) - 1}}}")
    return re.compile("|".join(sorted(parts, key=len, reverse=True)))


def _meant(run: str) -> str | None:
    """Return the character that a run stands for, None if it stands for none."""
    for encoding, leads in _ENCODINGS.items():
        table = _to_byte(encoding)
        if all(char in table for char in run) and table[run[0]] in leads:
            try:
                return bytes(table[char] for char in run).decode("utf-8")
            except UnicodeDecodeError:
                continue
    return None


def find_mojibake(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and meaning of each run of mojibake in ``text``, without overlaps, in order."""
    if text.isascii():
        return []
    found: list[tuple[int, int, str]] = []
    for match in _pattern().finditer(text):
        meant = _meant(match[0])
        if meant and meant != "\ufffd":
            found.append((match.start(), match.end(), meant))
    found += [(match.start(), match.end(), "") for match in _SPACE.finditer(text)]
    return sorted(found)


def broken_mojibake(text: str) -> list[tuple[int, int]]:
    """Return start and end of each run that is mojibake, but has lost what it stood for."""
    return [match.span() for match in _BROKEN.finditer(text)]
