"""The parts of the large runs: each prints its figures and returns what is out of its bounds."""

import logging
import sys
from collections.abc import Callable
from contextlib import ExitStack
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


def run(folder: Path, scale: Scale, names: list[str]) -> list[str]:
    """Prepare a database, start the stack and run the parts of these names; return what is out of bounds."""
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
        problems = [problem for name in names for problem in _without_end(name, stack, scale)]
        call_command("ledger", "verify")
        connection.close()
    return problems


def _without_end(name: str, stack: Stack, scale: Scale) -> list[str]:
    """Run one part; what ends it early is a problem of it alone."""
    try:
        return PARTS[name](stack, scale)
    except Exception as error:  # the other parts take long, and are worth having
        return [f"{name}: {type(error).__name__}: {error}"]


def times(stack: Stack, scale: Scale) -> list[str]:
    """Print how long publications and withdrawals take to be seen, with and without purges."""
    medicines = Medicines.published(4 * WITHDRAWALS, "timedumab")
    problems = []
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
        print_line(f"{name}: {len(public)} publications, {outcome.percentiles(public)}")
        print_line(f"{name}: {len(gone)} withdrawals, {outcome.percentiles(gone)}")
        if sorted(public)[int(len(public) * 0.99) - 1] > bound or max(gone) > gone_bound:
            problems.append(f"{name}: publications within {bound} s, withdrawals within {gone_bound} s")
    return problems


def readers(stack: Stack, scale: Scale) -> list[str]:
    """Print what readers got while texts were published and withdrawn."""
    large = scale is outcome.LARGE
    fresh = Medicines.published(60 if large else 12, "readumab")
    sizes = (500, 200, 20) if large else (40, 12, 3)
    with publications.purging(stack.purge_urls):
        found = publications.read_while_publishing(
            stack, fresh, readers=sizes[0], editions=sizes[1], withdrawals=sizes[2]
        )
    print_line(outcome.table([found.outcome.cells()]))
    print_line(
        f"not wholly one edition: {found.mixed}; oldest answer {found.oldest:.2f} s after its replacement, "
        f"{found.withdrawn_for:.2f} s after a withdrawal"
    )
    bad = (
        found.mixed
        or found.outcome.failed
        or max(found.oldest, found.withdrawn_for) > WITHDRAWN_BOUND_SECONDS
    )
    return ["an answer was mixed, failed or too old"] if bad else []


def faults(stack: Stack, scale: Scale) -> list[str]:
    """Print a row for each fault, also after one whose script failed."""
    medicines = Medicines.published(20)
    rows: list[Outcome] = []
    problems: list[str] = []
    for name, script in scripts(stack, medicines, scale).items():
        try:
            found = script()
        except Exception as error:  # the rest of the table is worth having
            problems.append(f"{name}: {type(error).__name__}: {error}")
            print_line(problems[-1])
            continue
        new = found if isinstance(found, tuple) else (found,)
        rows += new
        for row in new:
            print_line(" · ".join([*row.cells(), *row.examples]))
    print_line(table([row.cells() for row in rows]))
    problems += [f"{row.fault}: reads failed" for row in rows if row.failed and row.fault != "disk full"]
    problems += [f"{row.fault}: data lost" for row in rows if row.lost]
    slow = [row.fault for row in rows if row.fault == "rolling restart" and row.slowest > of.LONGEST_STALL]
    return problems + [f"{fault}: a reader waited" for fault in slow]


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
        print_line("Left out: a wrong clock (Debian: apt-get install libfaketime, or FAKETIME_LIBRARY=…).")
    found["cache_node_away"] = partial(of.cache_node_away, stack, medicines, scale)  # it does not come back
    return found


def _on_full_disk(folder: Path, script: Callable[[Path], Outcome]) -> Outcome:
    with around.full_disk(folder) as full:
        return script(full)


PARTS: dict[str, Callable[[Stack, Scale], list[str]]] = {"times": times, "readers": readers, "faults": faults}
