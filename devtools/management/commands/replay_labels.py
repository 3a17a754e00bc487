import resource
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from devtools.label_replay import HEADER, ReplaySummary, read_marks, replay


class Command(BaseCommand):
    help = (
        "Compare all versions of labels in a folder of openFDA's JSON: a row of a Markdown table per step, "
        "and a summary."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--marks", type=Path, metavar="FILE", help="steps marked by hand (TOML)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["folder"].is_dir():
            raise CommandError(f"There is no folder {options['folder']}.")
        try:
            marks = read_marks(options["marks"]) if options["marks"] else {}
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"--marks {options['marks']} cannot be read: {error}.") from error
        summary, start, steps = ReplaySummary(), time.process_time(), 0
        self.stdout.write(
            "# Results of `manage.py replay_labels`\n\n"
            "Each step between two versions of a label: its class, that marked by hand before any was\n"
            "computed, and the first of its gravest changes.\n\n"
        )
        self.stdout.write(HEADER)
        for step in replay(options["folder"], marks):
            steps += 1
            summary.add(step)
            self.stdout.write(step.row)
        seconds = time.process_time() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.stdout.write(f"\n{steps} steps in {seconds:.0f} s of processor time; at most {memory} MB.")
        if marks:
            self.stdout.write(
                f"Marked by hand: {sum(summary.pairs.values())}. Grave and missed: {summary.missed}. "
                f"Quiet: {summary.quiet}, of these false alarms: {summary.false_alarms}. "
                f"Found grave: {summary.found_grave}, of these marked less: {summary.too_grave}."
            )
