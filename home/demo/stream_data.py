"""Converts rows of content files to StreamField data. A ``Find`` returns the page of a slug."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from monographs.blocks.tables import table_value

Find = Callable[[str], Any]


def parts(rows: Iterable[Mapping[str, Any]], condition: Find, standard: Find) -> list[dict[str, Any]]:
    """Return the StreamField data of parts; a standard text that is not signed is left out."""
    found = (part(row, condition, standard) for row in rows)
    return [each for each in found if each["value"] != ""]


def part(row: Mapping[str, Any], condition: Find, standard: Find) -> dict[str, Any]:
    """Return the StreamField data of one part of a section or body.

    ``standard`` returns what a block stores for the newest version of a standard text; "" if there is none.
    """
    match row["type"]:
        case "text":
            value: Any = row["html"]
        case "advice":
            value = {"urgency": row["urgency"], "text": row["html"]}
        case "do_dont":
            value = {"do": list(row.get("do", [])), "dont": list(row.get("dont", []))}
        case "table":
            value = table_value(
                row["rows"],
                caption=row["caption"],
                header_row=row.get("header_row", True),
                row_headers=row.get("row_headers", False),
            )
        case "for_condition":
            value = {
                "condition": condition(row["condition"]).pk,
                "content": parts(row["content"], condition, standard),
            }
        case "standard_text":
            value = standard(row["text"])
        case unknown:
            raise ValueError(f"a content file contains a part of unknown type {unknown!r}")
    return {"type": row["type"], "value": value}


def section(row: Mapping[str, Any], condition: Find, medicine: Find, standard: Find) -> dict[str, Any]:
    """Return the StreamField data of one section."""
    value: dict[str, Any] = {
        "content": parts(row.get("content", []), condition, standard),
        "sources": ", ".join(row.get("sources", [])),
    }
    if "common_effects" in row:
        serious = row.get("serious", {})
        value["common_effects"] = [_effect(effect) for effect in row["common_effects"]]
        value["serious"] = {
            "introduction": serious.get("introduction", ""),
            "effects": [_effect(effect) for effect in serious.get("effects", [])],
        }
    if "companions" in row:
        value["companions"] = [_companion(entry, medicine) for entry in row["companions"]]
    return value


def _effect(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name, "") for name in ("name", "explanation", "frequency", "urgency", "what_to_do")}


def _companion(row: Mapping[str, Any], medicine: Find) -> dict[str, Any]:
    slug = row.get("medicine")
    return {
        "medicine": medicine(slug).pk if slug else None,
        "name": row.get("name", ""),
        "why": row.get("why", ""),
    }
