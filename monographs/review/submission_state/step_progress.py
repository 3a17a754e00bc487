"""Which step of its review a text is at, and how many signatures are still needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from monographs.editions.signatures import ReviewStep, signatures_for
from monographs.review.models import Submission
from monographs.review.policy import current_task


@dataclass(frozen=True, slots=True)
class StepProgress:
    """The step a submission is at: its place among the steps, and how many signatures are ``given``."""

    step: ReviewStep
    number: int
    total: int
    given: int
    later: tuple[ReviewStep, ...]

    @classmethod
    def of(cls, steps: Sequence[ReviewStep], step: ReviewStep, given: int) -> "StepProgress":
        """Return the progress at ``step``, one of the ``steps`` that the submission was made for.

        A step that was renamed since is taken for the first one whose name is gone.
        """
        names = [each.step for each in steps]
        place = names.index(step.step) if step.step in names else 0
        return cls(step, place + 1, max(len(steps), 1), given, tuple(steps[place + 1 :]))

    @property
    def missing(self) -> int:
        """How many signatures this step still needs."""
        return max(self.step.needed - self.given, 0)

    @property
    def text(self) -> str:
        """E.g. “Step 1 of 2, Medical review: 1 of 2 signatures given, 1 more needed; then Pharmacy”."""
        place = f"Step {self.number} of {self.total}, {self.step.step}" if self.total > 1 else self.step.step
        if self.given:
            left = f"{self.given} of {self.step.needed} signatures given, {self.missing} more needed"
        else:
            left = f"{self.missing} signature{'' if self.missing == 1 else 's'} needed"
        then = f"; then {', '.join(each.step for each in self.later)}" if self.later else ""
        return f"{place}: {left}{then}"


def step_progress_of(submission: Submission) -> StepProgress | None:
    """Return the step that ``submission`` is at; None when it is at none. One query."""
    task = current_task(submission)
    if task is None or not submission.is_open:
        return None
    given = sum(each.step == task.name for each in signatures_for(submission.uuid, submission.sha256))
    return StepProgress.of(submission.as_steps(), task.as_step(), given)
