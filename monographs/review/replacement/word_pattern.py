"""Words to be found in plain text and in HTML: as whole words, in any case, with or without accents."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

#: Web and email addresses that stand in a text as words.
ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\b(?:[\w-]+\.)+(?:com|edu|gov|info|int|net|org)\b\S*",
    re.IGNORECASE,
)
#: A tag, a character reference, or text.
_PIECE = re.compile(r"<(/?)([A-Za-z][\w-]*)[^<>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|[^<&]+|.", re.DOTALL)
#: Tags within a line of text; others begin a new one.
_INLINE_TAGS = frozenset("a b strong em i sub sup span".split())


#: Signs that keyboards do not have, and the one by which people look for them.
_TYPED = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2010\u2011", "-"),
    }
)

#: A value in which each character stands for itself, and is compared as one: no character references, none
#: that show nothing.
_PLAIN = re.compile(r"[\x00-%'-\x7f\xa0\u202f°µ·×\u2013\u2014\u2018\u2019“”•…≤≥]*")


@dataclass(frozen=True, slots=True)
class Hit:
    """An occurrence: its text with what is before and after it, and its place in the stored value."""

    before: str
    text: str
    after: str
    start: int
    end: int


#: Characters shown before and after a hit.
CONTEXT = 60


def _words_before(text: str, start: int) -> str:
    """Return the words of the line before ``start``, whole ones, with an ellipsis where some are left out."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if len(line) <= CONTEXT:
        return line
    cut = line[-CONTEXT:]
    return f"…\u00a0{cut.partition(' ')[2] or cut}"


def _words_after(text: str, end: int) -> str:
    """Return the words of the line after ``end``, whole ones, with an ellipsis where some are left out."""
    line = text[end:].partition("\n")[0]
    if len(line) <= CONTEXT:
        return line
    cut = line[:CONTEXT]
    return f"{cut.rpartition(' ')[0] or cut}\u00a0…"


@dataclass(frozen=True, slots=True)
class _Readable:
    """The words of a stored value: each character with its place there and the piece of text it is in.

    ``pieces`` is negative for characters that cannot be replaced: within links, and between lines.
    """

    text: str
    starts: list[int]
    ends: list[int]
    pieces: list[int]

    @classmethod
    def of_plain(cls, value: str) -> "_Readable":
        places = list(range(len(value)))
        return cls(value, places, [place + 1 for place in places], [0] * len(value))

    @classmethod
    def of_html(cls, value: str) -> "_Readable":
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        pieces: list[int] = []
        piece, links = 0, 0
        for match in _PIECE.finditer(value):
            start, end, tag = match.start(), match.end(), match[2]
            shown, current = match[0], -1 if links else piece
            is_entity = shown.startswith("&") and len(shown) > 1
            if tag:
                piece += 1
                if tag.lower() == "a":
                    links = max(links + (-1 if match[1] else 1), 0)
                if tag.lower() in _INLINE_TAGS:
                    continue
                shown, current = "\n", -1
            elif is_entity:
                shown = html.unescape(shown)
            if tag or is_entity:  # each character stands for all that is stored
                starts += [start] * len(shown)
                ends += [end] * len(shown)
            else:
                starts += range(start, end)
                ends += range(start + 1, end + 1)
            words.append(shown)
            pieces += [current] * len(shown)
        return cls("".join(words), starts, ends, pieces)

    def is_replaceable(self, start: int, end: int) -> bool:
        """Whether the characters are in one piece of text, outside links."""
        return self.pieces[start] >= 0 and len(set(self.pieces[start:end])) == 1


