"""Normal forms of a label's text, which are equal for texts that say the same.

``letters`` leaves out what a crawl or a typesetter changes: white space, kinds of dashes, quotation marks and
bullets, raised digits, zeros after a point. ``wording`` also leaves out capitals, punctuation, numbering,
cross-references, and contacts. Digits that stand apart stay apart: “2 50 mg” is not “250 mg”.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

_RAISED = re.compile(r"(?<=\d)([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)")
#: The mark of a footnote: at a word (units are shorter: cm²), an abbreviation or a closing bracket, before a
#: text, in raised brackets.
_RAISED_MARK = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[A-Z]{2})|(?<=[)*])|(?<!\S))[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]*|⁽[⁰¹²³⁴⁵⁶⁷⁸⁹]+⁾"
)
_DASHES, _DOUBLE_QUOTES, _QUOTES = "‐‑‒–—―−﹣－", "“”„‟″", "‘’‚′`´"  # noqa: RUF001
_BULLETS = "•◦○●▪▫■□‣⁃∙·"  # noqa: RUF001
#: One sign for the signs of a kind. Each is one character, so that places in a text stay as they are.
ONE_SIGN = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_DOUBLE_QUOTES, '"'),
        **dict.fromkeys(_QUOTES, "'"),
        **dict.fromkeys(_BULLETS, "•"),
    }
)
_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_DOUBLE_QUOTES, '"'),
        **dict.fromkeys(_QUOTES, "'"),
        **dict.fromkeys(_BULLETS + "®™℠", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff", ""),
        **dict.fromkeys("°º˚", "°"),
        "×": "x",
        "≥": " >= ",
        "≤": " <= ",
        "∞": "INF",
        "μ": "u",
        "µ": "u",
        "‰": "%o",
    }
)
#: The mark of a footnote, as readers of labels write it, raised or not.
_MARK = re.compile(r"\^?\[\d{1,3}\]")
#: A bullet typed as the letter o.
_TYPED_BULLET = re.compile(r"(?:(?<=^)|(?<=[.:;]\s))o\s+(?=[A-Z])")
_ZEROS = re.compile(r"(?<![\d.])(\d+)\.0+(?!\.?\d)")
_POWER = re.compile(r"(?<![\d.])1 ?0 ?\^? ?(\d{1,2})(?=\s*(?:/\s*(?:L|mL|kg)\b|cells|CAR))")
_APART = re.compile(r"(?<=\d)\s+(?=\d)")
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Return ``text`` with one kind of dash, quotation mark and space, without bullets and footnote marks."""
    text = _RAISED.sub(lambda match: "^" + match[1], _RAISED_MARK.sub("", text))
    text = unicodedata.normalize("NFKC", text.translate(_CHARACTERS)).translate(_CHARACTERS)
    text = _TYPED_BULLET.sub("", _MARK.sub("", text))
    text = _POWER.sub(r"10^\1", text)
    return _SPACE.sub(" ", _ZEROS.sub(r"\1", text)).strip()


@lru_cache(maxsize=16384)
def letters(text: str) -> str:
    """Return ``text`` without white space; texts with the same letters have the same words."""
    return _SPACE.sub("", _APART.sub("_", plain(text)))


