"""The redline of each edit in the table."""

import pytest

from tests.redline.edits import EDITS
from tests.redline.notation import compared


@pytest.mark.parametrize("name", EDITS)
def test_the_redline_of_the_edit(name: str) -> None:
    old, new, notation, flags = EDITS[name]
    assert compared(old, new) == (notation, flags)


def test_the_table_is_complete_and_works_in_both_directions() -> None:
    assert len(EDITS) >= 40
    for old, new, _, _ in EDITS.values():
        assert compared(new, old)[0]
        assert compared(old, old) == ("", "")
