"""Parsing XML from outside: no entities, nothing fetched, limits of size, elements and depth."""

from typing import Any, TypeAlias

from lxml import etree

from monographs.labels.label_error import LabelRefused

#: Bytes. The largest labels of DailyMed have some 5 MB; tables of all strengths make them long.
MAX_XML_BYTES = 20_000_000
#: Elements inside each other. Sections nest to ten deep, each in two elements, and hold tables of lists.
MAX_DEPTH = 120
MAX_ELEMENTS = 1_000_000
NAMESPACE = "{urn:hl7-org:v3}"

#: An element of lxml, which has no types.
Element: TypeAlias = Any


def parse_xml(data: bytes) -> Element:
    """Return the root element. Raises ``LabelRefused`` for what is no XML, has entities or is too large."""
    if len(data) > MAX_XML_BYTES:
        raise LabelRefused(f"the file has {len(data):,} bytes, more than {MAX_XML_BYTES:,}")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise LabelRefused(f"the file is no complete XML, cut short or damaged: {error}") from error
    # None in spite of its type, where the file has nothing but comments
    if root is None:
        raise LabelRefused("the file holds no XML element")
    if root.getroottree().docinfo.doctype:
        raise LabelRefused("the file declares a document type; labels have none, and it could hold entities")
    _check_size(root)
    return root


def _check_size(root: Element) -> None:
    depth = elements = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MAX_DEPTH:
            raise LabelRefused(f"its elements nest more than {MAX_DEPTH} deep")
        if elements > MAX_ELEMENTS:
            raise LabelRefused(f"it has more than {MAX_ELEMENTS:,} elements")


def local_name(element: Element) -> str:
    """The name of an element without its namespace; "" for an entity."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def child(element: Element, *names: str) -> Element | None:
    """The first element found by going down ``names``; None if there is none."""
    return element.find("/".join(NAMESPACE + name for name in names))


def descendants(element: Element, name: str) -> list[Element]:
    """All elements of a name inside ``element``, in order."""
    return list(element.iter(NAMESPACE + name))


def attribute(element: Element | None, name: str) -> str:
    """An attribute without white space around it; "" if it or the element is missing."""
    return "" if element is None else (element.get(name) or "").strip()


def text_of(element: Element | None) -> str:
    """All text of an element, with single spaces; line breaks are spaces."""
    if element is None:
        return ""
    parts: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts += [" " if local_name(each) == "br" else "", each.text or ""]
        elif each is not element:
            parts.append(each.tail or "")
    return " ".join("".join(parts).split())
