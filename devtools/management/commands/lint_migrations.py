from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from devtools.migration_lint import faults
from devtools.migration_manifest import add


class Command(BaseCommand):
    help = "Check that landed migrations are as they were, and that new ones do not break the release before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--add", action="store_true", help="first list new migrations as landed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["add"]:
            try:
                for path in add():
                    self.stdout.write(f"Added {path}")
            except ValueError as error:
                raise CommandError(str(error)) from error
        if found := list(faults()):
            raise CommandError("\n".join(found))
