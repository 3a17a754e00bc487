"""Accounts that several modules of these tests need."""

from typing import Any

import pytest

from tests.factories import make_user


@pytest.fixture
def newcomer(site: Any) -> Any:
    """A member of the reviewers of whom nothing is recorded yet."""
    return make_user("newcomer", "Medical reviewers", credentials="")


@pytest.fixture
def editor2(site: Any) -> Any:
    """A second editor."""
    return make_user("editor2", "Editors")
