"""Decode the bytes of a text file: rightly where the encoding is certain, else refused with what to do.

In order: a byte order mark; UTF-16 and UTF-32 without one, which have zero bytes at every other place of
ASCII; UTF-8; and encodings of one byte, of which the one is taken whose characters make sense where they
stand (an apostrophe between letters, a degree sign after a digit), if no other one makes as much sense.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass, field

from monographs.core.character_names import excerpt_around
from monographs.core.mojibake import broken_mojibake
from monographs.imports.errors import ImportRefused
from monographs.imports.remarks import Remark, RemarkKind

SAVE_AS = "open it in the program it was written with and save it as plain text in the encoding UTF-8"
#: UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
#: Encodings of one byte that texts in English come in, most common first.
_ONE_BYTE = {
    "cp1252": "Windows-1252",
    "mac_roman": "Mac OS Roman",
    "iso8859-15": "ISO 8859-15",
    "cp437": "code page 437",
    "cp850": "code page 850",
}
#: A score below this is no evidence; by so much has the best encoding to be ahead of the next.
_LEAST, _AHEAD = 1.0, 1.0
_MOST_EXAMPLES = 5
#: Share of ASCII in an English text.
_LEAST_ASCII = 0.5
_SEQUENCE = re.compile(b"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(r"[^\x00-\x7f]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, and what its importer should know about how it was decoded."""

    text: str
    encoding: str
    remarks: list[Remark] = field(default_factory=list)


