"""Where the project's files are on this machine."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[1]
#: What commands write on a developer's machine: database, uploads, collected files. Not in version control.
LOCAL_DIR = BASE_DIR / ".local"
