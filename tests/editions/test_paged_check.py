"""A record of many pages is verified some pages at a time, by several processes, or from a checkpoint."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from devtools.synthetic.generation import generate
from monographs.core.work_progress import ProgressLines
from monographs.editions.ledger import head
from monographs.editions.models import Contribution
from monographs.editions.verify import check_database, verify
from tests.conftest import run_deferred_constraints


@pytest.fixture(scope="module")
def three_pages(module_rows: None) -> None:
    """Three medicines with two editions each."""
    list(generate(3, editions=2))
    run_deferred_constraints()


@pytest.fixture
def unguarded(db: None, three_pages: None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def test_pages_are_checked_one_by_one_and_counted_as_a_whole(db: None, three_pages: None) -> None:
    lines: list[str] = []
    paged = check_database(pages_at_a_time=1, progress=ProgressLines(lines.append))
    assert not paged.faults
    assert {**paged.counts} == {**check_database().counts}
    assert paged.head == head()
    assert lines[0].startswith("following the ledger: ")
    assert "checking pages: 5 of 5 pages" in lines


def test_a_changed_row_is_found_in_its_page(unguarded: Any) -> None:
    unguarded.execute("UPDATE editions_edition SET title = 'Else' WHERE number = 2 AND kind = 'monograph'")
    faults = check_database(pages_at_a_time=1).faults
    assert sum("title differs from its text" in fault for fault in faults) == 3


def test_from_a_checkpoint_only_what_came_after_it_is_read(db: None, three_pages: None) -> None:
    checkpoint = head()
    assert check_database(checkpoint=checkpoint).counts["editions"] == 0
    list(generate(4, editions=1))
    counts = verify(checkpoint, checkpoint=checkpoint)
    assert (counts["editions"], counts["publications"]) == (1, 1)
    assert counts["entries"] < head()[0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [((0, "f" * 64), "differs from the checkpoint"), ((9999, "f" * 64), "missing")],
)
def test_a_checkpoint_that_does_not_match_is_a_fault(
    db: None, three_pages: None, tmp_path: Path, change: tuple[int, str], fault: str
) -> None:
    seq, _ = head()
    file = tmp_path / "head"
    file.write_text(f"{seq + change[0]} {change[1]}\n")
    with pytest.raises(CommandError, match=fault):
        call_command("ledger", "verify", checkpoint=file)


def test_an_anchor_before_the_checkpoint_is_compared_too(db: None, three_pages: None) -> None:
    faults = list(check_database((1, "0" * 64), checkpoint=head()).faults)
    assert faults == ["ledger entry 1: differs from the head kept elsewhere"]


def test_a_row_without_an_entry_is_found_after_a_checkpoint(unguarded: Any) -> None:
    checkpoint = head()
    row = Contribution.objects.first()
    assert row
    row.pk = None
    row._state.adding = True
    row.save()
    assert any("contributions: " in fault for fault in check_database(checkpoint=checkpoint).faults)
