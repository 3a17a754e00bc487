import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from monographs.core.work_progress import INTERRUPTED, NO_PROGRESS, WorkProgress, progress_on
from monographs.document.models import CollectionType
from monographs.editions.models import ReviewKind
from monographs.imports import report
from monographs.imports.draft_writer import DraftResult, write_draft
from monographs.imports.errors import ImportRefused
from monographs.imports.footnote_sources import LONGEST_TITLE
from monographs.imports.input_files import import_files_in, read_file
from monographs.imports.page_choice import PageChoice, PageNotChosen
from monographs.imports.page_match import PageMatches, index_of
from monographs.imports.parsed_text import SourceOffer
from monographs.imports.provenance import Provenance
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Submit
from monographs.rules.draft_check import current_findings

logger = logging.getLogger(__name__)


class Refused(NamedTuple):
    """A path that has no files to import."""

    name: str
    refusal: ImportRefused


class Command(BaseCommand):
    help = (
        "Import existing texts (Word, Markdown or plain text) as drafts. Prints a line per file, with what "
        "must be fixed before it can be submitted. Exits with 1 if a file was not imported, or with --submit "
        "not submitted; the other files are imported all the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files"
        )
        parser.add_argument(
            "--user", metavar="NAME", help="the account that becomes the author of the drafts"
        )
        parser.add_argument("--submit", action="store_true", help="also submit complete drafts for review")
        parser.add_argument(
            "--new",
            action="append",
            default=[],
            metavar="FILE",
            help="the file is about a new medicine, although a page has a similar name; repeatable",
        )
        parser.add_argument(
            "--into",
            action="append",
            default=[],
            metavar="FILE=SLUG",
            help="put the file into the draft of the medicine with this slug, also where that replaces "
            "unpublished work of others; repeatable",
        )

        parser.add_argument(
            "--after",
            default="",
            metavar="FILE",
            help="leave out the files up to this one, which an interrupted run has imported",
        )
        parser.add_argument(
            "--source",
            metavar="TITLE",
            help="name this source for every section of the texts; without it a section has the sources that "
            "the text cites, and a file is never a source of itself",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.user = _user(options["user"])
        self.submit: bool = options["submit"]
        if self.submit and self.user is None:
            raise CommandError("--submit needs --user NAME: reviewers must know who submits a text.")
        self.source: str = (options["source"] or "").strip()
        if len(self.source) > LONGEST_TITLE:
            raise CommandError(f"--source has more than {LONGEST_TITLE} characters; give a shorter title.")
        self.choices = _choices(options["new"], options["into"])
        self.imported: dict[int, str] = {}
        self.progress: WorkProgress = NO_PROGRESS
        try:
            for collection in (CollectionType.MEDICINES, CollectionType.CLASSES):
                index_of(collection)
        except ImportRefused as refusal:
            raise CommandError(f"Nothing was imported: {refusal}.") from refusal
        outcomes = self._import(list(self._files(options["paths"])), options["after"])
        failed = outcomes.count(False)
        if failed:
            raise CommandError(f"{failed} of {len(outcomes)} files failed; see above.")

    def _import(self, files: list[Path | Refused], after: str) -> list[bool]:
        """Import each file behind the one named ``after``; return whether each succeeded."""
        names = [path.name for path in files]
        if after and after not in names:
            raise CommandError(f"--after {after}: there is no such file among those named.")
        rest = files[names.index(after) + 1 :] if after else files
        outcomes: list[bool] = []
        with progress_on(self.stderr, lines=False) as self.progress:
            self.progress.step("importing", len(rest), "files")
            for path in rest:
                try:
                    outcomes.append(self._one_file(path))
                except KeyboardInterrupt:
                    raise CommandError(_how_to_go_on(rest, len(outcomes)), returncode=INTERRUPTED) from None
                self.progress.advance()
        return outcomes

    def _files(self, paths: list[Path]) -> Iterator[Path | Refused]:
        """Yield every file once, and what a path without files is refused for."""
        seen: set[Path] = set()
        for path in paths:
            try:
                found = import_files_in(path)
            except ImportRefused as refusal:
                yield Refused(str(path), refusal)
                continue
            for file in found:
                if file.resolve() not in seen:
                    seen.add(file.resolve())
                    yield file

    def _one_file(self, path: Path | Refused) -> bool:
        """Import one file and print its line; return whether it succeeded."""
        if isinstance(path, Refused):
            self._print(report.refused(path.name, path.refusal), failed=True)
            return False
        try:
            result = self._draft(path)
        except PageNotChosen as refusal:
            reason = f"{refusal}; {_how_to_choose(path.name, refusal.matches)}"
            self._print(report.refused(path.name, reason), failed=True)
            return False
        except ImportRefused as refusal:
            self._print(report.refused(path.name, refusal), failed=True)
            return False
        except Exception as error:  # an error in one file must not keep the others from being imported
            logger.exception("import of %r failed", path.name)
            reason = f"unexpected error, {type(error).__name__}: {error}"
            self._print(report.refused(path.name, reason), failed=True)
            return False
        self.imported[result.page.pk] = path.name
        findings = current_findings(result.page)
        stopped = any(finding.stops for finding in findings)
        if self.submit and stopped:
            outcome, ok = "imported as draft, not submitted", False
        elif self.submit and self.user:
            outcome, ok = self._submitted(result, path, self.user)
        else:
            outcome, ok = _kind(result), True
        self._print(report.imported(path.name, result, outcome, findings), failed=not ok)
        return ok

    def _draft(self, path: Path) -> DraftResult:
        parsed, origin = read_file(path), Provenance.of_file(path)
        choice = self.choices.get(path.name)
        parsed.source_of_all = SourceOffer(self.source) if self.source else None
        return write_draft(parsed, self.user, origin=origin, written=self.imported, choice=choice)

    def _submitted(self, result: DraftResult, path: Path, submitter: User) -> tuple[str, bool]:
        reason = report.one_line(f"Imported from {path.name}")
        try:
            Submit(submitter, result.page, review_kind=ReviewKind.FULL_REVIEW, reason=reason).execute()
        except PolicyError as refusal:
            return f"imported as draft, not submitted: {refusal.message}", False
        return "submitted", True

    def _print(self, line: str, *, failed: bool) -> None:
        with self.progress.aside():
            self.stdout.write(line, self.style.ERROR if failed else None)


def _choices(new: list[str], into: list[str]) -> dict[str, PageChoice]:
    """Return the page that the operator confirmed for each file, by the file's name."""
    choices = {name: PageChoice(new=True) for name in new}
    for pair in into:
        name, _, slug = pair.rpartition("=")
        page = MonographPage.objects.filter(slug=slug).first()
        if not name or page is None:
            raise CommandError(f"--into {pair}: give FILE=SLUG; there is no medicine with the slug “{slug}”.")
        if name in choices:
            raise CommandError(f"{name} is both --new and --into; choose one of them.")
        choices[name] = PageChoice(page_id=page.pk)
    return choices


def _how_to_choose(name: str, matches: PageMatches) -> str:
    """Return the options that say which page is meant."""
    slugs = [match.slug for match in matches.all]
    into = f"--into '{name}={slugs[0] if len(slugs) == 1 else 'SLUG'}' to put it into the draft of that page"
    return f"add {into}" if matches.exact else f"add {into}, or --new '{name}' to make a new medicine"


def _how_to_go_on(files: list[Path | Refused], done: int) -> str:
    """Return what an interrupted import has done, and how to do the rest."""
    last = files[done - 1].name if done else ""
    rest = f"Go on with the same command and --after '{last}'" if last else "Run the same command again"
    return f"Interrupted after {done} of {len(files)} files; none is half imported. {rest}."


def _kind(result: DraftResult) -> str:
    return "new draft" if result.created else "new draft of an existing page"


def _user(name: str | None) -> User | None:
    if name is None:
        return None
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no account called “{name}”.")
    if not user.is_active:
        raise CommandError(f"The account “{name}” is not active.")
    return user
