"""Template filters of the review screens."""

import pytest

from monographs.review.templatetags.review_tags import in_number


@pytest.mark.parametrize(
    ("count", "label", "read"),
    [
        (1, "pages withdrawn", "page withdrawn"),
        (1, "label changes to answer", "label change to answer"),
        (1, "uses of an older standard text", "use of an older standard text"),
        (2, "pages withdrawn", "pages withdrawn"),
        (0, "reviews overdue", "reviews overdue"),
        (1, "of your texts returned", "of your texts returned"),
    ],
)
def test_what_is_counted_agrees_with_its_number(count: int, label: str, read: str) -> None:
    assert in_number(label, count) == read
