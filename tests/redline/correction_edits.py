"""Seeded edits of monographs: grave ones, which no correction may contain, and harmless ones."""

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from monographs.document import MonographDocument
from monographs.document.html import sanitise
from monographs.document.parts import Frequency, Urgency
from tests.redline.monograph_texts import EXACT, Document

_TAG = re.compile(r"(<[^>]+>)")
_LONG_WORD = re.compile(r"(?<![\w’'-])[a-z]{5,}(?![\w’'-])")
_TEXT_FIELDS = {"html", "explanation", "what_to_do", "why", "summary"}
Leaf = tuple[dict[str, Any] | list[Any], Any, str]


def leaves(value: Any, section: str = "") -> Iterator[Leaf]:
    """Every text of a document's data: its holder, its key there, and the type of its section."""
    if isinstance(value, dict):
        section = value["type"] if "parts" in value and "type" in value else section
        yield from ((value, key, section) for key in value if key in _TEXT_FIELDS)
        lists = [each for key, each in value.items() if isinstance(each, list) and key != "sources"]
        for each in lists:
            yield from leaves(each, section)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            if isinstance(each, str):
                yield value, at, section
            else:
                yield from leaves(each, section)


def _texts(data: dict[str, Any], *, exact: str = "", html: bool = False) -> list[Leaf]:
    texts = [leaf for leaf in leaves(data) if leaf[2] or leaf[1] == "summary"]
    if exact:
        return [leaf for leaf in texts if leaf[2] == exact]
    return [leaf for leaf in texts if leaf[2] not in EXACT and (leaf[1] == "html" or not html)]


def _replace_one(chance: random.Random, leaf: Leaf, pattern: str, to: Callable[[re.Match[str]], str]) -> bool:
    """Replace one match outside tags; return whether the text changed."""
    holder, key, _ = leaf
    pieces = _TAG.split(holder[key])
    places = [
        (at, match) for at, piece in enumerate(pieces) if at % 2 == 0 for match in re.finditer(pattern, piece)
    ]
    chance.shuffle(places)
    for at, match in places:
        after = to(match)
        if after != match[0]:
            pieces[at] = pieces[at][: match.start()] + after + pieces[at][match.end() :]
            holder[key] = "".join(pieces)
            return True
    return False


def _anywhere(chance: random.Random, data: Any, pattern: str, to: Any, **where: Any) -> bool:
    texts = _texts(data, **where)
    chance.shuffle(texts)
    return any(_replace_one(chance, leaf, pattern, to) for leaf in texts)


_COUNTS = "one two three four five six seven eight nine ten".split()
_UNITS = {
    "mg": "mcg",
    "mcg": "mg",
    "g": "mg",
    "mL": "L",
    "kg": "lb",
    "°F": "°C",
    "%": " mg",
    "hours": "days",
    "days": "weeks",
    "weeks": "days",
    "months": "weeks",
    "years": "months",
    "day": "week",
    "week": "day",
    "minutes": "hours",
    "hour": "day",
    "month": "week",
    "tablets": "capsules",
    "ml": "mg",
}
_BANDS = {
    "very common": "rare",
    "common": "rare",
    "rare": "common",
    "often": "rarely",
    "sometimes": "often",
    "most": "few",
    "many": "few",
    "some": "all",
    "rarely": "often",
    "may": "always may",
}
_NOW = {
    "today": "at your next visit",
    "now": "tomorrow",
    "right away": "in a few days",
    "911": "your nurse",
    "at once": "when you can",
    "soon": "later",
    "Call": "Wait before you call",
    "sooner": "later",
}


def _number(chance: random.Random, data: Any) -> bool:
    def other(match: re.Match[str]) -> str:
        digits = match[0]
        return chance.choice(
            [f"{digits}0", f"{int(digits) + 1}", f"0.{digits}", f"{digits}½", f"{digits}–{digits}9"]
        )

    def count(match: re.Match[str]) -> str:
        return chance.choice([each for each in [*_COUNTS, "half"] if each != match[0].lower()])

    edits = [
        (r"\d+", other),
        (rf"(?i)\b(?:{'|'.join(_COUNTS)})\b", count),
        (r"\b(?:once|twice)\b", lambda m: "twice" if m[0] == "once" else "once"),
        (r"(?<=[.,])\d+", lambda m: f"{m[0]}5"),
    ]
    chance.shuffle(edits)
    return any(_anywhere(chance, data, *edit) for edit in edits)


