"""What a Word file is made of besides a redline, and the names by which its passages are known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from monographs.document.models import BaseDocument
from monographs.redline import Line, SectionRedline, redline

#: Names of the properties of a file that say which text is in it.
PROPERTY_KEY, PROPERTY_VERSION, PROPERTY_SHA256 = "MonographKey", "MonographVersion", "MonographSHA256"
PROPERTY_AUTHOR, PROPERTY_AT = "MonographTrackedBy", "MonographTrackedAt"
#: How many paragraphs name a place, such as “Do not”.
PROPERTY_PLACES = "MonographPlaces"
#: Styles of words that are labels of this program, not words of the text.
LABEL_STYLE, PLACE_STYLE, CITE_STYLE = "MonographLabel", "MonographPlace", "EndnoteReference"
#: Style of the title above the text, which repeats its name.
TITLE_STYLE = "Title"
#: Names of these styles in lower case: programs give other ids to styles, never other names.
LABEL_STYLE_NAME, PLACE_STYLE_NAME, TITLE_STYLE_NAME = "monograph label", "monograph place", "title"
#: Fragment and scheme of links to other pages of the site, which a document names by their keys.
PAGE_FRAGMENT, PAGE_URN = "page-", "urn:uuid:"
_PLACE = re.compile(r"l_\d+_(\w*)")
_NO_NAME = re.compile(r"\W+")
#: Of the 40 characters of the name of a bookmark, for words.
_LONGEST_NAME = 28


@dataclass(frozen=True, slots=True)
class WordCover:
    """What a file says about itself.

    ``standing`` is in its footer, before the hash: the number of an edition, or that it is not approved.
    ``author`` and ``at`` are those of the tracked changes. ``version`` is its name in addresses.
    """

    title: str
    language: str
    key: str
    version: str
    sha256: str
    standing: str
    author: str
    at: datetime

    @property
    def moment(self) -> str:
        """``at`` as Word writes it: UTC, to the second."""
        return word_moment(self.at)


@dataclass(frozen=True, slots=True)
class WordComment:
    """A note on a section, or on its new text from ``start`` to ``end``, as a comment."""

    section: str
    author: str
    at: datetime
    paragraphs: tuple[str, ...]
    start: int | None = None
    end: int | None = None


def word_moment(at: datetime) -> str:
    """Return a moment as Word writes it: UTC, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def passage_key(anchor: str, number: int) -> str:
    """Return the name of the bookmark of a passage: line ``number``, from 0, of a section.

    Word allows letters, digits and underscores, 40 at most.
    """
    return f"p_{anchor.replace('-', '__')}_{number}"


def place_mark(number: int, words: str) -> str:
    """Return the name of the bookmark of a paragraph that names a place: the beginning of its words."""
    return f"l_{number}_{_NO_NAME.sub('_', words.strip())[:_LONGEST_NAME]}"


def place_words(name: str) -> str | None:
    """Return the words in the name of a bookmark from ``place_mark``; None for another bookmark."""
    match = _PLACE.fullmatch(name)
    return match[1] if match else None


def is_passage(line: Line) -> bool:
    """Whether a line of a redline is a passage of its new text."""
    return line.kind != "form" and line.op != "deleted"


def keyed_lines(document: BaseDocument) -> Iterator[tuple[str, SectionRedline, Line]]:
    """Yield the key of each passage of a document with its section and line, in order."""
    for section in redline(None, document).sections:
        for number, line in enumerate(filter(is_passage, section.lines)):
            yield passage_key(section.anchor, number), section, line
