"""Accounts and pages that several modules of these tests need."""

from typing import Any

import pytest

from tests.factories import make_user
from tests.review.standard_text_pages import signed_text


@pytest.fixture
def newcomer(site: Any) -> Any:
    """A member of the reviewers of whom nothing is recorded yet."""
    return make_user("newcomer", "Medical reviewers", credentials="")


@pytest.fixture
def editor2(site: Any) -> Any:
    """A second editor."""
    return make_user("editor2", "Editors")


@pytest.fixture
def report(site: Any, writer: Any, reviewer: Any) -> Any:
    """A signed standard text."""
    return signed_text(writer, reviewer)
