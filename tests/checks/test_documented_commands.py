"""Every command in the documents exists as it is written, and is run by a test or says why not."""

import re
import shlex
from argparse import Action, ArgumentParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, get_commands, load_command_class
from django.core.management.base import CommandParser

BASE = Path(settings.BASE_DIR)
DOCUMENTS = [
    *(BASE / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted((BASE / "docs").glob("*.md")),
    *sorted((BASE / "docs" / "operators").glob("*.md")),
]

#: Fenced commands that a test runs, as they begin, and the test.
RUN = {
    "python manage.py backup": "tests/backup/test_backup.py",
    "python manage.py restore": "tests/backup/test_backup.py",
    "python manage.py scheduler": "tests/scheduler/test_command.py",
    "python manage.py doctor": "tests/site_checks/test_doctor.py",
    "OWNER_PASSWORD=": "tests/deployment/test_roles.py",
    "python manage.py ledger export": "tests/deployment/test_roles.py",
    "python verify_export.py": "tests/deployment/test_roles.py",
    "python manage.py ledger prove": "tests/checkpoints/test_proof.py",
    "python manage.py ledger verifier --proofs": "tests/checkpoints/test_proof.py",
    "python verify_proof.py": "tests/checkpoints/test_proof.py",
    "python manage.py ledger new_key": "tests/checkpoints/test_checkpoint.py",
    "python manage.py ledger key": "tests/checkpoints/test_checkpoint.py",
    "python manage.py ledger publish_head": "tests/checkpoints/test_head_copies.py",
    **dict.fromkeys(("pg_basebackup", "cp -a", "printf", "pg_ctl"), "tests/deployment/test_point_in_time.py"),
    "openssl ts": "tests/checkpoints/test_time_stamps.py",
    "python manage.py export_account": "tests/accounts/test_personal_data.py",
    "python manage.py erase_account": "tests/accounts/test_personal_data.py",
    **dict.fromkeys(("site=", "curl"), "tests/api/test_documented_requests.py"),
    "make run": "tests/deployment/test_make_run.py",
    "python manage.py lint_migrations": "tests/devtools/test_migration_lint.py",
    "python manage.py check_brand": "tests/brand/test_brand.py",
    ".venv/bin/python manage.py setup_site": "tests/setup/test_setup_and_demo.py",
    ".venv/bin/python manage.py first_day": "tests/setup/test_first_steps.py",
    "deploy/manage": "tests/deployment/test_manage.py",
}
#: Fenced commands that no test runs, as they begin, and why.
NOT_RUN = {
    "cd deploy": "as docker; tests/deployment/test_compose.py starts the same services without it",
    "mkdir -p secrets": "as docker",
    "useradd": "changes a whole machine; tests/deployment/test_systemd.py verifies the units",
    "git clone": "as useradd",
    "python3 -m venv": "as useradd",
    "mkdir -p /srv": "as useradd",
    "chown ": "as useradd",
    "install -m": "as useradd",
    "cp -r": "as useradd",
    "apt-get": "as useradd",
    "systemctl": "as useradd",
    "docker ": "no test has Docker; tests/deployment/test_container.py runs the image's own commands",
    "make test": "runs these tests; .ci/run begins with it in a fresh clone",
    "make": "each builds or runs for minutes, and is used by developers every day",
    ".venv/bin/python -m pytest": "the tests themselves",
    "sudo apt-get": "changes the machine; the packages are those of a plain Debian",
    "export EMERGENCY_NUMBER": "settings, which tests/setup/test_first_steps.py changes",
    ".venv/bin/python manage.py migrate": "every run of the tests begins with it",
    ".venv/bin/python manage.py createsuperuser": "asks questions; tests/accounts runs the command",
    ".venv/bin/python manage.py runserver": "tests/browser browses what it serves",
}


def fenced_commands(document: Path) -> list[str]:
    """Return the lines of shell blocks, continued lines joined, comments left out."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [command for line in lines if (command := re.sub(r"(^|\s+)#.*", "", line).strip())]


def management_commands(document: Path) -> list[list[str]]:
    """Return the words of every management command of a document, in blocks and in sentences.

    In a sentence `manage.py` may be missing before a command with an argument; one word may be anything.
    """
    text = document.read_text("utf-8")
    found = re.findall(r"manage\.py ([a-z_]\w+[^\n`|>;)]*)", text)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    quoted = [words.split() for words in re.findall(r"`([a-z_]+\s[^`]+)`", prose)]
    return [
        *(shlex.split(re.split(r"\s#| && |…\)", words)[0].strip(" .,:")) for words in found),
        *(words for words in quoted if words[0] in get_commands()),
    ]


def test_every_fenced_command_is_run_by_a_test_or_says_why_not() -> None:
    commands = {command for document in DOCUMENTS for command in fenced_commands(document)}
    known = (*RUN, *NOT_RUN)
    assert sorted(command for command in commands if not command.startswith(known)) == []
    unused = [start for start in known if not any(command.startswith(start) for command in commands)]
    assert unused == []


def test_what_runs_them_exists() -> None:
    assert [test for test in RUN.values() if not (BASE / test).is_file()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_management_command_has_the_documented_options(document: Path) -> None:
    for name, *words in management_commands(document):
        app = get_commands().get(name)
        assert app, f"{document.name} names manage.py {name}"
        parser = load_command_class(app, name).create_parser("manage.py", name)
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert options <= set(options_of(parser)), (name, words)
        assert refusal(parser, words) == "", (name, words)


def test_commands_in_sentences_are_found_with_their_arguments() -> None:
    found = [words for document in DOCUMENTS for words in management_commands(document)]
    for words in (
        "purge_caches --all",
        "scheduler --once NAME",
        "audit_accounts --record",
        "unlock_account NAME",
        "ledger verify --checkpoint heads/2026-01-31",
    ):
        assert words.split() in found
    app = get_commands()["scheduler"]
    parser = load_command_class(app, "scheduler").create_parser("manage.py", "scheduler")
    assert "unrecognized arguments: --twice" in refusal(parser, ["--once", "--twice"])
    assert "unrecognized arguments: NAME OTHER" in refusal(parser, ["--list", "NAME", "OTHER"])


def refusal(parser: CommandParser, words: list[str]) -> str:
    """Return why the command's own parser refuses these words; empty if it takes them.

    What is only left out is no reason: a sentence may name a command, or an option, without its argument.
    """
    takes_value = {name for name, action in options_of(parser).items() if action.nargs != 0}
    words = ["1" if word == "N" else word for word in words if word != "--help"]
    try:
        parser.parse_args([*words, "x"] if words and words[-1] in takes_value else words)
    except CommandError as error:
        return "" if "the following arguments are required" in str(error) else str(error)
    return ""


def options_of(parser: ArgumentParser) -> dict[str, Action]:
    """Return the options of a parser and of its sub-commands."""
    found = dict(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(getattr(action, "choices", None), dict):
            for sub_parser in action.choices.values():
                found |= options_of(sub_parser)
    return found


def test_every_documented_target_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (BASE / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]+)", text, re.MULTILINE))
        assert named <= targets, (document.name, named - targets)
