"""Side effects in a text, offered as structured effects. Nothing becomes one before the writer accepts it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from monographs.blocks.parts import EffectBlock
from monographs.document.parts import Urgency
from monographs.imports.effect_frequency import FoundFrequency, frequency_in
from monographs.imports.parsed_text import (
    Block,
    EffectOffer,
    Markup,
    ParsedList,
    ParsedParagraph,
    ParsedTable,
    Subheading,
)
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.rich_text import inline_plain, needs_rich_text

_LONGEST_NAME: int = EffectBlock().child_blocks["name"].field.max_length
#: Words. A longer item is a sentence about effects, and no effect's name.
_NAME_WORDS = 12
_BRACKET_AT_END = re.compile(
    r"^(?P<before>.*\S)\s*[(\[](?P<inside>[^()\[\]]*(?:\([^()]*\))?[^()\[\]]*)[)\]]\s*\.?$"
)
_DASH = re.compile(r"\s+[–—-]\s+|\s*[–—]\s*|:\s+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|;\s+")
_ADVICE = re.compile(
    r"\b(?:call|tell|contact|phone|ring|go to|see|seek|get (?:medical |emergency )?help|ask|stop|report)\b",
    re.IGNORECASE,
)
#: Words that say how soon to act, most urgent first. Only what is written is offered.
_URGENCY: tuple[tuple[Urgency, re.Pattern[str]], ...] = (
    (
        Urgency.CALL_911,
        re.compile(
            r"\b(?:(?:call|dial|phone|ring) (?:911|112|999|000)|911|999"
            r"|emergency (?:room|department|services|help)|ambulance)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Urgency.CALL_NOW,
        re.compile(
            r"\b(?:right away|immediately|at once|straight away|day or night|without delay|now)\b",
            re.IGNORECASE,
        ),
    ),
    (Urgency.CALL_TODAY, re.compile(r"\b(?:today|the same day|within (?:24 hours|a day))\b", re.IGNORECASE)),
    (Urgency.NEXT_VISIT, re.compile(r"\bnext (?:visit|appointment|check-?up)\b", re.IGNORECASE)),
)
_FREQUENCY_COLUMN = re.compile(r"how often|frequency|how common|likelihood|how many", re.IGNORECASE)
_ACTION_COLUMN = re.compile(r"what to do|action|advice|what you should do|call", re.IGNORECASE)
_URGENCY_COLUMN = re.compile(r"how soon|urgency|when to (?:act|call)", re.IGNORECASE)
_NAME_COLUMN = re.compile(r"side effect|effect|reaction|symptom|name|what", re.IGNORECASE)


@dataclass(slots=True)
class EffectsOffer:
    """Effects in one block, and the block above it (``band_at``) if that says how often they are seen."""

    at: int
    effects: list[EffectOffer]
    band_at: int | None = None
    remarks: list[Remark] = field(default_factory=list)

    @property
    def structured(self) -> bool:
        """Whether it says more of an effect than its name."""
        return any(e.frequency or e.explanation or e.what_to_do for e in self.effects)


def effect_offers(blocks: list[Block], *, markup: Markup, serious: bool) -> list[EffectsOffer]:
    """Return what can be offered in the blocks of the common, or of the ``serious``, side effects."""
    offers: list[EffectsOffer] = []
    for n, block in enumerate(blocks):
        above = _band_line(blocks[n - 1], markup) if n and isinstance(block, ParsedList) else None
        offer = _Reader(markup, serious, above).read(n, block)
        if offer and above:
            offer.band_at = n - 1
        if offer and offer.effects:
            offers.append(offer)
    return offers


def _band_line(block: Block, markup: Markup) -> FoundFrequency | None:
    """Return the frequency that a line above a list states for all its items."""
    if not isinstance(block, ParsedParagraph | Subheading):
        return None
    found = frequency_in(inline_plain(block.text, markup=markup))
    return found if found and found.band else None


@dataclass(slots=True)
class _Reader:
    """Reads the effects of one block."""

    markup: Markup
    serious: bool
    above: FoundFrequency | None
    remarks: list[Remark] = field(default_factory=list)

    def read(self, at: int, block: Block) -> EffectsOffer | None:
        if isinstance(block, ParsedTable):
            effects = self._table(block)
        elif isinstance(block, ParsedList):
            effects = self._list(block)
        elif isinstance(block, ParsedParagraph):
            effects = self._paragraph(block)
        else:
            return None
        return EffectsOffer(at, effects, remarks=self.remarks) if effects else None

    def _list(self, block: ParsedList) -> list[EffectOffer]:
        if not block.is_plain or any(needs_rich_text(item.text, markup=self.markup) for item in block.items):
            return []
        found = [list(self._line(self._plain(item.text))) for item in block.items]
        return [effect for effects in found for effect in effects] if all(found) else []

    def _paragraph(self, block: ParsedParagraph) -> list[EffectOffer]:
        """Read “Very common (more than 1 in 10 people): fever, cough”; any other paragraph is prose."""
        if needs_rich_text(block.text, markup=self.markup):
            return []
        return list(self._band_and_names(self._plain(block.text)))

    def _plain(self, text: str) -> str:
        return " ".join(inline_plain(text, markup=self.markup).split())

    def _line(self, words: str) -> Iterator[EffectOffer]:
        several = list(self._band_and_names(words))
        if several:
            yield from several
            return
        effect = self._one(words)
        if effect is not None:
            yield effect

    def _band_and_names(self, words: str) -> Iterator[EffectOffer]:
        before, colon, names = words.partition(": ")
        found = frequency_in(before) if colon else None
        if found is None or found.band is None:
            return
        for name in _names(names):
            if not _is_name(name):
                return
        for name in _names(names):
            yield EffectOffer(name=_capital(name), frequency=found.band.value)

    def _one(self, words: str) -> EffectOffer | None:
        """Read one effect: its name, then how often, what it is, and what to do about it."""
        band = self.above.band if self.above else None
        rest = words
        while (match := _BRACKET_AT_END.match(rest)) and (found := frequency_in(match["inside"])):
            if found.band is None:
                self._keep(found)
                break
            band, rest = found.band, match["before"]
        name, *others = _DASH.split(rest, maxsplit=1)
        explanation, advice = [], []
        for sentence in _SENTENCE.split(others[0]) if others else []:
            found = frequency_in(sentence)
            if found and found.band:
                band = found.band
            elif _ADVICE.search(sentence):
                advice.append(sentence)
            else:
                explanation.append(sentence)
                self._keep(found)
        name = name.strip(" .")
        if not _is_name(name):
            return None
        what_to_do = _sentence(" ".join(advice))
        return EffectOffer(
            name=name,
            explanation=_sentence(" ".join(explanation)),
            frequency=band.value if band else "",
            urgency=urgency_in(what_to_do) if what_to_do else "",
            what_to_do=what_to_do,
        )

    def _keep(self, found: FoundFrequency | None) -> None:
        if found is not None:
            self.remarks.append(
                Remark(
                    RemarkKind.UNSURE,
                    "This is none of the fixed bands, so it is kept as it is written. Choose a band in the "
                    "editor.",
                    quote=found.words,
                )
            )

    def _table(self, block: ParsedTable) -> list[EffectOffer]:
        if not block.header_row or len(block.rows) < 2:  # noqa: PLR2004
            return []
        head = [self._plain(cell) for cell in block.rows[0]]
        bands = [frequency_in(cell) for cell in head]
        if all(found and found.band for found in bands):
            return list(self._by_columns(block, bands))
        columns = _columns(head)
        if "name" not in columns or len(columns) < 2 or len(columns) < len(head):  # noqa: PLR2004
            return []
        found = [list(self._row([self._plain(cell) for cell in row], columns)) for row in block.rows[1:]]
        return [effect for effects in found for effect in effects] if all(found) else []

    def _by_columns(self, block: ParsedTable, bands: list[FoundFrequency | None]) -> Iterator[EffectOffer]:
        """Read a table with a column for each band."""
        for column, found in enumerate(bands):
            for row in block.rows[1:]:
                for name in _names(self._plain(row[column])):
                    if found and found.band:
                        yield EffectOffer(name=_capital(name), frequency=found.band.value)

    def _row(self, cells: list[str], columns: dict[str, int]) -> Iterator[EffectOffer]:
        first, frequency = cells[columns["name"]], self._cell(cells, columns, "frequency")
        found = frequency_in(frequency) if frequency else None
        several = columns["name"] > columns.get("frequency", columns["name"])
        names = [_capital(name) for name in _names(first)] if several else [first]
        if frequency and (found is None or found.band is None):
            self._keep(found or FoundFrequency(None, frequency))
            names = [f"{first} ({frequency})"]
        what_to_do = self._cell(cells, columns, "action")
        soon = self._cell(cells, columns, "urgency")
        for name in names:
            if len(name) <= _LONGEST_NAME and name:
                yield EffectOffer(
                    name=name,
                    explanation=self._cell(cells, columns, "explanation"),
                    frequency=found.band.value if found and found.band else "",
                    urgency=urgency_in(soon or what_to_do),
                    what_to_do=" ".join(dict.fromkeys(words for words in (what_to_do, soon) if words)),
                )

    @staticmethod
    def _cell(cells: list[str], columns: dict[str, int], name: str) -> str:
        return cells[columns[name]] if name in columns else ""


def _columns(head: list[str]) -> dict[str, int]:
    """Return the number of each column that the first row of a table names."""
    found: dict[str, int] = {}
    for n, words in enumerate(head):
        for name, pattern in (
            ("frequency", _FREQUENCY_COLUMN),
            ("urgency", _URGENCY_COLUMN),
            ("action", _ACTION_COLUMN),
            ("name", _NAME_COLUMN),
            ("explanation", re.compile(r"explanation|description|what it is|signs|feels", re.IGNORECASE)),
        ):
            if name not in found and n not in found.values() and pattern.search(words):
                found[name] = n
    return found


def urgency_in(words: str) -> str:
    """Return how soon to act according to ``words``, the value of an urgency; empty if they do not say."""
    return next((urgency.value for urgency, pattern in _URGENCY if pattern.search(words)), "")


def _names(words: str) -> list[str]:
    """Split “fever, cough and a rash (red skin, itching)” at its commas, not at those in brackets."""
    brackets = re.findall(r"\([^()]*\)", words)
    bare = re.sub(r"\([^()]*\)", "\0", words.strip(" ."))
    pieces = re.split(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+(?=[^,;]*$)", bare)
    inside = iter(brackets)
    restored = [re.sub("\0", lambda _match: next(inside), piece) for piece in pieces]
    return [piece.strip(" .") for piece in restored if piece.strip(" .")]


def _is_name(words: str) -> bool:
    return bool(words) and len(words) <= _LONGEST_NAME and len(words.split()) <= _NAME_WORDS


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _sentence(words: str) -> str:
    bare = words.strip()
    return _capital(bare) if bare[:1].islower() and bare.split()[0].isalpha() else bare
