"""Every package that is installed has a licence that may be used, or a reason."""

import pytest

from devtools.supply_chain.licences import is_allowed, licences_of, main, unused_rules
from devtools.supply_chain.lock_file import DEVELOPMENT, RUNTIME, LockedPackage, locked_packages

ALLOWED = frozenset({"MIT", "BSD-3-Clause", "MPL-2.0"})


def test_what_is_installed_may_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_the_image_has_no_exception_but_of_documentation() -> None:
    exceptions = [found.package.name for found in licences_of(locked_packages(RUNTIME)) if found.reason]
    assert exceptions == ["dj-email-url"]


def test_every_package_of_the_image_is_one_of_a_developer() -> None:
    assert {package.name for package in locked_packages(RUNTIME)} <= {
        package.name for package in locked_packages(DEVELOPMENT)
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND MPL-2.0", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only OR AGPL-3.0-only", False),
        ("(MIT OR GPL-3.0-only) AND BSD-3-Clause", True),
        ("(MIT AND GPL-3.0-only) OR GPL-2.0-only", False),
        ("MIT AND (GPL-3.0-only OR MPL-2.0)", True),
        ("Apache-2.0 WITH LLVM-exception", False),
        ("(MIT", False),
        ("MIT)", False),
        ("", False),
        ("Proprietary", False),
    ],
)
def test_an_expression_is_satisfied_by_allowed_licences(expression: str, expected: bool) -> None:
    assert is_allowed(expression, ALLOWED) is expected


def test_a_package_that_is_not_installed_is_a_fault_unless_another_platform_needs_it() -> None:
    here = LockedPackage("no-such-package", "1.0", "", ("0" * 64,))
    assert "is not installed" in licences_of([here])[0].fault
    assert licences_of([here._replace(marker="sys_platform == 'win32'")]) == []


def test_a_rule_without_its_package_is_told() -> None:
    assert unused_rules([]) != []


@pytest.mark.parametrize("line", ["django>=5", "-e .", "django==5.2 \\\n"])
def test_a_lock_file_that_pins_nothing_is_refused(line: str, tmp_path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"pins no package|without hashes"):
        locked_packages(file)
