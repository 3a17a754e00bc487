"""Recognise the headings of sections, in their various forms."""

import re
import unicodedata
from dataclasses import dataclass

from monographs.core.character_names import is_unseen
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.document.sections import SERIOUS_HEADING
from monographs.imports.section_aliases import ALIASES, SERIOUS_ALIASES

_LONGEST = 120
_MARKDOWN_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
#: “4.”, “4)”, “(4)”, “4 –”, “2.1”, “2.1.”, “III.”, “A.”, “a)”, “§ 4”, “Section 4:”.
_NUMBERING = re.compile(
    r"^(?:(?:section|part|chapter|step|no\.?|§)\s*)?"
    r"(?:\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[ivxIVX]{1,5}|[a-hA-H])(?:\.\)|[.):]|\s*[-–—:])\s*"
    r"|\d{1,2}(?:\.\d{1,2}){0,3}\s+)(?=[^\W\d_])",
    re.IGNORECASE,
)
#: Signs that are drawn before a heading: rules, pointers, bullets.
_DRAWN = " \t*_#=~-–—•■▪►▶➢✓»\u203a:."
_IT = re.compile(r"\b(?:this|the|your) (?:medicine|medication|drug|treatment)\b")
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A recognised heading. ``serious`` is the part *Serious side effects* inside the common ones.

    ``own_words`` is false for an alias, ``marked`` is true for a Markdown heading or a bold line.
    """

    section: SectionType
    serious: bool = False
    own_words: bool = True
    marked: bool = False
    numbered: bool = False


def markdown_heading(line: str) -> str | None:
    """Return the text of a Markdown heading (``## …``), None for any other line."""
    match = _MARKDOWN_HEADING.match(line)
    return match[2] if match else None


def visible_words(words: str) -> str:
    """Return ``words`` without characters that have no picture, which come in at the edges of headings."""
    return words if words.isascii() else "".join(char for char in words if not _is_hidden(char))


def _is_hidden(char: str) -> bool:
    return is_unseen(char) and unicodedata.combining(char) == 0


def normalise(words: str, name: str = "") -> str:
    """Return ``words`` without case and punctuation; the medicine's name becomes “it”."""
    plain = visible_words(unicodedata.normalize("NFKC", words)).casefold().replace("&", " and ")
    plain = " ".join(_NOT_A_WORD.sub(" ", re.sub("[’']", "", plain)).split())
    if name:
        plain_name = " ".join(_NOT_A_WORD.sub(" ", name.casefold()).split())
        if plain_name:
            plain = re.sub(rf"\b{re.escape(plain_name)}\b", "it", plain)
    return _IT.sub("it", plain)


def _table() -> dict[str, Heading]:
    table: dict[str, Heading] = {}
    for section, heading in SECTION_HEADINGS.items():
        table[normalise(heading)] = Heading(section)
        for alias in ALIASES.get(section, ()):
            table[normalise(alias)] = Heading(section, own_words=False)
    effects = SectionType.COMMON_SIDE_EFFECTS
    table[normalise(SERIOUS_HEADING)] = Heading(effects, serious=True)
    for alias in SERIOUS_ALIASES:
        table[normalise(alias)] = Heading(effects, serious=True, own_words=False)
    return table


_TABLE = _table()


def recognise(line: str, name: str = "") -> Heading | None:
    """Return the heading that ``line`` is, None when it is anything else.

    ``name`` is the medicine's, so that “How blinatumomab works” is recognised too.
    """
    if len(line) > _LONGEST:
        return None
    inner = markdown_heading(line)
    words = visible_words(line if inner is None else inner).strip()
    bare = words.strip("*_ ")
    unnumbered = _NUMBERING.sub("", bare).strip("*_ ")
    found = _TABLE.get(normalise(unnumbered, name)) or _TABLE.get(normalise(unnumbered.strip(_DRAWN), name))
    if found is None or (not found.own_words and unnumbered.endswith((".", ",", ";", "!"))):
        return None
    return Heading(
        found.section,
        serious=found.serious,
        own_words=found.own_words,
        marked=inner is not None or bare != words,
        numbered=unnumbered != bare,
    )


#: Words. A heading has few, and its last one is no article, preposition or conjunction.
_MOST_HEADING_WORDS = 9
_NO_LAST_WORD = frozenset("a an and as at by for from in of on or the to with is are your you".split())
#: Words that a heading in title case writes small.
_SMALL_WORDS = _NO_LAST_WORD | frozenset("if it not that this when while before after about".split())
_NO_END = re.compile(r"[.!,;]$")
_LABEL = re.compile(r".+:\s+\S")


#: What the writer is told of such a line.
HEADING_MESSAGE = (
    "This line looks like a heading, but is none of a medicine’s page. It was kept as text: choose its "
    "section, or make it a subheading in the editor."
)


def looks_like_heading(line: str, *, followed_by: str = "", bold: bool = False) -> bool:
    """Whether a line that is no known heading looks like one: short, alone, marked by its look or number.

    ``followed_by`` is the line right below it, empty where there is none or a gap.
    """
    inner = markdown_heading(line)
    words = visible_words(line if inner is None else inner).strip()
    bare = words.strip("*_ ")
    plain = _NUMBERING.sub("", bare)
    parts = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", plain)
    if not parts or len(bare) > _LONGEST or len(parts) > _MOST_HEADING_WORDS or _NO_END.search(bare):
        return False
    if parts[-1].casefold() in _NO_LAST_WORD or _LABEL.match(bare) or re.search(r"\d", plain):
        return False
    emphasised = bold or inner is not None or re.fullmatch(r"(\*\*|__).+\1:?", words) is not None
    capitals = len(plain) > 3 and plain.isupper()  # noqa: PLR2004 (longer than an abbreviation)
    titled = len(parts) > 1 and all(part[0].isupper() or part.casefold() in _SMALL_WORDS for part in parts)
    numbered = plain != bare and plain[:1].isupper()
    begins = not followed_by or not followed_by[:1].islower()
    return begins and (emphasised or capitals or titled or numbered)
