"""A ledger of several blocks, a key that signs it, and witnesses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from devtools.synthetic.generation import generate
from monographs.editions.checkpoints.keys import SigningKey, new_key, write_key
from monographs.editions.ledger import Event
from monographs.editions.models import LedgerEntry
from monographs.editions.record.signed_note import COSIGNATURE
from tests.conftest import run_deferred_constraints

#: More than two blocks of 256.
ENTRIES = 530


@pytest.fixture(scope="module")
def long_ledger(module_rows: None) -> None:
    """Three editions, and entries until there are more than two blocks and a part of a third."""
    list(generate(1, editions=3))
    run_deferred_constraints()
    body = '{"actor":{"id":null,"name":"","username":""},"data":{}}'
    missing = ENTRIES - LedgerEntry.objects.count()
    LedgerEntry.objects.bulk_create(
        [LedgerEntry(event=Event.REFUSED, subject="x", body=body) for _ in range(missing)]
    )


@pytest.fixture(scope="session")
def log_key() -> SigningKey:
    """The key of the ledger."""
    return new_key("medicines.example.org/ledger")


@pytest.fixture(scope="session")
def witness() -> SigningKey:
    """The key of a witness."""
    return new_key("witness.example.net/w1", COSIGNATURE)


@pytest.fixture
def signing(log_key: SigningKey, witness: SigningKey, tmp_path: Path, settings: Any) -> None:
    """Settings with the ledger's key and one trusted witness."""
    write_key(log_key, tmp_path / "ledger.key")
    settings.LEDGER_KEY_FILE = str(tmp_path / "ledger.key")
    settings.LEDGER_WITNESS_KEYS = [witness.public.text()]


@pytest.fixture
def add_entries() -> Callable[[int], None]:
    """Append so many entries to the ledger."""

    def add(count: int) -> None:
        body = '{"actor":{"id":null,"name":"","username":""},"data":{}}'
        LedgerEntry.objects.bulk_create(
            [LedgerEntry(event=Event.REFUSED, subject="y", body=body) for _ in range(count)]
        )

    return add
