"""Which requirements are installed first, and which package index uv is told of."""

import pytest

from devtools.requirements_installer import locked_block, uv_environment

REQUIREMENTS = """\
tzdata==2026.1 \\
    --hash=sha256:aa
uv==1.2.3 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via this project
uvicorn==9.9.9 \\
    --hash=sha256:dd
"""


def test_the_block_of_a_package_holds_all_its_hashes_and_nothing_else() -> None:
    assert locked_block(REQUIREMENTS, "uv") == (
        "uv==1.2.3 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
    )


def test_a_package_that_is_not_pinned_is_named() -> None:
    with pytest.raises(ValueError, match="uvloop is not pinned"):
        locked_block(REQUIREMENTS, "uvloop")


def test_the_index_that_pip_uses_is_handed_to_uv() -> None:
    options = (
        ":env:.cert='/certificates.pem'\n"
        "global.extra-index-url='\\nhttps://one.invalid/simple\\nhttps://two.invalid/simple'\n"
        "global.index-url='https://first.invalid/simple'\n"
        "global.timeout='60'\n"
    )
    environment = uv_environment(options, {"SSL_CERT_FILE": "/kept.pem", "HOME": "/home/somebody"})
    assert environment["UV_DEFAULT_INDEX"] == "https://first.invalid/simple"
    assert environment["UV_INDEX"] == "https://one.invalid/simple https://two.invalid/simple"
    assert environment["SSL_CERT_FILE"] == "/kept.pem"
    assert environment["HOME"] == "/home/somebody"
    assert "UV_INSECURE_HOST" not in environment
