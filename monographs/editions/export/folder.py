"""A folder that is written completely or not at all, with a manifest of its files."""

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


class Folder:
    """A folder being written, with hash and size of every file so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, dict[str, Any]] = {}

    def write(self, name: str, pieces: Iterable[bytes]) -> int:
        """Write ``pieces`` to the file ``name`` and return their number.

        Raises ``FileExistsError`` if the file was written before.
        """
        digest, size, count = hashlib.sha256(), 0, 0
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            for piece in pieces:
                stream.write(piece)
                digest.update(piece)
                size += len(piece)
                count += 1
        self.files[name] = {"sha256": digest.hexdigest(), "size": size}
        return count

    def write_manifest(self, metadata: dict[str, Any]) -> None:
        """Write the manifest: ``metadata`` and the list of files."""
        manifest = {**metadata, "files": dict(sorted(self.files.items()))}
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (self.path / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


@contextmanager
def new_folder(target: Path) -> Iterator[Folder]:
    """Yield a temporary folder, renamed to ``target`` when the block succeeds and deleted when it raises.

    Raises ``FileExistsError`` if ``target`` exists and is not an empty folder.
    """
    target = target.absolute()
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise FileExistsError(f"{target} is not an empty folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    partial.mkdir(mode=0o700)  # names of staff, and reviewers' notes
    try:
        yield Folder(partial)
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