def _unit(chance: random.Random, data: Any) -> bool:
    names = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
    return _anywhere(chance, data, rf"(?<![A-Za-z])(?:{names})(?![A-Za-z])", lambda m: _UNITS[m[0]])


def _negation(chance: random.Random, data: Any) -> bool:
    edits = [
        (r"(?i)\b(?:do not|don’t|don't) ", lambda m: ""),
        (r"\bnot ", lambda m: ""),
        (r"\bnever\b", lambda m: "always"),
        (r"\b(can|may|must|should|will|is|are|do)(?= [a-z])(?! not)", lambda m: f"{m[0]} not"),
        (r"\bwithout\b", lambda m: "with"),
        (r"\bwith\b", lambda m: "without"),
        (r"\bcannot\b", lambda m: "can"),
        (r"(?i)\bavoid\b", lambda m: "Take"),
        (r"\bif\b", lambda m: "unless"),
        (r"\b(?:safe|known|able|likely|usual|common|treated|even|certain)\b", lambda m: f"un{m[0]}"),
        (r"\b(?:no|No)\b", lambda m: "any"),
        (r"\b(?:until|unless|except)\b", lambda m: "even if"),
    ]
    chance.shuffle(edits)
    return any(_anywhere(chance, data, *edit) for edit in edits)


def _coded(chance: random.Random, data: Any, name: str, codes: Any) -> bool:
    """Another frequency band or urgency of an effect or an advice, or none."""
    items = [
        item
        for section in data["sections"]
        for part in section["parts"]
        for item in [part, *part.get("items", []), *part.get("parts", [])]
        if item.get(name)
    ]
    if not items:
        return False
    item = chance.choice(items)
    other = chance.choice([code for code in codes if code != item[name]])
    item |= {name: other.value, f"{name}_label": other.label}
    return True


def _frequency(chance: random.Random, data: Any) -> bool:
    words = rf"(?i)\b(?:{'|'.join(_BANDS)})\b"
    if chance.random() < 0.5 and _coded(chance, data, "frequency", Frequency):
        return True
    return _anywhere(chance, data, words, lambda m: _BANDS[m[0].lower()])


def _urgency(chance: random.Random, data: Any) -> bool:
    if chance.random() < 0.5 and _coded(chance, data, "urgency", Urgency):
        return True
    return _anywhere(chance, data, rf"\b(?:{'|'.join(_NOW)})\b", lambda m: _NOW[m[0]])


def _words_of(section: str) -> Callable[[random.Random, Any], bool]:
    def edit(chance: random.Random, data: Any) -> bool:
        edits = [
            (r"\b[a-z]{3,} ", lambda m: ""),
            (
                r"\b[A-Za-z]{4,}\b",
                lambda m: chance.choice("people children cells lungs lymphoma older".split()),
            ),
            (r"[.](?=\s|$)", lambda m: ", and for other uses."),
            (r"(?:^|(?<=[.] ))[A-Z][^.]+[.]", lambda m: ""),
        ]
        chance.shuffle(edits)
        return any(_anywhere(chance, data, *each, exact=section) for each in edits)

    return edit


def _do_and_dont(chance: random.Random, data: Any) -> bool:
    """An item moved from *Do not* to *Do*."""
    lists = [part for section in data["sections"] for part in section["parts"] if part["kind"] == "do_dont"]
    lists = [part for part in lists if part["dont"]]
    if not lists:
        return False
    part = chance.choice(lists)
    part["do"].append(part["dont"].pop(chance.randrange(len(part["dont"]))))
    return True


def _scope(chance: random.Random, data: Any) -> bool:
    """A mark that moves across a “not”, or ends its sentence."""
    edits = [
        (r"(?i)(\w+), (not|never|unless|only|except|without|if)\b", lambda m: f"{m[1]} {m[2]},"),
        (r"(?i)\b(not|never|only) (\w+) ", lambda m: f"{m[1]} {m[2]}, "),
        (r"(?i)\b(not|never|only) (\w+) (?=[a-z])", lambda m: f"{m[1]}. {m[2].capitalize()} "),
        (r"(?i)\b(unless|except|if) (\w+) (\w+) ", lambda m: f"{m[1]} {m[2]} ({m[3]}) "),
    ]
    chance.shuffle(edits)
    return any(_anywhere(chance, data, *edit) for edit in edits)


