"""Installs locked requirements into the virtual environment that runs this: by uv, or by pip if uv cannot.

``python devtools/requirements_installer.py requirements-dev.txt``, with the standard library alone. uv needs
a quarter of pip's time and shows what it does. It does not read pip's configuration, so the index of packages
that a machine is set up with is handed to it.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

#: pip's options, and the environment variables by which uv takes the same.
UV_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}
_OPTION = re.compile(r"^(?:global|install|:env:)\.(?P<name>[a-z-]+)='(?P<value>.*)'$", re.MULTILINE)


def locked_block(requirements: str, package: str) -> str:
    """Return the lines of ``requirements`` that pin ``package`` with its hashes.

    Raises ``ValueError`` if it is not pinned there.
    """
    found = re.search(rf"^{re.escape(package)}==(?:.*\\\n)*.*\n", requirements, re.MULTILINE)
    if found is None:
        raise ValueError(f"{package} is not pinned in these requirements.")
    return found[0]


def uv_environment(pip_options: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` with uv's variables added that say what pip's options say.

    ``pip_options`` is what ``pip config list`` prints. Variables that are set already are kept.
    """
    given = {}
    for option in _OPTION.finditer(pip_options):
        if variable := UV_VARIABLES.get(option["name"]):
            given[variable] = " ".join(option["value"].replace("\\n", " ").split())
    return {**given, **environment, "VIRTUAL_ENV": sys.prefix}


def _pip(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]


def _install_by_uv(file: Path) -> bool:
    """Install by uv, and return whether that worked."""
    uv = Path(sys.executable).with_name("uv")
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "uv.txt"
        own.write_text(locked_block(file.read_text(), "uv"))
        if subprocess.run(_pip("install", "-qq", "--require-hashes", "-r", str(own)), check=False).returncode:
            return False
    configured = subprocess.run(_pip("config", "list"), check=False, capture_output=True, text=True).stdout
    # As pip does: all indexes are equal. The hashes decide which files are trusted.
    options = ("--index-strategy=unsafe-best-match", "--require-hashes", "-r", str(file))
    command = [str(uv), "pip", "install", *options]
    return subprocess.run(command, check=False, env=uv_environment(configured, os.environ)).returncode == 0


def main(arguments: list[str]) -> int:
    """Install the requirements file named in ``arguments``; return the exit code."""
    (name,) = arguments
    if _install_by_uv(Path(name)):
        return 0
    sys.stderr.write("uv could not install them; trying pip, which takes a minute and is silent …\n")
    return subprocess.run(_pip("install", "-qq", "--require-hashes", "-r", name), check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
