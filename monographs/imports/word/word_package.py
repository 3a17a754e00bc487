"""The parts of a Word file, found by their relationships, whatever their names."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from monographs.imports.errors import ImportRefused
from monographs.imports.word.zip_package import SAVE_AGAIN, Parts

_OFFICE = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
_W_NAMESPACES = (
    f"{_OFFICE}wordprocessingml/2006/main",
    f"{_STRICT}wordprocessingml/main",
)
#: Short prefixes by namespace, the same for transitional and strict files.
_PREFIXES = {
    **dict.fromkeys(_W_NAMESPACES, "w"),
    f"{_OFFICE}officeDocument/2006/math": "m",
    f"{_STRICT}officeDocument/math": "m",
    f"{_OFFICE}officeDocument/2006/relationships": "r",
    f"{_STRICT}officeDocument/relationships": "r",
    f"{_OFFICE}drawingml/2006/main": "a",
    f"{_STRICT}drawingml/main": "a",
    f"{_OFFICE}drawingml/2006/wordprocessingDrawing": "wp",
    f"{_STRICT}drawingml/wordprocessingDrawing": "wp",
    f"{_OFFICE}drawingml/2006/picture": "pic",
    f"{_STRICT}drawingml/picture": "pic",
    f"{_OFFICE}drawingml/2006/chart": "c",
    f"{_STRICT}drawingml/chart": "c",
    f"{_OFFICE}drawingml/2006/diagram": "dgm",
    f"{_STRICT}drawingml/diagram": "dgm",
    f"{_OFFICE}markup-compatibility/2006": "mc",
    f"{_OFFICE}spreadsheetml/2006/main": "x",
    f"{_STRICT}spreadsheetml/main": "x",
    f"{_MICROSOFT}word/2010/wordml": "w14",
    f"{_MICROSOFT}word/2010/wordprocessingShape": "wps",
    f"{_MICROSOFT}drawing/2014/chartex": "cx",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
}
#: The last word of a relationship's type, which transitional and strict files share.
_MAIN = "officedocument"


@dataclass(frozen=True, slots=True)
class PartRelation:
    """A relationship: the last word of its type in lower case, and the part or address that it leads to."""

    kind: str
    target: str
    external: bool = False


class WordPackage:
    """The parts of a Word file. Raises ``ImportRefused`` where there is no Word document in it."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._roots: dict[str, Element] = {}
        self._relations: dict[str, dict[str, PartRelation]] = {}
        found = [r.target for r in self.relations("").values() if r.kind == _MAIN and r.target in parts]
        self.main = next((name for name in found if self.root(name).tag == "w:document"), "")
        if not self.main:
            raise ImportRefused(f"there is no Word document in this file; {SAVE_AGAIN}")

    def root(self, name: str) -> Element:
        """Return the root of a part; its elements and attributes have short prefixes, like “w:p”."""
        if name not in self._roots:
            self._roots[name] = short_names(self.parts[name])
        return self._roots[name]

    def relations(self, name: str) -> dict[str, PartRelation]:
        """Return the relationships of a part by id; those of the package for an empty name."""
        if name not in self._relations:
            folder, base = posixpath.split(name)
            path = posixpath.join(folder, "_rels", f"{base}.rels")
            self._relations[name] = dict(_read_relations(self.parts.get(path, b""), folder))
        return self._relations[name]

    def related(self, name: str, kind: str) -> Iterator[str]:
        """Yield the names of the parts that ``name`` has a relationship of ``kind`` to."""
        for relation in self.relations(name).values():
            if relation.kind == kind.lower() and relation.target in self.parts:
                yield relation.target


def _read_relations(content: bytes, folder: str) -> Iterator[tuple[str, PartRelation]]:
    if not content:
        return
    for element in _parsed(content):
        target = element.get("Target", "")
        external = element.get("TargetMode", "").lower() == "external"
        if not external:
            path = unquote(target).replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/").lower()
        kind = element.get("Type", "").rsplit("/", 1)[-1].lower()
        yield element.get("Id", ""), PartRelation(kind, target, external)


def _parsed(content: bytes) -> Element:
    # read_parts has refused document types, and with them entities
    return ElementTree.fromstring(content)  # noqa: S314


def short_names(content: bytes) -> Element:
    """Return the root of XML, with a short prefix in place of each known namespace."""
    root = _parsed(content)
    names: dict[str, str] = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        element.tag = _short(element.tag, names)
        for name in [name for name in element.attrib if name[0] == "{"]:
            element.set(_short(name, names), element.attrib.pop(name))
    return root


def _short(name: str, names: dict[str, str]) -> str:
    if name not in names:
        namespace, _, local = name[1:].rpartition("}") if name[0] == "{" else ("", "", name)
        prefix = _PREFIXES.get(namespace, "other" if namespace else "")
        names[name] = f"{prefix}:{local}" if prefix else local
    return names[name]


def child_at(element: Element, path: str) -> Element | None:
    """Return the first element at ``path``, like “w:pPr/w:ind”."""
    found: Element | None = element
    for tag in path.split("/"):
        found = next((child for child in found if child.tag == tag), None) if found is not None else None
    return found


def children_of(element: Element, tag: str) -> list[Element]:
    """Return the children of ``element`` with ``tag``."""
    return [child for child in element if child.tag == tag]
