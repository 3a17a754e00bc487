import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from monographs.document.models import CollectionType
from monographs.editions.models import ReviewKind
from monographs.imports import report
from monographs.imports.draft_writer import DraftResult, write_draft
from monographs.imports.errors import ImportRefused
from monographs.imports.input_files import import_files_in, read_file
from monographs.imports.mending import to_mend
from monographs.imports.page_match import index_of
from monographs.imports.provenance import Provenance
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Submit

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Turn existing texts (Word, Markdown or plain text) into drafts. Prints a line per file with what "
        "must be mended; a text that breaks a rule stays a draft. Exit 1 if a file was not imported, or "
        "stays a draft although --submit asked for more; the others are imported all the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="a text, or a folder of texts"
        )
        parser.add_argument("--user", metavar="NAME", help="the account in whose name the drafts are written")
        parser.add_argument("--submit", action="store_true", help="put complete drafts before reviewers too")

    def handle(self, *args: Any, **options: Any) -> None:
        self.user = _user(options["user"])
        self.submit: bool = options["submit"]
        if self.submit and self.user is None:
            raise CommandError("--submit needs --user NAME: reviewers must know who asks them.")
        self.imported: dict[int, str] = {}
        try:
            for collection in (CollectionType.MEDICINES, CollectionType.CLASSES):
                index_of(collection)
        except ImportRefused as refusal:
            raise CommandError(f"Nothing was imported: {refusal}.") from refusal
        outcomes = [self._one_file(path) for path in self._files(options["paths"])]
        failed = outcomes.count(False)
        if failed:
            raise CommandError(f"{failed} of {len(outcomes)} did not go as asked; see above.")

    def _files(self, paths: list[Path]) -> Iterator[Path | None]:
        """Every text once; None, after its line was printed, for a path that gives none."""
        seen: set[Path] = set()
        for path in paths:
            try:
                found = import_files_in(path)
            except ImportRefused as refusal:
                self._say(report.refused(str(path), refusal), failed=True)
                yield None
                continue
            for file in found:
                if file.resolve() not in seen:
                    seen.add(file.resolve())
                    yield file

    def _one_file(self, path: Path | None) -> bool:
        """Import one file and print its line; whether it went as asked."""
        if path is None:
            return False
        try:
            drafted = self._draft(path)
        except ImportRefused as refusal:
            self._say(report.refused(path.name, refusal), failed=True)
            return False
        except Exception as error:  # one file's fault must not keep the others from being imported
            logger.exception("import of %r failed", path.name)
            fault = f"unexpected fault, {type(error).__name__}: {error}"
            self._say(report.refused(path.name, fault), failed=True)
            return False
        self.imported[drafted.page.pk] = path.name
        findings = to_mend(drafted.page)
        stopped = any(finding.stops for finding in findings)
        if self.submit and stopped:
            outcome, ok = "imported as draft, not submitted", False
        else:
            outcome, ok = self._submitted(drafted, path) if self.submit else (_kind(drafted), True)
        self._say(report.imported(path.name, drafted, outcome, findings), failed=not ok)
        return ok

    def _draft(self, path: Path) -> DraftResult:
        origin = Provenance.of(path.name)
        return write_draft(read_file(path), self.user, origin=origin, taken=self.imported)

    def _submitted(self, drafted: DraftResult, path: Path) -> tuple[str, bool]:
        reason = report.one_line(f"Imported from {path.name}")
        try:
            Submit(self.user, drafted.page, review_kind=ReviewKind.FULL_REVIEW, reason=reason).execute()
        except PolicyError as refusal:
            return f"imported as draft, not submitted: {refusal.message}", False
        return "submitted", True

    def _say(self, line: str, *, failed: bool) -> None:
        self.stdout.write(line, self.style.ERROR if failed else None)


def _kind(drafted: DraftResult) -> str:
    return "new draft" if drafted.created else "new draft of an existing page"


def _user(name: str | None) -> Any:
    if name is None:
        return None
    users = get_user_model()
    user = users.objects.filter(**{users.USERNAME_FIELD: name}).first()
    if user is None:
        raise CommandError(f"There is no account called “{name}”.")
    if not user.is_active:
        raise CommandError(f"The account “{name}” is not active.")
    return user
