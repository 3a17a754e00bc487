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


def headings(document: Path) -> list[str]:
    """Return the headings of a document, without what looks like one in a block of code."""
    text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ (.+)$", text, re.MULTILINE)


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document: of its headings, as GitHub makes them, and its own."""
    own = set(re.findall(r'<a id="([^"]+)">', document.read_text("utf-8")))
    return own | {re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-") for name in headings(document)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(BASE)))
def test_every_link_to_a_section_leads_to_one(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", document.read_text("utf-8"))
    missing = [
        f"{file}#{anchor}"
        for file, anchor in links
        if anchor not in anchors(document.parent / file if file else document)
    ]
    assert missing == []


def test_the_operators_index_lists_every_section_and_no_document_is_long() -> None:
    index = (BASE / "docs" / "operators.md").read_text("utf-8")
    for document in (BASE / "docs" / "operators").glob("*.md"):
        listed = set(re.findall(rf"\[([^]]+)\]\(operators/{document.name}", index))
        assert listed == set(headings(document)), document.name
        assert len(document.read_text("utf-8").splitlines()) <= 350, document.name


def test_every_setting_is_documented_and_read() -> None:
    source = "\n".join(file.read_text() for file in (BASE / "cms" / "settings").glob("*.py"))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', source)) | set(
        re.findall(r'"(S3_[A-Z_]+)"', source)
    )
    document = (BASE / "docs" / "operators" / "settings.md").read_text("utf-8")
    names = re.findall(r"^\| (`[^|]+) \|", document, re.MULTILINE)
    documented = set(re.findall(r"`([A-Z0-9_]+)`", " ".join(names)))
    assert documented == read | {"DJANGO_SETTINGS_MODULE"}
    compose = (BASE / "deploy" / "compose.yaml").read_text()
    given = set(re.findall(r"^ +([A-Z][A-Z0-9_]+): ", compose, re.MULTILINE))
    assert given - documented == {"POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "SITE_HOST"}


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