@dataclass(frozen=True)
class WordPattern:
    """Words and how they are compared. Any white space is as good as another."""

    words: str
    whole_words: bool = True
    match_case: bool = False
    ignore_accents: bool = False

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = r"\s+".join(re.escape(self._folded(word)) for word in self.words.split())
        if self.whole_words:
            # “5” is no word in “0.5” or “1,500”, but “°C” is one in “38°C”
            begins = "" if _is_sign(self.words.strip()[:1]) else r"(?<!\w)(?<!\d[.,])"
            words = rf"{begins}{words}(?!\w)(?![.,]\d)"
        return re.compile(words)

    def _folded(self, text: str) -> str:
        return "".join(self._folded_character(character) for character in text)

    def _folded_character(self, character: str) -> str:
        """Return a character as it is compared; characters that show nothing are left out."""
        if unicodedata.category(character) == "Cf":
            return ""
        character = character.translate(_TYPED)
        if self.ignore_accents:
            decomposed = unicodedata.normalize("NFD", character)
            character = "".join(c for c in decomposed if not unicodedata.combining(c))
        return character if self.match_case else character.casefold()

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return start and end of each occurrence in ``text`` outside addresses.

        A character that is compared as several, such as “ß”, belongs to one as a whole or not at all.
        """
        if _PLAIN.fullmatch(text):
            folded = text.translate(_TYPED)
            found = self._pattern.finditer(folded if self.match_case else folded.casefold())
            spans = [match.span() for match in found if match.end() > match.start()]
        else:
            spans = self._spans_of_any(text)
        addresses = [match.span() for match in ADDRESS.finditer(text)] if spans else []
        return [
            span for span in spans if not any(span[0] < end and start < span[1] for start, end in addresses)
        ]

    def _spans_of_any(self, text: str) -> list[tuple[int, int]]:
        folded: list[str] = []
        starts: list[int | None] = []
        ends: list[int | None] = []
        for place, character in enumerate(text):
            parts = self._folded_character(character)
            if not parts and ends and unicodedata.combining(character):
                ends[-1] = place + 1  # an accent that does not matter goes with its letter
            folded += parts
            starts += [place, *[None] * (len(parts) - 1)][: len(parts)]
            ends += [*[None] * (len(parts) - 1), place + 1][: len(parts)]
        return [
            (start, end)
            for found in self._pattern.finditer("".join(folded))
            if found.end() > found.start()
            and (start := starts[found.start()]) is not None
            and (end := ends[found.end() - 1]) is not None
        ]

    @cached_property
    def _longest(self) -> str:
        """The longest word of letters without accents and digits, as ``_is_absent`` looks for it."""
        longest = max(re.findall(r"[A-Za-z0-9]+", self.words), key=len, default="")
        return longest if self.match_case else longest.lower()

    def _is_absent(self, value: str) -> bool:
        """Return whether a stored value certainly has no occurrence, without reading it as it is shown."""
        if self.ignore_accents or not self._longest or not _PLAIN.fullmatch(value):
            return False
        return self._longest not in (value if self.match_case else value.lower())

    def hits(self, value: str, *, is_html: bool) -> list[Hit]:
        """Return the occurrences in a stored value that can be replaced, in order."""
        if self._is_absent(value):
            return []
        readable = _Readable.of_html(value) if is_html else _Readable.of_plain(value)
        text = readable.text
        return [
            Hit(
                before=_words_before(text, start),
                text=text[start:end],
                after=_words_after(text, end),
                start=readable.starts[start],
                end=readable.ends[end - 1],
            )
            for start, end in self._spans(text)
            if readable.is_replaceable(start, end)
        ]


def _is_sign(character: str) -> bool:
    """Whether it is a sign as “°”, which stands at a number as a unit does."""
    return bool(character) and unicodedata.category(character) == "So"


@dataclass(frozen=True)
class Replacement:
    """Words that take the place of a pattern's."""

    pattern: WordPattern
    words: str

    def words_for(self, hit: Hit) -> str:
        """Return the words for ``hit``: with a capital where it has one, unless case was to match."""
        if self.pattern.match_case or not hit.text[:1].isupper() or not self.words[:1].islower():
            return self.words
        return self.words[:1].upper() + self.words[1:]

    def apply(self, value: str, hits: list[Hit], *, is_html: bool) -> str:
        """Return a stored value with ``hits``, which are in order, replaced."""
        if not hits:
            return value
        ends = [0, *(hit.end for hit in hits)]
        kept = [value[end : hit.start] for end, hit in zip(ends, hits, strict=False)]
        new = (self.words_for(hit) for hit in hits)
        woven = [a + (html.escape(b, quote=False) if is_html else b) for a, b in zip(kept, new, strict=True)]
        return "".join(woven) + value[ends[-1] :]
