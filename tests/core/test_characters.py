# ruff: noqa: RUF001
"""Characters are normalised where their meaning is certain, and named everywhere else."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.core.character_doubts import DoubtKind, character_doubts
from monographs.core.characters import normalise_text

CERTAIN = {
    "a dash of Windows-1252": ("5\x9610 mg", "5–10 mg"),
    "quotes of Windows-1252": ("\x93well\x94, isn\x92t it", "“well”, isn’t it"),
    "an ellipsis of Windows-1252": ("wait\x85 \x93then\x94", "wait… “then”"),
    "next line": ("Day 1\x850 mg", "Day 1\n0 mg"),
    "a soft hyphen in a word": ("medi\xadcine", "medicine"),
    "a soft hyphen at a line's end": ("medi\xad\n  cine", "medicine"),
    "a zero-width space in a word": ("imati\u200bnib", "imatinib"),
    "a word joiner in a word": ("imati\u2060nib", "imatinib"),
    "a byte order mark in the text": ("imati\ufeffnib", "imatinib"),
    "a mark of direction in Latin text": ("imatinib\u200e (Imex)", "imatinib (Imex)"),
    "an embedding of Latin text": ("\u202aimatinib\u202c", "imatinib"),
    "full-width digits": ("\uff11\uff10 mg", "10 mg"),
    "a full-width full stop": ("0\uff0e5 mg", "0.5 mg"),
    "full-width letters": ("5 \uff4d\uff47", "5 mg"),
    "small forms": ("5 mg\ufe50 then", "5 mg, then"),
    "mathematical digits": ("\U0001d7d3\U0001d7ce mg", "50 mg"),
    "mathematical letters": ("\U0001d41d\U0001d428\U0001d42c\U0001d41e", "dose"),
    "square units": ("5 \u338e", "5 mg"),
    "a square unit with a raised digit": ("5 mg for each \u33a1", "5 mg for each m²"),
    "a ligature": ("\ufb01rst e\ufb00ect", "first effect"),
    "a Roman numeral of one character": ("type \u2162", "type III"),
    "degrees of one character": ("38 \u2103", "38 °C"),
    "the Kelvin sign": ("vitamin \u212a", "vitamin K"),
    "a non-breaking hyphen": ("anti\u2011CD20", "anti-CD20"),
    "the hyphen of Unicode": ("anti\u2010CD20", "anti-CD20"),
    "a figure dash": ("5\u201210 mg", "5–10 mg"),
    "a division slash": ("120\u221580", "120/80"),
    "a decomposed accent": ("cafe\u0301", "café"),
    "the other line ends": ("a\r\nb\rc\vd\fe\u2028f", "a\nb\nc\nd\ne\nf"),
    "a paragraph separator": ("Day 1\u20290 mg", "Day 1\n\n0 mg"),
    "exotic spaces": ("take\u2003it\u3000now", "take it now"),
    "a thin space in a number": ("1\u2009000 mg", "1\xa0000 mg"),
    "mojibake of an apostrophe": ("donâ€™t", "don’t"),
    "mojibake of an accent": ("SjÃ¶gren", "Sjögren"),
    "mojibake of a sign": ("â‰¥ 5 Âµg", "≥ 5 µg"),
    "mojibake twice": ("donÃ¢â‚¬â„¢t", "don’t"),
    "mojibake of a no-break space": ("5Â mg and 5Â\xa0mg", "5 mg and 5\xa0mg"),
    "mojibake in Mac Roman": ("donâ\x80\x99t and don‚Äôt", "don’t and don’t"),
    "mojibake in code page 437": ("donΓÇÖt", "don’t"),
}
UNCERTAIN = {
    "a soft hyphen between digits": ("1\xad2 tablets", DoubtKind.UNSEEN),
    "a soft hyphen before a dash": ("1\xad-2 tablets", DoubtKind.UNSEEN),
    "a soft hyphen between digits of two lines": ("1\xad\n2 tablets", DoubtKind.UNSEEN),
    "a soft hyphen before a number": ("take \xad5 mg", DoubtKind.UNSEEN),
    "a zero-width space between digits": ("1\u200b0 mg", DoubtKind.UNSEEN),
    "a zero-width space before a unit": ("10\u200bmg", DoubtKind.UNSEEN),
    "a word joiner in a decimal": ("1\u2060.5 mg", DoubtKind.UNSEEN),
    "an invisible times sign": ("2\u20623 mg", DoubtKind.UNSEEN),
    "a right-to-left override": ("\u202egm 05", DoubtKind.UNSEEN),
    "a right-to-left mark": ("5\u200f-10 mg", DoubtKind.UNSEEN),
    "an isolate in Hebrew": ("\u05d0\u2066 5 mg\u2069", DoubtKind.UNSEEN),
    "hidden words in tags": ("Take it." + "".join(chr(0xE0000 + ord(c)) for c in "not"), DoubtKind.UNSEEN),
    "a blank letter": ("5\u31640 mg", DoubtKind.UNSEEN),
    "a blank of Braille": ("5\u28000 mg", DoubtKind.UNSEEN),
    "a control": ("5\x070 mg", DoubtKind.CONTROL),
    "a control that Windows-1252 lacks": ("5\x810 mg", DoubtKind.CONTROL),
    "delete": ("5\x7f0 mg", DoubtKind.CONTROL),
    "a code without a character": ("5\uffff0 mg", DoubtKind.CONTROL),
    "a private symbol": ("\uf0a3 5 mg", DoubtKind.PRIVATE),
    "a lost character": ("50 \ufffdg", DoubtKind.DAMAGED),
    "half of a character": ("50 \ud800g", DoubtKind.DAMAGED),
    "mojibake that lost its end": ("donâ€ t", DoubtKind.DAMAGED),
    "a replacement character read wrongly": ("50 ï¿½g of â€\ufffd", DoubtKind.DAMAGED),
    "Arabic digits": ("\u0661\u0660 mg", DoubtKind.DIGIT),
    "Devanagari digits": ("\u0967\u0966 mg", DoubtKind.DIGIT),
    "digits in circles": ("\u2464 mg", DoubtKind.DIGIT),
    "a digit with a full stop": ("\u248c mg", DoubtKind.DIGIT),
    "a keycap": ("5\ufe0f\u20e3 mg", DoubtKind.UNSEEN),
    "a stroke over a number": ("5\u03360\u0336 mg", DoubtKind.MARK),
    "a slash over a letter": ("take\u0338 it", DoubtKind.MARK),
    "a pile of accents": ("\xe9\u0302\u0303\u0304", DoubtKind.MARK),
    "an accent on a digit": ("5\u0301 mg", DoubtKind.MARK),
    "a raised point": ("0\xb75 mg", DoubtKind.SEPARATOR),
    "a dot leader": ("0\u20245 mg", DoubtKind.SEPARATOR),
    "a low quote as a comma": ("1\u201a000 mg", DoubtKind.SEPARATOR),
    "a fraction slash": ("21\u20442 tablets", DoubtKind.SEPARATOR),
    "a Cyrillic letter in a Latin word": ("bl\u0456natumomab", DoubtKind.LOOKALIKE),
    "a word of Cyrillic letters that looks Latin": ("\u0441\u043e\u0440", DoubtKind.LOOKALIKE),
    "a Greek letter in a Latin word": ("d\u03bfse", DoubtKind.LOOKALIKE),
    "a phonetic letter": ("5 m\u0261", DoubtKind.LOOKALIKE),
    "the letter l for 1": ("l0 mg", DoubtKind.LOOKALIKE),
    "the letter O for 0": ("1O mg", DoubtKind.LOOKALIKE),
    "the letter I for 1": ("I0 mg a day", DoubtKind.LOOKALIKE),
    "the letter O after a comma": ("1,O00 units", DoubtKind.LOOKALIKE),
    "a number of letters": ("take lO tablets", DoubtKind.LOOKALIKE),
    "the letter S for 5": ("1S mg", DoubtKind.LOOKALIKE),
    "a Russian unit": ("5 \u043c\u0433", DoubtKind.SCRIPT),
    "Chinese": ("\u8840", DoubtKind.SCRIPT),
}
FINE = [
    "Take 2½ tablets (¼ of 10 mg).",
    "2 × 10⁸ cells, H₂O, 10⁻³, ¹³¹I and CO₂",
    "5 µg, 5 μg, β-blockers, TNFα and IFN-γ",
    "5–10 mg — “well” … −5 °C ≥ 2 ≤ 3 ± 1 • → ™ ® ©",
    "Ménière, Sjögren, Łódź, Ångström, Ørsted, İzmir",
    "5\xa0mg and 1\xa0000\u202fmg",
    "vitamin B12, CO2, O2, I-131, T3, Lu 177, 5 l, 1 L, L-asparaginase, IL-2, IgG1",
    "HLA-A*02:01, 1.5 mg, 1,000 units, 3:1, 120/80",
    "x̄ is not used",
]


@pytest.mark.parametrize("kind", CERTAIN)
def test_what_is_certain_is_normalised(kind: str) -> None:
    given_text, right = CERTAIN[kind]

    normal = normalise_text(given_text)

    assert normal.text == right
    assert normal.changes
    assert not normal.doubts
    assert normalise_text(right).text == right


@pytest.mark.parametrize("kind", UNCERTAIN)
def test_what_is_uncertain_is_left_and_named(kind: str) -> None:
    text, doubt = UNCERTAIN[kind]

    normal = normalise_text(text)

    assert normal.text == text
    assert doubt in {found.kind for found in normal.doubts}
    assert all(found.name and found.fix and found.quote.isprintable() for found in normal.doubts)


@pytest.mark.parametrize("text", FINE[:-1])
def test_what_medicine_writes_is_left_alone(text: str) -> None:
    normal = normalise_text(text)

    assert normal.text == text
    assert not normal.visible_changes
    assert not normal.doubts


def test_a_change_shows_what_was_there_and_what_is_there_now() -> None:
    [change] = normalise_text("Take imati\xadnib in the morning.").changes

    assert change.name == "soft hyphen (U+00AD)"
    assert (change.before, change.after) == (
        "Take imati[U+00AD]nib in the morning.",
        "Take imatinib in the morning.",
    )


_ALPHABET = "0123456789 .,-–/\n\tmgµlOIβé" + "".join(
    "\xad\u200b\u200d\u200e\u202e\u2060\ufeff\x85\x96\x93\u2028\uff11\uff0e\U0001d7d3\u0661\xa0\u2009\u202f\ufe0f"
    "\u0301\u0336\ufffd\uf0b7\u2044\xb2\u2078\xbd\u2075\u0456Ââ€™Ã©‚Äô"
)


def _numbers(text: str) -> list[str]:
    """Numbers as a reader and a program see them, other digits being read as what they are worth."""
    plain = "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text)
    return re.findall(r"[0-9]+", plain)


@given(st.text(alphabet=_ALPHABET, max_size=40))
def test_no_number_is_joined_split_or_changed(text: str) -> None:
    assert _numbers(normalise_text(text).text) == _numbers(text)


@given(st.text(max_size=60))
def test_a_normal_text_is_normal(text: str) -> None:
    once = normalise_text(text)
    twice = normalise_text(once.text)

    assert twice.text == once.text
    assert not twice.visible_changes
    assert twice.doubts == once.doubts == character_doubts(once.text)
