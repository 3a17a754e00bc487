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
    *(
        ("DATABASE_URL", url, "characters such as / and # as %2F and %23")
        for url in (
            "postgresql://nobody@localhost:99999/none",
            "postgresql://nobody:pass/word@localhost/none",
            "postgresql://nobody@localhost",
            "postgresql://nobody@localhost/",
            "nobody@localhost/none",
        )
    ),
    ("DATABASE_URL", "postgresql://nobody@localhost/none?ssl=true", "knows no option ssl. TLS is ?sslmode="),
    *(
        (name, value, f"{name} begins and ends with a quotation mark")
        for name, value in (
            ("EMERGENCY_NUMBER", '"911"'),
            ("POISON_LINE_NAME", "'Poison line'"),
            ("METRICS_TOKEN", '"q8Zr2-Lw0xNcV7bTy5uJm3sPd9fGh4kA1"'),
            ("DATABASE_URL", '"postgresql://nobody@localhost/none"'),
        )
    ),
    *(
        ("EMERGENCY_NUMBER", number, f"{number!r} is no telephone number")
        for number in ("call 911", "1-800-GAMBLER", "٩١١", "-", "9\n1")
    ),
    *(
        (name, value, f"{name}={value} is not in the range from ")
        for name, value in (
            ("WEB_CONCURRENCY", "0"),
            ("BACKUPS_KEPT", "-14"),
            ("BODY_CACHE_MB", "-1"),
            ("SESSION_IDLE_MINUTES", "0"),
            ("LABEL_DAYS_GRAVE", "0"),
            ("SOURCE_YEARS_AGENCY", "-1"),
            ("PUBLIC_READ_SECONDS", "-0.5"),
        )
    ),
    ("SESSION_IDLE_MINUTES", "99999999999999", "is not in the range from 1 to "),
    ("LEDGER_HEAD_TO", "file://srv/heads", "'srv' is read as the name of a computer: file:///srv/heads"),
    ("LEDGER_HEAD_TO", "git://example.net/heads", "'example.net' is read as the name of a computer"),
    ("EMAIL_URL", "smtp://user:p%C3%A4ss@mail.example.org", "name and password of a mail server are ASCII"),
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
    *(
        ("S3_BUCKET", name, f"S3_BUCKET: {name!r} is no name of a bucket")
        for name in ("s3://files/", "files/media", "https://files.s3.amazonaws.com", "Files", "my files")
    ),
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


def test_spaces_around_values_and_parts_of_lists_mean_nothing() -> None:
    """Docker's `--env-file` keeps the spaces that systemd and Compose remove."""
    key = PRODUCTION["SECRET_KEY"]
    given = {
        "DATABASE_URL": " postgresql://nobody@localhost/none ",
        "ALLOWED_HOSTS": "medicines.example.org, other.example.org,",
        "SECRET_KEY_FALLBACKS": f"{key}1, {key}2",
        "CACHE_PURGE_URLS": "http://10.0.0.5:6081, http://10.0.0.6:6081/",
        "LEDGER_HEAD_TO": "mailto:a@example.org, file:/srv/heads",
        "SITE_TIME_ZONE": " Europe/Berlin",
    }
    show = (
        "from django.conf import settings as s; import json; names = 'ALLOWED_HOSTS SECRET_KEY_FALLBACKS "
        "CACHE_PURGE_URLS LEDGER_HEAD_TO SITE_TIME_ZONE'.split(); print(json.dumps("
        "[s.DATABASES['default']['NAME'], *(getattr(s, name) for name in names)]))"
    )
    done = run(sys.executable, "-c", show, env=environment(**PRODUCTION | given))
    assert json.loads(done.stdout) == [
        "none",
        ["medicines.example.org", "other.example.org"],
        [f"{key}1", f"{key}2"],
        ["http://10.0.0.5:6081", "http://10.0.0.6:6081"],
        ["mailto:a@example.org", "file:/srv/heads"],
        "Europe/Berlin",
    ]


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
