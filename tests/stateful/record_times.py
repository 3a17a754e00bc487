"""The times in the record, compared with the database's clock."""

from datetime import datetime

from tests.stateful import admin_client
from tests.stateful.oracle_submissions import require

#: Columns with a time that an act sets; rows are only added, publications only change.
_COLUMNS = [
    ("review_submission", "submitted_at"),
    ("editions_edition", "created_at"),
    ("editions_edition", "effective_at"),
    ("editions_signature", "signed_at"),
    ("editions_withdrawal", "at"),
    ("editions_contribution", "at"),
    ("editions_ledgerentry", "at"),
    ("editions_publication", "flipped_at"),
]
_COUNTS = (
    "(SELECT count(*) FROM {0} WHERE {1} < %s) AS {0}_{1}_early, "
    "(SELECT count(*) FROM {0} WHERE {1} > clock_timestamp()) AS {0}_{1}_late, "
    "(SELECT count(*) FROM {0}) AS {0}_{1}_all"
)
_STATEMENT = "SELECT clock_timestamp() AS now, " + ", ".join(_COUNTS.format(*column) for column in _COLUMNS)


class RecordTimes:
    """Checks that what a step records has a time of this step, whatever a web server's clock says."""

    def __init__(self) -> None:
        self.began: datetime
        self.counts: dict[str, int] = {}
        self._count()

    def check(self) -> None:
        """Check the rows that were added or changed since the last call."""
        before = self.counts
        self._count()
        for table, column in _COLUMNS:
            name = f"{table}_{column}"
            require(not self.counts[f"{name}_late"], f"{table}.{column} is in the future")
            require(
                self.counts[f"{name}_early"] <= before[f"{name}_all"],
                f"{table}.{column} is from before the step that set it",
            )

    def _count(self) -> None:
        began = getattr(self, "began", None)
        row = admin_client.rows(_STATEMENT, *[began] * len(_COLUMNS))[0]
        self.began = row.pop("now")
        self.counts = row
