"""Production refuses to start with incomplete settings, and names them."""

import json
import sys

import pytest

from tests.deployment.conftest import PRODUCTION, environment, run

REQUIRED = ["DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL"]


def start(**changes: str) -> tuple[int, str]:
    """Return exit status and error output of a production process."""
    env = environment(**{name: value for name, value in (PRODUCTION | changes).items() if value})
    result = run(sys.executable, "-c", "import django; django.setup()", env=env)
    return result.returncode, result.stderr


def test_production_starts_with_everything_it_requires() -> None:
    assert start() == (0, "")


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_to_start_without(name: str) -> None:
    status, complaint = start(**{name: ""})
    assert status != 0
    assert f"\n  {name}: " in complaint
    assert [other for other in REQUIRED if f"\n  {other}: " in complaint] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FALLBACKS", f"{PRODUCTION['SECRET_KEY']},short"),
        ("DATABASE_URL", "sqlite:///monographs.sqlite3"),
    ],
)
def test_production_refuses_to_start_with_an_unfit(name: str, value: str) -> None:
    status, complaint = start(**{name: value})
    assert status != 0
    assert f"{name} must" in complaint


@pytest.mark.parametrize(
    "owner",
    [
        "postgresql://nobody@localhost/none",
        "postgresql://owner@localhost/another",
        "postgresql://localhost/none",
    ],
)
def test_production_refuses_an_owner_who_is_no_other_role_of_the_same_database(owner: str) -> None:
    status, complaint = start(DATABASE_OWNER_URL=owner)
    assert status != 0
    assert "DATABASE_OWNER_URL must name the database of DATABASE_URL and another role" in complaint


def test_production_takes_the_owners_address_where_it_is_given() -> None:
    show = "from django.conf import settings as s; print(s.DATABASES['default']['USER'], s.APPLICATION_ROLE)"
    env = environment(**PRODUCTION, DATABASE_OWNER_URL="postgresql://owner@localhost/none")
    assert run(sys.executable, "-c", show, env=env).stdout == "owner nobody\n"
    assert run(sys.executable, "-c", show, env=environment(**PRODUCTION)).stdout == "nobody \n"


def test_production_answers_by_https_alone_for_a_year() -> None:
    show = (
        "from django.conf import settings as s; print(s.SECURE_HSTS_SECONDS >= 31_536_000, "
        "*(getattr(s, name) for name in ('SECURE_SSL_REDIRECT', 'SECURE_HSTS_INCLUDE_SUBDOMAINS', "
        "'SECURE_HSTS_PRELOAD', 'SESSION_COOKIE_SECURE', 'CSRF_COOKIE_SECURE')))"
    )
    said = run(sys.executable, "-c", show, env=environment(**PRODUCTION)).stdout
    assert said.split() == ["True"] * 6


#: Settings that cannot be read, and words of what is said about each.
UNREADABLE = [
    ("EMAIL_URL", "mail.example.org", "EMAIL_URL is no address of a mail server"),
    ("EMAIL_URL", "smtp://", "EMAIL_URL is no address of a mail server"),
    ("EMAIL_URL", "submit://", "EMAIL_URL is no address of a mail server"),
    *(
        ("EMAIL_URL", url, "EMAIL_URL is no address of a mail server")
        for url in (
            "smtp://mail.example.org:99999",
            "smtp://user:pass/word@mail.example.org:587",
            "smtp://a..example.org",
            "smtp://[mail",
            "smtp://mail.example.org?timeout=long",
        )
    ),
    ("CACHE_PURGE_URLS", "http://10.0.0.5:99999", "'http://10.0.0.5:99999' is no cache node"),
    ("CACHE_PURGE_URLS", "http://10.0.0.5,http://a..b", "'http://a..b' is no cache node"),
    ("DATABASE_URL", "postgresql://nobody@localhost:99999/none", '"DATABASE_URL" invalid'),
    ("LEDGER_WITNESS_URLS", "https://witness.example.net:99999/w1", "is no web address: Port out of"),
    ("LEDGER_TSA_URL", "https://tsa.example.net:port", "is no web address: Port could not be cast"),
    ("LEDGER_HEAD_TO", "mailto:", "'mailto:' names no place"),
    ("SENTRY_DSN", "sentry", "SENTRY_DSN is no address"),
    ("TRUSTED_PROXIES", "one", '"TRUSTED_PROXIES" invalid: Not a valid integer.'),
    ("SCHEDULE", "{", '"SCHEDULE" invalid: Not valid JSON.'),
    ("SITE_TIME_ZONE", "Mars/Phobos", "'Mars/Phobos' is no time zone"),
    ("LEDGER_TSA_URL", "https://tsa.example.net", "LEDGER_TSA_URL needs LEDGER_TSA_CA_FILE"),
    ("BASE_URL", "", "BASE_URL: the public address"),
    ("S3_ENDPOINT_URL", "https://s3.example.net", "S3_BUCKET is not set, and S3_ENDPOINT_URL is"),
    ("S3_SECRET_KEY", "secret", "S3_BUCKET is not set, and S3_SECRET_KEY is"),
]
#: One of them for each error that settings raise (``cms.faults.SETTINGS_FAULTS``): Django's, and environs'.
ONE_OF_EACH_ERROR = [
    case for case in UNREADABLE if case[:2] in (("SENTRY_DSN", "sentry"), ("TRUSTED_PROXIES", "one"))
]


