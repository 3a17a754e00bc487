"""The shape of one version of documents, stored as a JSON Schema, and the check of a document against it.

A shape is data in a file of its own (``version_1.json`` …) and never changes once its version was released:
what an old version accepts does not depend on the models of today. The keywords are the few that
``frozen_shape`` writes; each keeps its meaning for good, because released shapes rely on it. Another meaning
needs another name.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from monographs.document.versions.stored_html import is_stored_html

#: Checks a value. Raises ``ShapeError``.
Check = Callable[[Any], None]

#: White space (Unicode's White_Space) that no string of a document begins or ends with.
_WHITE_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class ShapeError(ValueError):
    """A value does not have its shape; the message says where and why."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place.lstrip('.') or 'the document'}: {reason}")
        self.reason, self.place = reason, place

    def within(self, place: str) -> "ShapeError":
        """The same error as seen from the value that holds the wrong one at ``place``."""
        return ShapeError(self.reason, place + self.place)


class Shape:
    """The shape that documents of one version have."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self._definitions: dict[str, Check] = {}
        self._check = self._compiled(schema)

    @classmethod
    def load(cls, file: Path) -> "Shape":
        """The shape in a file."""
        return cls(json.loads(file.read_text("utf-8")))

    def check(self, value: Any) -> None:
        """Raise ``ShapeError`` unless ``value`` has this shape."""
        self._check(value)

    def _compiled(self, schema: Mapping[str, Any]) -> Check:
        if "$ref" in schema:
            return self._reference(schema["$ref"])
        if "oneOf" in schema:
            mapping = schema["discriminator"]["mapping"]
            kinds = {kind: self._reference(reference) for kind, reference in mapping.items()}
            return _by_kind(schema["discriminator"]["propertyName"], kinds)
        if "anyOf" in schema:
            return _any_of([self._compiled(option) for option in schema["anyOf"]])
        if schema.get("type") == "object":
            fields = {name: self._compiled(inner) for name, inner in schema["properties"].items()}
            return _object(fields, frozenset(schema["required"]))
        if schema.get("type") == "array":
            return _array(self._compiled(schema["items"]), schema.get("minItems", 0))
        return _single(schema)

    def _reference(self, reference: str) -> Check:
        name = reference.rpartition("/")[2]
        if name not in self._definitions:
            self._definitions[name] = self._compiled(self.schema["$defs"][name])
        return self._definitions[name]


def _single(schema: Mapping[str, Any]) -> Check:
    """The check of a value that holds no other."""
    match schema:
        case {"const": value}:
            return _one_of([value])
        case {"enum": values}:
            return _one_of(values)
        case {"type": "string"}:
            return _string(schema.get("pattern"), schema.get("format", "trimmed"))
        case {"type": "integer"}:
            return _integer(schema.get("minimum"), schema.get("maximum"))
        case {"type": "boolean"}:
            return _one_of([True, False])
        case {"type": "null"}:
            return _one_of([None])
    raise ValueError(f"no keyword of shapes: {schema}")


def _by_kind(name: str, kinds: Mapping[str, Check]) -> Check:
    def check(value: Any) -> None:
        kind = value.get(name) if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            raise ShapeError(f"{name} is none of {', '.join(sorted(kinds))}")
        kinds[kind](value)

    return check


def _object(properties: Mapping[str, Check], required: frozenset[str]) -> Check:
    def check(value: Any) -> None:
        if not isinstance(value, dict):
            raise ShapeError("not an object")
        if wrong := (required - value.keys()) | (value.keys() - properties.keys()):
            raise ShapeError(f"fields missing or unknown: {', '.join(sorted(map(str, wrong)))}")
        name = ""
        try:
            for name, inner in properties.items():
                if name in value:
                    inner(value[name])
        except ShapeError as error:
            raise error.within(f".{name}") from None

    return check


def _array(item: Check, least: int) -> Check:
    def check(value: Any) -> None:
        if not isinstance(value, list):
            raise ShapeError("not a list")
        if len(value) < least:
            raise ShapeError(f"a list of fewer than {least}")
        place = 0
        try:
            for place, inner in enumerate(value):  # noqa: B007  # named in the error
                item(inner)
        except ShapeError as error:
            raise error.within(f"[{place}]") from None

    return check


def _any_of(options: list[Check]) -> Check:
    def check(value: Any) -> None:
        errors = []
        for option in options:
            try:
                option(value)
            except ShapeError as error:
                errors.append(error)
            else:
                return
        raise errors[0]

    return check


def _one_of(values: list[Any]) -> Check:
    # With their types: 1 is not True
    allowed = {(type(value), value) for value in values}

    def check(value: Any) -> None:
        if not isinstance(value, str | int | None) or (type(value), value) not in allowed:
            raise ShapeError(f"not one of: {', '.join(map(str, values))}")

    return check


def _integer(minimum: int | None, maximum: int | None) -> Check:
    def check(value: Any) -> None:
        if type(value) is not int:
            raise ShapeError("not a whole number")
        if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
            raise ShapeError(f"{value} is too small or too large")

    return check


def _string(pattern: str | None, format_name: str) -> Check:
    is_valid = _FORMATS[format_name]
    # Not ``search``: its $ also matches before a line break at the end
    fits = re.compile(pattern).fullmatch if pattern else None

    def check(value: Any) -> None:
        if not isinstance(value, str):
            raise ShapeError("not a text")
        if not is_valid(value):
            raise ShapeError(f"not of the format “{format_name}”")
        if fits and not fits(value):
            raise ShapeError(f"not of the pattern {pattern}")

    return check


def _is_trimmed(value: str) -> bool:
    return not value or (value[0] not in _WHITE_SPACE and value[-1] not in _WHITE_SPACE)


def _is_date(value: str) -> bool:
    try:
        return bool(_DATE.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False


_FORMATS: dict[str, Callable[[str], bool]] = {
    "trimmed": _is_trimmed,
    "date": _is_date,
    "html-1": is_stored_html,
}


def _may_lack(field: Mapping[str, Any]) -> bool:
    return field.get("default") == [] and field.get("minItems", 0) > 0


def frozen_shape(schema: Any) -> Any:
    """Reduce a JSON Schema that pydantic made to a shape: every field is required, as in stored documents.

    Only a list that may not be empty, and is by default, is left out of documents instead.
    """
    if isinstance(schema, list):
        return [frozen_shape(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "properties" in schema:
        properties = sorted(schema["properties"].items())
        fields = {name: frozen_shape(inner) for name, inner in properties}
        return {
            "additionalProperties": False,
            "properties": fields,
            "required": [name for name, inner in properties if not _may_lack(inner)],
            "type": "object",
        }
    kept = {
        name: frozen_shape(value)
        for name, value in schema.items()
        if name not in ("default", "description", "title")
    }
    if kept.get("type") == "string" and not kept.keys() & {"const", "enum", "format", "pattern"}:
        kept["format"] = "trimmed"
    return kept
