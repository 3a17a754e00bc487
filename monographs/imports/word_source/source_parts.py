"""Parts and relationships of a Word package, for its inventory."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_MATH, _CHART, _DRAWING, _SHEET = "math", "chart", "drawingml/2006/main", "spreadsheetml"


def local(element: Element) -> str:
    """Return the name of an element without its namespace, but with “m.” for equations and “a.” for drawings."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, name = element.tag.rpartition("}")
    if namespace.endswith(_MATH):
        return f"m.{name}"
    if "drawingml" in namespace or "chartex" in namespace or "spreadsheetml" in namespace:
        return f"a.{name}"
    return name


def attribute(element: Element, name: str, default: str = "") -> str:
    """Return an attribute by its local name."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return default


def below(element: Element, *names: str) -> Element | None:
    """Return the first descendant along ``names``."""
    for name in names:
        element = next((child for child in element if local(child) == name), None)  # type: ignore[assignment]
        if element is None:
            return None
    return element


def value_below(element: Element, *names: str) -> str | None:
    """Return the ``val`` of the descendant along ``names``: “” if it has none, None where there is none."""
    found = below(element, *names)
    return None if found is None else attribute(found, "val")


class SourceParts:
    """The parts of a package by name in lower case, and where their relationships lead."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._trees: dict[str, Element] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def names(self, start: str) -> list[str]:
        """Return the names that begin with ``start``."""
        return sorted(name for name in self._parts if name.startswith(start))

    def content(self, name: str) -> bytes:
        """Return the bytes of a part, empty where there is none."""
        return self._parts.get(name, b"")

    def tree(self, name: str) -> Element:
        """Return the root of a part."""
        if name not in self._trees:
            # Whoever reads the package has refused document types, and with them entities
            self._trees[name] = ElementTree.fromstring(self._parts[name])  # noqa: S314
        return self._trees[name]

    def links(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Yield id, type and target of each relationship of ``name`` to a part of the package."""
        folder = posixpath.dirname(name)
        path = posixpath.join(folder, "_rels", f"{posixpath.basename(name)}.rels")
        if path not in self._parts:
            return
        for link in self.tree(path):
            if attribute(link, "TargetMode").lower() == "external":
                continue
            target = unquote(attribute(link, "Target")).replace("\\", "/")
            absolute = posixpath.normpath(posixpath.join("/" + folder, target))
            yield attribute(link, "Id"), attribute(link, "Type").rsplit("/")[-1].lower(), absolute[1:].lower()

    def linked(self, name: str, kind: str) -> list[str]:
        """Return the parts of ``kind`` that ``name`` leads to."""
        found = [
            target for _, one, target in self.links(name) if one == kind.lower() and target in self._parts
        ]
        return list(dict.fromkeys(found))

    def by_id(self, name: str, link_id: str) -> str:
        """Return the part that a relationship of ``name`` leads to, empty where there is none."""
        return next((target for one, _, target in self.links(name) if one == link_id), "")
