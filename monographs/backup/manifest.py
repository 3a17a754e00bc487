"""The table of contents of an archive."""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

FORMAT = 1
#: The folders of files in an archive.
FIGURES, UPLOADS = "figures", "media"

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def _below_a_folder(path: str) -> str:
    parts = PurePosixPath(path).parts
    if "\0" in path or ".." in parts or len(parts) < 2 or parts[0] not in (FIGURES, UPLOADS):  # noqa: PLR2004
        raise ValueError(f"{path!r} is no path below {FIGURES}/ or {UPLOADS}/")
    return path


StoredPath = Annotated[str, AfterValidator(_below_a_folder)]


class LedgerHead(BaseModel):
    """The last ledger entry: its number and hash."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: int
    hash: Sha256


class StoredFile(BaseModel):
    """A file's content, which is stored once however many paths it has. ``size`` in bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: Sha256
    size: int


class Manifest(BaseModel):
    """What an archive contains, and of what it is a copy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    made_at: datetime
    #: Of the server, e.g. 18; and of the pg_dump that read it.
    postgresql: int
    pg_dump: int
    #: Applied migrations, ``app.name``.
    migrations: list[str]
    ledger_head: LedgerHead
    #: SHA-256 of each part of the dump, in order. Together they are one gzip file of plain SQL.
    database: list[Sha256]
    files: dict[StoredPath, StoredFile]
    #: Files that the database refers to and that did not exist, or were damaged, when the archive was made.
    missing: list[str]