@pytest.mark.parametrize(("name", "value", "words"), UNREADABLE)
def test_a_setting_that_cannot_be_read_is_told_to_programs(name: str, value: str, words: str) -> None:
    done = run(sys.executable, "manage.py", "doctor", "--json", env=environment(**PRODUCTION | {name: value}))
    (check,) = json.loads(done.stdout)["checks"]
    assert words in check["messages"][0]["message"]
    assert "docs/operators/settings.md" in check["messages"][0]["remedy"]
    assert "Traceback" not in done.stdout
    assert (done.returncode, check["status"], done.stderr) == (1, "error", "")


@pytest.mark.parametrize(
    "command", [("manage.py", "doctor"), ("manage.py", "migrate"), ("-c", "import cms.wsgi")]
)
@pytest.mark.parametrize(("name", "value", "words"), ONE_OF_EACH_ERROR)
def test_a_setting_that_cannot_be_read_is_told_without_a_traceback(
    name: str, value: str, words: str, command: tuple[str, ...]
) -> None:
    """What a process does about it depends on the error alone, and the words are those of the test above."""
    done = run(sys.executable, *command, env=environment(**PRODUCTION | {name: value}))
    assert done.returncode == 1
    assert words in done.stderr
    assert "docs/operators/settings.md" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_of_a_bucket_without_it_or_with_half_a_key_are_told() -> None:
    given = {"S3_ENDPOINT_URL": "https://s3.example.net", "S3_REGION": "eu-central-1", "S3_ACCESS_KEY": "key"}
    _, complaint = start(**given)
    names = "S3_ENDPOINT_URL and S3_REGION and S3_ACCESS_KEY"
    assert f"S3_BUCKET is not set, and {names} is:" in complaint
    assert f"Set S3_BUCKET to the bucket's name, or remove {names}." in complaint
    _, complaint = start(**given | {"S3_ENDPOINT_URL": "https://s3:99999"}, S3_BUCKET="files")
    assert "S3_ENDPOINT_URL: 'https://s3:99999' is no web address: Port out of range" in complaint
    _, complaint = start(**given, S3_BUCKET="files")
    assert "Of S3_ACCESS_KEY and S3_SECRET_KEY one is set." in complaint
    assert start(**given, S3_BUCKET="files", S3_SECRET_KEY="secret") == (0, "")


def test_an_address_in_other_letters_is_told_by_a_check() -> None:
    env = environment(
        **PRODUCTION | {"BASE_URL": "https://médicines.example.org", "PYTHONIOENCODING": "ascii"}
    )
    done = run(sys.executable, "manage.py", "doctor", "--json", env=env)
    messages = [
        m
        for check in json.loads(done.stdout)["checks"]
        if check["check"] == "base_url"
        for m in check["messages"]
    ]
    assert messages[0]["remedy"] == "Set BASE_URL=https://xn--mdicines-b1a.example.org."
