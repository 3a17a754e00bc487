"""The demonstration monographs as documents, and an index of their names, without a database."""

import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from home.demo.loader import CONTENT
from monographs.document import SECTION_HEADINGS, SECTION_ORDER, MonographDocument, Section
from monographs.document.html import sanitise
from monographs.document.models import Reference
from monographs.document.parts import (
    Advice,
    Companion,
    Companions,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Frequency,
    Table,
    Text,
    Urgency,
)
from monographs.document.sections import SERIOUS_HEADING
from monographs.public.search.name_index import IndexedPage, NameIndex


def key(slug: str) -> str:
    """Return the key of the page with this slug."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, slug))


def _files(folder: str) -> Iterator[dict[str, Any]]:
    """Yield the content files of a folder, without those that change a page later."""
    for path in sorted(Path(CONTENT, folder).glob("*.toml")):
        if path.name.count(".") == 1:
            yield tomllib.loads(path.read_text("utf-8"))


@cache
def condition_names() -> Mapping[str, str]:
    """Return the names of the conditions by slug."""
    return {data["slug"]: data["title"] for data in _files("conditions")}


@cache
def documents() -> Mapping[str, MonographDocument]:
    """Return the monographs by slug."""
    return {data["slug"]: _document(data) for data in _files("medicines")}


@cache
def name_index() -> NameIndex:
    """Return an index of the names of the monographs and conditions."""
    pages = [
        IndexedPage(document.key, "monograph", document.title, document.brand_names, path=document.path)
        for document in documents().values()
    ]
    pages += [IndexedPage(key(slug), "condition", name) for slug, name in condition_names().items()]
    return NameIndex({page.key: page for page in pages})


def _document(data: Mapping[str, Any]) -> MonographDocument:
    sections = ((kind, data["sections"].get(kind.value)) for kind in SECTION_ORDER)
    return MonographDocument(
        key=key(data["slug"]),
        slug=data["slug"],
        title=data["title"],
        summary=data["summary"],
        brand_names=tuple(data["brand_names"]),
        conditions=tuple(Reference(key=key(s), name=condition_names()[s]) for s in data["conditions"]),
        review_interval_months=12,
        sections=tuple(
            Section(type=kind, heading=SECTION_HEADINGS[kind], parts=tuple(_parts(row)))
            for kind, row in sections
            if row is not None
        ),
    )


def _parts(row: Mapping[str, Any]) -> Iterator[Any]:
    yield from _content(row.get("content", ()))
    if "common_effects" in row:
        yield Effects(group="common", items=tuple(map(_effect, row["common_effects"])))
        serious = row.get("serious", {})
        yield Effects(
            group="serious",
            heading=SERIOUS_HEADING,
            html=sanitise(serious.get("introduction", "")),
            items=tuple(map(_effect, serious.get("effects", ()))),
        )
    if "companions" in row:
        companions = row["companions"]
        yield Companions(
            items=tuple(
                Companion(name=each.get("name") or each["medicine"], why=each.get("why", ""))
                for each in companions
            )
        )


def _content(rows: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    for row in rows:
        if row["type"] == "standard_text":
            file = CONTENT / "standard-texts" / f"{row['text']}.toml"
            yield from _content(tomllib.loads(file.read_text())["body"])
        else:
            yield _part(row)


def _part(row: Mapping[str, Any]) -> Any:
    match row["type"]:
        case "text":
            return Text(html=sanitise(row["html"]))
        case "advice":
            urgency = Urgency(row["urgency"])
            return Advice(urgency=urgency, urgency_label=urgency.label, html=sanitise(row["html"]))
        case "do_dont":
            return DoDont(do=tuple(row.get("do", ())), dont=tuple(row.get("dont", ())))
        case "table":
            header, *rows = map(tuple, row["rows"])
            return Table(caption=row["caption"], header=header, rows=tuple(rows))
    name = condition_names()[row["condition"]]
    parts = tuple(_content(row["content"]))
    return ConditionPart(condition=key(row["condition"]), condition_name=name, parts=parts)


def _effect(row: Mapping[str, Any]) -> Effect:
    urgency = Urgency(row["urgency"]) if row.get("urgency") else None
    frequency = Frequency(row["frequency"]) if row.get("frequency") else None
    return Effect(
        name=row["name"],
        explanation=row.get("explanation", ""),
        what_to_do=row.get("what_to_do", ""),
        urgency=urgency,
        urgency_label=urgency.label if urgency else "",
        frequency=frequency,
        frequency_label=frequency.label if frequency else "",
    )
