import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from devtools.synthetic.publisher import generate


class Command(BaseCommand):
    help = "Publish invented monographs, signed like real ones, to try the service at size; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, metavar="N", help="how many medicines there are to be")
        parser.add_argument("--editions", type=int, default=1, help="editions of each (1)")
        parser.add_argument("--seed", type=int, default=1, help="another seed makes other medicines (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ALLOW_DEMONSTRATION:
            raise CommandError("Invented texts must not meet patients; these settings forbid them.")
        count, editions = options["count"], options["editions"]
        if count < 1 or editions < 1:
            raise CommandError("Ask for at least one monograph and one edition of each.")
        start = time.monotonic()
        for done in generate(count, editions=editions, seed=options["seed"]):
            took = time.monotonic() - start
            self.stdout.write(f"\r{done} of {count} medicines, {took:.0f} s", ending="")
            self.stdout.flush()
        self.stdout.write("\nReady.")
