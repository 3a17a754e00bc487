from typing import Any

import pytest

from monographs.editions.models import Edition
from tests.conftest import run_deferred_constraints
from tests.factories import make_monograph, publish


@pytest.fixture
def edition(writer: Any, reviewer: Any) -> Edition:
    """A published edition."""
    publish(make_monograph(by=writer), writer, reviewer)
    run_deferred_constraints()
    return Edition.objects.get()
