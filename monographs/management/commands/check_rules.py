import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from monographs.imports.draft_writer import write_draft
from monographs.imports.errors import ImportRefused
from monographs.imports.input_files import import_files_in, read_file
from monographs.imports.page_choice import PageChoice
from monographs.imports.provenance import Provenance
from monographs.rules.documentation import rules_as_markdown
from monographs.rules.draft_check import current_findings
from monographs.rules.draft_queries import drafts
from monographs.rules.finding import Finding
from monographs.rules.rule import Severity


class Command(BaseCommand):
    help = (
        "Print what the house rules find in drafts, or in files that are not imported yet. "
        "Exits with 1 if any of them could not be submitted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", type=Path, metavar="PATH", help="a file, or a folder of files"
        )
        parser.add_argument("--all", action="store_true", help="every draft")
        parser.add_argument(
            "--key", action="append", type=UUID, metavar="KEY", help="the draft with this key"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument(
            "--list", action="store_true", help="print the rules themselves: the content of docs/rules.md"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self.stdout.write(rules_as_markdown(), ending="")
            return
        if not (options["paths"] or options["all"] or options["key"]):
            raise CommandError("Nothing to check: give a PATH, --key KEY, or --all.")
        self.unreadable = 0
        checked = []
        for name, key, findings in self._checked(options):
            checked.append({"title": name, "key": key, "findings": [f.as_record() for f in findings]})
            if not options["json"]:
                self._print_findings(name, findings)
        if options["json"]:
            self.stdout.write(json.dumps(checked, indent=2, ensure_ascii=False))
        self._fail_on_errors(checked)

    def _checked(self, options: dict[str, Any]) -> Iterator[tuple[str, str, list[Finding]]]:
        for path in options["paths"]:
            yield from self._files(path)
        found = set()
        if options["all"] or options["key"]:
            for page in drafts(None if options["all"] else options["key"]):
                found.add(page.translation_key)
                yield page.title, str(page.translation_key), current_findings(page)
        for key in set(options["key"] or ()) - found:
            self._report_unreadable(f"{key}: no draft has this key")

    def _files(self, path: Path) -> Iterator[tuple[str, str, list[Finding]]]:
        """Check files as they would be once imported. Nothing is saved."""
        try:
            files = list(import_files_in(path))
        except ImportRefused as refusal:
            self._report_unreadable(f"{path}: {refusal}")
            return
        for file in files:
            try:
                with transaction.atomic():
                    parsed, choice = read_file(file), PageChoice(tentative=True)
                    page = write_draft(parsed, origin=Provenance.of_file(file), choice=choice).page
                    findings = current_findings(page)
                    transaction.set_rollback(True)
            except ImportRefused as refusal:
                self._report_unreadable(f"{file.name}: {refusal}")
            else:
                yield f"{file.name} ({page.title})", "", findings

    def _print_findings(self, name: str, findings: list[Finding]) -> None:
        errors = [f for f in findings if f.stops]
        advice = [f for f in findings if f.severity is Severity.ADVICE and not f.reason]
        overruled = [f for f in findings if f.reason]
        self.stdout.write(f"{name}: {len(errors)} errors, {len(advice)} advice, {len(overruled)} overruled")
        for finding in errors:
            self.stdout.write(self.style.ERROR(f"  error   {_line(finding)}"))
        for finding in advice:
            self.stdout.write(f"  advice  {_line(finding)}")
        for finding in overruled:
            why = f"overruled by {finding.overruled_by}: {finding.reason}"
            self.stdout.write(f"  kept    {_line(finding)} ({why})")

    def _fail_on_errors(self, checked: list[dict[str, Any]]) -> None:
        stopped = [
            text["title"]
            for text in checked
            if any(f["severity"] == Severity.ERROR and not f["reason"] for f in text["findings"])
        ]
        if stopped or self.unreadable:
            raise CommandError(
                f"{len(stopped)} of {len(checked)} have errors"
                + (f", {self.unreadable} could not be read." if self.unreadable else ".")
            )

    def _report_unreadable(self, line: str) -> None:
        self.unreadable += 1
        self.stderr.write(line)


def _line(finding: Finding) -> str:
    words = f" “{finding.excerpt}”" if finding.excerpt and finding.excerpt not in finding.message else ""
    return f"{finding.rule}: {finding.place}: {finding.message}{words}"
