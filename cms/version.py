"""The version of this release, from ``pyproject.toml`` and nowhere else."""

import tomllib

from cms.paths import BASE_DIR

VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]
#: What ``/healthz`` answers while the process runs.
HEALTH = {"status": "ok", "version": VERSION}
