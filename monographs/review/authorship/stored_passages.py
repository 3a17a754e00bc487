"""The passages of a page's stored content: all words, choices and pictures, shown to patients yet or not.

Read from the raw data of a revision and not from its document, so that a box without its urgency or a figure
without its picture counts for those who wrote it.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import count
from typing import Any

from django.contrib.postgres.fields import ArrayField
from wagtail.fields import StreamField
from wagtail.models import Page

#: Fields whose value is chosen or refers to something. Their words are not what patients read.
CHOICES = frozenset(
    "urgency frequency sources reference routes drug_class conditions condition image medicine collection "
    "label_set_id label_version review_interval_months date_seen slug standard_text".split()
)
#: The sentence on what changed, which every draft has of its own.
CHANGE_NOTE = "change_note"
#: A picture, a medicine or a standard text is shown without any words of its block.
SHOWN_ALONE = ("image", "medicine", "standard_text")
_BLOCK_TAG = re.compile(r"(?i)</?(p|ul|ol|li|h[1-6]|div|blockquote|table|tr|td|th|hr)(?=[\s>/])[^<>]*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_TAG_IN_PIECE = re.compile(r"(</?[A-Za-z][^<>]*>)")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
#: A word with the invisible characters in it, or one other character.
_TOKEN = re.compile(r"[\w\u00ad\u200b-\u200f\u2060\ufeff]+|[^\w\s]")
#: Added by Wagtail's editor to every block of rich text.
_EDITOR_KEY = "data-block-key"
#: Page fields that Wagtail manages; title and slug are text.
_WAGTAIL_FIELDS = {field.name for field in Page._meta.get_fields()} - {"title", "slug"}
_OTHER_FIELDS = {"pk", "page_ptr", "wagtail_admin_comments", "demonstration"}


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A paragraph, list item, field or choice: ``kind`` is where it stands, without positions.

    ``block`` is the path of blocks that contain it, by number. ``prose`` is what patients can read.
    """

    kind: str
    tokens: tuple[str, ...]
    prose: bool = True
    block: tuple[int, ...] = ()

    @property
    def content(self) -> tuple[str, tuple[str, ...]]:
        """The compared value: its place and its words."""
        return self.kind, self.tokens

    @property
    def digest(self) -> str:
        """A short name of ``content``."""
        return digest_of(self.kind, *self.tokens)

    @property
    def name(self) -> str:
        """The field it is in."""
        return self.kind.rpartition("/")[2].partition(".")[0]


#: What stored content that cannot be followed raises.
UNFOLLOWABLE = (ValueError, TypeError, KeyError, LookupError, RecursionError)

#: After the last passage, so that a deletion at the end has a place.
END = StoredPassage("end", (), prose=False)


