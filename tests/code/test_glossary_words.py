"""What people read has the words of the glossary (CONTRIBUTING.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: The list of events of one page is its history; the record is all append-only tables together.
RECORD_OF_A_PAGE = re.compile(r"\b(its|page['’]s) record\b|\brecord of [“{]", re.IGNORECASE)
#: An export is the whole record.
EXPORTS = ROOT / "templates" / "export"


def read_texts() -> Iterator[tuple[Path, str]]:
    """Yield the templates, and the strings of the code that are not docstrings."""
    for template in sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file()):
        if EXPORTS not in template.parents:
            yield template, template.read_text()
    for package in ("cms", "home", "monographs"):
        for module in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in module.parts:
                yield from ((module, words) for words in strings_of(module.read_text()))


def strings_of(code: str) -> Iterator[str]:
    """Yield the strings of a module, without its docstrings."""
    tree = ast.parse(code)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_the_events_of_a_page_are_called_its_history() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path, words in read_texts()
        for found in RECORD_OF_A_PAGE.finditer(words)
    ]
    assert not wrong, "\n".join(wrong)
