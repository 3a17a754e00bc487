"""The name Wagtail imports while it is itself being imported; hence the late import."""

from typing import Any


def publish_signed(workflow_state: Any, user: Any = None) -> None:
    """See ``monographs.review.finish.publish_signed``."""
    from monographs.review import finish  # noqa: PLC0415  # Wagtail loads this module before its models

    finish.publish_signed(workflow_state, user=user)
