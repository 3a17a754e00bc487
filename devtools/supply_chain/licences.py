"""The licences of all packages that a lock file names, compared with those that may be used.

python -m devtools.supply_chain.licences            a table
python -m devtools.supply_chain.licences --check    the faults only; exit status 1 if there are any
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple

from devtools.supply_chain.lock_file import DEVELOPMENT, RUNTIME, LockedPackage, locked_packages

RULES_FILE = Path(__file__).with_name("licences.toml")
CLASSIFIER = "License :: "
#: What metadata say that name a family of licences only.
NO_LICENCE = frozenset({"", "OSI Approved", "UNKNOWN"})
#: A longer text is the licence itself, not its name.
LONGEST_NAME = 60


class PackageLicence(NamedTuple):
    """A package, its licence as an SPDX expression (empty if unknown), and why it must not be used."""

    package: LockedPackage
    licence: str
    fault: str = ""
    reason: str = ""


def licence_rules() -> dict[str, Any]:
    """The tables of ``licences.toml``."""
    return tomllib.loads(RULES_FILE.read_text(encoding="utf-8"))


def licences_of(packages: Iterable[LockedPackage]) -> list[PackageLicence]:
    """The licence of each package that this platform needs, with what is wrong about it."""
    rules = licence_rules()
    return [found for package in packages if (found := _licence(package, rules)) is not None]


def _licence(package: LockedPackage, rules: dict[str, Any]) -> PackageLicence | None:
    name = package.name
    stated = rules["stated"].get(name, {}).get("licence", "")
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        return None if package.marker else PackageLicence(package, "", "is not installed: run `make setup`")
    licence = stated or licence_in_metadata(installed, rules["spelling"])
    reason = rules["exceptions"].get(name, "")
    if not licence:
        fault = "its metadata name no licence: look it up, and state it in licences.toml"
        return PackageLicence(package, "", fault)
    if is_allowed(licence, frozenset(rules["allowed"])):
        return PackageLicence(package, licence)
    fault = "" if reason else "is not in the list of licences.toml: choose another package, or state a reason"
    return PackageLicence(package, licence, fault, reason)


def licence_in_metadata(installed: Distribution, spelling: dict[str, str]) -> str:
    """The licence that a package's metadata name: its expression, its field, or its classifiers."""
    metadata = installed.metadata
    if "License-Expression" in metadata:
        return str(metadata["License-Expression"])
    field = metadata["License"] if "License" in metadata else ""  # noqa: SIM401  # it has no typed get()
    if field in spelling or is_expression(field):
        return spelling.get(field, field)
    classifiers = metadata.get_all("Classifier", [])
    names = {line.split(" :: ")[-1] for line in classifiers if line.startswith(CLASSIFIER)} - NO_LICENCE
    return " AND ".join(sorted(spelling.get(name, name) for name in names))


def is_expression(text: str) -> bool:
    """Whether a text reads as an SPDX expression rather than as the licence's words."""
    words = re.findall(r"[^\s()]+", text)
    return 0 < len(text) <= LONGEST_NAME and (
        len(words) == 1 or any(word in ("AND", "OR", "WITH") for word in words)
    )


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    """Whether an SPDX expression can be satisfied by allowed licences: all of an AND, one of an OR."""
    if expression in allowed:
        return True
    tokens = re.findall(r"\(|\)|[^\s()]+(?:(?!\s+(?:AND|OR)\b)\s+[^\s()]+)*", expression)
    try:
        value, rest = _either(tokens, allowed)
    except IndexError:
        return False
    return value and not rest


def _either(tokens: list[str], allowed: frozenset[str]) -> tuple[bool, list[str]]:
    value, rest = _both(tokens, allowed)
    while rest and rest[0].startswith("OR"):
        other, rest = _both(_after(rest, "OR"), allowed)
        value = value or other
    return value, rest


def _both(tokens: list[str], allowed: frozenset[str]) -> tuple[bool, list[str]]:
    value, rest = _one(tokens, allowed)
    while rest and rest[0].startswith("AND"):
        other, rest = _one(_after(rest, "AND"), allowed)
        value = value and other
    return value, rest


def _after(tokens: list[str], word: str) -> list[str]:
    remainder = tokens[0].removeprefix(word).strip()
    return [remainder, *tokens[1:]] if remainder else tokens[1:]


def _one(tokens: list[str], allowed: frozenset[str]) -> tuple[bool, list[str]]:
    if tokens[0] == "(":
        value, rest = _either(tokens[1:], allowed)
        return (value, rest[1:]) if rest and rest[0] == ")" else (False, rest)
    return tokens[0] in allowed, tokens[1:]


def unused_rules(packages: Iterable[LockedPackage]) -> list[str]:
    """Packages that ``licences.toml`` names and no lock file has."""
    rules = licence_rules()
    known = {package.name for package in packages}
    return sorted((rules["stated"].keys() | rules["exceptions"].keys()) - known)


def main(arguments: list[str]) -> int:
    """Print the licences of both lock files, or only the faults."""
    runtime = {package.name for package in locked_packages(RUNTIME)}
    packages = locked_packages(DEVELOPMENT)
    found = licences_of(packages)
    faults = [
        f"{each.package.name} {each.package.version} ({each.licence}) {each.fault}"
        for each in found
        if each.fault
    ]
    faults += [f"licences.toml: no lock file has {name}" for name in unused_rules(packages)]
    if "--check" not in arguments:
        for each in found:
            use = "runtime" if each.package.name in runtime else "development"
            sys.stdout.write(
                f"{each.package.name:28} {each.package.version:20} {use:12} {each.licence} {each.reason}\n"
            )
    for fault in faults:
        sys.stderr.write(f"FAULT {fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
