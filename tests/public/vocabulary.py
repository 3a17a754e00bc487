"""Validate JSON-LD against the definitions of schema.org."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

#: An extract; the file names its source and licence.
TYPES: dict[str, Any] = json.loads((Path(__file__).parent / "schema_org.json").read_text())["types"]


def ancestors(name: str) -> set[str]:
    """Return a type and its ancestors; empty if the vocabulary has no such type."""
    if name not in TYPES:
        return set()
    return {name}.union(*(ancestors(parent) for parent in TYPES[name]["parents"]))


def faults(node: dict[str, Any], where: str = "page") -> Iterator[str]:
    """Yield unknown types and properties, and values outside a property's range."""
    names = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
    types = set().union(*map(ancestors, names))
    yield from (f"{where}: no type {name}" for name in names if name not in TYPES)
    ranges = {p: r for t in types for p, r in TYPES[t]["properties"].items()}
    for term, value in node.items():
        if term.startswith("@"):
            continue
        if term not in ranges:
            yield f"{where}: no property {term} of {' or '.join(names)}"
            continue
        for one in value if isinstance(value, list) else [value]:
            if not any(fits(one, expected) for expected in ranges[term]):
                yield f"{where}: {term} is not {' or '.join(ranges[term])}"
            if isinstance(one, dict):
                yield from faults(one, term)


def fits(value: Any, expected: str) -> bool:
    """Whether ``value`` is of the type ``expected``."""
    if isinstance(value, dict):
        names = value["@type"] if isinstance(value["@type"], list) else [value["@type"]]
        return any(expected in ancestors(name) for name in names)
    return expected in _FITS and _FITS[expected](value)


def _parses(kind: Any, value: Any) -> bool:
    try:
        kind.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


_FITS: dict[str, Callable[[Any], bool]] = {
    "Text": lambda value: isinstance(value, str),
    "Integer": lambda value: type(value) is int,
    "Number": lambda value: isinstance(value, int | float),
    "URL": lambda value: isinstance(value, str) and urlsplit(value).scheme in ("http", "https"),
    "Date": lambda value: _parses(date, value),
    "DateTime": lambda value: _parses(datetime, value),
}
