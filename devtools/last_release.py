"""The release that is in use: a backup of its demonstration site, and the commit of its code.

The next release is tested on both: it migrates the backup, and the code of that commit runs on its tables
(``tests/releases/``, docs/releasing.md).
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from cms.paths import BASE_DIR

FOLDER = BASE_DIR / "tests" / "releases"
DESCRIPTION = FOLDER / "last_release.toml"
BACKUP = FOLDER / "last_release.backup"
#: It is in version control, with every release anew.
MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class LastRelease:
    """A release: its version, and the commit whose code it is."""

    version: str
    commit: str

    def write(self, path: Path = DESCRIPTION) -> None:
        """Describe it at ``path``."""
        path.write_text(f'version = "{self.version}"\ncommit = "{self.commit}"\n', "utf-8")


def last_release(path: Path = DESCRIPTION) -> LastRelease:
    """Read which release the backup is of."""
    return LastRelease(**tomllib.loads(path.read_text("utf-8")))
