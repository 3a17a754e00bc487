"""The style sheet of public pages: written in files of one concern each, sent as one.

``static/css/public/index.css`` names its parts by ``@import``. A browser could follow these by itself, one
request for each; ``BundledStylesheetFinder`` serves ``css/public.css``, all parts in
place, so that a reader asks once.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

#: The joined style sheet's name among static files.
NAME = "css/public.css"

_SOURCE = Path(settings.BASE_DIR) / "static" / "css" / "public" / "index.css"
_IMPORT = re.compile(r'@import url\("([\w/.-]+)"\);\n')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LAYOUT = re.compile(r"\n\s+")


def style_files() -> list[Path]:
    """Every file the style sheet is made of, in the order of the cascade."""
    return [_SOURCE, *(_SOURCE.parent / name for name in _IMPORT.findall(_SOURCE.read_text("utf-8")))]


def joined() -> str:
    """All parts as one, without comments and indentation. Raises ``OSError`` if a part is missing."""
    css = "".join(part.read_text("utf-8") for part in style_files()[1:])
    return _LAYOUT.sub("\n", _COMMENT.sub("", css)).lstrip()


class BundledStylesheetFinder(BaseFinder):
    """Finds the style sheet with its parts in place; for `runserver`, tests and `collectstatic` alike."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.BUNDLED_STYLESHEET_DIR)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != NAME:
            return []
        found = self._written()
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self._written()
        yield NAME, self.storage

    def _written(self) -> str:
        """The joined file's place. It is replaced whole, so that nobody reads half of it."""
        target = Path(self.storage.path(NAME))
        css = joined()
        if not target.exists() or target.read_text("utf-8") != css:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(css)
            os.chmod(name, 0o644)
            os.replace(name, target)
        return str(target)
