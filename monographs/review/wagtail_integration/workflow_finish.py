"""The name Wagtail imports while it is itself being imported; hence the late import."""

from typing import Any


def publish_signed(workflow_state: Any, user: Any = None) -> None:
    """Call ``monographs.review.publication.publish_signed`` and log a refusal, whoever ended the review."""
    from monographs.pages.refusals import PolicyError, log_refusal_once  # noqa: PLC0415
    from monographs.review import publication  # noqa: PLC0415  # Wagtail loads this module before its models

    try:
        publication.publish_signed(workflow_state, user=user)
    except PolicyError as refusal:
        log_refusal_once(refusal, "the end of a review", user)
        raise
