"""Data of the editor's form, made from a draft's stored JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from monographs.document import REQUIRED_SECTIONS

SOURCES = [{"type": "source", "value": {"reference": "label", "title": "The label", "publisher": "FDA"}}]


@dataclass(frozen=True)
class DraftForm:
    """The fields that writers change in these tests; other fields keep their initial values."""

    title: str
    slug: str
    summary: str
    note: str
    text: str
    brand: str = ""
    drug_class: int | None = None
    image: int | None = None
    #: A figure's alternative text, with or without an image.
    alt: str = ""
    #: The words of an advice box, and its urgency: empty while the box is unfinished.
    advice: str = ""
    urgency: str = ""
    conditions: tuple[int, ...] = ()
    #: The source of the library that it shows instead of the typed one.
    source: int | None = None
    kind: str = "monograph"

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "DraftForm":
        """Read the fields from a revision's JSON."""
        monograph = "sections" in content
        parts = _content(content["sections"]) if monograph else json.loads(content["body"])
        figure, advice = _first(parts, "figure"), _first(parts, "advice")
        return cls(
            title=content["title"],
            slug=content["slug"],
            summary=content["summary"],
            note=content["change_note"],
            text=next((p["value"] for p in parts if p["type"] == "text"), ""),
            brand=" ".join(_list(content.get("brand_names"))),
            drug_class=content.get("drug_class"),
            image=figure.get("image"),
            alt=figure.get("alt", ""),
            advice=advice.get("text", ""),
            urgency=advice.get("urgency") or "",
            conditions=tuple(content.get("conditions", ())),
            source=_first(json.loads(content.get("sources") or "[]"), "library").get("source"),
            kind="monograph" if monograph else "drug_class",
        )

    def with_word(self, place: str, word: str) -> "DraftForm":
        """Return the draft with ``word`` in the field ``place`` and a new change note."""
        said = {
            "title": f"{word}umab",
            "summary": f"It is {word}.",
            "text": f"<p>About {word}.</p>",
            "brand": f"Brand {word}",
            "slug": f"m-{word}",
            "note": f"Noted {word}.",
        }[place]
        return replace(self, **{"note": f"Changed {word}.", place: said})

    def form(self, **more: Any) -> dict[str, Any]:
        """Return the POST data of the edit view."""
        fields: dict[str, Any] = {
            "title": self.title,
            "slug": self.slug,
            "summary": self.summary,
            "change_note": self.note,
            "review_interval_months": "12",
            "comments": inline_formset([]),
        }
        if self.kind == "monograph":
            fields |= {
                "brand_names": self.brand,
                "drug_class": str(self.drug_class or ""),
                "sections": streamfield([(s.value, self._section(s.value)) for s in REQUIRED_SECTIONS]),
                "sources": streamfield([self._source()]),
            }
        else:
            fields["body"] = streamfield([("text", rich_text(self.text))])
        chosen = {"conditions": list(self.conditions)} if self.conditions else {}
        return {**nested_form_data(fields), **chosen, "edit-without-signing": "save", **more}

    def _source(self) -> tuple[str, Any]:
        if self.source is None:
            return "source", SOURCES[0]["value"]
        return "library", {"reference": "label", "source": str(self.source)}

    def _section(self, name: str) -> dict[str, Any]:
        parts = [("text", rich_text(self.text if name == "how_it_works" else f"<p>About {name}.</p>"))]
        if name == "how_it_works" and (self.image or self.alt):
            parts.append(("figure", {"image": str(self.image or ""), "alt": self.alt, "caption": ""}))
        if name == "how_it_works" and self.advice:
            parts.append(("advice", {"urgency": self.urgency, "text": rich_text(self.advice)}))
        section: dict[str, Any] = {"content": streamfield(parts), "sources": "label"}
        if name == "common_side_effects":
            section |= {
                "common_effects": _list_block([{"name": "Fever"}]),
                "serious": {
                    "introduction": rich_text(""),
                    "effects": _list_block(
                        [{"name": "Seizure", "urgency": "call_911", "what_to_do": "Call 911 at once."}]
                    ),
                },
            }
        if name in ("commonly_used_with", "commonly_tested_with"):
            section["companions"] = _list_block([])
        return section


def _list_block(values: list[Any]) -> dict[str, Any]:
    items: dict[str, Any] = {
        str(n): {"value": value, "deleted": "", "order": str(n)} for n, value in enumerate(values)
    }
    return {**items, "count": str(len(values))}


def _content(sections: str) -> list[dict[str, Any]]:
    found = (s["value"]["content"] for s in json.loads(sections) if s["type"] == "how_it_works")
    return next(found, [])


def _first(parts: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next((part["value"] for part in parts if part["type"] == kind), {})


def _list(value: Any) -> list[str]:
    """An array as Django's serialiser stores it: JSON in a string, or plain."""
    return json.loads(value) if isinstance(value, str) else value or []