def _choice(chance: random.Random, data: Any) -> bool:
    return _anywhere(
        chance, data, r" (?:and|or) ", lambda m: " or " if m[0] == " and " else chance.choice([" and ", ", "])
    )


GRAVE: dict[str, Callable[[random.Random, Any], bool]] = {
    "number": _number,
    "unit": _unit,
    "negation": _negation,
    "frequency": _frequency,
    "urgency": _urgency,
    "indication": _words_of("who_should_take_it"),
    "contraindication": _words_of("who_should_not_take_it"),
    "boxed warning": _words_of("boxed_warning"),
    "do and do not": _do_and_dont,
    "scope": _scope,
    "and or": _choice,
}


def _typing_error(chance: random.Random, data: Any) -> bool:
    def slip(match: re.Match[str]) -> str:
        word = match[0]
        at = chance.randrange(1, len(word) - 1)
        match chance.randrange(4):
            case 0:
                return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            case 1:
                return word[:at] + word[at + 1 :]
            case 2:
                return word[:at] + word[at] + word[at:]
        return word[:at] + chance.choice("qxzjkw") + word[at + 1 :]

    return _anywhere(chance, data, _LONG_WORD.pattern, slip)


def _link(chance: random.Random, data: Any) -> bool:
    if chance.random() < 0.5 and data["sources"]:
        chance.choice(data["sources"])["address"] = f"https://example.org/{chance.randrange(1000)}"
        return True
    return _anywhere(
        chance,
        data,
        _LONG_WORD.pattern,
        lambda m: f'<a href="https://example.org/label">{m[0]}</a>',
        html=True,
    )


_SAME = {
    "medicine": "drug",
    "tells": "shows",
    "begins": "starts",
    "grow": "spread out",
    "called": "named",
    "kind": "type",
    "doctor": "physician",
    "works": "acts",
    "help": "assist",
    "about": "around",
    "big": "large",
    "belly": "stomach area",
    "makes": "produces",
    "shows": "tells",
    "kinds": "types",
    "need": "want",
    "feel": "notice",
    "you": "you yourself",
    "get": "receive",
    "body": "own body",
    "and": "and also",
    "also": "too",
    "that": "which",
    "the": "this",
    "problem": "difficulty",
    "illness": "disease",
    "tiny": "little",
    "find": "discover",
    "way": "manner",
    "ways": "manners",
    "test": "check",
}


def _wording(chance: random.Random, data: Any) -> bool:
    edits = [
        (rf"\b(?:{'|'.join(_SAME)})\b", lambda m: _SAME[m[0]]),
        (r"(?<=[a-z]), (?=[a-z])", lambda m: " – "),
        (r"(?<=[a-z]) (?=and [a-z])", lambda m: ", "),
        (r"(?<=[a-z])[.] [A-Z](?=[a-z])", lambda m: f"; {m[0][-1].lower()}"),
    ]
    chance.shuffle(edits)
    return any(_anywhere(chance, data, *edit) for edit in edits)


HARMLESS: dict[str, Callable[[random.Random, Any], bool]] = {
    "typing error": _typing_error,
    "link": _link,
    "wording": _wording,
}


def sanitised(value: Any) -> Any:
    """Data whose rich text has the form that documents require."""
    match value:
        case dict():
            return {key: sanitise(each) if key == "html" else sanitised(each) for key, each in value.items()}
        case list():
            return [sanitised(each) for each in value]
    return value


def _changed_sections(old: Document, new: Document) -> tuple[Document, Document]:
    """Both documents with the sections that differ: comparing whole ones takes ten times as long."""
    kept = [one.type for one, other in zip(old.sections, new.sections, strict=True) if one != other]
    return tuple(
        each.model_copy(update={"sections": tuple(s for s in each.sections if s.type in kept)})
        for each in (old, new)
    )


def edited(seed: int, documents: list[Document], edits: dict[str, Any]) -> tuple[str, Document, Document]:
    """The name of an edit, a document, and the document with the edit."""
    chance = random.Random(seed)  # noqa: S311  # repeatable edits
    names = list(edits)
    while True:
        name, old = names[seed % len(names)], chance.choice(documents)
        data = json.loads(old.model_dump_json())
        if edits[name](chance, data):
            new = MonographDocument.model_validate_json(json.dumps(sanitised(data)))
            if new != old:
                return name, *_changed_sections(old, new)
