"""One clock: what is stored and what is due is decided by the database's."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[2]
#: Calls that ask the clock of the machine the code runs on, as they end.
OTHER_CLOCKS = {
    *("timezone.now", "timezone.localtime", "timezone.localdate", "datetime.now", "datetime.utcnow"),
    *("datetime.today", "date.today", "time.time"),
}
#: Modules that use another clock; the reason of each.
ALLOWED = {
    "monographs/accounts/second_factor.py": "django_otp stores what it is compared with by the same clock",
    "monographs/accounts/session_age.py": "sessions expire by the clock of Django's own sessions",
    "monographs/editions/export/verify_export.py": "runs where there is no database",
    "monographs/site_checks/database.py": "compares this machine's clock with the database's",
    "monographs/site_checks/certificate.py": "OpenSSL compares it with this machine's clock",
}


def other_clocks(source: str) -> Iterator[str]:
    """Yield the calls and the automatic fields by which the machine's clock is asked."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute() | ast.Name() if ast.unparse(node) in OTHER_CLOCKS:
                yield ast.unparse(node)
            case ast.keyword(arg="auto_now" | "auto_now_add", value=ast.Constant(value=True)):
                yield str(node.arg)


def modules() -> Iterator[Path]:
    """Yield the modules of the site that are no migrations."""
    for package in ("monographs", "home"):
        for path in sorted((BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(BASE_DIR)


def test_only_the_databases_clock_is_asked() -> None:
    found = {str(module): list(other_clocks((BASE_DIR / module).read_text())) for module in modules()}
    # The columns of the record with an automatic time are set by triggers, whatever Django sends
    for module, calls in found.items():
        if module.startswith("monographs/editions/models/"):
            calls[:] = [call for call in calls if call != "auto_now_add"]
    assert {module: calls for module, calls in found.items() if calls and module not in ALLOWED} == {}
    assert [module for module in ALLOWED if not found[module]] == []


@pytest.mark.parametrize(
    "source",
    ["x = timezone.now()", "default = timezone.now", "datetime.now(UTC)", "F(auto_now_add=True)"],
)
def test_another_clock_is_recognised(source: str) -> None:
    assert list(other_clocks(source))
