"""The alarms of `deploy/monitoring/`, and which of them fire for what `/metrics` says."""

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

MONITORING = Path(settings.BASE_DIR) / "deploy" / "monitoring"
#: How long what is measured has been so when the alarms are asked, in minutes: longer than any waits.
MINUTES = 90
#: What Prometheus says itself: whether the service answered.
UP = 'up{job="monographs"}'


def rules() -> list[dict[str, Any]]:
    """The alarms, as written."""
    return [rule for group in yaml.safe_load(alerts_file().read_text())["groups"] for rule in group["rules"]]


def alerts_file() -> Path:
    return MONITORING / "alerts.yml"


def metric_names(expression: str) -> set[str]:
    """The names of our metrics in an expression."""
    return set(re.findall(r"\bmonographs_\w+", expression))


def firing(
    measured: dict[str, float], folder: Path, promtool: str, growth: dict[str, float] | None = None
) -> set[str]:
    """The alarms that Prometheus fires if this has been measured for a while; names are ``name{labels}``.

    ``growth`` is what counters grow by in a minute. A moment is moved, as the clock of `promtool` begins
    at 0.
    """
    growth = growth or {}
    at = MINUTES * 60
    shift = at - time.time()
    series = [
        {
            "series": name,
            "values": f"{value + shift if '_timestamp_seconds{' in name else value}"
            f"+{growth.get(name, 0)}x{MINUTES}",
        }
        for name, value in ({UP: 1} | measured).items()
    ]
    asked = {"eval_time": f"{MINUTES}m", "exp_alerts": []}
    test = {
        "interval": "1m",
        "input_series": series,
        "alert_rule_test": [{**asked, "alertname": rule["alert"]} for rule in rules()],
    }
    file = folder / "measured.yml"
    # JSON is YAML. No alarm is expected, so each that fires is a failure that names it
    file.write_text(json.dumps({"rule_files": [str(alerts_file())], "tests": [test]}))
    ran = subprocess.run([promtool, "test", "rules", str(file)], capture_output=True, text=True, check=False)
    found = set(re.findall(r"alertname: ?(\w+), time", ran.stdout + ran.stderr))
    assert bool(found) == bool(ran.returncode), ran.stdout + ran.stderr
    return found
