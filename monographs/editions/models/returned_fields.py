"""Fields whose value the database's triggers set, read back by the statement that inserts the row."""

from typing import Any

from django.db import models


class _ReturnedByInsert:
    """A mixin that lets ``INSERT`` return the stored value, so that no second statement reads it."""

    db_returning = True

    def deconstruct(self) -> Any:
        """Appear in migrations as Django's field: the column is an ordinary one."""
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]  # a field's
        return name, f"django.db.models.{path.rpartition('.')[2].removeprefix('Returned')}", args, kwargs


class ReturnedDateTimeField(_ReturnedByInsert, models.DateTimeField):
    """A time that the database sets."""


class ReturnedPositiveIntegerField(_ReturnedByInsert, models.PositiveIntegerField):
    """A number that the database sets."""


class ReturnedCharField(_ReturnedByInsert, models.CharField):
    """A text that the database sets."""


class ReturnedUUIDField(_ReturnedByInsert, models.UUIDField):
    """A key that the database sets."""


class ReturnedBigIntegerField(_ReturnedByInsert, models.BigIntegerField):
    """A primary key of another row that the database sets."""
