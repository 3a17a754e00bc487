"""The end of a workflow, as ``WAGTAIL_FINISH_WORKFLOW_ACTION`` names it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wagtail.models import WorkflowState


def publish_signed(workflow_state: "WorkflowState", user: Any = None) -> None:
    """Call ``publication.publish.publish_signed`` and log a refusal, whatever code ended the workflow."""
    # Wagtail imports this module while its own models are being loaded, hence the late imports
    from monographs.accounts.actors import person_of  # noqa: PLC0415
    from monographs.pages.refusals import PolicyError, log_refusal_once  # noqa: PLC0415
    from monographs.review.publication import publish  # noqa: PLC0415

    try:
        publish.publish_signed(workflow_state, user=user)
    except PolicyError as refusal:
        log_refusal_once(refusal, "the end of a review", person_of(user).username)
        raise
