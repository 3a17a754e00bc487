"""The documented configuration of Prometheus is one that Prometheus reads."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.metrics.documented_scrape import documented_scrape

PROMTOOL = shutil.which("promtool")


def test_promtool_accepts_the_documented_configuration(tmp_path: Path) -> None:
    """The real scrape is in tests/deployment/test_prometheus.py."""
    if not PROMTOOL:
        if os.environ.get("CI"):
            pytest.fail("promtool is missing; .ci/run must install it.")
        pytest.skip("promtool is not installed (Debian: apt-get install prometheus)")
    command = [PROMTOOL, "check", "config", str(documented_scrape(tmp_path, "a token"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rules found" in done.stdout
