"""The whole stack at a small scale; ``make soak`` runs it at the large one and prints its figures."""

import os
import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from monographs.public.shared_cache.lifetime import WITHDRAWN_BOUND_SECONDS
from tests.resilience import faults, inputs, outcome, publications
from tests.resilience.stack import Stack, running_stack
from tests.resilience.texts import Medicines

pytestmark = [
    pytest.mark.skipif(
        not (shutil.which("varnishd") and shutil.which("nginx")) and not os.environ.get("CI"),
        reason="Varnish or nginx is not installed (Debian: apt-get install varnish nginx)",
    ),
    pytest.mark.xdist_group("resilience"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def shared_stack(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder: Path = tmp_path_factory.mktemp("stack")
    with running_stack(folder, connection.settings_dict, connection.settings_dict["HOST"]) as stack:
        yield stack


@pytest.fixture
def stack(shared_stack: Stack, site: Any) -> Iterator[Stack]:
    """The stack with empty caches, which are told of publications."""
    with publications.purging(shared_stack.purge_urls):
        publications.empty(shared_stack)
        yield shared_stack


def test_a_publication_is_in_both_caches_at_once_and_without_purges_after_seconds(stack: Stack) -> None:
    medicines = Medicines.published(4)
    number = outcome.SMALL.publications
    public = publications.seconds_until_public(stack, medicines, number, once_purged=True)
    gone = publications.seconds_until_gone(stack, medicines, range(1))
    assert statistics.median(public) == 0, "the next reader gets the new text"
    assert max(*public, *gone) < WITHDRAWN_BOUND_SECONDS
    with publications.purging([publications.NOWHERE]):
        assert publications.seconds_until_gone(stack, medicines, range(1, 2))[0] < WITHDRAWN_BOUND_SECONDS


def test_each_reader_gets_wholly_one_edition_that_is_not_too_old(stack: Stack) -> None:
    found = publications.read_while_publishing(
        stack, Medicines.published(6), readers=20, editions=9, withdrawals=3
    )
    assert (found.outcome.failed, found.outcome.lost, found.mixed) == (0, 0, 0)
    assert found.outcome.reads > publications.LEAST_READS
    # The bound has a second for the question to the service, which takes a busy machine longer
    more = max(found.outcome.slowest - 1, 0)
    assert max(found.oldest, found.withdrawn_for) < WITHDRAWN_BOUND_SECONDS + more


def test_without_the_database_people_read_on(stack: Stack) -> None:
    found = faults.database_away(stack, Medicines.published(3), outcome.SMALL)
    assert (found.failed, found.examples, found.lost) == (0, (), 0)


def test_a_release_replaces_another_and_nobody_notices(stack: Stack) -> None:
    pages, styles = faults.rolling_restart(stack, Medicines.published(3), outcome.SMALL)
    assert (pages.failed, pages.examples, styles.failed) == (0, (), 0)


def test_input_that_is_too_much_is_refused_and_people_read_on(stack: Stack) -> None:
    medicines = Medicines.published(3)
    for fault in (inputs.oversize_input, inputs.slow_clients, inputs.many_addresses):
        assert fault(stack, medicines, outcome.SMALL).failed == 0
