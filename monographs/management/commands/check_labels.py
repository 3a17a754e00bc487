from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monographs.core.db_clock import database_now
from monographs.core.work_progress import WorkProgress, progress_on
from monographs.label_watch.configured_source import configured_service
from monographs.label_watch.file_check import check_files
from monographs.label_watch.label_checks import CheckedLabel, CheckResult, check_service
from monographs.label_watch.label_knowledge import begin_round
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import LabelNotice
from monographs.labels import ChangeClass


class Command(BaseCommand):
    help = (
        "Look for new versions of the labels that monographs rest on, at the service in LABEL_SOURCE or in "
        "files. Prints a line per followed label; exit code 1 if anything was not learned."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="path",
            type=Path,
            metavar="DIR_OR_ZIP",
            help="read files of DailyMed or openFDA instead of asking a service",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = database_now()
        followed = begin_round()
        counts: Counter[CheckResult] = Counter()
        grave = 0
        left = "What was learned is stored; the next check asks for the rest."
        with progress_on(self.stderr, left, lines=False) as progress:
            for line in self._checked(options["path"], followed, progress):
                counts[line.result] += 1
                grave += line.step is not None and line.step.change_class == ChangeClass.GRAVE
                with progress.aside():
                    self.stdout.write(_text(line))
        for notice in LabelNotice.objects.filter(noticed_at__gte=started).order_by("pk"):
            self.stdout.write(f"{notice.set_id} noticed: {notice.get_kind_display()} ({notice.detail})")
        for task in refresh_label_tasks():
            if task.closed_at is None:
                self.stdout.write(
                    f"{task.set_id} label task: {task} [{task.change_class}], due {task.due_on}"
                )
        found = ", ".join(f"{counts[result]} {result.value}" for result in CheckResult if counts[result])
        self.stdout.write(
            f"{len(followed)} labels followed: {found or 'none asked'}. Grave changes: {grave}."
        )
        if counts[CheckResult.FAILED] or counts[CheckResult.NOT_ASKED]:
            raise CommandError(
                "Not everything was learned; the lines above say why. What was learned is stored."
            )

    def _checked(
        self, path: Path | None, followed: list[str], progress: WorkProgress
    ) -> Iterator[CheckedLabel]:
        if path is not None:
            if not path.exists():
                raise CommandError(f"There is no file or folder {path}.")
            yield from check_files(path, followed, progress)
            return
        service = configured_service()
        if service is None:
            raise CommandError(
                "LABEL_SOURCE is “none”: give a folder or a zip with --from, or set LABEL_SOURCE."
            )
        progress.step(f"Asking {service.name}", len(followed), "labels")
        for line in check_service(service, followed):
            progress.advance()
            yield line


def _text(line: CheckedLabel) -> str:
    title = f" {line.version.title[:80]}" if line.version else ""
    changed = ""
    if line.step is not None:
        sections = ", ".join(line.step.sections) or "no section"
        changed = f" [{line.step.change_class or 'no change'}; {sections}]"
    return f"{line.set_id}{title}: {line.result.value}{f' ({line.detail})' if line.detail else ''}{changed}"
