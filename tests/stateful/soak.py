"""The machine for as long as one likes: ``make soak STEPS=100000 SEED=1 JOBS=2``.

Each job has a database and a seed of its own. What is done is kept under ``.local/soak``, so a run that
was stopped goes on where it was when it is started with the same seed.
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

#: Examples per batch: what is lost when a run is stopped is less than a batch.
BATCH = 10
REPORT_SECONDS = 60


def say(words: str) -> None:
    """To whoever watches."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


class Book:
    """What a job has done, kept in a file so that it can be taken up again."""

    def __init__(self, file: Path, seed: int) -> None:
        self.file, self.seed = file, seed
        self.batches, self.steps, self.examples, self.editions, self.seconds = 0, 0, 0, 0, 0.0
        self.by_rule: Counter[str] = Counter()
        self.finding = ""
        if file.exists():
            kept = json.loads(file.read_text())
            self.by_rule.update(kept.pop("by_rule"))
            self.__dict__.update(kept)

    def add(self, counted: Any, seconds: float) -> None:
        """A batch is done."""
        self.batches += 1
        self.steps += counted.total
        self.examples += counted.examples
        self.editions += counted.editions
        self.by_rule.update(counted.by_rule)
        self.seconds += seconds
        self.save()

    def save(self) -> None:
        """Keep it."""
        kept = {name: value for name, value in vars(self).items() if name != "file"}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(kept, indent=1))
        part.replace(self.file)


def one_job(number: int, seed: int, steps: int, file: Path) -> int:
    """Run batches until ``steps`` are done or something is found; 1 for a finding."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    import django  # noqa: PLC0415

    django.setup()
    logging.disable(logging.CRITICAL)
    from tests.stateful.base import Steps  # noqa: PLC0415
    from tests.stateful.database import lay  # noqa: PLC0415
    from tests.stateful.runner import run  # noqa: PLC0415
    from tests.stateful.scene import database_of_its_own, figures_of_its_own  # noqa: PLC0415
    from tests.stateful.world import running_world  # noqa: PLC0415

    book = Book(file, seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        database_of_its_own(f"test_soak_{seed}_{number}"),
        figures_of_its_own(Path(folder)),
        running_world() as world,
    ):
        ground = lay(world)
        while book.steps < steps and not book.finding:
            counted, started = Steps(), time.monotonic()
            stop = _report_each_minute(number, book, counted)
            try:
                run(ground, seed * 1_000_003 + book.batches, examples=BATCH, count=counted)
            except Exception as error:  # whatever it is, it is what was looked for
                book.finding = "\n".join(
                    [f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])]
                )
            stop.set()
            book.add(counted, time.monotonic() - started)
    return 1 if book.finding else 0


def _report_each_minute(number: int, book: Book, counted: Any) -> threading.Event:
    stop = threading.Event()

    def report() -> None:
        while not stop.wait(REPORT_SECONDS):
            say(
                f"job {number}: {book.steps + counted.total} steps, "
                f"{book.editions + counted.editions} editions"
            )

    threading.Thread(target=report, daemon=True).start()
    return stop


def main() -> int:
    """Share the steps out among jobs, wait, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--job", type=int, default=None, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    seed = random.SystemRandom().randrange(2**31) if asked.seed is None else asked.seed
    share = -(-asked.steps // asked.jobs)
    files = [Path(".local/soak") / f"{seed}-{n}of{asked.jobs}.json" for n in range(asked.jobs)]
    if asked.job is not None:
        return one_job(asked.job, seed * 1_000 + asked.job, share, files[asked.job])
    say(f"seed {seed}: {asked.steps} steps in {asked.jobs} job(s); SEED={seed} takes this run up again")
    command = [sys.executable, "-m", "tests.stateful.soak", f"--steps={asked.steps}", f"--seed={seed}"]
    command.append(f"--jobs={asked.jobs}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped by a scheduler or by hand: the same
    jobs = [subprocess.Popen([*command, f"--job={n}"]) for n in range(asked.jobs)]
    try:
        ends = [job.wait() for job in jobs]
    except KeyboardInterrupt:
        for job in jobs:
            job.terminate()
        say(f"stopped; SEED={seed} goes on from here")
        return 130
    return conclude(seed, files, ends)


def conclude(seed: int, files: list[Path], ends: list[int]) -> int:
    """Print the sum of all jobs; 1 if any found something or broke down."""
    books = [Book(file, seed) for file in files]
    rules: Counter[str] = Counter()
    for book in books:
        rules.update(book.by_rule)
    steps, examples = sum(b.steps for b in books), sum(b.examples for b in books)
    say(f"seed {seed}: {steps} steps in {examples} examples, {sum(b.editions for b in books)} editions made")
    say(f"duration {max(b.seconds for b in books) / 60:.1f} minutes")
    for name, count in rules.most_common():
        say(f"  {count:7} {name}")
    findings = [book.finding for book in books if book.finding]
    for finding in findings:
        say(f"FOUND\n{finding}")
    if not findings:
        say("nothing found" if not any(ends) else f"a job broke down: {ends}")
    return 1 if findings or any(ends) else 0


if __name__ == "__main__":
    sys.exit(main())
