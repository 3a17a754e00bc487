"""Ways to write a dose that have been misread and caused harm.

Source: the ISMP List of Error-Prone Abbreviations, Symbols, and Dose Designations. All are errors, as readers
copy doses from a monograph. All may be overruled at one place, as a pattern cannot tell a dose from, for
example, a section number.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial

from monographs.core.characters import seen_text
from monographs.rules import dose_remedies
from monographs.rules.check_context import CheckContext
from monographs.rules.remedy import Remedy
from monographs.rules.rule import HouseRule, RemedyKind, Severity, Violation
from monographs.rules.text_index import TextIndex, TextPassage

_ISMP = "ISMP List of Error-Prone Abbreviations, Symbols, and Dose Designations (2024)"
_JOINT = f"{_ISMP}; Joint Commission, official “Do Not Use” list"
_UNITS = r"(?:mg|mcg|g|kg|mL|ml|L|units?|mmol|mEq|tablets?|capsules?|drops?)"


_MakeRemedy = Callable[[TextPassage, re.Match[str]], tuple[Remedy, ...]]


def _pattern_rule(  # noqa: PLR0913  # the facts of a rule, by name
    name: str,
    pattern: str,
    message: str | Callable[[re.Match[str]], str],
    *,
    title: str,
    why: str,
    example: tuple[str, str],
    remedy: _MakeRemedy,
    kind: RemedyKind = RemedyKind.ONE_CLICK,
    source: str = _ISMP,
) -> HouseRule:
    """Return a rule that ``pattern`` breaks wherever it matches; ``message`` says what to write instead."""
    check = partial(_matches, re.compile(pattern), message, remedy)
    return HouseRule(name, title, Severity.ERROR, why, source, *example, True, check, remedy=kind)


def _matches(
    pattern: re.Pattern[str],
    message: str | Callable[[re.Match[str]], str],
    remedy: _MakeRemedy,
    text: TextIndex,
    _context: CheckContext,
) -> Iterator[Violation]:
    for passage in text.passages:
        seen = seen_text(passage.text)
        for match in pattern.finditer(seen):
            instead = message if isinstance(message, str) else message(match)
            if seen == passage.text:
                yield Violation.at(
                    passage, instead, match[0].strip(), start=match.start(), remedies=remedy(passage, match)
                )
            else:
                yield Violation.at(passage, instead, match[0].strip())


def _in_words(match: re.Match[str]) -> str:
    return f"Write “{dose_remedies.in_words(match)}” instead of “{match[0].strip()}”."


def _with_commas(match: re.Match[str]) -> str:
    return f"Write {int(match['number']):,} with a comma, so that the zeros can be counted."


def _without_zeros(match: re.Match[str]) -> str:
    return f"Write {match[0].split('.')[0]} without the point and the zero."


RULES = (
    _pattern_rule(
        "trailing-zero",
        r"(?<![\d.,])\d[\d,]*\.0+(?![\d.]*\d)(?!\.\d)",
        _without_zeros,
        title="No zero after the point",
        why="Where the point is not seen, 5.0 mg is read as 50 mg.",
        example=("5.0 mg", "5 mg"),
        remedy=dose_remedies.without_zeros,
        source=_JOINT,
    ),
    _pattern_rule(
        "naked-decimal",
        r"(?<![\w.,)])\.\d+",
        lambda match: f"Write 0{match[0]} with a zero before the point.",
        title="A zero before the point",
        why="Where the point is not seen, .5 mg is read as 5 mg.",
        example=(".5 mg", "0.5 mg"),
        remedy=dose_remedies.with_zero,
        source=_JOINT,
    ),
    _pattern_rule(
        "unsafe-units",
        r"(?<=\d)\s?(?:U|u|IU|iu|I\.U\.)(?![\w/-])|\b(?:IU)\b",
        "Write “units” in full.",
        title="“Units” in full",
        why="U is read as a 0 or a 4, IU as IV or 10: ten times the dose.",
        example=("10 U, 400 IU", "10 units, 400 units"),
        remedy=dose_remedies.units_in_full,
        source=_JOINT,
    ),
    _pattern_rule(
        "unsafe-micrograms",
        r"[µμ]g\b|(?<=\d)\s?ug\b|\b[Mm]cgs\b",
        "Write “mcg” or “micrograms”.",
        title="Micrograms as mcg",
        why="µg is read as mg: a thousand times the dose.",
        example=("50 µg", "50 mcg"),
        remedy=dose_remedies.micrograms,
    ),
    _pattern_rule(
        "unsafe-volume",
        r"(?<=\d)\s?(?:cc|c\.c\.)(?!\w)",
        "Write “mL” instead of “cc”.",
        title="Millilitres as mL",
        why="cc is read as u (units) or as two zeros.",
        example=("5 cc", "5 mL"),
        remedy=dose_remedies.millilitres,
    ),
    _pattern_rule(
        "latin-directions",
        r"\b(?:QD|QOD|BID|TID|QID|QHS|PRN|BIW|TIW|TDS|QDS)\b|\b(?:qd|qod|qhs|q1d|prn|biw|tiw)\b(?!\.)"
        r"|(?<!\w)(?:[qb]\.?d\.|q\.o\.d\.|o\.d\.|b\.i\.d\.|t\.i\.d\.|q\.i\.d\.|h\.s\.|p\.r\.n\.|p\.o\.|a\.c\.|p\.c\.)"
        r"|(?<=\d\s)(?:HS|OD|BD|PO|hs|od|po)\b|(?<=mg\s)(?:HS|OD|BD|PO|hs|od|bd|po|bid|tid)\b|(?<=tablet\s)[bt]id\b|(?<=tablets\s)[bt]id\b|(?<=\bat\s)HS\b",
        _in_words,
        title="How often in words",
        why="Latin directions are misread for one another: QD as QID is four times the dose, OD is also the "
        "right eye, HS also half strength. Patients know none of them.",
        example=("Take 1 tablet BID", "Take 1 tablet twice a day"),
        remedy=dose_remedies.abbreviation_remedy,
        source=f"{_JOINT}; NHS content guide, A to Z of writing: no Latin abbreviations",
    ),
    _pattern_rule(
        "unsafe-route",
        r"\b(?:SQ|SubQ|subq|sub q)\b|(?<=\d\s)SC\b|(?<=mg\s)SC\b|\bSC (?=injection)|(?<=given\s)(?:SC|IM)\b",
        _in_words,
        title="Routes in words",
        why="SC is read as SL (under the tongue), SQ as “5 every”.",
        example=("10 mg SC", "10 mg under the skin"),
        remedy=dose_remedies.abbreviation_remedy,
    ),
    _pattern_rule(
        "unsafe-medicine-name",
        r"\b(?:MSO4|MgSO4|MS(?=\s+(?:\d|sulfate|contin\b))|MTX|HCTZ|AZT|TXA|HCT|CPZ|ARA-?C|ara-C)(?!\w)",
        lambda match: f"Write the name in full instead of “{match[0]}”.",
        title="Medicines by their full names",
        why="MS can be morphine sulfate or magnesium sulfate; patients got the other one.",
        example=("MSO4 10 mg", "morphine sulfate 10 mg"),
        remedy=dose_remedies.medicine_name,
        kind=RemedyKind.SHOWN,
        source=_JOINT,
    ),
    _pattern_rule(
        "unsafe-symbol",
        r"(?<!\S)@(?=\s)|(?:[<>≤≥]\s?)(?=\d)",
        lambda match: {"@": "Write “at” instead of “@”."}.get(
            match[0].strip(), f"Say it in words, e.g. “more than”, instead of “{match[0].strip()}”."
        ),
        title="Words instead of symbols",
        why="> and < are mistaken for each other, “< 10” for 40, @ for 2. Screen readers leave them out.",
        example=("if you weigh < 45 kg", "if you weigh less than 45 kg"),
        remedy=dose_remedies.symbol_in_words,
    ),
    _pattern_rule(
        "number-without-commas",
        r"(?<![\w.,/#:^-])(?P<number>[1-9]\d{4,}|[1-9]\d{3}(?=\s?(?:mg|mcg|g|mL|ml|units?)\b))(?![\w,-]|\.\d)",
        _with_commas,
        title="Commas in large numbers",
        why="100000 has been read as 10,000 and as 1,000,000.",
        example=("100000 units", "100,000 units"),
        remedy=dose_remedies.with_commas,
    ),
    _pattern_rule(
        "number-touches-unit",
        r"(?<![\w.])\d[\d,.]*(?:mg|mcg|kg|mL|ml|mmol|mEq|units?)\b|(?<![\w.])\d[\d,.]*(?:g|L)(?![\w/-])",
        "Leave a space between the number and its unit.",
        title="A space before the unit",
        why="The m of mg has been read as a zero or two: ten or a hundred times the dose.",
        example=("10mg", "10 mg"),
        remedy=dose_remedies.with_space,
    ),
    _pattern_rule(
        "slash-for-per",
        rf"\d[\d,.]*\s?{_UNITS}/(?:kg|m2|m\^2|m²|day|d|dose|week|wk|hours?|hr?|min|minutes?|tablet|\d+\s?{_UNITS})"
        r"(?![\w])(?:/(?:day|d|dose|hours?|hr?|min)\b)?",
        "Say “a day”, “for each kilogram” or “per” instead of the slash.",
        title="Words instead of a slash",
        why="The slash is read as a 1: 25 units/10 units has been given as 110 units.",
        example=("20 mg/day", "20 mg a day"),
        remedy=dose_remedies.per_in_words,
    ),
)
