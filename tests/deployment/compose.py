"""What ``deploy/compose.yaml`` says, and its services as processes of this machine."""

import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.core.management import get_commands

from tests.concurrency import wait_for
from tests.deployment.conftest import BASE_DIR, environment
from tests.deployment.dockerfile import health_command, start_command
from tests.deployment.test_container import START_SECONDS

COMPOSE_FILE: Path = BASE_DIR / "deploy" / "compose.yaml"
ENV_EXAMPLE: Path = BASE_DIR / "deploy" / "compose.env.example"
_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\})")


def example_variables() -> dict[str, str]:
    """Return the variables of the example of ``.env``."""
    lines = ENV_EXAMPLE.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """Replace ``${NAME}``, ``${NAME:-default}`` and ``${NAME:?message}`` as Compose does, and ``$$``."""

    def value(found: re.Match[str]) -> str:
        if found["dollar"]:
            return "$"
        if given := variables.get(found["name"]):
            return given
        assert found["kind"] == "-", f"{found['name']} is not set"
        return str(found["rest"])

    return _VARIABLE.sub(value, text)


def filled(value: Any, variables: Mapping[str, str]) -> Any:
    """Return a part of the file with its variables replaced."""
    match value:
        case str():
            return interpolated(value, variables)
        case list():
            return [filled(item, variables) for item in value]
        case dict():
            return {key: filled(item, variables) for key, item in value.items()}
    return value


def as_written() -> dict[str, Any]:
    """Return the whole file, with merged parts and without replaced variables."""
    found: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text())
    return found


Strings = Mapping[str, str]
#: Exit codes of a process that was asked to stop, with and without a handler of its own.
STOPPED = (0, -signal.SIGTERM, 128 + signal.SIGTERM)


class Services:
    """The services as processes: their own commands, environment and health checks.

    ``places`` are patterns of what is elsewhere in a container, and what stands for it on this machine.
    """

    def __init__(self, variables: Strings, places: Strings, more: Strings, log: Path) -> None:
        self.definitions: dict[str, Any] = filled(as_written()["services"], variables)
        self.places, self.more, self.log = places, dict(more), log
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._ports: dict[str, int] = {}

    def in_order(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield each service after those that it waits for, with what it waits for in them."""
        seen: set[str] = set()
        while len(seen) < len(self.definitions):
            ready = [
                (name, {other: wait["condition"] for other, wait in waits.items()})
                for name, definition in self.definitions.items()
                if name not in seen and (waits := definition.get("depends_on", {})).keys() <= seen
            ]
            assert ready, "services wait for each other"
            yield from ready
            seen |= {name for name, _ in ready}

    def start(self, name: str, port: int | None = None) -> None:
        """Start a service; ``port`` is where a web process listens instead of its own address's port 8000."""
        if port:
            self._ports[name] = port
        command = self.definitions[name].get("command") or start_command()
        with self.log.open("ab") as log:
            self.running[name] = subprocess.Popen(
                [self._here(name, word) for word in command],
                env=self._environment(name), cwd=BASE_DIR, stdout=log, stderr=log,
            )  # fmt: skip

    def wait(self, name: str, condition: str) -> None:
        """Wait until a service is as another asks."""
        process = self.running.get(name)
        if process is None or condition == "service_started":
            return
        if condition == "service_completed_successfully":
            assert process.wait(START_SECONDS) == 0, self.log.read_text()
        elif self.definitions[name].get("healthcheck") != {"disable": True}:
            wait_for(lambda: process.poll() is not None or self._is_healthy(name), START_SECONDS, every=0.5)
            assert process.poll() is None, self.log.read_text()

    def _is_healthy(self, name: str) -> bool:
        """Run the health check of a service; the image's own if it names none."""
        check = self.definitions[name].get("healthcheck", {}).get("test") or ["CMD", *health_command()]
        kind, *words = check
        command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        done = subprocess.run(
            [self._here(name, word) for word in command], env=self._environment(name), check=False,
            capture_output=True, timeout=START_SECONDS,
        )  # fmt: skip
        return done.returncode == 0

    def is_unknown(self, name: str) -> bool:
        """Whether this release does not have the management command of a service."""
        command = self.definitions[name].get("command", [])
        return "manage.py" in command and command[2] not in get_commands()

    def stop(self) -> list[tuple[str, int]]:
        """Stop every process, the last started first; return those that did not end as they should."""
        for process in reversed(self.running.values()):
            process.terminate()
        codes = {name: process.wait(START_SECONDS) for name, process in self.running.items()}
        return [(name, code) for name, code in codes.items() if code not in STOPPED]

    def _environment(self, name: str) -> dict[str, str]:
        given = self.definitions[name].get("environment", {})
        return environment(**self.more | {key: self._here(name, value) for key, value in given.items()})

    def _here(self, name: str, text: str) -> str:
        for pattern, place in self.places.items():
            text = re.sub(pattern, place.replace("\\", "\\\\"), text)
        if port := self._ports.get(name):
            text = re.sub(r"(0\.0\.0\.0|127\.0\.0\.1):8000", f"127.0.0.1:{port}", text)
        return text
