"""Reading openFDA's ``drug/label`` JSON: one result, as the API and the bulk download have it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from monographs.labels.document_types import check_application, check_product_type
from monographs.labels.label import Block, Label, LabelSection, LabelText, SourceFormat
from monographs.labels.label_dates import compact_date
from monographs.labels.label_error import LabelRefused
from monographs.labels.openfda_text import FieldText, cut_tables, nest_fields, words_of_xml
from monographs.labels.section_codes import Use, codes_of_fields
from monographs.labels.spl import read_set_id, read_version, section_key
from monographs.labels.spl_text import blocks_of
from monographs.labels.xml_source import NAMESPACE, parse_xml

#: Bytes of one result. The largest of the bulk download have some 2 MB.
MAX_RESULT_BYTES = 20_000_000
_TABLE = "_table"
_DEVICE_OR_ANIMAL = {
    Use.ANIMAL: "this is the label of a medicine for animals",
    Use.DEVICE: "this is the label of a device, not of a medicine",
}
_MAX_TEXTS = 2_000


def read_openfda(data: bytes) -> Label:
    """Read one result. Raises ``LabelRefused``, with the reason, for what is not a label for people."""
    if len(data) > MAX_RESULT_BYTES:
        raise LabelRefused(f"the result has {len(data):,} bytes, more than {MAX_RESULT_BYTES:,}")
    try:
        result = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise LabelRefused(f"the file is no complete JSON, cut short or damaged: {error}") from error
    return label_of_result(_only_result(result))


def _only_result(answer: Any) -> Any:
    """Return the one result of an API answer, or what is no answer as it is."""
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list):
        return answer
    if len(results) != 1:
        raise LabelRefused(f"the answer holds {len(results)} labels; read them one by one")
    return results[0]


def label_of_result(result: Any) -> Label:
    """Return the label that one parsed result of openFDA describes; see ``read_openfda``."""
    if not isinstance(result, dict):
        raise LabelRefused("the JSON is no label: openFDA's are objects with a set id and sections")
    if "error" in result and "set_id" not in result:
        raise LabelRefused(f"openFDA answered with an error instead of a label: {str(result['error'])[:200]}")
    facts = result.get("openfda")
    known: Mapping[str, Any] = facts if isinstance(facts, dict) else {}
    for kind in _texts(known.get("product_type")):
        check_product_type(kind)
    for number in _texts(known.get("application_number")):
        check_application(number)
    _check_fields(result)
    sections = tuple(_sections(result))
    if not sections:
        raise LabelRefused("the result has no section; it is no label, or it was cut")
    return Label(
        set_id=read_set_id(_text(result.get("set_id"))),
        version=read_version(_text(result.get("version"))),
        source_format=SourceFormat.OPENFDA,
        document_id=_text(result.get("id")).lower(),
        effective=compact_date(_text(result.get("effective_time"))),
        document_type=" ".join(_texts(known.get("product_type"))),
        maker=", ".join(_texts(known.get("manufacturer_name"))),
        names=_texts(known.get("brand_name")),
        generic_names=_texts(known.get("generic_name")),
        routes=_texts(known.get("route")),
        application_numbers=_texts(known.get("application_number")),
        product_ndcs=_texts(known.get("product_ndc")),
        package_ndcs=_texts(known.get("package_ndc")),
        uniis=_texts(known.get("unii")),
        classes=_texts(known.get("pharm_class_epc")),
        rxcuis=_texts(known.get("rxcui")),
        sections=sections,
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a value that is a list of texts, or one text."""
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text for each in values if (text := _text(each))))


def _check_fields(result: Mapping[str, Any]) -> None:
    """Refuse a label with a field that only those of animals or devices have."""
    for name in result:
        code = codes_of_fields().get(name)
        if code and code.use in _DEVICE_OR_ANIMAL:
            raise LabelRefused(f"{_DEVICE_OR_ANIMAL[code.use]} (it has {name}); follow the one for people")


def _sections(result: Mapping[str, Any]) -> Iterator[LabelSection]:
    fields = list(_fields(result))
    if len(fields) > _MAX_TEXTS:
        raise LabelRefused(f"it has more than {_MAX_TEXTS:,} sections")
    parents = nest_fields(fields)
    lost = _cut_all_tables(result, fields, parents)
    seen: Counter[str] = Counter()
    for at, parent in enumerate(parents):
        if parent is None:
            yield _section(at, fields, lost, "", seen)


def _cut_all_tables(
    result: Mapping[str, Any], fields: Sequence[FieldText], parents: Sequence[int | None]
) -> dict[int, list[str]]:
    """Cut all tables out of the fields; return those found in none by the field that they are of.

    The shortest fields come first: a field and the field inside it both have the inner one's tables.
    """
    lost: dict[int, list[str]] = {}
    names = dict.fromkeys(each.name for each in sorted(fields, key=lambda each: len(each.text)))
    for name in names:
        tables = _tables(result, name)
        own = [at for at, each in enumerate(fields) if each.name == name]
        inside = [at for at in range(len(fields)) if _is_inside(at, own, parents) and at not in own]
        searched = [fields[at] for at in (*sorted(inside, key=lambda at: len(fields[at].text)), *own)]
        if tables and (missed := cut_tables(searched, tables)):
            lost.setdefault(own[-1], []).extend(missed)
    return lost


def _is_inside(at: int, outer: Sequence[int], parents: Sequence[int | None]) -> bool:
    parent = parents[at]
    while parent is not None:
        if parent in outer:
            return True
        parent = parents[parent]
    return False


def _fields(result: Mapping[str, Any]) -> Iterator[FieldText]:
    """Yield the text of each section, in the order of the list of codes, which does not vary."""
    order = {name: place for place, name in enumerate(codes_of_fields())}
    names = [name for name in result if not name.endswith(_TABLE) and isinstance(result[name], list)]
    for name in sorted(names, key=lambda name: (order.get(name, len(order)), name)):
        for text in result[name]:
            if isinstance(text, str) and text.strip():
                yield FieldText(name, text)


def _tables(result: Mapping[str, Any], name: str) -> list[str]:
    value = result.get(name + _TABLE)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _section(
    at: int, fields: Sequence[FieldText], lost: Mapping[int, Sequence[str]], path: str, seen: Counter[str]
) -> LabelSection:
    known = codes_of_fields().get(fields[at].name)
    code = known.code if known else ""
    title = fields[at].name.replace("_", " ").capitalize()
    key = section_key(path, code, title, seen)
    blocks: list[Block] = []
    inner: list[LabelSection] = []
    inside: Counter[str] = Counter()
    for piece in fields[at].pieces():
        if piece.kind == "text":
            blocks.append(LabelText(f"<p>{escape(piece.text, quote=False)}</p>"))
        elif piece.kind == "table":
            blocks += _table_blocks(piece.text)
        else:
            inner.append(_section(piece.index, fields, lost, key, inside))
    for xml in lost.get(at, ()):
        blocks += _table_blocks(xml)
    return LabelSection(key, code, title, None, tuple(blocks), (), tuple(inner))


def _table_blocks(xml: str) -> tuple[Block, ...]:
    """Return a table of openFDA, which has the elements of SPL without their namespace."""
    try:
        root = parse_xml(b'<text xmlns="%s">%s</text>' % (NAMESPACE[1:-1].encode(), xml.encode()))
    except LabelRefused:
        return (LabelText(f"<p>{escape(words_of_xml(xml), quote=False)}</p>"),)
    return blocks_of(root, {})
