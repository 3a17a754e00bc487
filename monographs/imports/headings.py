"""Recognise the headings of sections, in their various forms."""

import re
import unicodedata
from dataclasses import dataclass

from monographs.document import SECTION_HEADINGS, SectionType
from monographs.document.sections import SERIOUS_HEADING

#: Other headings of the same sections. Compared after ``normalise``.
_ALIASES: dict[SectionType, tuple[str, ...]] = {
    SectionType.BOXED_WARNING: (
        "boxed warning",
        "boxed warnings",
        "black box warning",
        "most serious warning",
        "fda boxed warning",
    ),
    SectionType.HOW_IT_IS_ADMINISTERED: (
        "how is it administered",
        "how it is given",
        "how is it given",
        "how it is taken",
        "how is it taken",
        "how to take it",
        "how to use it",
        "how you take it",
        "how it s administered",
        "how its administered",
    ),
    SectionType.HOW_IT_WORKS: ("how does it work", "how it work", "what it does", "mechanism of action"),
    SectionType.COMMON_SIDE_EFFECTS: (
        "side effects",
        "possible side effects",
        "common side effect",
        "most common side effects",
        "common side effects of it",
        "side effects of it",
        "common adverse effects",
        "what are the side effects",
    ),
    SectionType.WHO_SHOULD_TAKE_IT: (
        "who can take it",
        "who should use it",
        "who it is for",
        "who is it for",
        "what it is used for",
        "what is it used for",
        "indications",
    ),
    SectionType.WHO_SHOULD_NOT_TAKE_IT: (
        "who shouldnt take it",
        "who cannot take it",
        "who can not take it",
        "who cant take it",
        "who must not take it",
        "who should not use it",
        "who should avoid it",
        "contraindications",
    ),
    SectionType.PREGNANCY_AND_BREASTFEEDING: (
        "pregnancy",
        "pregnancy and breast feeding",
        "pregnancy and lactation",
        "pregnancy breastfeeding",
        "breastfeeding",
        "pregnancy and fertility",
        "pregnancy breastfeeding and fertility",
    ),
    SectionType.COMMONLY_USED_WITH: (
        "used with",
        "often used with",
        "what it is used with",
        "what is it commonly used with",
        "what it is commonly used with",
    ),
    SectionType.COMMONLY_TESTED_WITH: (
        "tested with",
        "often tested with",
        "studied with",
        "commonly studied with",
        "what it is tested with",
        "what it is commonly tested with",
        "what is it commonly tested with",
    ),
    SectionType.OTHER_MEDICINES: (
        "drug interactions",
        "interactions",
        "medicine interactions",
        "medication interactions",
        "other medications",
        "other drugs",
        "taking it with other medicines",
        "interactions with other medicines",
    ),
    SectionType.WHEN_TO_GET_HELP: (
        "when to call your doctor",
        "when to call your care team",
        "when to call for help",
        "when to seek help",
        "getting help",
        "when should i get help",
    ),
    SectionType.COMMON_QUESTIONS: (
        "faq",
        "faqs",
        "frequently asked questions",
        "questions and answers",
        "questions",
        "q and a",
    ),
}
_SERIOUS_ALIASES = (
    "serious",
    "serious side effect",
    "serious effects",
    "serious adverse effects",
    "more serious side effects",
    "most serious side effects",
    "possible serious side effects",
    "rare but serious side effects",
    "serious side effects of it",
)
_LONGEST = 120
_MARKDOWN_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_NUMBERING = re.compile(r"^\(?\d{1,2}(?:[.)]|\s*[-–])\s*(?=\D)")
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


def normalise(words: str, name: str = "") -> str:
    """Return ``words`` without case and punctuation; the medicine's name becomes “it”."""
    plain = unicodedata.normalize("NFKC", words).casefold().replace("&", " and ")
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
        for alias in _ALIASES.get(section, ()):
            table[normalise(alias)] = Heading(section, own_words=False)
    effects = SectionType.COMMON_SIDE_EFFECTS
    table[normalise(SERIOUS_HEADING)] = Heading(effects, serious=True)
    for alias in _SERIOUS_ALIASES:
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
    words = (line if inner is None else inner).strip()
    bare = words.strip("*_ ")
    unnumbered = _NUMBERING.sub("", bare).strip("*_ ")
    found = _TABLE.get(normalise(unnumbered, name))
    if found is None or (not found.own_words and unnumbered.endswith((".", ",", ";", "!"))):
        return None
    return Heading(
        found.section,
        serious=found.serious,
        own_words=found.own_words,
        marked=inner is not None or bare != words,
        numbered=unnumbered != bare,
    )
