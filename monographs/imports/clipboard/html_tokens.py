"""Tags, texts and comments of HTML, read in one pass.

Python's parser starts again at each “<” of a tag or comment that never ends, which takes hours for two
megabytes of them. Here such an end of a file is text, as it is the last thing that can be wrong.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import Enum
from html import unescape


class TokenKind(Enum):
    """The kind of a piece of HTML."""

    TEXT = "text"
    START = "start"
    END = "end"
    COMMENT = "comment"
    RAW = "raw"  # what is in a style sheet or script


_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""")
#: A tag that ``_TAG`` does not match: it is the last thing in the file.
_NEVER_ENDS = re.compile(r"</?[a-zA-Z]")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_RAW_TAGS = frozenset({"script", "style", "title", "xmp", "noframes"})
#: Attributes of an element that are read.
_MAX_ATTRIBUTES = 200


@dataclass(frozen=True, slots=True)
class HtmlToken:
    """A piece of HTML; ``tag`` is the name of an element, in lower case."""

    kind: TokenKind
    source: str
    tag: str = ""

    def attributes(self) -> dict[str, str]:
        """Return the attributes of a start tag; of two with one name the first."""
        found: dict[str, str] = {}
        inside = self.source[len(self.tag) + 1 : -1]
        for n, match in enumerate(_ATTRIBUTE.finditer(inside)):
            if n >= _MAX_ATTRIBUTES:
                break
            value = next((each for each in match.groups()[1:] if each is not None), "")
            found.setdefault(match[1].lower(), unescape(value))
        return found


def tokens_of(source: str) -> Iterator[HtmlToken]:
    """Yield the tokens of ``source``, in time in proportion to its length."""
    place = 0
    while (start := source.find("<", place)) >= 0:
        if start > place:
            yield HtmlToken(TokenKind.TEXT, source[place:start])
        place = start
        tag = _TAG.match(source, place)
        if tag is not None:
            yield (token := HtmlToken(TokenKind.END if tag[1] else TokenKind.START, tag[0], tag[2].lower()))
            place = tag.end()
            if token.tag in _RAW_TAGS and not tag[1]:
                place = yield from _raw(source, place, token.tag)
        elif _NEVER_ENDS.match(source, place):
            break
        elif source.startswith(("<!", "<?"), place):
            place = yield from _comment(source, place)
        else:
            yield HtmlToken(TokenKind.TEXT, "<")
            place += 1
    if place < len(source):
        yield HtmlToken(TokenKind.TEXT, source[place:])


def _comment(source: str, place: int) -> Generator[HtmlToken, None, int]:
    """Yield a comment or declaration; return where it ends."""
    begin, mark = ("<!--", "-->") if source.startswith("<!--", place) else ("<!", ">")
    end = source.find(mark, place + 2)
    stop = end if end >= 0 else len(source)
    yield HtmlToken(TokenKind.COMMENT, source[place + len(begin) : stop])
    return stop + len(mark)


def _raw(source: str, place: int, name: str) -> Generator[HtmlToken, None, int]:
    """Yield what is in an element that holds no tags; return where it ends."""
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, place)
    stop = end.start() if end else len(source)
    yield HtmlToken(TokenKind.RAW, source[place:stop], name)
    return stop


def without_comments(source: str) -> str:
    """Return HTML with nothing but its tags and texts, every tag complete."""
    return "".join(
        token.source.replace("<", "&lt;") if token.kind is TokenKind.TEXT else token.source
        for token in tokens_of(source)
        if token.kind in {TokenKind.TEXT, TokenKind.START, TokenKind.END}
    )
