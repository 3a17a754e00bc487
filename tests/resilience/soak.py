"""The parts of the large runs: each adds its figures, and what is out of its bounds, to a report."""

import logging
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from home.site_setup import set_up_site
from monographs.public.models import CachePurge
from monographs.public.shared_cache.lifetime import WITHDRAWN_BOUND_SECONDS
from tests.crash.postgres import Postgres
from tests.resilience import around, inputs, outcome, publications
from tests.resilience import faults as of
from tests.resilience.outcome import Outcome, Scale, table
from tests.resilience.stack import Stack, running_stack
from tests.resilience.texts import Medicines

#: Medicines that are withdrawn in each part of ``times``.
WITHDRAWALS = 5


def print_line(words: str) -> None:
    """Write a line to standard output at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


@dataclass
class Report:
    """What a run found: ``problems`` are figures out of bounds, ``results`` paragraphs of Markdown."""

    problems: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)

    def add(self, paragraph: str) -> None:
        """Print a paragraph and keep it."""
        print_line(paragraph)
        self.results.append(paragraph)


def run(folder: Path, scale: Scale, names: list[str]) -> Report:
    """Prepare a database, start the stack and run the parts of these names."""
    report = Report()
    with ExitStack() as last:
        postgres = Postgres(folder)
        last.callback(postgres.stop)
        with postgres.connect() as server:
            server.execute("CREATE DATABASE resilience")
        connection.settings_dict |= {"NAME": "resilience", "USER": "postgres", "HOST": postgres.host}
        settings.RECORD_ACCOUNT_CHANGES = False
        settings.MEDIA_ROOT = folder / "media"
        logging.getLogger("monographs").setLevel(logging.ERROR)
        print_line("Preparing the database …")
        call_command("migrate", verbosity=0)
        set_up_site()
        stack = last.enter_context(running_stack(folder, connection.settings_dict, postgres.host))
        for name in names:
            report.add(f"## {HEADINGS[name]}")
            _run_part(name, stack, scale, report)
        call_command("ledger", "verify")
        connection.close()
    return report


def _run_part(name: str, stack: Stack, scale: Scale, report: Report) -> None:
    """Run one part; what ends it early is a problem of it alone."""
    try:
        PARTS[name](stack, scale, report)
    except Exception as error:  # the other parts take long, and are worth having
        report.problems.append(f"{name}: {type(error).__name__}: {error}")


def times(stack: Stack, scale: Scale, report: Report) -> None:
    """Find how long publications and withdrawals take to be seen, with and without purges."""
    medicines = Medicines.published(4 * WITHDRAWALS, "timedumab")
    number = scale.publications
    #: Bounds in seconds of a publication and of a withdrawal.
    cases = {"purged": (stack.purge_urls, 1.0, 1.0), "every purge lost": ([publications.NOWHERE], 60.0, 5.0)}
    for turn, (name, (urls, bound, gone_bound)) in enumerate(cases.items()):
        with publications.purging(urls):
            public = publications.seconds_until_public(stack, medicines, number // (4 * turn + 1))
            last = len(medicines.documents) - WITHDRAWALS * turn
            which = range(last - WITHDRAWALS, last)
            gone = publications.seconds_until_gone(stack, medicines, which)
        CachePurge.objects.all().delete()
        report.add(f"{name}: {len(public)} publications, {outcome.percentiles(public)}")
        report.add(f"{name}: {len(gone)} withdrawals, {outcome.percentiles(gone)}")
        if sorted(public)[int(len(public) * 0.99) - 1] > bound or max(gone) > gone_bound:
            report.problems.append(
                f"{name}: publications within {bound} s, withdrawals within {gone_bound} s"
            )


def readers(stack: Stack, scale: Scale, report: Report) -> None:
    """Find what readers got while texts were published and withdrawn."""
    large = scale is outcome.LARGE
    fresh = Medicines.published(60 if large else 12, "readumab")
    sizes = (500, 200, 20) if large else (40, 12, 3)
    with publications.purging(stack.purge_urls):
        found = publications.read_while_publishing(
            stack, fresh, readers=sizes[0], editions=sizes[1], withdrawals=sizes[2]
        )
    report.add(outcome.table([found.outcome.cells()]))
    report.add(
        f"not wholly one edition: {found.mixed}; oldest answer {found.oldest:.2f} s after its replacement, "
        f"{found.withdrawn_for:.2f} s after a withdrawal"
    )
    too_old = max(found.oldest, found.withdrawn_for) > WITHDRAWN_BOUND_SECONDS
    if found.mixed or found.outcome.failed or too_old:
        report.problems.append("an answer was mixed, failed or too old")


def faults(stack: Stack, scale: Scale, report: Report) -> None:
    """Find a row for each fault, also after one whose script failed."""
    medicines = Medicines.published(20)
    rows: list[Outcome] = []
    for name, script in scripts(stack, medicines, scale).items():
        try:
            found = script()
        except Exception as error:  # the rest of the table is worth having
            report.problems.append(f"{name}: {type(error).__name__}: {error}")
            print_line(report.problems[-1])
            continue
        new = found if isinstance(found, tuple) else (found,)
        rows += new
        for row in new:
            print_line(" · ".join([*row.cells(), *row.examples]))
    report.add(table([row.cells() for row in rows]))
    for row in rows:
        if row.failed and row.fault != "disk full":
            report.problems.append(f"{row.fault}: reads failed")
        if row.lost:
            report.problems.append(f"{row.fault}: data lost")
        if row.fault == "rolling restart" and row.slowest > of.LONGEST_STALL:
            report.problems.append(f"{row.fault}: a reader waited")


def scripts(stack: Stack, medicines: Medicines, scale: Scale) -> dict[str, Callable[[], Any]]:
    """Return what brings about each fault, by name, in their order; without those that cannot be here."""
    of_stack = (
        of.database_restarted,
        of.database_away,
        of.database_hangs,
        of.service_killed,
        of.rolling_restart,
        inputs.slow_clients,
        inputs.oversize_input,
        inputs.many_addresses,
    )
    found: dict[str, Callable[[], Any]] = {
        script.__name__: partial(script, stack, medicines, scale) for script in of_stack
    }
    found["mail_server_down"] = partial(around.mail_server_down, 5)
    found["mail_server_hangs"] = partial(around.mail_server_hangs, 5)
    if around.can_fill_a_disk():
        for number, fill in enumerate((around.disk_full, around.disk_full_of_uploads)):
            found[fill.__name__] = partial(_on_full_disk, stack.folder / f"full-{number}", fill)
        logs = partial(around.disk_full_of_logs, stack, medicines, scale)
        found["disk_full_of_logs"] = partial(_on_full_disk, stack.folder / "full-of-logs", logs)
    else:
        print_line("Left out: disks cannot be filled here, because this process may not mount a file system.")
    if around.faketime_library():
        for offset in ("+400d", "-400d"):
            found[f"clock {offset}"] = partial(around.wrong_clock, stack, medicines, scale, offset)
    else:
        print_line("Left out: a wrong clock (libfaketime 0.9.11 or later; FAKETIME_LIBRARY=…).")
    found["cache_node_away"] = partial(of.cache_node_away, stack, medicines, scale)  # it does not come back
    return found


def _on_full_disk(folder: Path, script: Callable[[Path], Outcome]) -> Outcome:
    with around.full_disk(folder) as full:
        return script(full)


PARTS: dict[str, Callable[[Stack, Scale, Report], None]] = {
    "times": times,
    "readers": readers,
    "faults": faults,
}
HEADINGS = {
    "times": "From a signature to both caches",
    "readers": "Many readers while texts are published and withdrawn",
    "faults": "Faults",
}
