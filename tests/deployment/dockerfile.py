"""Commands read from the Dockerfile, so that tests run what the image runs."""

import json
import re
from pathlib import Path

from tests.deployment.conftest import BASE_DIR

DOCKERFILE: Path = BASE_DIR / "Dockerfile"


def instructions() -> list[tuple[str, str]]:
    """Return each instruction and its arguments, with continued lines joined."""
    lines = [line for line in DOCKERFILE.read_text().splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines())]


def start_command() -> list[str]:
    """Return the command of a container."""
    command: list[str] = json.loads([rest for name, rest in instructions() if name == "CMD"][-1])
    return command


def health_command() -> list[str]:
    """Return the health check's command."""
    check = next(rest for name, rest in instructions() if name == "HEALTHCHECK")
    command: list[str] = json.loads(check.partition(" CMD ")[2])
    return command


def static_step() -> str:
    """Return the shell command that collects static files."""
    return next(rest for name, rest in instructions() if name == "RUN" and "collectstatic" in rest)


def packages_step() -> str:
    """Return the shell command that installs the packages."""
    return next(rest for name, rest in instructions() if name == "RUN" and "--require-hashes" in rest)
