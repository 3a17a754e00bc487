"""Settings of what a site can do without: backups, evidence, labels, metrics, and limits of time."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from monographs.core.age_keys import KeyRefused, recipient
from monographs.core.db_clock import database_now
from monographs.core.web_address import why_no_web_address
from monographs.editions.checkpoints.keys import KeyMissing, signing_key
from monographs.editions.record.signed_note import NoteRefused, parse_verifier_key
from monographs.site_checks.site_check import site_check

#: Fewer characters of a token can be tried out.
TOKEN_LENGTH = 20
#: A page that was withdrawn may be shown for so long while the database is away: five minutes.
MOST_STALE_SECONDS = 300
#: Seconds that a busy database takes for a statement of ours, or to be connected to; and more than any takes.
LEAST_SECONDS, MOST_SECONDS = 0.1, 600
SETTINGS_TABLE = "docs/operators/settings.md says what it takes."


@site_check()
def backup_settings() -> Iterator[CheckMessage]:
    """Backups can be encrypted to BACKUP_KEYS."""
    for key in settings.BACKUP_KEYS:
        try:
            recipient(key)
        except KeyRefused as error:
            yield Error(f"BACKUP_KEYS: {error}", hint="List the public keys, comma-separated.")


@site_check(manual="Evidence")
def evidence_settings() -> Iterator[CheckMessage]:
    """The ledger's head can be signed, and witnesses' signatures recognised."""
    if settings.LEDGER_KEY_FILE or settings.LEDGER_HEAD_TO:
        yield from _refused("LEDGER_KEY_FILE", lambda _: signing_key(), [settings.LEDGER_KEY_FILE])
    yield from _refused("LEDGER_WITNESS_KEYS", parse_verifier_key, settings.LEDGER_WITNESS_KEYS)
    yield from _refused("LEDGER_FORMER_KEYS", parse_verifier_key, settings.LEDGER_FORMER_KEYS)
    if settings.LEDGER_WITNESS_URLS and not settings.LEDGER_WITNESS_KEYS:
        yield Error(
            "LEDGER_WITNESS_URLS names witnesses, and LEDGER_WITNESS_KEYS no key of theirs, so that no "
            "signature counts.",
            hint="Ask each witness for its public key, and list it in LEDGER_WITNESS_KEYS.",
        )


def _refused(name: str, read: Callable[[str], object], values: list[str]) -> Iterator[CheckMessage]:
    for value in values:
        try:
            read(value)
        except (KeyMissing, NoteRefused) as error:
            yield Error(f"{name} cannot be used: {error}", hint=SETTINGS_TABLE)


@site_check(manual="The ledger's head has no time stamp")
def time_stamp_certificates() -> Iterator[CheckMessage]:
    """Time stamps can be verified: there is OpenSSL, and the certificates of the authority's CA."""
    if not settings.LEDGER_TSA_URL:
        return
    if shutil.which("openssl") is None:
        yield Error(
            "LEDGER_TSA_URL is set, and openssl is not installed.", hint="Install the package openssl."
        )
    name = f"LEDGER_TSA_CA_FILE={settings.LEDGER_TSA_CA_FILE}"
    hint = "Name a file with the authority's root certificate, and those in between, as PEM."
    try:
        found = load_pem_x509_certificates(Path(settings.LEDGER_TSA_CA_FILE).read_bytes())
    except (OSError, ValueError) as error:
        yield Error(f"{name} cannot be used: {error}", hint=hint)
        return
    if ended := [one.subject.rfc4514_string() for one in found if one.not_valid_after_utc < database_now()]:
        yield Warning(f"{name} has certificates that have ended: {'; '.join(ended)}.", hint=hint)


