"""How texts are reviewed, as plain data: the workflows, their steps, and the pages they apply to."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from wagtail.models import Task, Workflow, WorkflowPage, WorkflowTask

#: Advisory lock of everything that changes an arrangement in the admin: “work” in ASCII.
_LOCK = 0x776F726B


@dataclass(frozen=True, slots=True)
class ArrangedStep:
    """A task by value. ``groups`` are names by primary key; ``signatures`` is 0 for a stock task."""

    name: str
    active: bool
    signatures: int
    groups: dict[str, str]


@dataclass(frozen=True, slots=True)
class ArrangedWorkflow:
    """A workflow by value; ``steps`` are primary keys of tasks in order."""

    name: str
    active: bool
    steps: list[str]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Every step, workflow and assignment, by primary key as text, as JSON has it.

    ``pages`` has the workflow of each page to which one is assigned, ``titles`` the titles of these pages.
    """

    steps: dict[str, ArrangedStep] = field(default_factory=dict)
    workflows: dict[str, ArrangedWorkflow] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def as_record(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)

    @classmethod
    def from_record(cls, data: dict[str, Any]) -> "Arrangement":
        """Return the arrangement in JSON data."""
        return cls(
            {pk: ArrangedStep(**step) for pk, step in data["steps"].items()},
            {pk: ArrangedWorkflow(**workflow) for pk, workflow in data["workflows"].items()},
            data["pages"],
            data["titles"],
        )

    def active_steps(self, workflow: str) -> list[str]:
        """Return the steps of a workflow that are not disabled."""
        return [step for step in self.workflows[workflow].steps if self.steps[step].active]

    def step_names(self, workflow: str) -> str:
        """Return the names of a workflow's active steps, in order."""
        return ", ".join(self.steps[step].name for step in self.active_steps(workflow))


def lock_arrangement() -> None:
    """Make other changes of workflows in the admin wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def current_arrangement() -> Arrangement:
    """Read the present arrangement."""
    steps = {str(task.pk): _step(task.specific) for task in Task.objects.order_by("pk")}
    workflows = {
        str(workflow.pk): ArrangedWorkflow(workflow.name, workflow.active, [])
        for workflow in Workflow.objects.order_by("pk")
    }
    for row in WorkflowTask.objects.order_by("sort_order", "pk"):
        workflows[str(row.workflow_id)].steps.append(str(row.task_id))
    pages = WorkflowPage.objects.select_related("page").order_by("page_id")
    return Arrangement(
        steps,
        workflows,
        {str(row.page_id): str(row.workflow_id) for row in pages},
        {str(row.page_id): row.page.title for row in pages},
    )


def _step(task: Any) -> ArrangedStep:
    groups = (
        {str(group.pk): group.name for group in task.groups.order_by("pk")} if hasattr(task, "groups") else {}
    )
    return ArrangedStep(task.name, task.active, getattr(task, "signatures", 0), groups)


@dataclass(frozen=True, slots=True)
class ArrangementDifference:
    """One difference between two arrangements, in words."""

    label: str
    before: str
    after: str


def differences(before: Arrangement, after: Arrangement) -> list[ArrangementDifference]:
    """Return how ``after`` differs from ``before``, by names that a person knows."""
    found = [
        *_step_differences(before, after),
        *_workflow_differences(before, after),
        *_page_differences(before, after),
    ]
    return [each for each in found if each.before != each.after]


def _step_differences(before: Arrangement, after: Arrangement) -> Iterator[ArrangementDifference]:
    for pk in {**before.steps, **after.steps}:
        old, new = before.steps.get(pk), after.steps.get(pk)
        name = (old or new or ArrangedStep("", False, 0, {})).name
        yield ArrangementDifference(f"signatures at “{name}”", _number(old), _number(new))
        yield ArrangementDifference(f"groups of “{name}”", _groups(old), _groups(new))
        yield ArrangementDifference(f"step “{name}” is used", _yes(old), _yes(new))
        yield ArrangementDifference(f"name of step “{name}”", _name(old), _name(new))


def _workflow_differences(before: Arrangement, after: Arrangement) -> Iterator[ArrangementDifference]:
    for pk in {**before.workflows, **after.workflows}:
        old, new = before.workflows.get(pk), after.workflows.get(pk)
        name = _name(old) or _name(new)
        steps = [
            arrangement.step_names(pk) if pk in arrangement.workflows else ""
            for arrangement in (before, after)
        ]
        yield ArrangementDifference(f"steps of workflow “{name}”", *steps)
        yield ArrangementDifference(f"workflow “{name}” is enabled", _yes(old), _yes(new))
        yield ArrangementDifference(f"name of workflow “{name}”", _name(old), _name(new))


def _page_differences(before: Arrangement, after: Arrangement) -> Iterator[ArrangementDifference]:
    for page in {**before.pages, **after.pages}:
        title = {**after.titles, **before.titles}[page]
        names = [
            _name(arrangement.workflows.get(arrangement.pages.get(page, ""))) or "none of its own"
            for arrangement in (before, after)
        ]
        yield ArrangementDifference(f"workflow of “{title}” and the pages below it", *names)


def _number(step: ArrangedStep | None) -> str:
    return str(step.signatures) if step else ""


def _groups(step: ArrangedStep | None) -> str:
    return ", ".join(step.groups.values()) if step else ""


def _yes(row: ArrangedStep | ArrangedWorkflow | None) -> str:
    return "" if row is None else "yes" if row.active else "no"


def _name(row: ArrangedStep | ArrangedWorkflow | None) -> str:
    return row.name if row else ""
