"""Processes that verify pages at once see what the process sees that started them."""

import pytest
from django.db import transaction

from devtools.synthetic.generation import generate
from monographs.editions.models import LedgerEntry
from monographs.editions.verify import check_database


@pytest.mark.django_db(transaction=True)
@pytest.mark.extended
def test_two_processes_generate_and_verify_a_record() -> None:
    assert list(generate(210, jobs=2))[-1] == 210
    checked = check_database(jobs=2, pages_at_a_time=80)
    assert not checked.faults
    assert checked.counts["publications"] > 210
    with transaction.atomic():
        one = check_database()
        assert checked.counts == one.counts
        assert checked.counts["ledger"] == LedgerEntry.objects.count()
