"""Names of the groups and the workflow, as others rely on them."""

from monographs.accounts.actors import EDITORS

__all__ = ["EDITORS", "REVIEWERS", "WORKFLOW", "WRITERS"]

WRITERS = "Medical writers"
REVIEWERS = "Medical reviewers"
WORKFLOW = "Medical review"
