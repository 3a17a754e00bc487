"""Alternative texts of pictures. An empty one is reported by ``unfinished-field``."""

import re
from collections.abc import Iterable, Iterator

from monographs.document.parts import Figure
from monographs.rules.check_context import CheckContext
from monographs.rules.remedy import Remedy
from monographs.rules.rule import RemedyKind, Severity, Violation, house_rule
from monographs.rules.text_index import TextIndex

_FILE = re.compile(
    r"\S+\.(?:png|jpe?g|gif|webp|avif|svg|bmp|tiff?)|(?:IMG|DSC|DCIM|scan|screenshot)[\s_-]?\d+", re.I
)
_NAMELESS = re.compile(
    r"(?:an?\s+|the\s+)?(?:image|picture|photo|photograph|figure|graphic|illustration|drawing|diagram|chart|icon|logo|"
    r"untitled|placeholder|alt(?:ernative)?(?: text)?|n/?a|none|todo|tbd)\s*\d*",
    re.I,
)
_REDUNDANT = re.compile(
    r"(?:an?\s+|the\s+)?(?:image|picture|photo|photograph|graphic)\s+(?:of|shows|showing)\b", re.I
)


def _violations(
    figures: Iterable[tuple[str, str, Figure, int]], message: str, remedies: tuple[Remedy, ...] = ()
) -> Iterator[Violation]:
    for anchor, place, figure, index in figures:
        around = f"{figure.sha256} {figure.alt}"
        yield Violation(
            anchor, f"{place}: Figure", message, figure.alt, around, (index, 0), remedies=remedies
        )


def _without_image_of(alt: str) -> tuple[Remedy, ...]:
    """Return the remedy that leaves out “image of”; empty if nothing would be left."""
    words = " ".join(alt.split())
    match = _REDUNDANT.match(words)
    rest = words[match.end() :].lstrip() if match else ""
    if not rest:
        return ()
    return (Remedy(words, 0, len(words) - len(rest) + 1, rest[0].upper()),)


@house_rule(
    "alternative-text",
    title="Alternative text that says what the picture shows",
    severity=Severity.ERROR,
    why="People who cannot see the picture hear these words instead. A file's name tells them nothing.",
    source="WCAG 2.2, success criterion 1.1.1 and its failures F30 (file names) and F65 (none)",
    bad="pump_final.png",
    good="A pump the size of a book, worn in a shoulder bag",
)
def alternative_text(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """The alternative text is not a file name or just “image”."""
    bad = [
        found
        for found in text.figures
        if found[2].alt.strip()
        and (_FILE.fullmatch(found[2].alt.strip()) or _NAMELESS.fullmatch(found[2].alt.strip(" .")))
    ]
    message = "This does not say what the picture shows. Write what a reader should know from it."
    return _violations(bad, message)


@house_rule(
    "alternative-text-wording",
    title="Alternative text without “image of”",
    severity=Severity.ADVICE,
    why="Screen readers announce images, and read the caption as well. Repeating either only takes time.",
    source="W3C WAI images tutorial: tips",
    bad="Image of a pump",
    good="A pump the size of a book, worn in a shoulder bag",
    remedy=RemedyKind.ONE_CLICK,
)
def alternative_text_wording(text: TextIndex, _context: CheckContext) -> Iterator[Violation]:
    """The alternative text does not begin with “image of” and does not repeat the caption."""
    for figure in text.figures:
        if _REDUNDANT.match(figure[2].alt.strip()):
            message = "Leave out “image of”; say what there is to see."
            yield from _violations([figure], message, _without_image_of(figure[2].alt))
    yield from _violations(
        [f for f in text.figures if f[2].alt.strip() and f[2].alt.strip() == f[2].caption.strip()],
        "This repeats the caption. Say here what only the picture shows.",
    )


RULES = (alternative_text, alternative_text_wording)