#: Numbers of sections: 5.12, never 2.98, which is a figure.
_SECTION = r"(?:1[0-7]|[1-9])(?:\.(?:1\d|2[0-5]|[1-9]))?(?![\d.])"
_SECTIONS = rf"{_SECTION}(?:\s?(?:,|-|and|or|to)\s?{_SECTION})*"
_NUMBER = r"\d{1,2}(?:\.\d{1,2}){0,2}"
_NUMBERS = rf"{_NUMBER}(?:\s?(?:,|-|and|or|to)\s?{_NUMBER})*"
#: [see Warnings and Precautions (5.1)]; ( 2.3 , 5.1 ); see Table 4.
_SEE = re.compile(r"[\[(]\s?see\b[^\[\]]{0,300}?(?:\)\s?\]|\]|\)(?=\s*[.,;]|\s*$|\s+[A-Z]))", re.IGNORECASE)
#: After a figure, brackets hold another figure: 21 (15), 3.1 (2.1). The 2 of m² is none.
_NO_FIGURE = r"(?:(?<=/m2 )|(?<=/m 2 )|(?<=/m\^2 )|(?<![\d%])(?<![\d%] ))"
_REFERENCE = re.compile(rf"{_NO_FIGURE}[\[(]\s?(?=[^\])]*\d\.\d){_SECTIONS}\s?[\])]")
_REFERENCE_AT_END = re.compile(rf"{_NO_FIGURE}[\[(]\s?{_SECTIONS}\s?[\])]\s?[.,;]?\s*$")
#: Units after a number at the start of a sentence, which is then no numbering.
_UNIT = r"(?i:mg|mcg|g|kg|mL|L|%|units?|times|hours?|years?)\b"
#: The headings of chapters; some crawls run them into the text.
_CHAPTER = (
    r"INDICATIONS (?:AND|&) USAGE|DOSAGE AND ADMINISTRATION|DOSAGE FORMS AND STRENGTHS|CONTRAINDICATIONS|"
    r"WARNINGS AND PRECAUTIONS|ADVERSE REACTIONS|DRUG INTERACTIONS|USE IN SPECIFIC POPULATIONS|OVERDOSAGE|"
    r"DESCRIPTION|CLINICAL PHARMACOLOGY|NONCLINICAL TOXICOLOGY|CLINICAL STUDIES|REFERENCES|"
    r"HOW SUPPLIED/STORAGE AND HANDLING|PATIENT COUNSELING INFORMATION"
)
_NUMBERING = re.compile(
    rf"^\s*(?:(?:\d{{1,2}}\s+)?(?:{_CHAPTER})\s*|\d{{1,2}}\s?\.\d{{1,2}}(?:\.\s?\d{{1,2}})?\.?\s+(?=[A-Z])(?!{_UNIT})"
    rf"|\d{{1,2}}\.\s?(?=[A-Z][A-Za-z])(?!{_UNIT}))+"
)
#: The mark of a reference to literature after the end of a sentence, and a number that is only numbering.
_NOTE_AT_END = re.compile(r"(?<=[a-z)\]][.!?])\s?\d{1,2}\s*$")
_ONLY_NUMBER = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2}){0,2}\.?\s*$")
_NUMBERED = re.compile(rf"\b(table|figure|section|sections)s?\s+{_NUMBERS}", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?\s?:\s?//\s?)?(?:www\s?\.\s?)[\w./-]+(?:\s?\.\s?(?:com|gov|org|net)\b[\w./-]*)?|https?\s?://\S+"
)
_TELEPHONE = re.compile(
    r"\b1?[- ]?(?:\(\d{3}\) ?|\d{3} ?- ?)(?:\d{3} ?- ?\d{4}|[\dA-Z]{2,4}-?[A-Z-]{3,9})(?:\s?\([\d -]{10,}\))?"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_RANGE = re.compile(r"(?<=[\d%]) ?- ?(?=\d)")
_WORDS_OF_SIGNS = (
    (re.compile(r"\b(?:greater|more) than or equal to\b"), " >= "),
    (re.compile(r"\bless than or equal to\b"), " <= "),
    (re.compile(r"\b(?:greater|more) than(?= ?\d)"), " > "),
    (re.compile(r"\bless than(?= ?\d)"), " < "),
    (re.compile(r"\b(?:percent|per cent)\b"), "%"),
)
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|10\^\d+|(?<![\w.])-(?=\d)|[<>]=?|[%+=±~/^°]|[^\W\d_][^\W_]*(?:'[a-z]+)?"
)


@lru_cache(maxsize=16384)
def words(text: str) -> tuple[str, ...]:
    """Return words, numbers and signs of a text in small letters, without cross-references and numbering."""
    text = plain(text)
    text = _ADDRESS.sub(" webaddress ", text)
    text = _TELEPHONE.sub(" telephonenumber ", text)
    text = _REFERENCE.sub(" ", _SEE.sub(" ", text))
    if _ONLY_NUMBER.match(text):
        return ()
    text = _NOTE_AT_END.sub("", _REFERENCE_AT_END.sub(" ", _NUMBERING.sub("", text)))
    text = _NUMBERED.sub(r"\1", text).lower()
    for pattern, sign in _WORDS_OF_SIGNS:
        text = pattern.sub(sign, text)
    text = _RANGE.sub(" to ", _THOUSANDS.sub("", text))
    return tuple(_TOKEN.findall(text))


@lru_cache(maxsize=16384)
def wording(text: str) -> str:
    """Return a text's words without spaces, so that “low dose”, “low-dose” and “lowdose” are one."""
    return _APART.sub("_", " ".join(words(text))).replace(" ", "")


_MOST_JOINED = 4


def respaced(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return ``texts`` with the spaces of ``others``: “reac tions” → “reactions”, “usagethe” → “usage the”.

    Only words that the other text does not have are joined or split, and never two numbers.
    """
    known = set(others)
    pairs = {one + other: [one, other] for one, other in pairwise(others)}
    result: list[str] = []
    at = 0
    while at < len(texts):
        for size in range(_MOST_JOINED, 1, -1):
            run = texts[at : at + size]
            joined = "".join(run)
            if len(run) == size and joined in known and not known.issuperset(run) and not joined.isdigit():
                result.append(joined)
                at += size
                break
        else:
            word = texts[at]
            result += [word] if word in known or word.isdigit() else pairs.get(word, [word])
            at += 1
    return result