def decode_text(data: bytes) -> DecodedText:
    """Return the text of a file. Raises ``ImportRefused`` where it is not certain."""
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return DecodedText(_strict(data[len(mark) :], codec, name), name)
    if b"\x00" in data:
        return _without_mark(data)
    try:
        return DecodedText(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError as error:
        if _SEQUENCE.search(data):
            line = data.count(b"\n", 0, error.start) + 1
            raise ImportRefused(
                f"it mixes encodings: most of it is UTF-8, but line {line} is not "
                f"(“{_readable(data, error.start)}”); {SAVE_AS}"
            ) from error
    return _one_byte(data)


def damage_in(text: str) -> str | None:
    """Return a sentence about characters that were lost before ``text`` was saved, None if none were."""
    found = next(((m.start(), m.end()) for m in re.finditer("\ufffd|ï¿½|[\ud800-\udfff]", text)), None)
    lost = [span for span in broken_mojibake(text) if "\ufffd" in text[slice(*span)]]
    start, end = found or (lost[0] if lost else (0, 0))
    if start == end:
        return None
    line = text.count("\n", 0, start) + 1
    quote = excerpt_around(text, start, end)
    return f"line {line} has lost a character (“{quote}”): look in the original which it was; {SAVE_AS}"


def _strict(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        reason = f"its first bytes say that it is {name}, but byte {error.start + 1:,} is not"
        raise ImportRefused(f"{reason}; {SAVE_AS}") from error


def _without_mark(data: bytes) -> DecodedText:
    for codec in _WIDE:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if _is_plausible(text):
            name = codec.upper().removesuffix("-LE").removesuffix("-BE")
            message = f"The file does not say its encoding. It was read as {name}."
            return DecodedText(text, name, [Remark(RemarkKind.UNSURE, message, "")])
    raise ImportRefused(f"this is not a text file (it holds binary data); {SAVE_AS}")


def _is_plausible(text: str) -> bool:
    """Whether most characters are ASCII, and none is one that no text has."""
    if not text or _CONTROL.search(text):
        return False
    ascii_share = sum(char.isascii() for char in text) / len(text)
    unused = any(unicodedata.category(char) in {"Cn", "Co", "Cs"} for char in text)
    return ascii_share >= _LEAST_ASCII and not unused


def _one_byte(data: bytes) -> DecodedText:
    scored: list[tuple[float, str, str]] = []
    for codec, name in _ONE_BYTE.items():
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        scored.append((_score(text), name, text))
    scored.sort(key=lambda row: -row[0])
    best = scored[0] if scored else (0.0, "", "")
    others = [score for score, _, text in scored if text != best[2]]
    count = len(_HIGH.findall(best[2]))
    if best[0] < _LEAST or best[0] < count / 3 or any(best[0] - score < _AHEAD for score in others):
        first = next(n for n, byte in enumerate(data) if byte > 0x7F)  # noqa: PLR2004 (ASCII)
        line = data.count(b"\n", 0, first) + 1
        raise ImportRefused(
            f"its encoding is not certain: it is not UTF-8, and line {line} (“{_readable(data, first)}”) "
            f"can be read in several ways; {SAVE_AS}"
        )
    return DecodedText(best[2], best[1], [_remark(best[2], best[1])])


def _remark(text: str, name: str) -> Remark:
    places: dict[str, str] = {}
    for match in _HIGH.finditer(text):
        places.setdefault(match[0], excerpt_around(text, match.start(), match.end(), width=12))
    message = f"The file is not in UTF-8. It was read as {name}: check these places."
    return Remark(RemarkKind.UNSURE, message, " / ".join(list(places.values())[:_MOST_EXAMPLES]))


def _readable(data: bytes, at: int) -> str:
    around = data[max(0, at - 12) : at + 12].splitlines()
    inside = next((line for line in around if any(byte > 0x7F for byte in line)), b"")  # noqa: PLR2004 (ASCII)
    return inside.decode("ascii", "backslashreplace").strip()


#: What a character is worth: where texts in English have it, where it may stand, and where it makes no sense.
_LIKELY, _POSSIBLE, _NEUTRAL, _NONSENSE = 3.0, 1.0, 0.0, -3.0
#: Signs beyond ASCII and where they stand: what is before them (``|`` is the sign), and after them.
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        r"[^\W\d_]’\|(?:(?:s|t|re|ve|ll|d|m)\b|[\s,.)])",
        r"(?:^|[\s(\[])[“\u2018«]\|\w",
        r"[\w.,!?][”’»]\|(?:$|[\s.,;:)])",
        r"(?:^|[\d\s])[µμ]\|(?:g|m|l|L|M)",
        r"\d ?°\|(?:$|[\sCF.,;)])",
        r"[\w)][®™©]\|(?:$|[\s.,;:)])",
        r"(?:^|\s)[©®]\| ?\w",
        r"(?:^|[\s\d(])[±×≥≤÷≈]\| ?\d",
        r"(?: [–—]\| )|(?:\w[–—]\|\w)",
        r"(?:^|\n\s*)[•·■▪]\|\s*\w",
        r"(?:^|[\s\d])[½¼¾]\|(?:$|[.,;)]| [^\d\s])",
        r"[\w^][¹²³]\|(?:$|[\s.,;)])",
        r"[\w,.]\xa0\|\w",
        r"\w…\|(?:$|[\s\w])",
        r"(?:^|\s)[£€¥]\|\d",
        r"\w[†‡]\|(?:$|[\s.,;])",
    )
)
#: Signs that only stand at those places.
_PLACED_ONLY = frozenset("•·■▪¹²³½¼¾±×≥≤÷≈†‡ƒ°µ®™¡¿")
_AROUND = 6


def _score(text: str) -> float:
    """Return how much sense the characters beyond ASCII make where they stand."""
    return sum(_sense(text, match.start()) for match in _HIGH.finditer(text))


def _sense(text: str, n: int) -> float:
    char, before, after = text[n], text[max(0, n - _AROUND) : n], text[n + 1 : n + 1 + _AROUND]
    marked = f"{before}{char}|{after}"
    at = len(before) + 1
    if any(match.start() < at <= match.end() for place in _PLACES for match in place.finditer(marked)):
        return _LIKELY
    category = unicodedata.category(char)
    if category in {"Ll", "Lu"} and char not in _PLACED_ONLY:
        return _sense_of_letter(char, before[-1:], after[:1])
    return _NEUTRAL if category[0] == "P" and category != "Pc" and char not in _PLACED_ONLY else _NONSENSE


def _sense_of_letter(char: str, before: str, after: str) -> float:
    """Judge an accented letter: one alone among plain letters of its case, as in names and French words."""
    beside = [c for c in (before, after) if c.isalpha()]
    if not beside or any(not c.isascii() for c in beside) or before.isdigit() or after.isdigit():
        return _NONSENSE  # two in a row: another alphabet in the wrong encoding
    fits = (not before.isalpha() or before.isupper()) if char.isupper() else not after.isupper()
    return _POSSIBLE if fits else _NONSENSE
