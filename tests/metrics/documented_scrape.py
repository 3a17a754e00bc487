"""The configuration of Prometheus in the operators' document, with a test's own addresses."""

import re
import shutil
from pathlib import Path

from django.conf import settings

from tests.metrics.alarm_rules import alerts_file

MONITORING = Path(settings.BASE_DIR) / "docs" / "operators" / "monitoring.md"


def documented_scrape(folder: Path, token: str, port: int = 8000) -> Path:
    """Write the documented configuration into ``folder``, with what it names; return its file.

    It scrapes one process, on ``port`` of this machine, each second.
    """
    (block,) = re.findall(r"^```yaml\n(scrape_configs:.*?)^```", MONITORING.read_text("utf-8"), re.M | re.S)
    token_file = folder / "monographs-token"
    token_file.write_text(token)
    shutil.copy(alerts_file(), folder / "alerts.yml")
    for documented, own in (
        ("/etc/prometheus/monographs-token", str(token_file)),
        ('"10.0.0.3:8000", "10.0.0.4:8000"', f'"127.0.0.1:{port}"'),
    ):
        assert documented in block
        block = block.replace(documented, own)
    file = folder / "prometheus.yml"
    file.write_text(f"global: {{scrape_interval: 1s}}\n{block}")
    return file
