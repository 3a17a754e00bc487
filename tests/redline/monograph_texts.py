"""Monographs made of the demonstration's texts and of real labels, for tests of redlines."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from home.demo.loader import CONTENT
from monographs.document import SECTION_HEADINGS, MonographDocument
from monographs.document.parts import Frequency, Urgency

#: Texts of real labels, used if they are there.
LABELS = Path(settings.BASE_DIR).parent / "shared" / "labels" / "spl"
EXACT = ("boxed_warning", "who_should_take_it", "who_should_not_take_it")
Document = Any


def demonstration_monographs() -> list[Document]:
    """The demonstration's medicines as documents."""
    paths = sorted((CONTENT / "medicines").glob("*.toml"))
    return [_document(tomllib.loads(path.read_text())) for path in paths if "." not in path.stem]


def label_monographs(most: int = 6) -> list[Document]:
    """Documents made of paragraphs of real labels; none where there are no labels."""
    found = []
    for path in sorted(LABELS.glob("*.spl.xml"))[: most if LABELS.is_dir() else 0]:
        paragraphs = re.findall(
            r"<paragraph[^>]*>([^<>]{80,400})</paragraph>", path.read_text(errors="replace")
        )
        plain = [re.sub(r"&\w+;|[<>&]", " ", " ".join(each.split())) for each in paragraphs]
        sections = {
            name: {
                "content": [{"type": "text", "html": "".join(f"<p>{p}</p>" for p in plain[at::5][:4] if p)}]
            }
            for at, name in enumerate(
                ("how_it_works", "how_it_is_administered", "other_medicines", *EXACT[:2])
            )
        }
        if len(plain) > 20:
            found.append(_document({"title": "testumab", "slug": "testumab", "sections": sections}))
    return found


def _key(name: str) -> str:
    return f"00000000-0000-4000-8000-{sum(map(ord, name)):012d}"


def _document(data: dict[str, Any]) -> Document:
    sources = [
        {"number": number, **{k: v for k, v in source.items() if k != "reference"}}
        for number, source in enumerate(data.get("sources", []), 1)
    ]
    return MonographDocument.model_validate_json(
        json.dumps(
            {
                "kind": "monograph",
                "key": _key(data["slug"]),
                "slug": data["slug"],
                "title": data["title"],
                "summary": data.get("summary", ""),
                "brand_names": data.get("brand_names", []),
                "review_interval_months": 12,
                "sources": sources,
                "sections": [
                    {
                        "type": name,
                        "heading": SECTION_HEADINGS[name],
                        "parts": list(_parts(row)),
                        "sources": [1] * bool(sources),
                    }
                    for name, row in data["sections"].items()
                ],
            },
            default=str,
        )
    )


def _parts(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from map(_part, _own(row.get("content", [])))
    if "common_effects" in row:
        serious = row.get("serious", {})
        yield {"kind": "effects", "group": "common", "items": list(map(_effect, row["common_effects"]))}
        items = list(map(_effect, serious.get("effects", [])))
        yield {"kind": "effects", "group": "serious", "html": serious.get("introduction", ""), "items": items}
    if "companions" in row:
        items = [
            {"name": each.get("name") or each["medicine"], "why": each.get("why", "")}
            for each in row["companions"]
        ]
        yield {"kind": "companions", "items": items}


def _own(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The parts that are written on the page itself."""
    return (row for row in rows if row["type"] != "standard_text")


def _part(row: dict[str, Any]) -> dict[str, Any]:
    match row["type"]:
        case "text":
            return {"kind": "text", "html": row["html"]}
        case "advice":
            label = Urgency(row["urgency"]).label
            return {"kind": "advice", "urgency": row["urgency"], "urgency_label": label, "html": row["html"]}
        case "table":
            header, *rows = row["rows"]
            named = row.get("row_headers", False)
            return {
                "kind": "table",
                "caption": row["caption"],
                "header": header,
                "row_headers": named,
                "rows": rows,
            }
        case "do_dont":
            return {"kind": "do_dont", "do": row.get("do", []), "dont": row.get("dont", [])}
    return {
        "kind": "for_condition",
        "condition": _key(row["condition"]),
        "condition_name": row["condition"].replace("-", " "),
        "parts": list(map(_part, _own(row["content"]))),
    }


def _effect(row: dict[str, Any]) -> dict[str, Any]:
    effect = {name: row.get(name) for name in ("name", "explanation", "what_to_do") if row.get(name)}
    for name, codes in (("frequency", Frequency), ("urgency", Urgency)):
        if row.get(name):
            effect |= {name: row[name], f"{name}_label": codes(row[name]).label}
    return effect
