"""Whether every pinned package has a wheel for the image's Python on each processor that it is built for.

``python -m devtools.image_wheels``, a part of ``make requirements``, asks the index of packages that pip is
set up with, and writes the answer to ``deploy/image-wheels.json``. Exit code 1: packages would have to be
compiled, and the image has no compiler. Only files count whose hashes are in the lock file.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

BASE_DIR = Path(__file__).resolve().parents[1]
#: The largest that an image is built from; the other is a part of it.
LOCK, ANSWER = BASE_DIR / "requirements-s3.txt", BASE_DIR / "deploy" / "image-wheels.json"
#: Docker's name of a platform, and the machine's in the names of wheels.
MACHINES = {"linux/amd64": "x86_64", "linux/arm64": "aarch64"}
#: glibc of the base image, Debian 13; older symbols are in newer ones (PEP 600).
NEWEST_GLIBC = 41
_PIN = re.compile(
    r"^(?P<requirement>[A-Za-z0-9][^\\\n]*?)\s*\\?\n(?P<hashes>(?:\s+--hash=.*\n)+)", re.MULTILINE
)
_JSON = "application/vnd.pypi.simple.v1+json"


@dataclass(frozen=True)
class Pin:
    """A pinned package, with the SHA-256 hashes of the files that may be installed."""

    name: str
    hashes: frozenset[str]


def pins(lock: str, environment: Mapping[str, str]) -> Iterator[Pin]:
    """Yield what ``lock`` installs in an environment, given as the variables of PEP 508."""
    for found in _PIN.finditer(lock):
        requirement = Requirement(found["requirement"])
        if requirement.marker is None or requirement.marker.evaluate(dict(environment)):
            hashes = re.findall(r"sha256:(\w+)", found["hashes"])
            yield Pin(canonicalize_name(requirement.name), frozenset(hashes))


def image_python() -> tuple[int, int]:
    """Return the version of Python of the image, e.g. (3, 13)."""
    found = re.search(r"^FROM python:(\d+)\.(\d+)-", (BASE_DIR / "Dockerfile").read_text(), re.MULTILINE)
    if found is None:
        raise ValueError("the Dockerfile names no image of Python")
    return int(found[1]), int(found[2])


def accepted_tags(python: tuple[int, int], machine: str) -> set[Tag]:
    """Return the tags of wheels that run with this Python on a machine with glibc."""
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, 4, -1)]
    platforms += [f"{older}_{machine}" for older in ("manylinux2014", "manylinux2010", "manylinux1")]
    return {
        *cpython_tags(python, platforms=platforms),
        *compatible_tags(python, interpreter=f"cp{python[0]}{python[1]}", platforms=platforms),
    }


def without_wheel(names: Mapping[str, Iterable[str]], tags: set[Tag]) -> list[str]:
    """Return the packages of which no file name in ``names`` is a wheel with one of the tags."""
    return sorted(
        package
        for package, files in names.items()
        if not any(file.endswith(".whl") and parse_wheel_filename(file)[3] & tags for file in files)
    )


def _index() -> str:
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    configured = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return os.environ.get("PIP_INDEX_URL") or configured or "https://pypi.org/simple"


def _files(index: str, pin: Pin) -> list[str]:
    """Return the names of the files of a pin in the index."""
    url = urljoin(f"{index.rstrip('/')}/", f"{pin.name}/")
    asked = Request(url, headers={"Accept": f"{_JSON}, text/html;q=0.1"})  # noqa: S310  # of pip's settings
    with urlopen(asked, timeout=60) as answer:  # noqa: S310
        body, kind = answer.read().decode(), answer.headers.get_content_type()
    if kind == _JSON:
        return [f["filename"] for f in json.loads(body)["files"] if f["hashes"].get("sha256") in pin.hashes]
    links = re.findall(r'href="[^"]*?([^/"]+)#sha256=(\w+)"', body)
    return [name for name, digest in links if digest in pin.hashes]


def lock_digest() -> str:
    """Return the SHA-256 of the lock file, for which an answer holds."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def environment_of(python: tuple[int, int], machine: str) -> dict[str, str]:
    """Return the variables of PEP 508 in the image."""
    version = f"{python[0]}.{python[1]}"
    return {
        "python_version": version, "python_full_version": f"{version}.0", "sys_platform": "linux",
        "platform_system": "Linux", "platform_machine": machine, "implementation_name": "cpython",
        "platform_python_implementation": "CPython", "os_name": "posix", "extra": "",
    }  # fmt: skip


def main() -> int:
    """Check the wheels of each pin, write the result, and return the exit code."""
    python, index = image_python(), _index()
    missing: dict[str, list[str]] = {}
    for platform, machine in MACHINES.items():
        wanted = list(pins(LOCK.read_text(), environment_of(python, machine)))
        with ThreadPoolExecutor(8) as asking:
            files = list(asking.map(lambda pin: _files(index, pin), wanted))
        names = {pin.name: found for pin, found in zip(wanted, files, strict=True)}
        missing[platform] = without_wheel(names, accepted_tags(python, machine))
        sys.stdout.write(f"{platform}: {len(names)} packages, {len(missing[platform])} without a wheel\n")
    answer = {
        "python": f"{python[0]}.{python[1]}",
        "lock_sha256": lock_digest(),
        "without_wheel": missing,
    }
    ANSWER.write_text(json.dumps(answer, indent=1) + "\n")
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
