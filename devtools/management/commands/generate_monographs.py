import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from devtools.synthetic.generation import BATCH_SIZE, generate
from monographs.core.work_progress import progress_on


class Command(BaseCommand):
    help = "Publish synthetic monographs, signed like real ones, for tests at scale; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, metavar="N", help="total number of synthetic medicines")
        parser.add_argument("--editions", type=int, default=1, help="editions of each medicine (1)")
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            help="seed of names and texts; another seed makes other medicines (1)",
        )

        parser.add_argument(
            "--jobs", type=int, help="processes (as many as there are processors, for more than one batch)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ALLOW_DEMONSTRATION:
            raise CommandError(
                "Synthetic texts must not be shown to patients, so these settings do not allow them."
            )
        count, editions = options["count"], options["editions"]
        if min(count, editions, options["jobs"] or 1) < 1:
            raise CommandError("N, --editions and --jobs must be at least 1.")
        jobs = options["jobs"] or (os.cpu_count() or 1 if count > BATCH_SIZE else 1)
        again = "What was published stays; the same command goes on from there."
        with progress_on(self.stderr, again) as progress:
            progress.step("publishing", count, "medicines")
            told = 0
            for done in generate(count, editions=editions, seed=options["seed"], jobs=jobs):
                progress.advance(done - told)
                told = done
        self.stdout.write("Ready.")
