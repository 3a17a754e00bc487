"""The names of what recorded states refer to: steps, pages, collections, permissions and outside experts.

The ledger has the numbers, which stay when something is renamed, and of outside experts a key that nobody
types; people read the names.
"""

import re
from collections.abc import Iterable

from django.contrib.auth.models import Permission, User
from django.db.models import Model, Q
from wagtail.models import Collection, Page, Task

from monographs.editions.record.expert_rules import OUTSIDE

_MODELS: dict[str, tuple[type[Model], str]] = {
    "step": (Task, "name"),
    "page": (Page, "draft_title"),
    "collection": (Collection, "name"),
}
#: As ``audit_snapshot`` writes them: kind and number, or a permission as app and code name.
_REFERENCE = re.compile(r"\b(step|page|collection) (\d{1,9})\b")
_PERMISSION = re.compile(r"\b([a-z_]{2,40})\.([a-z]+_[a-z_]+)\b")
_EXPERT = re.compile(rf"\b{OUTSIDE}[\w-]+")
_OUTSIDE_EXPERT = "an outside expert"

#: Names by reference.
Names = dict[str, str]


def reference_names(texts: Iterable[str]) -> Names:
    """Return the names of everything that ``texts`` refer to. At most a query for each kind."""
    wanted: dict[str, set[int]] = {}
    permissions: set[tuple[str, str]] = set()
    experts: set[str] = set()
    for text in texts:
        for kind, number in _REFERENCE.findall(text):
            wanted.setdefault(kind, set()).add(int(number))
        permissions |= set(_PERMISSION.findall(text))
        experts |= set(_EXPERT.findall(text))
    names = _permission_names(permissions) | _expert_names(experts)
    for kind, numbers in wanted.items():
        model, column = _MODELS[kind]
        rows = model._default_manager.filter(pk__in=numbers).values_list("pk", column)
        names |= {f"{kind} {pk}": f"{kind} “{name}”" for pk, name in rows}
    return names


def with_names(text: str, names: Names) -> str:
    """Return ``text`` with each reference replaced by the name; what was deleted keeps its number."""
    text = _EXPERT.sub(lambda found: names.get(found[0], _OUTSIDE_EXPERT), text)
    named = _REFERENCE.sub(lambda found: names.get(found[0], found[0]), text)
    return _PERMISSION.sub(lambda found: names.get(found[0], found[0]), named)


def _permission_names(wanted: set[tuple[str, str]]) -> Names:
    if not wanted:
        return {}
    rows = Permission.objects.filter(
        Q(content_type__app_label__in={app for app, _ in wanted}), codename__in={code for _, code in wanted}
    ).values_list("content_type__app_label", "codename", "name")
    return {f"{app}.{code}": f"“{name}”" for app, code, name in rows}


def _expert_names(wanted: set[str]) -> Names:
    experts = User.objects.filter(username__in=wanted) if wanted else User.objects.none()
    return {each.get_username(): f"{each.get_full_name()} ({_OUTSIDE_EXPERT})".strip() for each in experts}
