"""Hypothesis strategies for whatever a frozen shape accepts."""

from typing import Any

from hypothesis import strategies as st

HTML = ["", "<p>a &amp; b</p>", '<p><a href="/x">y</a></p>', "<ul><li>z<br></li></ul>"]
WORDS = ["", "words", "é “x” 🍵", "a\nb"]


def values_of(schema: Any, definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a shape."""
    if "$ref" in schema:
        return st.deferred(lambda: values_of(definitions[schema["$ref"].rpartition("/")[2]], definitions))
    options = schema.get("oneOf") or schema.get("anyOf")
    if options:
        return st.one_of([values_of(option, definitions) for option in options])
    if schema.get("type") == "object":
        fields = {name: values_of(inner, definitions) for name, inner in schema["properties"].items()}
        required = {name: fields.pop(name) for name in schema["required"]}
        return st.fixed_dictionaries(required, optional=fields)
    if schema.get("type") == "array":
        return st.lists(
            values_of(schema["items"], definitions), min_size=schema.get("minItems", 0), max_size=2
        )
    return _single_values(schema)


def _single_values(schema: Any) -> st.SearchStrategy[Any]:
    strings = {
        "html-1": st.sampled_from(HTML),
        "date": st.dates().map(str),
        "trimmed": st.sampled_from(WORDS),
    }
    match schema:
        case {"const": _} | {"enum": _}:
            return st.sampled_from(schema.get("enum") or [schema["const"]])
        case {"type": "integer"}:
            return st.integers(schema.get("minimum", 0), schema.get("maximum", 9999))
        case {"type": "boolean" | "null" as kind}:
            return st.booleans() if kind == "boolean" else st.none()
        case {"pattern": pattern}:
            return st.from_regex(pattern.rstrip("$") + r"\Z")
    return strings[schema["format"]]
