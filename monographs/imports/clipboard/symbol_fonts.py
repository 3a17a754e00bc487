"""Letters in fonts of symbols: in “Symbol” an “m” is shown as “µ”, so “5 mg” is seen as “5 µg”."""

# ruff: noqa: RUF001  # the characters of these tables look like others

#: Adobe's Symbol encoding, where it differs from what the letter says (Unicode's mapping SYMBOL.TXT).
SYMBOL = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\"$'*@^`~£¥§¨©ª«¬\u00ad®¯²³´µ¶·¸¹º»¼ÅÆÇÈÉÌÍÎÏÐÑÕÖ×ØÙÚÛÜÝÞßåò¢",
    "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ"
    "∀∃∋∗≅⊥‾∼≤∞♣♦♥♠↔←↑→↓″≥×∝∂•÷≠≡≈…⊕∅∩∪⊃⊂⊆∈∉∠∇∏√⋅¬∧∨⇔⇐⇑⇒⇓∑∫′",
)
_WINGDINGS = str.maketrans("àáâßèðòñüûþýoq§l¨·nØvFJK", "→↑↓←➔⇨⇩⇧✓✗☑☒☐❑▪●◻•■➢❖☞☺😐")
#: Where Word puts the characters of these fonts in Unicode's private area.
_PRIVATE = range(0xF020, 0xF100)
FONTS = {"symbol": SYMBOL, "wingdings": _WINGDINGS}


def in_unicode(words: str, font: str) -> str:
    """Return what ``words`` in a font of symbols show; private characters without a meaning stay."""
    table = FONTS.get(font)
    plain = "".join(chr(ord(c) - 0xF000) if ord(c) in _PRIVATE else c for c in words) if table else words
    return plain.translate(table) if table else words


def is_symbol_font(font: str) -> bool:
    """Whether letters in ``font`` show something else: every font of dingbats too, known or not."""
    return font in FONTS or font.startswith(("wingdings", "webdings", "zapf dingbats", "marlett", "mt extra"))
