"""Characters that look like others, show nothing, or are missing in the fonts of leaflets.

None of them may be in a text that patients read: they see another dose than a program or a screen reader
does. Errors in which a dose can be misread cannot be overruled.
"""

import re
from collections.abc import Iterator

from monographs.core.character_doubts import DoubtKind
from monographs.core.character_names import character_name, excerpt_around
from monographs.core.characters import CharacterChange, normalise_text
from monographs.presentation.printable_characters import unprintable_characters
from monographs.rules.check_context import CheckContext
from monographs.rules.raw_texts import RawText, raw_texts
from monographs.rules.remedy import Remedy
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.text_index import TextIndex

#: Ends of lines that browsers show as nothing.
_LINE_BREAK = re.compile("[\x85\u2028\u2029]")
_UNICODE = "Unicode Technical Report 36, Unicode Security Considerations, and Standard Annex 31"


@house_rule(
    "unclear-character",
    title="Only characters that say what they show",
    severity=Severity.ERROR,
    why="A character without a picture, or one that looks like another, hides what a text says: “1”, a soft "
    "hyphen and “2 tablets” are read as 12 tablets, and a search for 10 mg does not find other digits.",
    source=f"{_UNICODE} (default-ignorable, bidirectional and confusable characters)",
    bad="1[U+00AD]2 tablets",
    good="1 to 2 tablets",
    remedy=RemedyKind.ONE_CLICK,
)
def unclear_character(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Yield what the import would normalise, and what is in doubt."""
    for raw in raw_texts(text.document):
        normal = normalise_text(raw.text)
        for change in normal.visible_changes:
            instead = f"Write “{change.result}” instead." if change.result.strip() else "Delete it."
            message = f"{_begin(change.name)} is in “{change.before}”. {instead}"
            yield _violation(raw, message, _normalised(text, raw, change))
        for doubt in normal.doubts:
            if doubt.kind is not DoubtKind.SCRIPT:
                yield _violation(raw, f"{_begin(doubt.name)} is in “{doubt.quote}”. {doubt.fix}")
        for match in _LINE_BREAK.finditer(raw.text):
            quote = excerpt_around(raw.text, *match.span())
            message = (
                f"{_begin(character_name(match[0]))} is in “{quote}”. Type a space or a new line instead."
            )
            yield _violation(raw, message)


@house_rule(
    "other-script",
    title="Latin letters",
    severity=Severity.ERROR,
    why="Patients cannot read a unit or a name in another alphabet, and the rules on doses do not see it.",
    source=f"{_UNICODE} (mixed scripts)",
    bad="5 мг",
    good="5 mg",
    overrulable=True,
)
def other_script(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Yield each word whose letters are neither Latin nor Greek."""
    for raw in raw_texts(text.document):
        for doubt in normalise_text(raw.text).doubts:
            if doubt.kind is DoubtKind.SCRIPT:
                yield _violation(raw, f"{_begin(doubt.name)} is in “{doubt.quote}”. {doubt.fix}")


@house_rule(
    "leaflet-letters",
    title="Letters that the leaflet can print",
    severity=Severity.ERROR,
    why="A letter that is in none of the leaflet’s fonts is printed as a box, and the PDF is no longer "
    "accessible for screen readers.",
    source="ISO 14289-1 (PDF/UA-1), 7.21.8: no glyph may be missing",
    bad="a smiling face as a picture sign",
    good="a word instead",
)
def leaflet_letters(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """Yield each character that cannot be printed, once in each text."""
    texts = list(raw_texts(text.document))
    missing = unprintable_characters("".join(raw.text for raw in texts))
    for raw in texts if missing else ():
        for char in sorted(missing & set(raw.text)):
            at = raw.text.index(char)
            quote = excerpt_around(raw.text, at, at + 1)
            yield _violation(
                raw,
                f"The leaflet cannot print “{char}”, {character_name(char)}, in “{quote}”. "
                "Write it in words or in Latin letters.",
            )


def _begin(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}".rstrip(",")


def _violation(raw: RawText, message: str, remedies: tuple[Remedy, ...] = ()) -> Violation:
    return Violation(raw.anchor, raw.place, message, around=raw.text, order=(raw.index, 0), remedies=remedies)


def _normalised(text: TextIndex, raw: RawText, change: CharacterChange) -> tuple[Remedy, ...]:
    """Return the remedy that writes the normal form; empty unless it is one place and means the same."""
    if raw.text.count(change.source) != 1 or change.source.isspace():
        return ()
    for passage in text.passages:
        start = passage.text.find(change.source) if passage.anchor == raw.anchor else -1
        if start >= 0 and passage.text in " ".join(raw.text.split()):
            remedy = Remedy(passage.text, start, start + len(change.source), change.result)
            same = normalise_text(remedy.applied).text == normalise_text(passage.text).text
            return (remedy,) if same and remedy.applied != passage.text else ()
    return ()


RULES = (unclear_character, other_script, leaflet_letters)
