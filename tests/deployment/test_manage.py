"""`deploy/manage` gives a command the settings of an environment file, whatever characters they have."""

import getpass
import json
import subprocess
from pathlib import Path

import pytest

from tests.deployment.conftest import BASE_DIR, PRODUCTION, environment, folders, run

MANAGE = BASE_DIR / "deploy" / "manage"
#: Values that a shell would take apart, and as systemd reads them.
VALUES = [
    ("EMAIL_URL=smtp://u:p@mail.example.org:587/?tls=true&_default_from_email=a@example.org", None),
    ('SCHEDULE={"backup": "off", "check_links": "2h"}', None),
    (
        r'SECRET_KEY="a \"quoted\" key with $HOME and `id` in it, long enough for anybody to use"',
        'a "quoted" key with $HOME and `id` in it, long enough for anybody to use',
    ),
    ("SUICIDE_LINE_NAME='988 Suicide & Crisis Lifeline'", "988 Suicide & Crisis Lifeline"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A complete environment file with such values."""
    lines = ["# settings", "", "; more", *(line for line, _ in VALUES)]
    given = {line.partition("=")[0] for line, _ in VALUES}
    others = PRODUCTION | folders(tmp_path)
    lines += [f"{name}={value}" for name, value in others.items() if name not in given]
    path = tmp_path / "production.env"
    path.write_text("\n".join(lines))
    return path


def manage(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return run(str(MANAGE), *map(str, words), cwd="/", env=environment(DATABASE_OWNER_URL="of the caller"))


def test_a_command_has_the_settings_of_the_file_and_no_others(file: Path) -> None:
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    done = manage("--env", file, "--user", getpass.getuser(), "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for line, value in VALUES:
        name, _, written = line.partition("=")
        assert found[name] == (value or written)
    assert found["DJANGO_SETTINGS_MODULE"] == "cms.settings.production"
    assert "DATABASE_OWNER_URL" not in found


def test_a_missing_file_or_user_is_named(tmp_path: Path, file: Path) -> None:
    done = manage("--env", tmp_path / "none.env", "doctor")
    assert (done.returncode, "none.env" in done.stderr, "as root" in done.stderr) == (1, True, True)
    done = manage("--env", file, "--user", "nobody-of-this-name", "doctor")
    assert (done.returncode, "nobody-of-this-name" in done.stderr) == (1, True)
