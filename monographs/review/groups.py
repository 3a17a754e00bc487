"""Names of the user groups and of the workflow that the site set-up creates."""

from monographs.accounts.actors import EDITORS

__all__ = ["EDITORS", "REVIEWERS", "WORKFLOW", "WRITERS"]

WRITERS = "Medical writers"
REVIEWERS = "Medical reviewers"
WORKFLOW = "Medical review"
