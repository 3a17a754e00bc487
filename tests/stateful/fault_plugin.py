"""A plugin of pytest: runs tests with a seeded fault, in a database of their own.

``SEEDED_FAULT=name pytest -p tests.stateful.fault_plugin``; without a name there is no fault.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Iterator[Any]:
    """Seed the fault while the tests run, whose database is not that of the run that started this one."""
    from tests.stateful.edge_faults import NAMED_FAULTS  # noqa: PLC0415  # needs Django's apps

    connection.settings_dict["TEST"]["NAME"] = f"test_fault_{os.getpid()}"
    name = os.environ.get("SEEDED_FAULT")
    with pytest.MonkeyPatch.context() as patch, NAMED_FAULTS[name][0](patch) if name else nullcontext():
        return (yield)
