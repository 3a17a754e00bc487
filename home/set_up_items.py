"""The memory of set-up: what it has made once, it does not make again.

What is gone or different since then was removed or changed by people, whose decision set-up leaves alone.
"""

from collections.abc import Callable

from django.db.models import Model

from home.models import SetUpItem


def is_done(name: str) -> bool:
    """Whether set-up has made ``name`` already, on this or an earlier run."""
    return SetUpItem.objects.filter(name=name).exists()


def made_by(name: str) -> int:
    """The primary key of the row that set-up made or found for ``name``, or 0."""
    return SetUpItem.objects.filter(name=name).values_list("object_id", flat=True).first() or 0


def once(name: str, make: Callable[[], Model | None]) -> bool:
    """Call ``make`` unless ``name`` is done, and store its row; return whether it was called."""
    if is_done(name):
        return False
    row = make()
    SetUpItem.objects.create(name=name, object_id=row.pk if row else None)
    return True
