"""One rule for what editors and administrators may do and nobody else."""

from typing import Any

import pytest

from monographs.pages.refusals import Rule
from monographs.review.policies.editor_policy import editor_or_superuser
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_active_editors_and_administrators_may_and_others_are_told_who(site: Any) -> None:
    people = {
        "editor": make_user("editor", "Editors"),
        "superuser": make_user("admin", superuser=True),
        "writer": make_user("writer", "Medical writers"),
        "reviewer": make_user("reviewer", "Medical reviewers"),
    }
    left = make_user("left", "Editors", superuser=True)
    left.is_active = False
    found = {name: editor_or_superuser(user, "Ask an editor.") for name, user in people.items()}
    assert {name for name, verdict in found.items() if verdict.allowed} == {"editor", "superuser"}
    for name in ("writer", "reviewer"):
        assert (found[name].rule, found[name].message) == (Rule.NOT_AN_EDITOR, "Ask an editor.")
    assert editor_or_superuser(left, "Ask an editor.").rule == Rule.INACTIVE
