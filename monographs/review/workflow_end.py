"""The name Wagtail imports while it is itself being imported; hence the late import."""

from typing import Any


def publish_signed(workflow_state: Any, user: Any = None) -> None:
    """See ``monographs.review.finish.publish_signed``; a refusal leaves a line, whoever ended the review."""
    from monographs.pages.refusals import Refusal, leave_line  # noqa: PLC0415
    from monographs.review import finish  # noqa: PLC0415  # Wagtail loads this module before its models

    try:
        finish.publish_signed(workflow_state, user=user)
    except Refusal as refusal:
        leave_line(refusal, "the end of a review", user)
        raise
