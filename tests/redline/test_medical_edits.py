"""What the reviewer sees of the edits of the table."""

import pytest

from tests.redline.edits import EDITS
from tests.redline.notation import compared


@pytest.mark.parametrize("name", EDITS)
def test_the_reviewer_sees_what_was_done(name: str) -> None:
    old, new, seen, flags = EDITS[name]
    assert compared(old, new) == (seen, flags)


def test_the_table_is_long_enough_and_reads_both_ways() -> None:
    assert len(EDITS) >= 40
    for old, new, _, _ in EDITS.values():
        assert compared(new, old)[0]
        assert compared(old, old) == ("", "")