def digest_of(*values: str) -> str:
    """Return 16 hexadecimal digits of the SHA-256 of ``values``."""
    return hashlib.sha256("\x1f".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def normalised(token: str) -> str:
    """Return ``token`` as authorship compares words: case, width and invisible characters do not matter."""
    plain = unicodedata.normalize("NFKC", token).casefold()
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Mn"))


def words_of(tokens: Sequence[str]) -> list[str]:
    """Return the normalised words among ``tokens``, without tags and punctuation."""
    return [normalised(token) for token in tokens if is_word(token)]


def is_part_of_word(character: str) -> bool:
    """Return whether ``character`` does not end a word: a letter, a digit, or one that nobody sees."""
    return len(_TOKEN.findall(f"a{character}a")) == 1


def is_word(token: str) -> bool:
    """Return whether ``token`` is a word or a number."""
    return not token.startswith("<") and any(c.isalnum() or c == "_" for c in token)


def text_words(text: str) -> list[str]:
    """Return the normalised words of plain text, e.g. of a note.

    Composed first, as a page's texts are when they are stored: a letter and its accent are one word.
    """
    return words_of(_TOKEN.findall(unicodedata.normalize("NFC", text)))


def passages_of(content: Mapping[str, Any], model: type[Page]) -> list[StoredPassage]:
    """Return the passages of a revision's ``content``, in order, and ``END``.

    Raises ``ValueError``, ``TypeError`` or ``KeyError`` for content that no page of ``model`` could have.
    """
    reader = _ContentReader()
    found: list[StoredPassage] = []
    for field in sorted(text_fields(model)):
        if field not in content:
            continue
        value = content[field]
        if isinstance(model._meta.get_field(field), StreamField | ArrayField) and isinstance(value, str):
            value = json.loads(value or "[]")
        found += reader.read(field, value, ())
    return [*found, END]


def document_passages(document: Mapping[str, Any]) -> Iterator[StoredPassage]:
    """Yield the passages of a document's plain data, which the newest edition's signers read."""
    yield from _ContentReader(choices=frozenset()).read("", document, ())


def text_fields(model: type[Page]) -> list[str]:
    """Return the names of the fields that people write or choose, without those that Wagtail manages."""
    names = [f.name for f in (*model._meta.concrete_fields, *model._meta.local_many_to_many)]
    return [name for name in dict.fromkeys(names) if name not in _WAGTAIL_FIELDS | _OTHER_FIELDS]


class _ContentReader:
    """Walks through plain data; numbers its blocks."""

    def __init__(self, choices: frozenset[str] = CHOICES) -> None:
        self.choices = choices
        self.numbers = count(1)

    def read(  # noqa: C901  # one case for each kind of plain data
        self, kind: str, value: Any, block: tuple[int, ...]
    ) -> Iterator[StoredPassage]:
        """Yield the passages of ``value``, which stands at ``kind``."""
        match value:
            case None | False | "":
                return
            case dict() if "type" in value and "value" in value:
                name = "" if value["type"] == "item" else f"/{value['type']}"
                yield from self.read(f"{kind}{name}", value["value"], block)
            case dict():
                inner = (*block, next(self.numbers))
                for name in sorted(value):
                    yield from self.read(f"{kind}/{name}", value[name], inner)
            case list() | tuple():
                for item in value:
                    yield from self.read(kind, item, block)
            case str() if kind.rpartition("/")[2] not in self.choices:
                yield from _paragraphs(kind, value, block)
            case str() | int() | float():
                yield StoredPassage(kind, tuple(_TOKEN.findall(str(value))), prose=False, block=block)
            case _:
                raise TypeError(f"{kind} is {type(value).__name__}, which no stored content holds")


def _paragraphs(kind: str, html: str, block: tuple[int, ...]) -> Iterator[StoredPassage]:
    """Yield each paragraph of rich text; plain text is one paragraph."""
    start, tag, lists = 0, "", [""]
    for found in [*_BLOCK_TAG.finditer(html), None]:
        tokens = _tokens(html[start : found.start() if found else len(html)])
        if tokens:
            yield StoredPassage(f"{kind}{tag}", tokens, block=block)
        if found is None:
            return
        start, name, closing = found.end(), found[1].lower(), found[0].startswith("</")
        if name in ("ul", "ol"):
            lists = lists[:-1] or [""] if closing else [*lists, f".{name}"]
        tag = "" if closing or name == "p" else f"{lists[-1]}.{name}"


def _tokens(piece: str) -> tuple[str, ...]:
    tokens: list[str] = []
    for part in _TAG_IN_PIECE.split(piece):
        if _TAG.fullmatch(part):
            attributes = sorted(a for a in _ATTRIBUTE.findall(part) if a[0] != _EDITOR_KEY)
            name = part.strip("<>/").split()[0].lower()
            closing = "/" if part.startswith("</") else ""
            tokens.append("<" + closing + " ".join([name, *(f'{n}="{v}"' for n, v in attributes)]) + ">")
        else:
            tokens += _TOKEN.findall(unescape(part))
    return tuple(tokens)
