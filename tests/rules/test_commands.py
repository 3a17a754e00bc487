"""``check_rules``, the page of documentation it generates, and lists of findings in the admin."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string

from monographs.models import MonographPage
from monographs.rules.documentation import rules_as_markdown
from monographs.rules.draft_check import findings_of
from monographs.rules.overrides import overrule
from monographs.rules.registry import RULES
from tests.factories import edit, make_monograph

pytestmark = pytest.mark.django_db
REASON = "The box says it like this, and patients compare."


@pytest.fixture
def page(site: Any, writer: Any) -> MonographPage:
    """A draft with an error and with advice."""
    made = make_monograph(by=writer)
    edit(made, writer, how_it_works="Take 10mg. The bag is changed.")
    return made


def latest(page: MonographPage) -> MonographPage:
    """The page's draft as it is now."""
    return MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def run(*args: str) -> str:
    """Run the command and return its error message; empty when there is none."""
    try:
        call_command("check_rules", *args)
    except CommandError as error:
        return str(error)
    return ""


def test_errors_fail_and_advice_is_marked_as_such(page: Any, capsys: Any) -> None:
    assert run(f"--key={page.translation_key}") == "1 of 1 have errors."
    out = capsys.readouterr().out
    assert out.startswith("testumab: 1 errors, 2 advice, 0 overruled\n")
    assert "  error   number-touches-unit: How it works: Leave a space" in out
    assert "  advice  passive-voice: How it works: “is changed”: say who does it." in out


def test_advice_and_overruled_errors_do_not_fail(page: Any, writer: Any, capsys: Any) -> None:
    draft = latest(page)
    error = next(f for f in findings_of(draft, published=None) if f.stops)
    overrule(writer, page.translation_key, error, REASON)
    assert run(f"--key={page.translation_key}") == ""
    assert f"(overruled by Writer Tester: {REASON})" in capsys.readouterr().out


def test_findings_of_all_drafts_are_printed_as_json(page: Any, capsys: Any) -> None:
    assert "have errors" in run("--all", "--json")
    texts = json.loads(capsys.readouterr().out)
    assert {"testumab", "Medicines"} <= {text["title"] for text in texts}
    found = next(text for text in texts if text["title"] == "testumab")["findings"]
    assert [f["rule"] for f in found if f["severity"] == "error"] == ["number-touches-unit"]
    assert {"why", "source", "example", "fingerprint", "overrulable"} <= found[0].keys()


def test_files_are_checked_without_being_imported(site: Any, tmp_path: Path, capsys: Any) -> None:
    text = tmp_path / "newumab.txt"
    text.write_text("newumab (Newra)\n\nHow it works\n\nYou take 5.0 mg.\n")
    assert run(str(text)) == "1 of 1 have errors."
    assert "trailing-zero" in capsys.readouterr().out
    assert not MonographPage.objects.exists()


def test_what_cannot_be_checked_is_reported(site: Any, tmp_path: Path) -> None:
    assert run() == "Nothing to check: give a PATH, --key KEY, or --all."
    assert run(str(tmp_path / "missing.txt")) == "0 of 0 have errors, 1 could not be read."
    assert "1 could not be read" in run("--key=00000000-0000-0000-0000-000000000000")


def test_docs_rules_md_is_up_to_date(capsys: Any) -> None:
    assert run("--list") == ""
    printed = capsys.readouterr().out
    assert printed == rules_as_markdown()
    assert (settings.BASE_DIR / "docs" / "rules.md").read_text("utf-8") == printed, (
        "run: .venv/bin/python manage.py check_rules --list > docs/rules.md"
    )
    assert all(f"| `{rule.name}` |" in printed for rule in RULES)


def test_screens_list_errors_advice_and_what_was_overruled(page: Any, writer: Any) -> None:
    edit(page, writer, how_it_works="Take 10mg &lt;b&gt;. Take 5.0 mg. The bag is changed.")
    draft = latest(page)
    error = next(f for f in findings_of(draft, published=None) if f.rule == "trailing-zero")
    overrule(writer, page.translation_key, error, REASON)
    html = render_to_string("rules/findings.html", {"findings": findings_of(draft, published=None)})
    positions = [html.index(f"findings__group--{name}") for name in ("error", "advice", "overruled")]
    assert positions == sorted(positions)
    assert "<mark>10mg</mark>" in html
    assert "Overruled by Writer Tester: “The box says it like this" in html
    assert "The m of mg has been read as a zero" in html
    assert "<b>" not in html


def test_a_text_without_findings_says_so() -> None:
    assert "find nothing to fix" in render_to_string("rules/findings.html", {"findings": []})
