"""An empty database to restore into, and folders of another machine."""

from tests.backup.conftest import elsewhere, empty_database

__all__ = ["elsewhere", "empty_database"]
