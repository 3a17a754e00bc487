"""Current states of accounts, groups, review steps, workflows and credentials by value, as recorded.

One function per kind. Empty and false values are left out, so that a subject that was never recorded and
one that was deleted have the same, empty state.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.models import Task, Workflow

from monographs.editions.ledger import Event

State = dict[str, Any]
#: The events whose last entries together hold the state of a subject.
ASPECTS = (Event.ACCOUNT, Event.MEMBERSHIP, Event.PERMISSION, Event.CREDENTIALS)
#: Length of the fingerprint that stands for a password or address, which the ledger must not hold.
FINGERPRINT_LENGTH = 16
CREDENTIALS = ("credentials", "field", "expires_on", "confirmed_as")


@dataclass(frozen=True, slots=True)
class AuditSubject:
    """An account, group, step, workflow or credential whose changes are recorded."""

    kind: str
    pk: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "AuditSubject":
        """The subject of a ledger entry."""
        kind, pk = text.split(":")
        return cls(kind, int(pk))


ACCOUNT, GROUP, STEP, WORKFLOW, CREDENTIAL = "account", "group", "step", "workflow", "credential"


def snapshot_of(subject: AuditSubject) -> dict[Event, State]:
    """The current state of ``subject`` by event; empty if it does not exist."""
    states = _STATES[subject.kind](subject.pk)
    return {event: {k: v for k, v in state.items() if v} for event, state in states.items()}


def all_subjects() -> Iterator[AuditSubject]:
    """Yield every account, group, step, workflow and entry of the list of credentials."""
    models: tuple[tuple[str, Any], ...] = (
        (ACCOUNT, User),
        (GROUP, Group),
        (STEP, Task),
        (WORKFLOW, Workflow),
        (CREDENTIAL, apps.get_model("review", "Credential")),
    )
    for kind, model in models:
        for pk in model._default_manager.order_by("pk").values_list("pk", flat=True):
            yield AuditSubject(kind, pk)


def _account(pk: int) -> dict[Event, State]:
    user = User.objects.filter(pk=pk).first()
    if user is None:
        return {}
    return {
        Event.ACCOUNT: {
            "username": user.get_username(),
            "name": user.get_full_name(),
            "active": user.is_active,
            "email": _fingerprint(user.email),
            "password": _fingerprint(user.password),
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
    # The ignore: reverse relations of Wagtail's models, which have no stubs
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
    if step is None:  # deleted, or its subclass row is being deleted
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


def _credential(pk: int) -> dict[Event, State]:
    entry = apps.get_model("review", "Credential")._default_manager.filter(pk=pk).first()
    if entry is None:
        return {}
    return {
        Event.CREDENTIALS: {
            "abbreviation": entry.abbreviation,
            "active": entry.active,
            "confirmed": entry.is_confirmed,
        }
    }


_STATES: dict[str, Callable[[int], dict[Event, State]]] = {
    ACCOUNT: _account,
    GROUP: _group,
    STEP: _step,
    WORKFLOW: _workflow,
    CREDENTIAL: _credential,
}


def _names(rows: Any, pattern: str) -> list[str]:
    """Each row formatted by ``pattern``, which names its columns; sorted."""
    columns = [part.split("}")[0] for part in pattern.split("{")[1:]]
    return sorted({pattern.format(**row) for row in rows.values(*columns)})


def _permissions(rows: Any) -> list[str]:
    return _names(rows, "{content_type__app_label}.{codename}")


def _fingerprint(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:FINGERPRINT_LENGTH] if secret else ""


def subject_of(instance: Model) -> AuditSubject:
    """The subject that a row is or belongs to."""
    models = ((GROUP, Group), (STEP, Task), (WORKFLOW, Workflow), (ACCOUNT, User))
    for kind, model in (*models, (CREDENTIAL, apps.get_model("review", "Credential"))):
        if isinstance(instance, model):
            return AuditSubject(kind, instance.pk)
    for kind in (GROUP, WORKFLOW):
        if hasattr(instance, f"{kind}_id"):
            return AuditSubject(kind, getattr(instance, f"{kind}_id"))
    return AuditSubject(ACCOUNT, instance.user_id)  # type: ignore[attr-defined]  # every other audited model has a user
