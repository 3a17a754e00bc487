"""What `ledger verify` and `verify_export.py` find in the record as it is, for tests."""

import re
from pathlib import Path

from monographs.editions.export.bundle import write_folder
from monographs.editions.export.folder import new_folder
from monographs.editions.export.verify_export import check_folder
from monographs.editions.verify import check_database

#: What only an export has, or only the database: pages, and texts that this release can show.
OF_FILES = re.compile(r"editions/\S+\.html (?:is missing|does not show)")


def faults_of_database() -> list[str]:
    """What the verifier of the database names."""
    return list(check_database().faults)


def faults_of_export(target: Path) -> list[str]:
    """What the verifier of an export names, which is written to ``target``."""
    with new_folder(target) as folder:
        write_folder(folder)
    return list(check_folder(target).faults)


def faults_of_both(target: Path) -> list[str]:
    """What both verifiers name, which must be the same; page by page it is found, too."""
    found = faults_of_database()
    assert found == [line for line in faults_of_export(target) if not OF_FILES.search(line)]
    assert sorted(check_database(pages_at_a_time=1).faults) == sorted(found)
    return found
