"""A long run of the state machine: ``make soak STEPS=100000 SEED=1 JOBS=2``.

Each job has its own database and seed. Progress is kept in ``.local/soak``, so that a stopped run continues
when it is started with the same seed.
"""

import argparse
import json
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

#: Examples per batch; a stopped run loses less than a batch.
BATCH = 10
REPORT_SECONDS = 60


def print_line(words: str) -> None:
    """Write a line to standard output at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


class SoakProgress:
    """A job's progress, kept in a file so that the job can be resumed."""

    def __init__(self, file: Path, seed: int) -> None:
        self.file, self.seed = file, seed
        self.batches, self.steps, self.examples, self.editions, self.seconds = 0, 0, 0, 0, 0.0
        self.by_rule: Counter[str] = Counter()
        self.finding = ""
        if file.exists():
            data = json.loads(file.read_text())
            self.by_rule.update(data.pop("by_rule"))
            self.__dict__.update(data)

    def add(self, counted: Any, seconds: float) -> None:
        """Add a finished batch and save."""
        self.batches += 1
        self.steps += counted.total
        self.examples += counted.examples
        self.editions += counted.editions
        self.by_rule.update(counted.by_rule)
        self.seconds += seconds
        self.save()

    def save(self) -> None:
        """Write the file."""
        data = {name: value for name, value in vars(self).items() if name != "file"}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(data, indent=1))
        part.replace(self.file)


def run_job(number: int, seed: int, steps: int, file: Path) -> int:
    """Run batches until ``steps`` are done or something is found; return 1 for a finding."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    import django  # noqa: PLC0415

    django.setup()
    logging.disable(logging.CRITICAL)
    from tests.stateful.base import Steps  # noqa: PLC0415
    from tests.stateful.initial_site import build_initial_site  # noqa: PLC0415
    from tests.stateful.runner import run  # noqa: PLC0415
    from tests.stateful.running_site import running_site  # noqa: PLC0415
    from tests.stateful.soak_environment import temporary_database, temporary_storage  # noqa: PLC0415

    progress = SoakProgress(file, seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        temporary_database(f"test_soak_{seed}_{number}"),
        temporary_storage(Path(folder)),
        running_site() as site,
    ):
        initial_site = build_initial_site(site)
        while progress.steps < steps and not progress.finding:
            counted, started = Steps(), time.monotonic()
            stop = _report_each_minute(number, progress, counted)
            try:
                run(initial_site, seed * 1_000_003 + progress.batches, examples=BATCH, count=counted)
            except Exception as error:  # every failure is a finding
                progress.finding = "\n".join(
                    [f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])]
                )
            stop.set()
            progress.add(counted, time.monotonic() - started)
    return 1 if progress.finding else 0


def _report_each_minute(number: int, progress: SoakProgress, counted: Any) -> threading.Event:
    stop = threading.Event()

    def report() -> None:
        while not stop.wait(REPORT_SECONDS):
            print_line(
                f"job {number}: {progress.steps + counted.total} steps, "
                f"{progress.editions + counted.editions} editions"
            )

    threading.Thread(target=report, daemon=True).start()
    return stop


def main() -> int:
    """Distribute the steps over jobs, wait for them and print a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--job", type=int, default=None, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(2**31) if arguments.seed is None else arguments.seed
    share = -(-arguments.steps // arguments.jobs)
    files = [Path(".local/soak") / f"{seed}-{n}of{arguments.jobs}.json" for n in range(arguments.jobs)]
    if arguments.job is not None:
        return run_job(arguments.job, seed * 1_000 + arguments.job, share, files[arguments.job])
    print_line(
        f"seed {seed}: {arguments.steps} steps in {arguments.jobs} job(s); SEED={seed} resumes this run"
    )
    command = [sys.executable, "-m", "tests.stateful.soak", f"--steps={arguments.steps}", f"--seed={seed}"]
    command.append(f"--jobs={arguments.jobs}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as on Ctrl-C
    jobs = [subprocess.Popen([*command, f"--job={n}"]) for n in range(arguments.jobs)]
    try:
        exit_codes = [job.wait() for job in jobs]
    except KeyboardInterrupt:
        for job in jobs:
            job.terminate()
        print_line(f"stopped; SEED={seed} resumes it")
        return 130
    return summarise(seed, files, exit_codes)


def summarise(seed: int, files: list[Path], exit_codes: list[int]) -> int:
    """Print the sum of all jobs; return 1 if any has a finding or failed."""
    results = [SoakProgress(file, seed) for file in files]
    rules: Counter[str] = Counter()
    for progress in results:
        rules.update(progress.by_rule)
    steps, examples = sum(b.steps for b in results), sum(b.examples for b in results)
    print_line(
        f"seed {seed}: {steps} steps in {examples} examples, {sum(b.editions for b in results)} editions made"
    )
    print_line(f"duration {max(b.seconds for b in results) / 60:.1f} minutes")
    for name, count in rules.most_common():
        print_line(f"  {count:7} {name}")
    findings = [progress.finding for progress in results if progress.finding]
    for finding in findings:
        print_line(f"FOUND\n{finding}")
    if not findings:
        print_line("nothing found" if not any(exit_codes) else f"a job failed: {exit_codes}")
    return 1 if findings or any(exit_codes) else 0


if __name__ == "__main__":
    sys.exit(main())
