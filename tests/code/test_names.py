"""Names of modules and classes: each is used once, for one thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
PACKAGES = ("cms", "devtools", "home", "monographs")

#: Class names that may be used twice; the reason of each.
SHARED_CLASSES = {
    "Command": "Django finds management commands by this name",
}

#: Module names that Django, Wagtail and Python give to the same role in every package.
CONVENTIONAL_MODULES = {
    *("__init__", "__main__", "admin", "apps", "base", "blocks", "checks", "fields", "forms", "functions"),
    *("managers", "middleware", "models", "pages", "permissions", "receivers", "signals", "tests", "urls"),
    *("validators", "views", "viewsets", "wagtail_hooks", "widgets"),
}

#: Modules that share a name because they are about the same thing; the reason of each.
SHARED_MODULES = {
    "notes": "a reviewer's notes: their model, their actions and what is shown of them",
    "parts": "the parts of a text: the blocks that writers fill in and the document made of them",
    "periodic_jobs": "the module in which the scheduler looks for a package's jobs",
    "progress": "what a reviewer has read and ticked: its models and its calculation",
    "queries": "the read queries of a package, as Django projects call them",
    "refusals": "refusals of pages and of reviews, which may not import one another",
    "sections": "the sections of a text: the blocks that writers fill in and the document made of them",
    "service": "the entry point of a package: the functions that other packages call",
    "submit": "the submission of a text: its action and its screen",
}

#: Modules whose name ends in -ing and is a noun of its field; the reason of each.
ING_MODULES = {
    "monographs/editions/publishing.py": "the trade's own noun; *publication* is a model",
    "monographs/public/json_encoding.py": "an encoding, as of characters",
    "monographs/public/search/highlighting.py": "the usual word of search engines",
    "monographs/rules/finding.py": "the house rules' findings are a term of the domain",
}


def modules() -> Iterator[Path]:
    """Yield every module of the project that is no migration and no command, relative to its root."""
    for package in PACKAGES:
        for path in sorted((BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts and path.parent.name != "commands":
                yield path.relative_to(BASE_DIR)


def public_classes(module: Path) -> Iterator[str]:
    """Yield the names of a module's own top-level classes."""
    for node in ast.parse((BASE_DIR / module).read_text()).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def repeated(places: dict[str, list[str]], allowed: set[str]) -> list[str]:
    """Return each name that is used in several places without being allowed to, with the places."""
    return [
        f"{name}: {', '.join(found)}"
        for name, found in sorted(places.items())
        if len(found) > 1 and name not in allowed
    ]


def test_a_public_class_has_a_name_of_its_own() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for module in modules():
        for name in public_classes(module):
            places[name].append(str(module))
    assert repeated(places, set(SHARED_CLASSES)) == []


def test_a_module_has_a_name_of_its_own() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for module in modules():
        places[module.stem].append(str(module))
    assert repeated(places, CONVENTIONAL_MODULES | set(SHARED_MODULES)) == []


def test_no_module_is_named_with_a_verb_in_ing() -> None:
    found = [str(module) for module in modules() if module.stem.endswith("ing")]
    assert [module for module in found if module not in ING_MODULES] == []


def test_exceptions_are_needed() -> None:
    stems = [module.stem for module in modules()]
    assert [name for name in SHARED_MODULES if stems.count(name) < 2] == []
    assert [module for module in ING_MODULES if not (BASE_DIR / module).exists()] == []
