"""The documents are linked with each other, and what they name exists."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

BASE = Path(settings.BASE_DIR)
DOCUMENTS = [
    *(BASE / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((BASE / "docs").rglob("*.md")),
]
#: Roots of the paths that documents may shorten: `review/policy.py` is in `monographs/`.
ROOTS = [BASE, BASE / "monographs"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(BASE)))
def test_every_link_leads_to_a_file(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(BASE)))
def test_every_named_source_file_exists(document: Path) -> None:
    if document.name == "CHANGELOG.md":
        return  # it names what was removed
    names = re.findall(r"`(\w+/[\w/]+\.(?:py|sql|toml|typ))`", document.read_text("utf-8"))
    missing = [name for name in names if not any((root / name).exists() for root in ROOTS)]
    assert missing == []


def test_the_index_lists_every_document() -> None:
    index = (BASE / "docs" / "README.md").read_text("utf-8")
    others = [path.relative_to(BASE / "docs") for path in DOCUMENTS if (BASE / "docs") in path.parents]
    assert [str(path) for path in others if path.name != "README.md" and f"({path})" not in index] == []
    rows = re.findall(r"^\| (\d+) \|", index, re.MULTILINE)
    assert rows == sorted(set(rows), key=int), "Decisions stand once each, in their order."


def test_every_migration_that_the_changelog_names_is_a_file_of_its_own() -> None:
    """Those from before 1.0 are parts of `0001_release_1_0`; other files have their numbers now."""
    files = {
        f"{config.label}.{file.name[:4]}"
        for config in apps.get_app_configs()
        for file in Path(config.path).glob("migrations/0*.py")
        if BASE in Path(config.path).parents and not file.name.endswith("_release_1_0.py")
    }
    named = re.findall(r"`([a-z_]+\.\d{4})`", (BASE / "CHANGELOG.md").read_text("utf-8"))
    assert named
    assert set(named) - files == set()
