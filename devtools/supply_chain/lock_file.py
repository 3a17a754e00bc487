"""The packages of a lock file, as ``make requirements`` writes it."""

import re
from pathlib import Path
from typing import NamedTuple

from cms.paths import BASE_DIR

#: What the image installs, and what a developer installs besides.
RUNTIME, DEVELOPMENT = BASE_DIR / "requirements.txt", BASE_DIR / "requirements-dev.txt"
PINNED = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)(?: ; ([^\\]+?))? *\\?")
HASH = re.compile(r"    --hash=sha256:([0-9a-f]{64}) *\\?")


class LockedPackage(NamedTuple):
    """A package with its version, the platforms that need it, and the SHA-256 of its files."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Its package URL (github.com/package-url/purl-spec)."""
        return f"pkg:pypi/{self.name.lower().replace('_', '-')}@{self.version}"


def locked_packages(file: Path = RUNTIME) -> list[LockedPackage]:
    """The packages in ``file``, by name.

    Raises ``ValueError`` for a line that pins nothing, and for a package without hashes.
    """
    found: list[LockedPackage] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if pinned := PINNED.fullmatch(line):
            found.append(LockedPackage(pinned[1], pinned[2], pinned[3] or "", ()))
        elif (hashed := HASH.fullmatch(line)) and found:
            last = found[-1]
            found[-1] = last._replace(hashes=(*last.hashes, hashed[1]))
        elif line.strip() and not line.lstrip().startswith("#"):
            raise ValueError(f"{file.name}, line {number}: {line!r} pins no package")
    if missing := [package.name for package in found if not package.hashes]:
        raise ValueError(f"{file.name}: without hashes: {', '.join(missing)}")
    return sorted(found)