@site_check()
def label_settings() -> Iterator[CheckMessage]:
    """A graver change of a label is answered sooner; a service can be asked for labels."""
    grave, substance, wording = (settings.LABEL_TASK_DAYS[name] for name in ("grave", "substance", "wording"))
    if not grave <= substance <= wording:
        yield Error(
            f"LABEL_DAYS_GRAVE={grave}, LABEL_DAYS_SUBSTANCE={substance}, LABEL_DAYS_WORDING={wording}: "
            "a graver change has to be answered in fewer days.",
            hint="Set them to 7, 60 and 180, or to what your rules ask for.",
        )
    for name in ("DAILYMED_URL", "OPENFDA_URL"):
        if reason := why_no_web_address(getattr(settings, name)):
            yield Error(f"{name}={getattr(settings, name)} is no web address: {reason}.", hint=SETTINGS_TABLE)
    agent = settings.LABEL_USER_AGENT
    if not agent.isprintable() or not _is_latin1(agent):
        yield Error(
            f"LABEL_USER_AGENT={agent!r} cannot be sent, so no label is asked for.",
            hint="Write it on one line, in letters without accents, e.g. example-clinic (+https://example.org).",
        )


def _is_latin1(text: str) -> bool:
    """Whether the text can be in a header of a request, which has no other characters."""
    return all(ord(character) < 256 for character in text)  # noqa: PLR2004  # ISO 8859-1


@site_check(manual="Watching")
def metrics_token() -> Iterator[CheckMessage]:
    """METRICS_TOKEN cannot be guessed, and can be sent."""
    if not re.fullmatch(r"[!-~]*", settings.METRICS_TOKEN):
        yield Error(
            "METRICS_TOKEN has spaces or letters beyond ASCII, so that nobody can send it and read /metrics.",
            hint="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(30))'",
        )
    if 0 < len(settings.METRICS_TOKEN) < TOKEN_LENGTH:
        yield Error(
            f"METRICS_TOKEN has {len(settings.METRICS_TOKEN)} characters: anybody can find it out, and read "
            "/metrics.",
            hint="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(30))'",
        )


@site_check()
def time_limits() -> Iterator[CheckMessage]:
    """No request waits for ever, and no withdrawn page is shown for long."""
    for name in (
        "PUBLIC_READ_SECONDS DATABASE_CONNECT_SECONDS DATABASE_STATEMENT_SECONDS DATABASE_LOCK_SECONDS "
        "DATABASE_IDLE_SECONDS"
    ).split():
        if getattr(settings, name) == 0:
            yield Warning(
                f"{name}=0 is no limit: a database that hangs keeps every thread of the service.",
                hint=f"Leave {name} out, or set the seconds.",
            )
        elif getattr(settings, name) < LEAST_SECONDS:
            yield Error(
                f"{name}={getattr(settings, name):g} is less than an answer of a busy database takes: pages "
                "fail.",
                hint=f"Leave {name} out, or set it in seconds, not in milliseconds or hours.",
            )
        elif getattr(settings, name) > MOST_SECONDS:
            yield Warning(
                f"{name}={getattr(settings, name):g} is {getattr(settings, name) / 60:.0f} minutes: meant in "
                "milliseconds? A database that hangs keeps threads of the service for so long.",
                hint=f"Leave {name} out, or set it in seconds.",
            )
    if settings.PUBLIC_STALE_SECONDS > MOST_STALE_SECONDS:
        yield Warning(
            f"PUBLIC_STALE_SECONDS={settings.PUBLIC_STALE_SECONDS:g}: a withdrawn page can be shown for so "
            "long while the database is away.",
            hint="Leave PUBLIC_STALE_SECONDS out (60), or set fewer seconds.",
        )


@site_check(at_start=True)
def help_lines() -> Iterator[CheckMessage]:
    """Telephone lines have names."""
    for name in ("SUICIDE_LINE_NAME", "POISON_LINE_NAME"):
        if not getattr(settings, name).strip():
            yield Error(
                f"{name} is empty: readers in danger would see a number that is nobody's.",
                hint=f"Set {name} to what the line is called, or leave it out.",
            )
