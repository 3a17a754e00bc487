"""A pseudo-locale in which every message is in brackets, so that untranslated text stands out."""

import gettext
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import BeautifulSoup

MADE_UP = "qps"
OPEN, CLOSE = "⟦", "⟧"
_WORD = re.compile(r"[^\W\d_]{2,}")


class InBrackets(gettext.NullTranslations):
    """Translations that put every message in brackets."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message.rpartition(chr(4))[2]}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def language(self) -> str:
        return MADE_UP

    to_language = language


def strings(value: Any) -> Iterator[str]:
    """Yield every string within plain data, without HTML tags."""
    if isinstance(value, str):
        yield BeautifulSoup(value, "html.parser").get_text(" ") if "<" in value else value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def without_brackets(words: str) -> str:
    """Remove bracketed text, including nested brackets."""
    before = ""
    while before != words:
        before, words = words, re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", words)
    return words


def fixed_words(text: str, known: Iterable[str]) -> str:
    """Return the text that is neither in brackets nor in ``known``, or an empty string if it has no word."""
    left = without_brackets(" ".join(text.split()))
    for content in sorted(filter(None, known), key=len, reverse=True):
        left = left.replace(" ".join(content.split()), " ")
    return left if _WORD.search(left) else ""
