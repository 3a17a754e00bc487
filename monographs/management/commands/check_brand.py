from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from monographs.core.brand.brand import Brand, read_brand
from monographs.core.brand.brand_error import BrandError
from monographs.core.brand.contrast import PAIRS, contrast
from monographs.presentation.printable_characters import unprintable_characters


class Command(BaseCommand):
    help = (
        "Reads the brand in FOLDER, by default in BRAND_FOLDER, and prints the contrast of every pair of "
        "colours of the public pages. Exits with status 1 if it cannot be used, and says why."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", default="")

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        try:
            brand: Brand = read_brand(folder) if folder else settings.BRAND
        except BrandError as error:
            raise CommandError(str(error)) from error
        for mode, colours in brand.all_colours.items():
            for pair in PAIRS:
                ratio = contrast(colours[pair.ink], colours[pair.ground])
                needed = f"(at least {pair.least:g}; {pair.what})"
                self.stdout.write(f"{mode:5} {pair.ink} on {pair.ground}: {ratio:.2f} {needed}")
        for line in brand.legal_lines:
            if missing := unprintable_characters(line):
                raise CommandError(
                    f"Leaflets cannot print {' '.join(sorted(missing))} of the legal line “{line}”."
                )
        self.stdout.write(f"{brand.name or 'The brand'} can be used: {len(PAIRS)} pairs in light and dark.")
