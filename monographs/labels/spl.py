"""Reading SPL (Structured Product Labeling): the XML of DailyMed, namespace ``urn:hl7-org:v3``.

Source of the structure: HL7 SPL release 5 as used by the FDA's implementation guide.
"""

import re
from collections import Counter
from collections.abc import Iterator

from monographs.labels.document_types import check_application, check_document_type
from monographs.labels.label import Block, Label, LabelFigure, LabelSection, SourceFormat
from monographs.labels.label_dates import compact_date
from monographs.labels.label_error import LabelRefused
from monographs.labels.section_codes import UNCLASSIFIED
from monographs.labels.spl_text import blocks_of
from monographs.labels.xml_source import (
    NAMESPACE,
    Element,
    attribute,
    child,
    descendants,
    local_name,
    parse_xml,
    text_of,
)

_NDC, _UNII = "2.16.840.1.113883.6.69", "2.16.840.1.113883.4.9"
_LOINC = "2.16.840.1.113883.6.1"
#: Sections inside each other that are read; real labels have ten.
MAX_SECTION_DEPTH = 30
SET_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: The highest version that is believed. Real ones run to thousands.
MAX_VERSION = 1_000_000


def read_spl(data: bytes) -> Label:
    """Read one label. Raises ``LabelRefused``, with the reason, for what is not a label for people."""
    root = parse_xml(data)
    if root.tag != f"{NAMESPACE}document":
        raise LabelRefused(f"the XML is no SPL document: it begins with <{local_name(root)}>")
    code = child(root, "code")
    check_document_type(attribute(code, "code"), attribute(code, "displayName"))
    body = child(root, "component", "structuredBody")
    if body is None:
        raise LabelRefused("the SPL document has no body with sections")
    applications = _unique(
        attribute(each, "extension") for each in root.iterfind(f".//{NAMESPACE}approval/{NAMESPACE}id")
    )
    for number in applications:
        check_application(number)
    return Label(
        set_id=read_set_id(attribute(child(root, "setId"), "root")),
        version=read_version(attribute(child(root, "versionNumber"), "value")),
        source_format=SourceFormat.SPL,
        document_id=attribute(child(root, "id"), "root").lower(),
        effective=compact_date(attribute(child(root, "effectiveTime"), "value")),
        title=text_of(child(root, "title")),
        document_type=attribute(code, "displayName").upper(),
        maker=text_of(child(root, "author", "assignedEntity", "representedOrganization", "name")),
        names=_unique(_product_names(body)),
        generic_names=_unique(text_of(child(each, "name")) for each in descendants(body, "genericMedicine")),
        routes=_unique(attribute(each, "displayName") for each in descendants(body, "routeCode")),
        application_numbers=applications,
        product_ndcs=_codes(body, "manufacturedProduct", _NDC),
        package_ndcs=_codes(body, "containerPackagedProduct", _NDC)
        or _codes(body, "containerPackagedMedicine", _NDC),
        uniis=_unique(_active_substances(body)),
        sections=tuple(_sections(body, "", 1)),
    )


def read_set_id(value: str) -> str:
    """Return a set id in small letters; refused if it is none."""
    if not SET_ID.fullmatch(value.lower()):
        raise LabelRefused(f"the label has no set id: {value[:60]!r}")
    return value.lower()


def read_version(value: str) -> int:
    """Return a version number from 1; refused if it is none."""
    digits = value.lstrip("0")
    if not (value.isascii() and value.isdigit()) or not 1 <= int(digits[:10] or 0) <= MAX_VERSION:
        raise LabelRefused(f"the label has no version number: {value[:60]!r}")
    return int(digits)


def _unique(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _product_names(body: Element) -> Iterator[str]:
    for each in descendants(body, "manufacturedProduct"):
        name = child(each, "name")
        if name is not None:
            suffix = child(name, "suffix")
            yield " ".join(filter(None, [(name.text or "").strip(), text_of(suffix)]))


def _codes(body: Element, name: str, system: str) -> tuple[str, ...]:
    codes = (child(each, "code") for each in descendants(body, name))
    return _unique(attribute(code, "code") for code in codes if attribute(code, "codeSystem") == system)


def _active_substances(body: Element) -> Iterator[str]:
    for each in descendants(body, "ingredient"):
        code = child(each, "ingredientSubstance", "code")
        if attribute(each, "classCode").startswith("ACT") and attribute(code, "codeSystem") == _UNII:
            yield attribute(code, "code")


def _sections(parent: Element, path: str, depth: int) -> Iterator[LabelSection]:
    """Yield the sections directly inside ``parent``. Those too deep are refused, not lost."""
    if depth > MAX_SECTION_DEPTH:
        raise LabelRefused(f"its sections nest more than {MAX_SECTION_DEPTH} deep")
    seen: Counter[str] = Counter()
    for component in parent.iterchildren(f"{NAMESPACE}component"):
        for element in component.iterchildren(f"{NAMESPACE}section"):
            yield _section(element, path, depth, seen)


def _section(element: Element, path: str, depth: int, seen: Counter[str]) -> LabelSection:
    coded = child(element, "code")
    code = attribute(coded, "code") if attribute(coded, "codeSystem") in ("", _LOINC) else ""
    title = text_of(child(element, "title"))
    key = section_key(path, code, title, seen)
    figures = dict(_figures(element))
    highlights: list[Block] = []
    for text in element.iterfind(f"{NAMESPACE}excerpt/{NAMESPACE}highlight/{NAMESPACE}text"):
        highlights += blocks_of(text, figures)
    blocks: list[Block] = []
    for text in element.iterchildren(f"{NAMESPACE}text"):
        blocks += blocks_of(text, figures)
    shown = {block for block in (*blocks, *highlights) if isinstance(block, LabelFigure)}
    blocks += [figure for figure in figures.values() if figure not in shown]
    return LabelSection(
        key,
        code,
        title,
        compact_date(attribute(child(element, "effectiveTime"), "value")),
        tuple(blocks),
        tuple(highlights),
        tuple(_sections(element, key, depth + 1)),
    )


def _figures(section: Element) -> Iterator[tuple[str, LabelFigure]]:
    for media in section.iterfind(f"{NAMESPACE}component/{NAMESPACE}observationMedia"):
        name = attribute(child(media, "value", "reference"), "value")
        yield media.get("ID") or name, LabelFigure(name, text_of(child(media, "text")))


_NUMBERING = re.compile(r"^[\d.\s]+")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 60


def section_key(path: str, code: str, title: str, seen: Counter[str]) -> str:
    """Return a key for a section inside that of key ``path``; ``seen`` counts equal names beside it."""
    name = code
    if code in UNCLASSIFIED:
        words = _NO_WORD.sub("-", _NUMBERING.sub("", title.lower())).strip("-")
        name = words[:_LONGEST_NAME] or "untitled"
    seen[name] += 1
    counted = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return f"{path}/{counted}" if path else counted
