"""The names of what recorded states refer to by number: steps, pages, collections and permissions.

The ledger has the numbers, which stay when something is renamed; people read the names.
"""

import re
from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.db.models import Model, Q
from wagtail.models import Collection, Page, Task

_MODELS: dict[str, tuple[type[Model], str]] = {
    "step": (Task, "name"),
    "page": (Page, "draft_title"),
    "collection": (Collection, "name"),
}
#: As ``audit_snapshot`` writes them: kind and number, or a permission as app and code name.
_REFERENCE = re.compile(r"\b(step|page|collection) (\d{1,9})\b")
_PERMISSION = re.compile(r"\b([a-z_]{2,40})\.([a-z]+_[a-z_]+)\b")

#: Names by reference.
Names = dict[str, str]


def reference_names(texts: Iterable[str]) -> Names:
    """Return the names of everything that ``texts`` refer to. At most a query for each kind."""
    wanted: dict[str, set[int]] = {}
    permissions: set[tuple[str, str]] = set()
    for text in texts:
        for kind, number in _REFERENCE.findall(text):
            wanted.setdefault(kind, set()).add(int(number))
        permissions |= set(_PERMISSION.findall(text))
    names = _permission_names(permissions)
    for kind, numbers in wanted.items():
        model, column = _MODELS[kind]
        rows = model._default_manager.filter(pk__in=numbers).values_list("pk", column)
        names |= {f"{kind} {pk}": f"{kind} “{name}”" for pk, name in rows}
    return names


def with_names(text: str, names: Names) -> str:
    """Return ``text`` with each reference replaced by the name; what was deleted keeps its number."""
    named = _REFERENCE.sub(lambda found: names.get(found[0], found[0]), text)
    return _PERMISSION.sub(lambda found: names.get(found[0], found[0]), named)


def _permission_names(wanted: set[tuple[str, str]]) -> Names:
    if not wanted:
        return {}
    rows = Permission.objects.filter(
        Q(content_type__app_label__in={app for app, _ in wanted}), codename__in={code for _, code in wanted}
    ).values_list("content_type__app_label", "codename", "name")
    return {f"{app}.{code}": f"“{name}”" for app, code, name in rows}
