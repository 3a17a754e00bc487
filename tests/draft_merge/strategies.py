"""Stored sections of a monograph, and random edits of them."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from monographs.document import SECTION_ORDER

WORDS = st.text("abcde 5", min_size=1, max_size=12).map(str.strip).filter(bool)
Edit = Callable[[Any], Any]


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """Rich text of paragraphs, headings and lists, with the keys that Wagtail's editor adds, or without."""
    keyed = draw(st.booleans())

    def tag(name: str) -> str:
        key = f' data-block-key="{draw(st.uuids()).hex[:5]}"' if keyed else ""
        return f"<{name}{key}>{draw(WORDS)}</{name}>"

    found = []
    for kind in draw(st.lists(st.sampled_from(["p", "h3", "ul"]), min_size=1, max_size=4)):
        items = "".join(tag("li") for _ in range(draw(st.integers(1, 3)))) if kind == "ul" else ""
        found.append(f"<ul>{items}</ul>" if items else tag(kind))
    return "".join(found)


@st.composite
def block(draw: st.DrawFn) -> dict[str, Any]:
    """A part of a section."""
    kind = draw(st.sampled_from(["text", "advice", "do_dont", "table"]))
    match kind:
        case "text":
            value: Any = draw(paragraphs())
        case "advice":
            value = {"urgency": draw(st.sampled_from(["call_911", "call_now"])), "text": draw(paragraphs())}
        case "do_dont":
            value = {
                name: [item(words) for words in draw(st.lists(WORDS, max_size=3))] for name in ("do", "dont")
            }
            for name in value:
                value[name] = [{**each, "id": draw(st.uuids()).hex} for each in value[name]]
        case _:
            value = table(draw(st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=4)))
    return {"type": kind, "value": value, "id": draw(st.uuids()).hex}


def item(words: Any) -> dict[str, Any]:
    """An item of a list."""
    return {"type": "item", "value": words}


def table(rows: list[tuple[str, str]]) -> dict[str, Any]:
    """A table of two columns."""
    cells = {
        "columns": [{"type": "cell", "heading": ""}] * 2,
        "rows": [{"values": [f"<p>{cell}</p>" for cell in row]} for row in rows],
        "caption": "",
    }
    return {"caption": "Tests", "header_row": True, "row_headers": False, "cells": cells}


@st.composite
def sections(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The sections of a page, each of another type."""
    names = draw(
        st.lists(st.sampled_from([s.value for s in SECTION_ORDER]), unique=True, min_size=2, max_size=5)
    )
    return [
        {
            "type": name,
            "value": {"content": draw(st.lists(block(), max_size=4)), "sources": draw(WORDS)},
            "id": draw(st.uuids()).hex,
        }
        for name in names
    ]


@st.composite
def edited(draw: st.DrawFn, base: list[dict[str, Any]], only: set[int] | None = None) -> Any:
    """``base`` after some edits: of any section and their order, or of sections ``only``."""
    found = copy.deepcopy(base)
    for _ in range(draw(st.integers(0, 4))):
        places = [n for n in range(len(found)) if only is None or n in only]
        if not places:
            break
        section = found[draw(st.sampled_from(places))]
        _edit_children(draw, section["value"]["content"])
        if only is None and draw(st.booleans()):
            found.insert(
                draw(st.integers(0, len(found) - 1)), found.pop(draw(st.integers(0, len(found) - 1)))
            )
    return found


def _edit_children(draw: st.DrawFn, children: list[dict[str, Any]]) -> None:
    act = draw(st.sampled_from(["insert", "delete", "move", "change", "change"]))
    if act == "insert" or not children:
        children.insert(draw(st.integers(0, len(children))), draw(block()))
        return
    child = children[draw(st.integers(0, len(children) - 1))]
    if act == "delete":
        children.remove(child)
    elif act == "move":
        children.remove(child)
        children.insert(draw(st.integers(0, len(children))), child)
    else:
        child["value"] = _changed(draw, child["type"], child["value"])


def _changed(draw: st.DrawFn, kind: str, value: Any) -> Any:
    if kind == "table":
        rows = value["cells"]["rows"]
        row = rows[draw(st.integers(0, len(rows) - 1))]["values"]
        row[draw(st.integers(0, 1))] = f"<p>{draw(WORDS)}</p>"
        return value
    if kind == "do_dont":
        value[draw(st.sampled_from(["do", "dont"]))].append({**item(draw(WORDS)), "id": draw(st.uuids()).hex})
        return value
    text = value["text"] if kind == "advice" else value
    changed = text.replace("</p>", f" {draw(WORDS)}</p>", 1) + draw(st.sampled_from(["", "<p>new</p>"]))
    return {**value, "text": changed} if kind == "advice" else changed
