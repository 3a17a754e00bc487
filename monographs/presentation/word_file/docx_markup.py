"""Elements of WordprocessingML as text."""

import re
from html import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: What XML 1.0 cannot say.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element(tag: str, *content: str, **attributes: str | int) -> str:
    """Return an element of the namespace ``w``; ``content`` is XML, attributes are escaped."""
    named = "".join(f' w:{name}="{attribute(value)}"' for name, value in attributes.items())
    inner = "".join(content)
    return f"<w:{tag}{named}>{inner}</w:{tag}>" if inner else f"<w:{tag}{named}/>"


def attribute(value: str | int) -> str:
    """Return a value as XML writes it between quotation marks."""
    return words(str(value))


def words(text: str) -> str:
    """Return a text as XML writes it, without characters that it cannot say."""
    return escape(_FORBIDDEN.sub("", text))


def part(root: str, content: str) -> bytes:
    """Return a part of the package whose root element is ``root``."""
    return f"{_DECLARATION}<w:{root} {NAMESPACES}>{content}</w:{root}>".encode()


def other_part(xml: str) -> bytes:
    """Return a part of another vocabulary."""
    return f"{_DECLARATION}{xml}".encode()
