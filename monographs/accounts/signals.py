"""Record changes of accounts and rights in the ledger, by signals of their models.

Three of Wagtail's views write in bulk, which sends no signal: ``user_admin`` and ``wagtail_hooks`` record
their changes. Any other change without a signal is found by ``audit_check``.
"""

from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.models import (
    GroupCollectionPermission,
    GroupPagePermission,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from monographs.accounts.audit_log import record_changes
from monographs.accounts.audit_snapshot import ACCOUNT, GROUP, STEP, AuditSubject, subject_of
from monographs.accounts.models import GroupSecondFactor

#: Fields saved at every sign-in, which are not recorded.
UNAUDITED_FIELDS = frozenset({"last_login"})
#: Attribute of an instance that is being changed: other subjects whose state changes with it.
_ALSO_AFFECTED = "_audit_also_affected"


def connect() -> None:
    """Connect to all models that ``audit_snapshot`` reads."""
    steps = [model for model in apps.get_models() if issubclass(model, Task)]
    owned = [
        WorkflowTask,
        WorkflowPage,
        GroupPagePermission,
        GroupCollectionPermission,
        GroupSecondFactor,
        TOTPDevice,
        StaticDevice,
        apps.get_model("review", "ReviewerProfile"),
    ]
    for model in owned:
        pre_save.connect(_before_save, sender=model, dispatch_uid=f"audit_before_save_{model._meta.label}")
    for model in (User, Workflow, apps.get_model("review", "Credential"), *steps, *owned):
        post_save.connect(_on_save, sender=model, dispatch_uid=f"audit_save_{model._meta.label}")
        post_delete.connect(_on_delete, sender=model, dispatch_uid=f"audit_delete_{model._meta.label}")
    post_save.connect(_on_group_save, sender=Group, dispatch_uid="audit_group_save")
    pre_delete.connect(_before_group_delete, sender=Group, dispatch_uid="audit_before_group_delete")
    post_delete.connect(_on_group_delete, sender=Group, dispatch_uid="audit_group_delete")
    relations: list[tuple[Any, str]] = [
        (User.groups.through, ACCOUNT),
        (User.user_permissions.through, ACCOUNT),
        (Group.permissions.through, GROUP),
        *((step.groups.through, STEP) for step in steps if hasattr(step, "groups")),
    ]
    for through, kind in relations:
        m2m_changed.connect(
            _M2M_RECEIVERS[kind], sender=through, dispatch_uid=f"audit_m2m_{through._meta.label}"
        )


def _on_save(instance: Model, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    if update_fields is None or not update_fields <= UNAUDITED_FIELDS:
        _record_all([subject_of(instance), *getattr(instance, _ALSO_AFFECTED, [])])


def _before_save(instance: Model, **kwargs: Any) -> None:
    """A row that gets another owner changes the state of the former owner, too."""
    before = type(instance)._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    setattr(instance, _ALSO_AFFECTED, [subject_of(before)] if before else [])


def _on_delete(instance: Model, **kwargs: Any) -> None:
    record_changes(subject_of(instance))


def _on_group_save(instance: Group, created: bool, **kwargs: Any) -> None:
    if record_changes(AuditSubject(GROUP, instance.pk)) and not created:
        _record_all(_subjects_naming(instance))


def _before_group_delete(instance: Group, **kwargs: Any) -> None:
    setattr(instance, _ALSO_AFFECTED, _subjects_naming(instance))


def _on_group_delete(instance: Group, **kwargs: Any) -> None:
    record_changes(AuditSubject(GROUP, instance.pk))
    _record_all(getattr(instance, _ALSO_AFFECTED, []))


def _subjects_naming(group: Group) -> list[AuditSubject]:
    """Accounts and steps whose state contains the name of ``group``."""
    members = User.objects.filter(groups=group).values_list("pk", flat=True)
    steps = {
        pk
        for model in apps.get_models()
        if issubclass(model, Task) and hasattr(model, "groups")
        for pk in model._default_manager.filter(groups=group).values_list("pk", flat=True)
    }
    return [*(AuditSubject(ACCOUNT, pk) for pk in members), *(AuditSubject(STEP, pk) for pk in sorted(steps))]


def _record_all(subjects: list[AuditSubject]) -> None:
    for subject in subjects:
        record_changes(subject)


def _on_m2m_change(
    kind: str,
    *,
    sender: Any,
    instance: Any,
    action: str,
    reverse: bool,
    pk_set: set[int] | None,
    **kwargs: Any,
) -> None:
    """Receiver of ``m2m_changed`` of a relation of subjects of ``kind``, changed from either end."""
    if not reverse:
        if action.startswith("post_"):
            record_changes(AuditSubject(kind, instance.pk))
        return
    if action == "pre_clear":  # post_clear no longer knows the rows
        setattr(instance, _ALSO_AFFECTED, _owners(kind, sender, instance))
    elif action == "post_clear":
        _record_all(getattr(instance, _ALSO_AFFECTED, []))
    elif action.startswith("post_"):
        _record_all([AuditSubject(kind, pk) for pk in sorted(pk_set or ())])


def _owners(kind: str, through: Any, other: Model) -> list[AuditSubject]:
    """Subjects that rows of ``through`` relate to ``other``."""
    near, far = (field for field in through._meta.fields if field.is_relation)
    if isinstance(other, near.related_model):
        near, far = far, near
    rows = through._default_manager.filter(**{far.name: other.pk})
    return [AuditSubject(kind, pk) for pk in rows.values_list(near.attname, flat=True)]


#: Kept here because signals hold weak references.
_M2M_RECEIVERS = {kind: partial(_on_m2m_change, kind) for kind in (ACCOUNT, GROUP, STEP)}
