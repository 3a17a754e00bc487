"""The large runs of ``make soak``: how fresh caches are, and a table of faults.

``python -m tests.resilience [--scale small|large] [--only times|readers|faults …] [--results FILE]``.
It starts a PostgreSQL server, two web processes, two Varnish nodes and nginx of its own. ``--results``
writes the figures as Markdown: ``benchmarks/results/resilience.md`` is a large run.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import django

TITLE = "# Results of `python -m tests.resilience`"
NAMES = ["times", "readers", "faults"]


def main() -> None:
    """Run what was asked for; exit 1 if a figure is out of its bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=["small", "large"], default="large")
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES)
    parser.add_argument("--results", type=Path, help="a file for the figures")
    options = parser.parse_args()
    os.environ |= {
        "DATABASE_URL": "postgresql://nobody@localhost/none",  # replaced by that of the run's own server
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
    }
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # ends what was started
    django.setup()
    from tests.resilience import outcome, soak  # noqa: PLC0415  # they import models

    folder = Path(tempfile.mkdtemp(prefix="resilience-"))
    folder.chmod(0o755)  # as root, the database server has a user of its own
    try:
        report = soak.run(folder, outcome.SMALL if options.scale == "small" else outcome.LARGE, options.only)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.results:
        options.results.write_text("\n\n".join([TITLE, *report.results]) + "\n")
    if report.problems:
        sys.exit("Out of bounds:\n" + "\n".join(report.problems))


if __name__ == "__main__":
    main()
