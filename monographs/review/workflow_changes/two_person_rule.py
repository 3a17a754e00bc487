"""Which changes of the review need two people: those that make it weaker, or another one.

Adding a step, asking for more signatures, renaming, and anything about a workflow that applies to no page is
decided by one administrator.
"""

from collections.abc import Iterator, Sequence

from monographs.review.workflow_changes.arrangement import Arrangement


def reasons_for_two(before: Arrangement, after: Arrangement) -> list[str]:
    """Return why the change from ``before`` to ``after`` is a decision by two people; empty if it is not."""
    return [*_other_workflow(before, after), *_weaker_workflow(before, after), *_weaker_steps(before, after)]


def _other_workflow(before: Arrangement, after: Arrangement) -> Iterator[str]:
    for page in {**before.pages, **after.pages}:
        if before.pages.get(page) != after.pages.get(page):
            title = {**after.titles, **before.titles}[page]
            yield f"another workflow, or none, would apply to “{title}” and the pages below it"


def _assigned(arrangement: Arrangement) -> set[str]:
    return set(arrangement.pages.values())


def _weaker_workflow(before: Arrangement, after: Arrangement) -> Iterator[str]:
    for pk in sorted(_assigned(before) & after.workflows.keys()):
        old, new = before.workflows[pk], after.workflows[pk]
        if old.active != new.active:
            yield f"workflow “{old.name}” would be {'enabled' if new.active else 'disabled'}"
        if not _is_subsequence(before.active_steps(pk), after.active_steps(pk)):
            yield f"workflow “{old.name}” would lose a step, or have its steps in another order"


def _weaker_steps(before: Arrangement, after: Arrangement) -> Iterator[str]:
    used = {step for workflow in _assigned(before) for step in before.workflows[workflow].steps}
    for pk in sorted(used & after.steps.keys()):
        old, new = before.steps[pk], after.steps[pk]
        if new.signatures < old.signatures:
            yield f"step “{old.name}” would need {new.signatures} instead of {old.signatures} signatures"
        if old.groups.keys() != new.groups.keys():
            yield f"other groups would sign at step “{old.name}”"


def _is_subsequence(part: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(step in rest for step in part)
