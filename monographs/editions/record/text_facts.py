"""What follows from the text of an edition: its path, the columns that repeat it, its figures."""

import re
from collections.abc import Iterator

from monographs.editions.record.json_values import Row

#: The kind of the texts whose words others have.
STANDARD_TEXT = "standard_text"
PAGE_LINK = re.compile(r'<a data-page="([0-9a-f-]{36})">')


def parts_of(document: Row) -> Iterator[Row]:
    """Every part of a text, including those nested in parts for one condition."""
    lists = [s["parts"] for s in document["sections"]] if "sections" in document else [document["body"]]
    for part in (part for parts in lists for part in parts):
        yield part
        if part["kind"] == "for_condition":
            yield from part["parts"]


def html_of(part: Row) -> list[str]:
    """The rich texts of a part: its own, or the cells of a table."""
    if part["kind"] == "table":
        return [cell for row in (part["header"], *part["rows"]) for cell in row]
    return [part.get("html", "")]


def path_of(document: Row) -> str:
    """The public path of a text."""
    folders = {
        "monograph": "medicines",
        "drug_class": "classes",
        "condition": "conditions",
        "information": "about",
        STANDARD_TEXT: "standard-texts",
    }
    match document["kind"]:
        case "home":
            return "/"
        case "index":
            return f"/{document['collection']}/"
        case kind:
            return f"/{folders[kind]}/{document['slug']}/"


def linked_keys(document: Row) -> list[str]:
    """The keys of all pages a text links to."""
    keys = {reference["key"] for reference in document.get("conditions", [])}
    if document.get("drug_class"):
        keys.add(document["drug_class"]["key"])
    for part in parts_of(document):
        for html in html_of(part):
            keys.update(PAGE_LINK.findall(html))
        if part["kind"] == "companions":
            keys.update(item["page"] for item in part["items"] if item["page"])
        elif part["kind"] == "for_condition":
            keys.add(part["condition"])
    return sorted(keys)


def standard_texts(document: Row) -> list[Row]:
    """The editions of standard texts whose words a text has; versions before 3 have none."""
    found: list[Row] = document.get("standard_texts", [])
    return found


def columns_of(document: Row) -> Row:
    """The columns of an edition that repeat its text."""
    same = ("key", "kind", "slug", "title", "summary", "change_note")
    return {
        **{name: document[name] for name in same},
        "path": path_of(document),
        "linked_keys": linked_keys(document),
        "brand_names": document.get("brand_names", []),
        "class_key": (document.get("drug_class") or {}).get("key"),
        "condition_keys": [reference["key"] for reference in document.get("conditions", [])],
    }


def figures_of(document: Row) -> set[tuple[str, str]]:
    """Hash and file name of every figure of a text."""
    figures = (part for part in parts_of(document) if part["kind"] == "figure")
    return {(f["sha256"], f"{f['sha256']}.{f['media_type'].removeprefix('image/')}") for f in figures}
