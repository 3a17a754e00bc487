"""Bundle the style sheet of public pages from one file per concern.

``static/css/public/index.css`` lists its parts by ``@import``, which a browser would fetch one by one.
``BundledStylesheetFinder`` provides ``css/public.css``, with the parts in place and without comments and
indentation, to ``runserver``, tests and ``collectstatic`` (docs/decisions/0018).
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

#: Name of the bundle among static files.
BUNDLE_NAME = "css/public.css"

_SOURCE = Path(settings.BASE_DIR) / "static" / "css" / "public" / "index.css"
_IMPORT = re.compile(r'@import url\("([\w/.-]+)"\);\n')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENTATION = re.compile(r"\n\s+")


def style_files() -> list[Path]:
    """Return ``index.css`` and the files it imports, in cascade order."""
    return [_SOURCE, *(_SOURCE.parent / name for name in _IMPORT.findall(_SOURCE.read_text("utf-8")))]


def bundled_css(brand: str = "") -> str:
    """Return the parts as one style sheet, without comments and indentation. Raises ``OSError``.

    ``brand`` is what follows the default custom properties, the first part (``core.brand.brand_css``).
    """
    properties, *others = (part.read_text("utf-8") for part in style_files()[1:])
    css = "".join((properties, brand, *others))
    return _INDENTATION.sub("\n", _COMMENT.sub("", css)).lstrip()


class BundledStylesheetFinder(BaseFinder):
    """A static files finder for the bundle, which it writes to ``BUNDLED_STYLESHEET_DIR``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.BUNDLED_STYLESHEET_DIR)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != BUNDLE_NAME:
            return []
        file = self._write()
        return [file] if find_all else file

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self._write()
        yield BUNDLE_NAME, self.storage

    def _write(self) -> str:
        """Write the bundle if it changed, atomically, and return its path."""
        target = Path(self.storage.path(BUNDLE_NAME))
        css = bundled_css()
        if not target.exists() or target.read_text("utf-8") != css:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(css)
            os.chmod(name, 0o644)
            os.replace(name, target)
        return str(target)
