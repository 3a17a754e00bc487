"""Every door through which accounts and rights change, by the models' own signals.

Three doors of Wagtail's write in bulk, which sends none: they tell what they did in ``user_admin`` and
``wagtail_hooks``. What nobody told is found by ``audit``.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
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

#: Saved at every sign-in; says nothing about rights.
NO_NEWS = frozenset({"last_login"})
_AFTERWARDS = "_told_afterwards"


def connect() -> None:
    """Listen to everything ``state`` reads."""
    user = get_user_model()
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
        pre_save.connect(_moving, sender=model, dispatch_uid=f"tell_moving_{model._meta.label}")
    for model in (user, Workflow, *steps, *owned):
        post_save.connect(_saved, sender=model, dispatch_uid=f"tell_saved_{model._meta.label}")
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"tell_deleted_{model._meta.label}")
    post_save.connect(_group_saved, sender=Group, dispatch_uid="tell_group_saved")
    pre_delete.connect(_group_going, sender=Group, dispatch_uid="tell_group_going")
    post_delete.connect(_group_gone, sender=Group, dispatch_uid="tell_group_gone")
    many: list[tuple[Any, str]] = [
        (user.groups.through, ACCOUNT),
        (user.user_permissions.through, ACCOUNT),
        (Group.permissions.through, GROUP),
        *((step.groups.through, STEP) for step in steps if hasattr(step, "groups")),
    ]
    for through, kind in many:
        m2m_changed.connect(_LISTENERS[kind], sender=through, dispatch_uid=f"tell_m2m_{through._meta.label}")


def _saved(instance: Model, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    if update_fields is None or not update_fields <= NO_NEWS:
        _tell_all([subject_of(instance), *getattr(instance, _AFTERWARDS, [])])


def _moving(instance: Model, **kwargs: Any) -> None:
    """A row that is given to somebody else changes whom it is taken from, too."""
    before = type(instance)._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    setattr(instance, _AFTERWARDS, [subject_of(before)] if before else [])


def _deleted(instance: Model, **kwargs: Any) -> None:
    record_changes(subject_of(instance))


def _group_saved(instance: Group, created: bool, **kwargs: Any) -> None:
    if record_changes(AuditSubject(GROUP, instance.pk)) and not created:
        _tell_all(_named_by(instance))


def _group_going(instance: Group, **kwargs: Any) -> None:
    setattr(instance, _AFTERWARDS, _named_by(instance))


def _group_gone(instance: Group, **kwargs: Any) -> None:
    record_changes(AuditSubject(GROUP, instance.pk))
    _tell_all(getattr(instance, _AFTERWARDS, []))


def _named_by(group: Group) -> list[AuditSubject]:
    """Those in whose state the group's name stands."""
    members = get_user_model()._default_manager.filter(groups=group).values_list("pk", flat=True)
    steps = {
        pk
        for model in apps.get_models()
        if issubclass(model, Task) and hasattr(model, "groups")
        for pk in model._default_manager.filter(groups=group).values_list("pk", flat=True)
    }
    return [*(AuditSubject(ACCOUNT, pk) for pk in members), *(AuditSubject(STEP, pk) for pk in sorted(steps))]


def _tell_all(subjects: list[AuditSubject]) -> None:
    for subject in subjects:
        record_changes(subject)


def _many_changed(
    kind: str, sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[int] | None
) -> None:
    """A relation of many to many, from either end."""
    if not reverse:
        if action.startswith("post_"):
            record_changes(AuditSubject(kind, instance.pk))
        return
    if action == "pre_clear":  # afterwards nobody knows whose they were
        setattr(instance, _AFTERWARDS, _owners(kind, sender, instance))
    elif action == "post_clear":
        _tell_all(getattr(instance, _AFTERWARDS, []))
    elif action.startswith("post_"):
        _tell_all([AuditSubject(kind, pk) for pk in sorted(pk_set or ())])


def _owners(kind: str, through: Any, other: Model) -> list[AuditSubject]:
    near, far = (field for field in through._meta.fields if field.is_relation)
    if isinstance(other, near.related_model):
        near, far = far, near
    rows = through._default_manager.filter(**{far.name: other.pk})
    return [AuditSubject(kind, pk) for pk in rows.values_list(near.attname, flat=True)]


def _account_many(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    _many_changed(ACCOUNT, sender, instance, action, reverse, pk_set)


def _group_many(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    _many_changed(GROUP, sender, instance, action, reverse, pk_set)


def _step_many(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    _many_changed(STEP, sender, instance, action, reverse, pk_set)


_LISTENERS = {ACCOUNT: _account_many, GROUP: _group_many, STEP: _step_many}
