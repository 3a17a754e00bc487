from typing import Any

import pytest

from monographs.editions.models import Edition
from tests.conftest import run_deferred_constraints


@pytest.fixture
def edition(published_medicine: Any) -> Edition:
    """A published edition."""
    run_deferred_constraints()
    return Edition.objects.get()
