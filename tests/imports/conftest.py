"""Fixtures of the import tests: files to import, and the command."""

from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Revision

from monographs.models import DrugClassPage, MonographPage
from tests.imports.texts import SEED
from tests.redline.monograph_texts import demonstration_monographs

collect_ignore = [] if SEED.exists() else ["test_customers_page.py"]


@dataclass
class ImportRun:
    """One run of the command: its lines, and whether it succeeded."""

    lines: list[str]
    ok: bool

    @property
    def line(self) -> str:
        """The only line."""
        assert len(self.lines) == 1, self.lines
        return self.lines[0]


Import = Callable[..., ImportRun]


@pytest.fixture(scope="module")
def documents() -> list[Any]:
    """All monographs of the demonstration."""
    return demonstration_monographs()


@pytest.fixture(scope="module")
def document(documents: list[Any]) -> Any:
    """A monograph with tables, boxes, conditions, effects and sources."""
    return next(each for each in documents if each.slug == "dexamethasone")


@pytest.fixture
def run(site: Any) -> Import:
    """Run ``import_monographs``."""

    def run_command(*paths: Path, **options: Any) -> ImportRun:
        out = StringIO()
        try:
            call_command("import_monographs", *map(str, paths), stdout=out, no_color=True, **options)
        except CommandError as error:
            assert "failed; see above" in str(error)  # noqa: PT017  # any other error is not about a file
            return ImportRun(out.getvalue().splitlines(), ok=False)
        return ImportRun(out.getvalue().splitlines(), ok=True)

    return run_command


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a file."""

    def write(content: str | bytes, name: str = "testumab.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def draft_of(title: str) -> MonographPage:
    """The latest draft of a medicine."""
    page: MonographPage = MonographPage.objects.get(title=title).get_latest_revision_as_object()
    return page


def count_everything() -> tuple[int, int, int]:
    """Pages, classes among them, and revisions."""
    return Page.objects.count(), DrugClassPage.objects.count(), Revision.objects.count()
