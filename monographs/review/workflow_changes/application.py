"""Applying a confirmed arrangement to Wagtail's tables."""

from typing import Any

from django.contrib.auth.models import Group, User
from wagtail.models import Page, Task, Workflow, WorkflowPage, WorkflowTask

from monographs.review.workflow_changes.arrangement import ArrangedStep, ArrangedWorkflow, Arrangement


def is_current(before: Arrangement, after: Arrangement, now: Arrangement) -> bool:
    """Whether everything that differs between ``before`` and ``after`` is now as it was in ``before``."""
    return all(
        getattr(now, part).get(pk) == getattr(before, part).get(pk)
        for part in ("steps", "workflows", "pages")
        for pk in {**getattr(before, part), **getattr(after, part)}
        if getattr(before, part).get(pk) != getattr(after, part).get(pk)
    )


def apply_arrangement(before: Arrangement, after: Arrangement, user: User) -> None:
    """Make what differs between ``before`` and ``after`` as it is in ``after``."""
    for pk, step in after.steps.items():
        if pk in before.steps and step != before.steps[pk]:
            _apply_step(Task.objects.get(pk=pk).specific, step, user)
    created: dict[str, Workflow] = {}
    for pk, arranged in after.workflows.items():
        if arranged != before.workflows.get(pk):
            created[pk] = _apply_workflow(Workflow.objects.filter(pk=pk).first(), arranged, user)
    for page, workflow in after.pages.items():
        if workflow != before.pages.get(page) and Page.objects.filter(pk=page).exists():
            target = created.get(workflow) or Workflow.objects.get(pk=workflow)
            WorkflowPage.objects.update_or_create(page_id=int(page), defaults={"workflow": target})
    for row in WorkflowPage.objects.filter(
        page_id__in=[int(pk) for pk in before.pages.keys() - after.pages.keys()]
    ):
        row.delete()


def _apply_step(task: Any, step: ArrangedStep, user: User) -> None:
    task.name = step.name
    if hasattr(task, "signatures"):
        task.signatures = step.signatures
    if step.active:
        task.active = True
    task.save()
    if hasattr(task, "groups"):
        task.groups.set(Group.objects.filter(pk__in=step.groups))
    if task.active and not step.active:
        task.deactivate(user=user)


def _apply_workflow(workflow: Workflow | None, arranged: ArrangedWorkflow, user: User) -> Workflow:
    if workflow is None:
        workflow = Workflow.objects.create(name=arranged.name, active=arranged.active)
    if workflow.active and not arranged.active:
        workflow.deactivate(user=user)
    workflow.name, workflow.active = arranged.name, arranged.active
    workflow.save()
    rows = list(workflow.workflow_tasks.order_by("sort_order", "pk"))
    if [str(row.task_id) for row in rows] != arranged.steps:
        for row in rows:
            row.delete()
        for place, step in enumerate(arranged.steps):
            WorkflowTask.objects.create(workflow=workflow, task_id=int(step), sort_order=place)
    return workflow
