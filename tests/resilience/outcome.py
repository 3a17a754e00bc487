"""What a fault did to readers, as a row of a table."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monographs.editions.models import Edition
from tests.resilience.readers import Readers
from tests.resilience.texts import Medicines

HEADINGS = ("fault", "load", "reads", "failed", "slowest", "recovered", "data lost")


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a run is: seconds of a fault, readers, publications, addresses."""

    seconds: float
    readers: int
    publications: int
    addresses: int


#: For ``make test-extended`` and for ``make soak``.
SMALL = Scale(seconds=6, readers=8, publications=6, addresses=300)
LARGE = Scale(seconds=30, readers=50, publications=100, addresses=10_000)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row: the load, how many reads failed, seconds of the slowest and until all was well, and losses."""

    fault: str
    load: str
    reads: int
    failed: int
    slowest: float
    recovered: float
    lost: int
    #: What a few of the failed reads got.
    examples: tuple[str, ...] = ()

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the row."""
        seconds = (f"{number:.2f} s" for number in (self.slowest, self.recovered))
        return (self.fault, self.load, str(self.reads), str(self.failed), *seconds, str(self.lost or "none"))


def outcome_of(fault: str, readers: Readers, recovered: float, medicines: Medicines) -> Outcome:
    """Return the row of a fault during which ``readers`` read."""
    return Outcome(
        fault,
        f"{readers.count} readers",
        len(readers.reads),
        len(readers.failures),
        readers.slowest,
        recovered,
        editions_lost(medicines),
        tuple(f"{read.status} after {read.seconds:.1f} s, port {read.port}" for read in readers.failures[:5]),
    )


def editions_lost(medicines: Medicines) -> int:
    """Return how many signed editions are not in the database."""
    paths = medicines.paths
    return sum(map(len, medicines.signed.values())) - Edition.objects.filter(path__in=paths).count()


def table(rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS) -> str:
    """Return rows as a Markdown table with aligned columns."""
    rows = [tuple(headings), *map(tuple, rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(headings))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def percentiles(seconds: Sequence[float]) -> str:
    """Return median, 99th percentile and maximum."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [*seconds] * 99
    return f"median {cuts[49]:.3f} s, 99th percentile {cuts[98]:.3f} s, longest {max(seconds):.3f} s"
