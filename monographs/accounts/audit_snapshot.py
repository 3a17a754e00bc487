"""What accounts, groups, steps and workflows are now, by value: what the ledger is told and compared with.

One function per kind. A state says only what is there: what is empty or off is left out, so that a thing
nobody ever told of and a thing that is gone read alike.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.models import Task, Workflow

from monographs.editions.ledger import Event

State = dict[str, Any]
#: The events whose entries, taken together, say what things are now.
ASPECTS = (Event.ACCOUNT, Event.MEMBERSHIP, Event.PERMISSION, Event.CREDENTIALS)
#: Of a password and an address the ledger keeps a mark that changes with them, and nothing of themselves.
MARK_LENGTH = 16
CREDENTIALS = ("credentials", "field", "expires_on")


@dataclass(frozen=True, slots=True)
class AuditSubject:
    """A thing whose changes are told."""

    kind: str
    pk: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "AuditSubject":
        """The subject a ledger entry names."""
        kind, pk = text.split(":")
        return cls(kind, int(pk))


ACCOUNT, GROUP, STEP, WORKFLOW = "account", "group", "step", "workflow"


def snapshot_of(subject: AuditSubject) -> dict[Event, State]:
    """Everything that is said of ``subject`` now; nothing if there is no such thing."""
    told = _STATES[subject.kind](subject.pk)
    return {event: {k: v for k, v in state.items() if v} for event, state in told.items()}


def all_subjects() -> Iterator[AuditSubject]:
    """Whatever has a state now."""
    models: tuple[tuple[str, Any], ...] = (
        (ACCOUNT, get_user_model()),
        (GROUP, Group),
        (STEP, Task),
        (WORKFLOW, Workflow),
    )
    for kind, model in models:
        for pk in model._default_manager.order_by("pk").values_list("pk", flat=True):
            yield AuditSubject(kind, pk)


def _account(pk: int) -> dict[Event, State]:
    user = get_user_model()._default_manager.filter(pk=pk).first()
    if user is None:
        return {}
    return {
        Event.ACCOUNT: {
            "username": user.get_username(),
            "name": user.get_full_name(),
            "active": user.is_active,
            "email": _mark(user.email),
            "password": _mark(user.password),
            "second_factor": TOTPDevice.objects.filter(user_id=pk, confirmed=True).exists(),
            "recovery_codes": _names(StaticDevice.objects.filter(user_id=pk), "set {pk}"),
        },
        Event.MEMBERSHIP: {"groups": _names(user.groups, "{name}")},
        Event.PERMISSION: {
            "superuser": user.is_superuser,
            "staff": user.is_staff,
            "permissions": _permissions(user.user_permissions),
        },
        Event.CREDENTIALS: _credentials(pk),
    }


def _credentials(user_id: int) -> State:
    profiles = apps.get_model("review", "ReviewerProfile")
    profile = profiles._default_manager.filter(user_id=user_id).first()
    return {name: str(getattr(profile, name, None) or "") for name in CREDENTIALS}


def _group(pk: int) -> dict[Event, State]:
    group = Group.objects.filter(pk=pk).first()
    if group is None:
        return {}
    required = group.second_factor.required if hasattr(group, "second_factor") else False
    pages, collections = group.page_permissions, group.collection_permissions  # type: ignore[attr-defined]
    return {
        Event.PERMISSION: {
            "name": group.name,
            "permissions": _permissions(group.permissions),
            "pages": _names(pages, "{permission__codename} on page {page_id}"),
            "collections": _names(collections, "{permission__codename} on collection {collection_id}"),
            "second_factor_required": required,
        }
    }


def _step(pk: int) -> dict[Event, State]:
    base = Task.objects.filter(pk=pk).first()
    model = base.specific_class if base else None
    step = model._default_manager.filter(pk=pk).first() if model else None
    if step is None:  # gone, or half gone while it is being deleted
        return {}
    return {
        Event.PERMISSION: {
            "name": step.name,
            "kind": step._meta.label,
            "active": step.active,
            "groups": _names(step.groups, "{name}") if hasattr(step, "groups") else [],
            "signatures": getattr(step, "signatures", None),
        }
    }


def _workflow(pk: int) -> dict[Event, State]:
    workflow = Workflow.objects.filter(pk=pk).first()
    if workflow is None:
        return {}
    steps = workflow.workflow_tasks.order_by("sort_order", "pk").values_list("task_id", flat=True)
    return {
        Event.PERMISSION: {
            "name": workflow.name,
            "active": workflow.active,
            "steps": [f"step {step}" for step in steps],
            "pages": _names(workflow.workflow_pages, "page {page_id}"),
        }
    }


_STATES: dict[str, Callable[[int], dict[Event, State]]] = {
    ACCOUNT: _account,
    GROUP: _group,
    STEP: _step,
    WORKFLOW: _workflow,
}


def _names(rows: Any, pattern: str) -> list[str]:
    """Each row as ``pattern`` says, sorted; the pattern names its columns."""
    columns = [part.split("}")[0] for part in pattern.split("{")[1:]]
    return sorted({pattern.format(**row) for row in rows.values(*columns)})


def _permissions(rows: Any) -> list[str]:
    return _names(rows, "{content_type__app_label}.{codename}")


def _mark(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:MARK_LENGTH] if secret else ""


def subject_of(instance: Model) -> AuditSubject:
    """The subject a row is, or belongs to."""
    for kind, model in ((GROUP, Group), (STEP, Task), (WORKFLOW, Workflow), (ACCOUNT, get_user_model())):
        if isinstance(instance, model):
            return AuditSubject(kind, instance.pk)
    for kind in (GROUP, WORKFLOW):
        if hasattr(instance, f"{kind}_id"):
            return AuditSubject(kind, getattr(instance, f"{kind}_id"))
    return AuditSubject(ACCOUNT, instance.user_id)  # type: ignore[attr-defined]  # every other row has an owner
