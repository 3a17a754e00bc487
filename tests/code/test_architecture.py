"""The table of features in the architecture: what it names is there, and it leaves no package out."""

import re
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[2]
CODE = BASE_DIR / "monographs"
DOCUMENT = BASE_DIR / "docs" / "architecture.md"
HEADING = "## Where each feature is"


def rows() -> list[list[str]]:
    """Return the cells of each row that names code: feature, code, tests and decisions."""
    section = DOCUMENT.read_text().partition(f"{HEADING}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    return [cells for cells in found if any(cells[1:])]


def named(cell: str) -> list[str]:
    """Return the paths of a cell."""
    return re.findall(r"`([^`]+)`", cell)


def named_code() -> set[str]:
    """Return all paths of code, without a slash at the end."""
    return {path.rstrip("/") for cells in rows() for path in named(cells[1])}


@pytest.mark.parametrize("cells", rows(), ids=lambda cells: cells[0])
def test_what_a_row_names_is_there(cells: list[str]) -> None:
    _, code, tests, decisions = cells
    paths = [CODE / path for path in named(code)] + [BASE_DIR / path for path in named(tests)]
    paths += [DOCUMENT.parent / target for target in re.findall(r"\]\(([^)]+)\)", decisions)]
    assert named(code)
    assert named(tests)
    assert [str(path) for path in paths if not path.exists()] == []


@pytest.mark.parametrize("folder", ["", "review"])
def test_no_package_and_no_module_is_left_out(folder: str) -> None:
    modules = set((CODE / folder).glob("*.py")) - {CODE / folder / "__init__.py"}
    packages = {path.parent for path in (CODE / folder).glob("*/*.py")}
    found = {str(path.relative_to(CODE)) for path in modules | packages}
    named_within = set() if folder else {path.split("/")[0] for path in named_code()}
    assert found - named_code() - named_within == set()
