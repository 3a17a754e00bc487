from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from home.first_steps.steps import first_steps


class Command(BaseCommand):
    help = (
        "Prints the steps from an empty site to the first signed medicine: what is done and missing, and "
        "where to do it. Changes nothing; the same list is in the admin under Help, First steps."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        steps = first_steps()
        for step in steps:
            mark = "x" if step.done else " "
            self.stdout.write(f"[{mark}] {step.title}{' (optional)' if step.optional else ''}")
            for words in step.missing:
                self.stdout.write(f"    - {words}")
            for place in () if step.done else step.places:
                address = f": {settings.BASE_URL}{place.address}" if place.address else ""
                self.stdout.write(f"      {place.label}{address}")
        self.stdout.write(f"{sum(step.done for step in steps)} of {len(steps)} steps are done.")
