"""Known vulnerabilities of the image's packages, by pip-audit; missing data is reported as such.

pip-audit skips a package of which it could get no data, and exits as if all were well. Here that is a status
of its own: 0 no known vulnerability, 1 there are some, 3 unknown for at least one package.

    python -m devtools.supply_chain.audit
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from devtools.supply_chain.lock_file import RUNTIME, locked_packages

PIP_AUDIT = "pip-audit==2.10.1"
GOOD, VULNERABLE, UNKNOWN = 0, 1, 3
SECONDS = 600


class Audit(NamedTuple):
    """The status, and a line for each finding."""

    status: int
    lines: list[str]


def audit_of(answer: str, wanted: set[str], refusal: str = "") -> Audit:
    """Read pip-audit's answer about the packages ``wanted``; ``refusal`` is what it said besides."""
    try:
        rows = {row["name"]: row for row in json.loads(answer)["dependencies"]}
    except (KeyError, TypeError, ValueError):
        reason = refusal.strip().splitlines()[-1:] or ["no answer"]
        return Audit(UNKNOWN, [f"UNKNOWN all packages: pip-audit gave no data ({reason[0]})"])
    lines, found = [], False
    unknown = dict.fromkeys(wanted - rows.keys(), "not in the answer")
    for name, row in sorted(rows.items()):
        if "skip_reason" in row or "vulns" not in row:
            unknown[name] = str(row.get("skip_reason", "no data"))
        for vulnerability in row.get("vulns", []):
            found = True
            fixed = ", ".join(vulnerability.get("fix_versions", [])) or "no version yet"
            lines.append(f"VULNERABLE {name} {row['version']}: {vulnerability['id']}, fixed in {fixed}")
    lines += [f"UNKNOWN {name}: {reason}" for name, reason in sorted(unknown.items())]
    status = VULNERABLE if found else UNKNOWN if unknown else GOOD
    known = len(wanted - unknown.keys())
    lines.append(f"{known} of {len(wanted)} packages could be looked up.")
    return Audit(status, lines)


def ask() -> Audit:
    """Run pip-audit on the lock file, in an environment of its own."""
    wanted = {package.name for package in locked_packages(RUNTIME)}
    command = [
        str(Path(sys.executable).with_name("uv")),
        *("tool", "run", "--from", PIP_AUDIT, "pip-audit", "--requirement", str(RUNTIME)),
        *("--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json"),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return audit_of("", wanted, str(error))
    return audit_of(done.stdout, wanted, done.stderr)


def main() -> int:
    """Print what is known."""
    audit = ask()
    sys.stdout.write("".join(f"{line}\n" for line in audit.lines))
    return audit.status


if __name__ == "__main__":
    sys.exit(main())
