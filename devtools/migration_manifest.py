"""The hashes of migrations that have landed: databases have them, so none is edited or removed.

``manage.py lint_migrations --add`` adds new ones to ``migrations.sha256``, in the format of ``sha256sum``. It
changes no line that is there.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from cms.paths import BASE_DIR

MANIFEST = Path(__file__).with_name("migrations.sha256")
ADD = "manage.py lint_migrations --add"
PACKAGES = ("home", "monographs")


def landed(manifest: Path = MANIFEST) -> dict[str, str]:
    """Return the hash of each listed migration by its path in the repository."""
    lines = manifest.read_text("utf-8").splitlines() if manifest.exists() else []
    return {path: sha256 for sha256, _, path in (line.partition("  ") for line in lines)}


def migrations(base: Path = BASE_DIR) -> dict[str, str]:
    """Return the hash of each migration in the folder ``base`` by its path."""
    files = [file for name in PACKAGES for file in (base / name).rglob("migrations/*.py")]
    return {
        file.relative_to(base).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(files)
        if file.name != "__init__.py"
    }


def edited(listed: dict[str, str], found: dict[str, str]) -> Iterator[str]:
    """Yield what happened to migrations that have landed, and what to do."""
    for path, sha256 in listed.items():
        if path not in found:
            yield f"{path} has landed and was removed. Databases have it: bring it back."
        elif found[path] != sha256:
            yield f"{path} has landed and was edited. Databases have it as it was: add a migration instead."


def unlisted(listed: dict[str, str], found: dict[str, str]) -> Iterator[str]:
    """Yield which migrations could still be edited without anybody noticing, and what to do."""
    for path in found:
        if path not in listed:
            yield f"{path} is not listed. When it is finished: {ADD}"


def add(manifest: Path = MANIFEST, base: Path = BASE_DIR) -> list[str]:
    """List new migrations and return their paths. Raises ``ValueError`` if one that has landed differs."""
    listed, found = landed(manifest), migrations(base)
    if faults := list(edited(listed, found)):
        raise ValueError("\n".join(faults))
    new = {path: sha256 for path, sha256 in found.items() if path not in listed}
    lines = sorted((listed | new).items())
    manifest.write_text("".join(f"{sha256}  {path}\n" for path, sha256 in lines), "utf-8")
    return list(new)
