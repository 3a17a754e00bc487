"""Names of the groups and the workflow, as others rely on them."""

WRITERS = "Medical writers"
REVIEWERS = "Medical reviewers"
EDITORS = "Editors"
WORKFLOW = "Medical review"
