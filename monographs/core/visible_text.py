"""Which characters show nothing: a text of these alone says nothing to a reader.

The ranges are spelt out, because three programs must agree on them: this one, the database's triggers
(``sql_pattern``) and ``verify_export.py``, which has a copy.
"""

import re

#: First and last code point of each range of characters without a picture: white space, controls, format
#: characters, joiners, variation selectors, tags, and letters that are blank (Unicode: White_Space, Cc, most
#: of Cf, Default_Ignorable_Code_Point, BRAILLE PATTERN BLANK).
INVISIBLE = (
    (0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160),
    (0x1680, 0x1680), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2000, 0x200F), (0x2028, 0x202F),
    (0x205F, 0x206F), (0x2800, 0x2800), (0x3000, 0x3000), (0x3164, 0x3164), (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)  # fmt: skip

_INVISIBLE = re.compile("[{}]+".format("".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in INVISIBLE)))


def visible(text: str) -> str:
    """``text`` without the characters that show nothing."""
    return _INVISIBLE.sub("", text)


def is_blank(text: str) -> bool:
    """Whether ``text`` shows a reader nothing."""
    return not visible(text)


def sql_pattern() -> str:
    """A regular expression of PostgreSQL that matches a text with at least one visible character.

    Zero is left out: PostgreSQL's texts cannot hold it.
    """
    return "[^{}]".format("".join(f"\\U{max(a, 1):08x}-\\U{b:08x}" for a, b in INVISIBLE))
